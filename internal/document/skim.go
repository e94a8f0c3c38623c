package document

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// skimmer is a lexer that can also run through bytes without handing out tokens,
// for the index.
type skimmer interface {
	lexer
	// skim goes on through the plain tokens of b and returns the bytes passed and
	// the lines begun; 0 where only next can go on. The state is then as next
	// would have left it.
	skim(b []byte) (n, lines int)
}

// skim takes what nearly all JSON is made of. Whatever is long, broken or near
// the end of b is left to next.
func (x *jsonLexer) skim(b []byte) (n, lines int) { return x.skimTo(b, -1, maxDepth) }

// skimTo is skim, up to where no more than floor arrays and objects are open, or up to
// behind what opens deeper than ceiling.
func (x *jsonLexer) skimTo(b []byte, floor, ceiling int) (n, lines int) {
	if x.mode >= inString {
		return 0, 0
	}
	x.cut = false
	before := x.lines
	i, run := 0, int(x.hidden) // run is how long the newest blanks are
	for i < len(b) && len(x.frames) > floor {
		if jsonClass[b[i]] == blank {
			n := blanks(b[i:])
			if i > 0 {
				run = 0
			}
			if run += n; run >= maxBlank {
				break
			}
			i += n
			continue
		}
		depth := len(x.frames)
		size := x.plain(b[i:], x.pos+int64(i))
		if size == 0 {
			break
		}
		i += size
		if len(x.frames) > depth && depth >= ceiling {
			break
		}
	}
	switch {
	case i == 0:
		return 0, 0
	case jsonClass[b[i-1]] == blank:
		x.hidden = hidden(run)
	default:
		x.hidden = 0
	}
	x.pos += int64(i)
	return i, x.lines - before
}

// blanks counts the white space at the beginning of b, up to maxBlank.
func blanks(b []byte) int {
	n := 0
	for n < min(len(b), maxBlank) && jsonClass[b[n]] == blank {
		n++
	}
	return n
}

// plain takes one token at the beginning of b, which stands at off. It returns
// its size, or 0 and changes nothing.
func (x *jsonLexer) plain(b []byte, off int64) int {
	c := b[0]
	switch x.mode {
	case wantColon:
		if c != ':' {
			return 0
		}
		x.mode = wantMember
		x.col++
		return 1
	case wantMore:
		return x.plainMore(c)
	case wantFirstKey, wantKey:
		if c != '"' {
			return 0
		}
		size := plainString(b)
		if size == 0 {
			return 0
		}
		x.frames[len(x.frames)-1] = frame(off) + 1
		x.lines++
		x.col = size
		x.mode = wantColon
		return size
	default:
		return x.plainValue(b)
	}
}

func (x *jsonLexer) plainMore(c byte) int {
	top := &x.frames[len(x.frames)-1]
	switch {
	case c == ',' && top.array():
		*top--
		x.mode = wantValue
		x.col++
	case c == ',':
		x.mode = wantKey
		x.col++
	case c == ']' && top.array(), c == '}' && !top.array():
		x.shutFrame = *top
		x.frames = x.frames[:len(x.frames)-1]
		x.valueDone()
		x.lines++
		x.col = 1
	default:
		return 0
	}
	return 1
}

func (x *jsonLexer) plainValue(b []byte) int {
	size := 0
	switch c := b[0]; c {
	case '"':
		size = plainString(b)
	case '{', '[':
		if len(x.frames) == maxDepth {
			return 0
		}
		x.document()
		x.begin(1)
		if c == '{' {
			x.frames, x.mode = append(x.frames, 0), wantFirstKey
		} else {
			x.frames, x.mode = append(x.frames, -1), wantFirst
		}
		return 1
	case 't':
		size = plainWord(b, "true")
	case 'f':
		size = plainWord(b, "false")
	case 'n':
		size = plainWord(b, "null")
	default:
		size = plainNumber(b)
	}
	if size == 0 || x.mode == wantMember && x.col+size > maxLine-leastRoom {
		return 0
	}
	x.document()
	x.begin(size)
	x.valueDone()
	return size
}

// begin puts a value of that size on its line.
func (x *jsonLexer) begin(size int) {
	if x.mode == wantMember {
		x.col += size
		return
	}
	x.lines++
	x.col = size
}

// plainString returns the size of the string at the beginning of b; 0 where it is
// long, broken or not all there.
func plainString(b []byte) int {
	b = b[:min(len(b), maxLine-leastRoom)]
	for i := 1; i < len(b); {
		if len(b)-i >= wordSize {
			odd := oddBytes(binary.LittleEndian.Uint64(b[i:]))
			if odd == 0 {
				i += wordSize
				continue
			}
			i += bits.TrailingZeros64(odd) / 8
		}
		switch jsonClass[b[i]] {
		case quote:
			return i + 1
		case escape:
			if i+1 == len(b) || bytes.IndexByte(escapes, b[i+1]) < 0 {
				return 0
			}
			i += 2
		case control:
			return 0
		case blank:
			if b[i] != ' ' {
				return 0
			}
			i++
		default:
			i++
		}
	}
	return 0
}

// wordSize is how many bytes of a string are looked at together.
const wordSize = 8

// oddBytes marks those of eight bytes, the first in the lowest, that are a quote, a
// backslash or a control character: the lowest mark is right, one above it need not be.
func oddBytes(w uint64) uint64 {
	const each, top = 0x0101010101010101, 0x8080808080808080
	quotes, escapes := w^('"'*each), w^('\\'*each)
	return ((quotes-each)&^quotes | (escapes-each)&^escapes | (w-' '*each)&^w) & top
}

func plainWord(b []byte, word string) int {
	if len(b) < len(word) || string(b[:len(word)]) != word {
		return 0
	}
	return len(word)
}

// plainNumber returns the size of the number at the beginning of b.
func plainNumber(b []byte) int {
	b = b[:min(len(b), maxLine-leastRoom)]
	i := 0
	for i < len(b) && jsonClass[b[i]] == digit {
		i++
	}
	if i == len(b) || !isNumber(b[:i]) {
		return 0
	}
	return i
}
