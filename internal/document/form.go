package document

import (
	"bytes"

	"github.com/alecthomas/chroma/v2"
)

// formLexer shows a form body one pair a line. The bytes stay as they came:
// escapes are not resolved, only coloured.
type formLexer struct {
	value bool // behind the equals sign
	sourceLine
}

func (x *formLexer) clone() lexer { return new(*x) }

func (x *formLexer) next(b []byte) token {
	if t, n := x.feed(b); n > 0 {
		x.value = false
		return t
	}
	size, kind := x.run(x.room(b))
	t := x.place(token{size: size, kind: kind})
	if b[0] == '&' {
		x.value, x.fresh = false, true
	}
	return t
}

func (x *formLexer) run(b []byte) (int, chroma.TokenType) {
	switch {
	case b[0] == '&':
		return 1, chroma.Punctuation
	case b[0] == '=' && !x.value:
		x.value = true
		return 1, chroma.Operator
	case b[0] == '+':
		return 1, chroma.NameEntity
	case b[0] == '%' && len(b) > 2:
		return 3, chroma.NameEntity
	}
	kind, stops := chroma.NameAttribute, "&%+="
	if x.value {
		kind, stops = chroma.LiteralString, "&%+"
	}
	if n := bytes.IndexAny(b[1:], stops); n >= 0 {
		return n + 1, kind
	}
	return len(b), kind
}
