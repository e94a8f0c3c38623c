package document

import (
	"bytes"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"
)

const (
	// maxLine is how many source bytes stand on one line of a view; a longer
	// source line goes on in continued lines.
	maxLine = 4096
	// ahead is how many bytes a lexer may need to see of what follows, unless the
	// document ends before.
	ahead = 2 * maxLine
	// leastRoom is how many bytes a line must still have for another cut run.
	leastRoom = 16
	// mostHidden is how many bytes may pass that show nothing before the line goes on in
	// another: the index can only begin where a line does.
	mostHidden = spacing / 2
)

// lexer cuts the bytes of a view into tokens and says where its lines begin. It
// keeps what it must know of the bytes before, so a copy of it is a place from
// which to go on.
type lexer interface {
	// next returns the first token of b, which holds at least ahead bytes or all
	// there are, and never none. It always moves on.
	next(b []byte) token
	// clone returns an independent copy.
	clone() lexer
}

// token is a run of bytes to show, with the bytes around it that are not shown.
type token struct {
	lead  int // bytes before it, not shown
	size  int // bytes of the token
	trail int // bytes behind it, not shown, such as a line feed
	kind  chroma.TokenType
	// indent is how many cells stand before it, where it begins a line.
	indent    int
	breaks    bool // it begins a line
	continued bool // that line goes on the one before
	space     bool // a space is shown behind it
}

func (t token) len() int { return t.lead + t.size + t.trail }

// hidden counts the bytes that passed since something showed.
type hidden int

// pass takes in a token; with one that is too much the line goes on in another.
func (h *hidden) pass(t *token) {
	if t.size > 0 || t.breaks {
		*h = 0
		return
	}
	if *h += hidden(t.len()); *h >= mostHidden {
		t.breaks, t.continued = true, true
		*h = 0
	}
}

// lexerFor returns the lexer of a kind's pretty view that begins at an offset; nil where
// lines are shown as they came.
func lexerFor(k Kind, off int64) lexer {
	switch k {
	case JSON:
		return &jsonLexer{pos: off}
	case Events:
		return newEventLexer(off)
	case XML:
		return newSourceLexer(&markup{})
	case HTML:
		return newSourceLexer(&markup{html: true})
	case Form:
		return newSourceLexer(&form{})
	case YAML:
		return newSourceLexer(&yaml{})
	case CSV:
		return newSourceLexer(&table{head: true})
	case Markdown:
		return newSourceLexer(&markdown{})
	case HTTP:
		return newSourceLexer(&message{})
	case TOML, JavaScript, CSS, GraphQL:
		return newSourceLexer(&code{language: grammars()[k]})
	default:
		return nil
	}
}

// textLexer shows lines as they came.
type textLexer struct{ continued bool }

func (x *textLexer) clone() lexer { return new(*x) }

func (x *textLexer) next(b []byte) token {
	size, trail, whole := cutLine(b, maxLine)
	t := token{size: size, trail: trail, kind: chroma.Text, breaks: true, continued: x.continued}
	x.continued = !whole
	return t
}

// cutLine returns how many bytes of b belong on one line with that room, and how
// many of a line break follow. whole is false where the source line goes on.
func cutLine(b []byte, room int) (size, trail int, whole bool) {
	if k := bytes.IndexByte(b[:min(len(b), room+2)], '\n'); k >= 0 {
		size, trail = k, 1
		if k > 0 && b[k-1] == '\r' {
			size, trail = k-1, 2
		}
		if size <= room {
			return size, trail, true
		}
	}
	if len(b) <= room {
		return len(b), 0, true
	}
	return runeStart(b, room), 0, false
}

// runeStart moves a cut before b[at] to the start of the character it would
// split. Bytes that are no UTF-8 are cut anywhere.
func runeStart(b []byte, at int) int {
	for i := at; i > max(0, at-utf8.UTFMax); i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return at
}
