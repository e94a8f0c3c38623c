package document

import (
	"io"
	"sync"
)

var buffers = sync.Pool{New: func() any { return new([spacing + 2*ahead]byte) }}

// cursor goes through the tokens of a part of a document. It sees beyond the
// part's end as far as a lexer may look.
type cursor struct {
	src  io.ReaderAt
	lex  lexer
	off  int64 // of the next token
	stop int64 // tokens begin before it
	size int64
	room *[spacing + 2*ahead]byte
	held int    // bytes in room
	buf  []byte // the last of them, from off on
}

func newCursor(s snapshot, m mark, stop int64) *cursor {
	return &cursor{
		src: s.src, lex: m.lex.clone(), off: m.off, stop: stop, size: s.size,
		room: buffers.Get().(*[spacing + 2*ahead]byte),
	}
}

// free gives the buffer back; the cursor is at its end then.
func (c *cursor) free() {
	buffers.Put(c.room)
	c.room, c.buf, c.stop = nil, nil, 0
}

// next returns a token and its bytes, which are valid until the next call. ok is
// false at the end, and where the bytes cannot be read any more.
func (c *cursor) next() (t token, text []byte, ok bool) {
	if c.off >= c.stop {
		return token{}, nil, false
	}
	if !c.fill() {
		return token{}, nil, false
	}
	t = c.lex.next(c.buf)
	text = c.buf[t.lead : t.lead+t.size]
	c.buf = c.buf[t.len():]
	c.off += int64(t.len())
	return t, text, true
}

// skim passes bytes without looking at their tokens and returns how many lines
// begin in them, at most most. As a line has at least one byte, it takes no more
// bytes than that at once.
func (c *cursor) skim(most int) int {
	fast, ok := c.lex.(skimmer)
	begun := 0
	for ok && c.off < c.stop && c.fill() {
		part := min(int64(most-begun), int64(len(c.buf)), c.stop-c.off)
		n, lines := fast.skim(c.buf[:part])
		if n == 0 {
			break
		}
		c.buf = c.buf[n:]
		c.off += int64(n)
		begun += lines
	}
	return begun
}

// fill reads on behind what is left in the buffer, where that is little; false where
// nothing is there.
func (c *cursor) fill() bool {
	if len(c.buf) >= ahead || c.off+int64(len(c.buf)) >= c.size {
		return len(c.buf) > 0
	}
	n := copy(c.room[:], c.buf)
	want := min(int64(len(c.room)), c.size-c.off)
	got, err := c.src.ReadAt(c.room[n:want], c.off+int64(n))
	if err != nil && got < int(want)-n {
		return false
	}
	c.held = int(want)
	c.buf = c.room[:want]
	return true
}

// passed returns n bytes from an offset on that were gone through lately; nil where they
// are not held any more.
func (c *cursor) passed(off int64, n int) []byte {
	at := off - (c.off + int64(len(c.buf)) - int64(c.held))
	if at < 0 || at+int64(n) > int64(c.held) {
		return nil
	}
	return c.room[at : at+int64(n)]
}
