package document

import (
	"bytes"
	"fmt"

	"github.com/alecthomas/chroma/v2"
)

const (
	bom       = "\ufeff"
	maxDepth  = 1000 // deeper nesting is shown as it came
	separator = 0x1e // of the values of a sequence (RFC 7464)
	maxBlank  = 1024 // white space skipped at once, at most
)

// jsonMode is what a JSON lexer expects next.
type jsonMode uint8

const (
	wantDocument jsonMode = iota // a value at the top; several may follow another
	wantFirst                    // a value or ]
	wantValue                    // a value of an array
	wantMember                   // a value behind a colon
	wantFirstKey                 // a key or }
	wantKey
	wantColon
	wantMore // a comma or the end of what is open
	inString
	inKey
	inNumber
	inRest // after a fault: lines as they came
)

// jsonLexer indents JSON without writing it: tokens keep their bytes, white
// space between them is skipped, and breaks say where lines begin. NDJSON and
// other rows of values are taken as they are. Whatever is no JSON is shown as it
// came, from the fault to the end.
type jsonLexer struct {
	mode   jsonMode
	cut    bool // the newest token ends where the bytes did, perhaps too early
	col    int  // source bytes on the line so far
	frames []frame
	docs   int64 // values begun at the top
	// shutFrame is the newest array or object that ended, as it stood at its end.
	shutFrame frame
	pos       int64 // of the next byte in the document
	lines     int   // lines begun
	hidden    hidden
	rest      textLexer
	broken    Fault // set in mode inRest
}

// frame is an open array or object: minus one minus the index of the current
// element, or one plus the offset of the current key; 0 is an object before its
// first key.
type frame int64

func (f frame) array() bool { return f < 0 }

func (x *jsonLexer) clone() lexer {
	c := *x
	c.frames = append([]frame(nil), x.frames...)
	return &c
}

func (x *jsonLexer) next(b []byte) token {
	t := x.scan(b)
	x.hidden.pass(&t)
	x.pos += int64(t.len())
	if t.breaks {
		x.lines++
		x.col = t.size
	} else {
		x.col += t.size
	}
	return t
}

func (x *jsonLexer) scan(b []byte) token {
	switch x.mode {
	case inString, inKey:
		return x.str(b, 0, token{kind: x.stringKind(), breaks: true, continued: true})
	case inNumber:
		return x.number(b, 0, token{kind: chroma.LiteralNumber, breaks: true, continued: true})
	case inRest:
		t := x.rest.next(b)
		if x.pos == x.broken.Offset {
			t.kind = chroma.Error
		}
		return t
	default:
	}
	most := min(len(b), maxBlank, mostHidden-int(x.hidden))
	i := x.blank(b, most)
	if i >= most {
		return token{lead: i}
	}
	switch x.mode {
	case wantFirstKey, wantKey:
		return x.key(b, i)
	case wantColon:
		if b[i] != ':' {
			return x.fail(b, i, "expected a colon")
		}
		x.mode = wantMember
		return token{lead: i, size: 1, kind: chroma.Punctuation, space: true}
	case wantMore:
		return x.more(b, i)
	case wantFirst:
		if b[i] == ']' {
			return x.shut(i, false)
		}
		return x.value(b, i)
	default:
		return x.value(b, i)
	}
}

// blank counts the white space at the beginning of b, up to most. A separator
// counts between documents.
func (x *jsonLexer) blank(b []byte, most int) int {
	i := 0
	for i < most && (jsonClass[b[i]] == blank || b[i] == separator && len(x.frames) == 0) {
		i++
	}
	return i
}

func (x *jsonLexer) value(b []byte, i int) token {
	t := token{lead: i, indent: 2 * len(x.frames), breaks: x.mode != wantMember}
	x.document()
	switch c := b[i]; {
	case c == '"':
		t.kind, x.mode = chroma.LiteralStringDouble, inString
		return x.str(b, i+1, t)
	case c == '{':
		return x.open(b, t, 0, wantFirstKey)
	case c == '[':
		return x.open(b, t, -1, wantFirst)
	case c == '-' || c >= '0' && c <= '9':
		t.kind, x.mode = chroma.LiteralNumber, inNumber
		return x.number(b, i, t)
	case c == 't':
		return x.word(b, t, "true")
	case c == 'f':
		return x.word(b, t, "false")
	case c == 'n':
		return x.word(b, t, "null")
	default:
		return x.fail(b, i, "expected a value")
	}
}

// document counts a value that begins at the top.
func (x *jsonLexer) document() {
	if len(x.frames) == 0 {
		x.docs++
	}
}

func (x *jsonLexer) open(b []byte, t token, f frame, then jsonMode) token {
	if len(x.frames) == maxDepth {
		return x.fail(b, t.lead, fmt.Sprintf("nested more than %d deep", maxDepth))
	}
	x.frames = append(x.frames, f)
	x.mode = then
	t.size, t.kind = 1, chroma.Punctuation
	return t
}

// shut closes what is open; an empty one stays on its line.
func (x *jsonLexer) shut(i int, breaks bool) token {
	x.shutFrame = x.frames[len(x.frames)-1]
	x.frames = x.frames[:len(x.frames)-1]
	x.valueDone()
	return token{lead: i, size: 1, kind: chroma.Punctuation, breaks: breaks, indent: 2 * len(x.frames)}
}

func (x *jsonLexer) valueDone() {
	x.mode = wantMore
	if len(x.frames) == 0 {
		x.mode = wantDocument
	}
}

func (x *jsonLexer) key(b []byte, i int) token {
	first := x.mode == wantFirstKey
	switch {
	case b[i] == '"':
		x.frames[len(x.frames)-1] = frame(x.pos) + frame(i) + 1
		x.mode = inKey
		return x.str(b, i+1, token{lead: i, kind: chroma.NameTag, breaks: true, indent: 2 * len(x.frames)})
	case b[i] == '}' && first:
		return x.shut(i, false)
	default:
		return x.fail(b, i, "expected a key in double quotes")
	}
}

func (x *jsonLexer) more(b []byte, i int) token {
	top := &x.frames[len(x.frames)-1]
	switch c := b[i]; {
	case c == ',' && top.array():
		*top--
		x.mode = wantValue
	case c == ',':
		x.mode = wantKey
	case c == ']' && top.array(), c == '}' && !top.array():
		return x.shut(i, true)
	case top.array():
		return x.fail(b, i, "expected a comma or ]")
	default:
		return x.fail(b, i, "expected a comma or }")
	}
	return token{lead: i, size: 1, kind: chroma.Punctuation}
}

func (x *jsonLexer) stringKind() chroma.TokenType {
	if x.mode == inKey {
		return chroma.NameTag
	}
	return chroma.LiteralStringDouble
}

// str goes through a string from b[i], which is behind its quote or goes on a
// string cut before. It takes no more than fits the line.
func (x *jsonLexer) str(b []byte, i int, t token) token {
	used := x.col
	if t.breaks {
		used = 0
	} else if used > maxLine-leastRoom {
		t.breaks, t.continued, t.indent, used = true, true, 0, 0
	}
	limit := min(len(b), t.lead+maxLine-used)
	for i < limit {
		switch jsonClass[b[i]] {
		case quote:
			i++
			t.size = i - t.lead
			if x.mode == inKey {
				x.mode = wantColon
			} else {
				x.valueDone()
			}
			x.cut = false
			return t
		case escape:
			if i+1 >= limit && limit < len(b) {
				limit = i // the pair goes to the next line
				continue
			}
			if i+1 < limit && !bytes.Contains(escapes, b[i+1:i+2]) {
				return x.failAfter(b, i, t, "unknown escape in a string")
			}
			i = min(i+2, limit)
		case control, blank:
			if b[i] != ' ' {
				return x.failAfter(b, i, t, "control character in a string")
			}
			i++
		default:
			i++
		}
	}
	if limit == len(b) {
		x.cut = true
		t.size = limit - t.lead
		return t
	}
	x.cut = false
	t.size = runeStart(b, limit) - t.lead
	return t
}

// number takes the bytes a number may have. A short one is checked in full.
func (x *jsonLexer) number(b []byte, i int, t token) token {
	limit := min(len(b), t.lead+maxLine)
	for i < limit && jsonClass[b[i]] == digit {
		i++
	}
	t.size = i - t.lead
	x.cut = i == len(b)
	if i == limit {
		return t // cut, or the end of the bytes
	}
	if !t.continued && !isNumber(b[t.lead:i]) {
		return x.fail(b, t.lead, "not a number")
	}
	x.valueDone()
	if t.size == 0 { // a cut number that ended just at the cut
		return x.scan(b)
	}
	return t
}

func (x *jsonLexer) word(b []byte, t token, word string) token {
	got := b[t.lead:min(len(b), t.lead+len(word))]
	if string(got) != word[:len(got)] {
		return x.fail(b, t.lead, "expected a value")
	}
	x.cut = len(got) < len(word)
	t.size, t.kind = len(got), chroma.KeywordConstant
	x.valueDone()
	return t
}

// fail gives up at b[i]: from there on lines are shown as they came.
func (x *jsonLexer) fail(b []byte, i int, what string) token {
	x.broken = Fault{Offset: x.pos + int64(i), Line: x.lines, What: what}
	x.mode = inRest
	x.frames = nil
	t := x.rest.next(b[i:])
	t.lead = i
	t.kind = chroma.Error
	return t
}

// failAfter gives up at b[i] within the token that began at t.lead, which is
// shown up to there.
func (x *jsonLexer) failAfter(b []byte, i int, t token, what string) token {
	if i == t.lead {
		return x.fail(b, i, what)
	}
	t.size = i - t.lead
	lines := x.lines
	if t.breaks {
		lines++
	}
	x.broken = Fault{Offset: x.pos + int64(i), Line: lines, What: what}
	x.mode = inRest
	x.frames = nil
	return t
}

// fault returns where the body is no JSON. That it breaks off is known only once
// it ended.
func (x *jsonLexer) fault(at *index, ended bool) *Fault {
	switch {
	case x.mode == inRest:
		f := x.broken
		return &f
	case !ended || at.off == 0:
		return nil
	case x.cut && (x.mode != inNumber || len(x.frames) > 0), len(x.frames) > 0:
		return &Fault{Offset: at.off, Line: max(0, at.lines-1), What: "ends before it is complete"}
	default:
		return nil
	}
}

// isNumber checks a number by the grammar of RFC 8259.
func isNumber(b []byte) bool {
	b = bytes.TrimPrefix(b, []byte("-"))
	whole := digits(b)
	if whole == 0 || whole > 1 && b[0] == '0' {
		return false
	}
	b = b[whole:]
	if len(b) > 0 && b[0] == '.' {
		n := digits(b[1:])
		if n == 0 {
			return false
		}
		b = b[1+n:]
	}
	if len(b) > 0 && b[0]|0x20 == 'e' {
		b = b[1:]
		if len(b) > 0 && (b[0] == '+' || b[0] == '-') {
			b = b[1:]
		}
		n := digits(b)
		return n > 0 && n == len(b)
	}
	return len(b) == 0
}

func digits(b []byte) int {
	n := 0
	for n < len(b) && b[n] >= '0' && b[n] <= '9' {
		n++
	}
	return n
}

// The classes of bytes that the lexer tells apart.
const (
	other uint8 = iota
	blank
	control
	quote
	escape
	digit // what a number is written with
)

var escapes = []byte(`"\/bfnrtu`)

var jsonClass = [256]uint8{
	0x00: control, 0x01: control, 0x02: control, 0x03: control, 0x04: control, 0x05: control, 0x06: control, 0x07: control,
	0x08: control, '\t': blank, '\n': blank, 0x0b: control, 0x0c: control, '\r': blank, 0x0e: control, 0x0f: control,
	0x10: control, 0x11: control, 0x12: control, 0x13: control, 0x14: control, 0x15: control, 0x16: control, 0x17: control,
	0x18: control, 0x19: control, 0x1a: control, 0x1b: control, 0x1c: control, 0x1d: control, 0x1e: control, 0x1f: control,
	' ': blank, '"': quote, '\\': escape,
	'0': digit, '1': digit, '2': digit, '3': digit, '4': digit, '5': digit, '6': digit, '7': digit, '8': digit, '9': digit,
	'-': digit, '+': digit, '.': digit, 'e': digit, 'E': digit,
}
