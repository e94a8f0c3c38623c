package document

import (
	"bytes"

	"github.com/alecthomas/chroma/v2"
)

// form shows a form body one pair a line. Escapes are not resolved, only coloured.
type form struct {
	value bool // behind the equals sign
}

func (x *form) clone() runner { return new(*x) }

func (x *form) newline() { x.value = false }

// ends reports that the next run begins a line.
func (x *form) ends(run []byte) bool { return run[0] == '&' }

func (x *form) run(b []byte) (int, chroma.TokenType) {
	switch {
	case b[0] == '&':
		x.value = false
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
