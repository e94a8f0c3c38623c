package document

import (
	"bytes"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// grammar is what tells the tokens of a programming language apart, as far as colours
// need it.
type grammar struct {
	line        []string // what begins a comment to the end of the line
	open, close string   // around a longer comment
	quotes      string   // around a string that ends with its line
	long        []string // around a string of several lines
	words       map[string]chroma.TokenType
	signs       string // bytes of names beside letters, digits and _
	keyed       string // a name before one of these is a key
}

func keywords(constants, reserved string) map[string]chroma.TokenType {
	out := map[string]chroma.TokenType{}
	for w := range strings.FieldsSeq(constants) {
		out[w] = chroma.KeywordConstant
	}
	for w := range strings.FieldsSeq(reserved) {
		out[w] = chroma.Keyword
	}
	return out
}

// grammars are made when a body first needs one.
var grammars = sync.OnceValue(func() map[Kind]*grammar {
	return map[Kind]*grammar{
		JavaScript: {
			line: []string{"//"}, open: "/*", close: "*/", quotes: `"'`, long: []string{"`"}, signs: "$",
			words: keywords("true false null undefined NaN Infinity",
				"abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in instanceof interface keyof let namespace new number of private protected public readonly return set static string super switch this throw try type typeof unknown var void while with yield"),
		},
		CSS: {
			open: "/*", close: "*/", quotes: `"'`, signs: "-@#", keyed: ":",
			words: keywords("inherit initial unset none auto", "@media @import @font-face @keyframes @supports @layer @charset !important"),
		},
		GraphQL: {
			line: []string{"#"}, quotes: `"`, long: []string{`"""`}, signs: "$@", keyed: ":",
			words: keywords("true false null", "query mutation subscription fragment on schema type interface union enum input scalar directive extend implements repeatable"),
		},
		TOML: {
			line: []string{"#"}, quotes: `"'`, long: []string{`"""`, "'''"}, signs: "-", keyed: "=",
			words: keywords("true false inf nan", ""),
		},
	}
})

// code colours a programming language.
type code struct {
	language *grammar
	until    string // what ends the comment or string that is open; empty for none
	kind     chroma.TokenType
	short    bool // that ends with the line at the latest
}

func (x *code) clone() runner { return new(*x) }

func (x *code) newline() {
	if x.short {
		x.until, x.short = "", false
	}
}

func (x *code) run(b []byte) (int, chroma.TokenType) {
	if x.until != "" {
		return x.rest(b, 0)
	}
	g, c := x.language, b[0]
	switch {
	case c == ' ' || c == '\t':
		return span(b, func(c byte) bool { return c == ' ' || c == '\t' }), chroma.TextWhitespace
	case x.comments(b):
		return x.begin(b, len(b), "\n", chroma.CommentSingle, true)
	case g.open != "" && bytes.HasPrefix(b, []byte(g.open)):
		return x.begin(b, len(g.open), g.close, chroma.CommentMultiline, false)
	}
	for _, q := range g.long {
		if bytes.HasPrefix(b, []byte(q)) {
			return x.begin(b, len(q), q, chroma.LiteralString, false)
		}
	}
	switch {
	case strings.IndexByte(g.quotes, c) >= 0:
		return x.begin(b, 1, string(c), chroma.LiteralString, true)
	case c >= '0' && c <= '9':
		return span(b, func(c byte) bool { return g.letter(c) || c == '.' }), chroma.LiteralNumber
	case g.letter(c):
		n := span(b, g.letter)
		return n, g.named(b[:n], b[n:])
	}
	stops := g.quotes + "/#`"
	return span(b, func(c byte) bool {
		return c < 0x80 && c > ' ' && !g.letter(c) && strings.IndexByte(stops, c) < 0
	}), chroma.Punctuation
}

// span is the length of the bytes at the beginning of b that belong together; at least 1.
func span(b []byte, belongs func(byte) bool) int {
	n := 1
	for n < len(b) && belongs(b[n]) {
		n++
	}
	return n
}

func (x *code) comments(b []byte) bool {
	for _, c := range x.language.line {
		if bytes.HasPrefix(b, []byte(c)) {
			return true
		}
	}
	return false
}

// begin opens what ends with until; its first size bytes are passed.
func (x *code) begin(b []byte, size int, until string, kind chroma.TokenType, short bool) (int, chroma.TokenType) {
	x.until, x.kind, x.short = until, kind, short
	return x.rest(b, size)
}

// rest goes on from b[i] to the end of what is open, or of the line.
func (x *code) rest(b []byte, i int) (int, chroma.TokenType) {
	escapes := x.kind == chroma.LiteralString
	for i < len(b) {
		switch {
		case escapes && b[i] == '\\':
			i = min(i+2, len(b))
			continue
		case bytes.HasPrefix(b[i:], []byte(x.until)):
			i += len(x.until)
			x.until, x.short = "", false
			return i, x.kind
		}
		i++
	}
	return len(b), x.kind
}

// letter reports the bytes of names.
func (g *grammar) letter(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80 || strings.IndexByte(g.signs, c) >= 0
}

// named is the type of a name with what follows it.
func (g *grammar) named(name, rest []byte) chroma.TokenType {
	if kind, ok := g.words[string(name)]; ok {
		return kind
	}
	rest = bytes.TrimLeft(rest, " \t")
	switch {
	case len(rest) > 0 && strings.IndexByte(g.keyed, rest[0]) >= 0:
		return chroma.NameTag
	case len(rest) > 0 && rest[0] == '(':
		return chroma.NameFunction
	}
	return chroma.Name
}
