package document

import "sync/atomic"

// spacing is how many bytes lie between two marks. To tokenise that many takes
// less than a tenth of a millisecond, and 100 MB have some 3,000 marks.
const spacing = 32 << 10

// mark is a place from which a view can be tokenised: the start of a line.
type mark struct {
	off  int64
	line int
	lex  lexer // as it was there; never advanced, only cloned
}

// index is the sparse line index of one view. Its marks are only appended to, so
// a reader may keep the slice while more come.
type index struct {
	marks []mark
	lex   lexer // as it is at off
	off   int64
	lines int // that begin before off
	// guess is the newest answer of provisional: it is asked for several times a frame.
	guess atomic.Pointer[guess]
}

// guess is how many lines there are when nothing follows the bytes up to an offset.
type guess struct {
	end   int64
	lines int
}

// newIndex returns the index of a view that begins at an offset.
func newIndex(lex lexer, off int64) *index {
	return &index{marks: []mark{{off: off, lex: lex.clone()}}, lex: lex, off: off}
}

// feed goes on through b, the bytes from off on. Unless they are the last it
// stops where a token could reach beyond them.
func (x *index) feed(b []byte, last bool) {
	fast, _ := x.lex.(skimmer)
	for len(b) >= ahead || last && len(b) > 0 {
		if part := x.untilMark(b, last); fast != nil && part > 0 {
			if n, lines := fast.skim(b[:part]); n > 0 {
				x.off += int64(n)
				x.lines += lines
				b = b[n:]
				continue
			}
		}
		var before lexer
		if x.off-x.marks[len(x.marks)-1].off >= spacing {
			before = x.lex.clone()
		}
		t := x.lex.next(b)
		if t.breaks {
			if before != nil {
				x.marks = append(x.marks, mark{x.off, x.lines, before})
			}
			x.lines++
		}
		x.off += int64(t.len())
		b = b[t.len():]
	}
}

// untilMark returns how many bytes of b may be gone through before a mark is due.
// A token that reaches beyond them is left for later.
func (x *index) untilMark(b []byte, last bool) int {
	n := spacing - int(x.off-x.marks[len(x.marks)-1].off)
	if !last {
		n = min(n, len(b)-ahead)
	}
	return min(n, len(b))
}

// provisional returns how many lines there are when nothing follows b, the bytes
// from off on.
func (x *index) provisional(b []byte) int {
	lines := x.lines
	if len(b) == 0 {
		return lines
	}
	end := x.off + int64(len(b))
	if g := x.guess.Load(); g != nil && g.end == end {
		return g.lines
	}
	lex := x.lex.clone()
	for len(b) > 0 {
		t := lex.next(b)
		if t.breaks {
			lines++
		}
		b = b[t.len():]
	}
	x.guess.Store(&guess{end, lines})
	return lines
}
