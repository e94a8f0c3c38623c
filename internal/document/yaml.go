package document

import (
	"bytes"

	"github.com/alecthomas/chroma/v2"
)

// yaml colours YAML line by line.
type yaml struct {
	column int  // bytes passed of the line
	indent int  // spaces before the first of them
	value  bool // behind a colon, or an item that is none
	quote  byte // of a string that is open; 0 for none
	// block is one more than the indent of the key whose text stands on the lines
	// below it; 0 for none.
	block   int
	opens   bool // a block begins with the next line
	keyless int  // bytes from here on that are known to hold no key
}

func (x *yaml) clone() runner { return new(*x) }

func (x *yaml) newline() {
	x.column, x.indent, x.value, x.keyless, x.opens = 0, 0, false, 0, false
}

func (x *yaml) run(b []byte) (int, chroma.TokenType) {
	n, kind := x.next(b)
	x.column += n
	x.keyless = max(0, x.keyless-n)
	return n, kind
}

func (x *yaml) next(b []byte) (int, chroma.TokenType) {
	c := b[0]
	if c == ' ' || c == '\t' {
		n := span(b, func(c byte) bool { return c == ' ' || c == '\t' })
		if x.column == 0 {
			x.indent = n
		}
		return n, chroma.TextWhitespace
	}
	if x.block > 0 && !x.opens {
		if x.indent >= x.block {
			return len(b), chroma.LiteralString
		}
		x.block = 0
	}
	switch {
	case x.quote != 0:
		return x.quoted(b, 0)
	case c == '#':
		return len(b), chroma.Comment
	case x.column == 0 && (bytes.HasPrefix(b, []byte("---")) || bytes.HasPrefix(b, []byte("..."))):
		return 3, chroma.NameNamespace
	case !x.value && c == '-' && (len(b) == 1 || b[1] == ' '):
		x.indent += 2
		return 1, chroma.Punctuation
	case bytes.IndexByte([]byte("{}[],:?"), c) >= 0:
		return 1, chroma.Punctuation
	case !x.value && (x.keyless == 0 || x.quotes(b)):
		n, ok := yamlKey(b)
		if ok {
			x.value = true
			return n, chroma.NameTag
		}
		x.keyless = n
	}
	return x.scalar(b)
}

// scalar is a value, or a part of one.
func (x *yaml) scalar(b []byte) (int, chroma.TokenType) {
	switch c := b[0]; {
	case c == '"' || c == '\'':
		x.quote = c
		return x.quoted(b, 1)
	case c == '&' || c == '*' || c == '!':
		return span(b, func(c byte) bool { return c > ' ' && c != ',' }), chroma.NameVariable
	case (c == '|' || c == '>') && x.value:
		x.block, x.opens = x.indent+1, true
		return len(b), chroma.Punctuation
	}
	n := len(b)
	if i := bytes.IndexAny(b, ",]}"); i > 0 {
		n = i
	}
	if i := bytes.Index(b[:n], []byte(" #")); i >= 0 {
		n = i
	}
	word := bytes.TrimRight(b[:n], " ")
	switch {
	case isNumber(word):
		return n, chroma.LiteralNumber
	case bytes.IndexByte([]byte("tfny~"), word[0]|0x20) >= 0 && yamlConstants[string(word)], word[0] == '~':
		return n, chroma.KeywordConstant
	}
	return n, chroma.LiteralString
}

var yamlConstants = map[string]bool{"true": true, "false": true, "null": true, "yes": true, "no": true, "True": true, "False": true}

// quoted goes on from b[i] to the end of a string, or of the line.
func (x *yaml) quoted(b []byte, i int) (int, chroma.TokenType) {
	for i < len(b) {
		switch {
		case b[i] == '\\' && x.quote == '"':
			i = min(i+2, len(b))
			continue
		case b[i] == x.quote:
			x.quote = 0
			return i + 1, chroma.LiteralString
		}
		i++
	}
	return len(b), chroma.LiteralString
}

// quotes reports that b begins with a string that ends behind what holds no key.
func (x *yaml) quotes(b []byte) bool {
	return (b[0] == '"' || b[0] == '\'') && bytes.IndexByte(b[1:min(x.keyless, len(b))], b[0]) < 0
}

// yamlKey returns the length of a key at the beginning of b, without its colon; where it
// is not ok none begins in those bytes.
func yamlKey(b []byte) (n int, ok bool) {
	quote := byte(0)
	for i, c := range b {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case i == 0 && (c == '"' || c == '\''):
			quote = c
		case c == ':' && (i+1 == len(b) || b[i+1] == ' '):
			return i, i > 0
		case c == '#' && i > 0 && b[i-1] == ' ', c == '{', c == '[':
			return i, false
		}
	}
	return len(b), false
}
