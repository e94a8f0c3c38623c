package document

import (
	"bytes"

	"github.com/alecthomas/chroma/v2"
)

// table colours values parted by commas, semicolons or tabs.
type table struct {
	head   bool // the first line
	quoted bool // within a field in quotes
}

func (x *table) clone() runner { return new(*x) }

func (x *table) newline() { x.head = x.head && x.quoted }

func (x *table) run(b []byte) (int, chroma.TokenType) {
	kind := chroma.Text
	switch {
	case x.head:
		kind = chroma.NameTag
	case x.quoted || b[0] == '"':
		kind = chroma.LiteralString
	}
	switch {
	case x.quoted:
		return x.quote(b, 0), kind
	case b[0] == '"':
		return x.quote(b, 1), kind
	case bytes.IndexByte(parting, b[0]) >= 0:
		return 1, chroma.Punctuation
	}
	n := bytes.IndexAny(b, string(parting))
	if n < 0 {
		n = len(b)
	}
	if isNumber(b[:n]) && !x.head {
		kind = chroma.LiteralNumber
	}
	return n, kind
}

var parting = []byte(",;\t")

// quote goes on from b[i] to the end of a field in quotes; two quotes stand for one.
func (x *table) quote(b []byte, i int) int {
	x.quoted = true
	for i < len(b) {
		if b[i] != '"' {
			i++
			continue
		}
		if i+1 < len(b) && b[i+1] == '"' {
			i += 2
			continue
		}
		x.quoted = false
		return i + 1
	}
	return len(b)
}

// message colours HTTP header lines, with what stands before and behind them.
type message struct {
	line   int  // of the message: 0 is the request or status line
	column int  // runs passed of the line
	body   bool // behind the empty line
}

func (x *message) clone() runner { return new(*x) }

func (x *message) newline() {
	x.body = x.body || x.column == 0 && x.line > 0
	x.line, x.column = x.line+1, 0
}

func (x *message) run(b []byte) (int, chroma.TokenType) {
	x.column++
	switch {
	case bytes.HasPrefix(b, []byte("###")): // the next request of a .http file
		x.line, x.body = -1, false
		return len(b), chroma.Comment
	case x.column == 1 && b[0] == '#':
		return len(b), chroma.Comment
	case x.body:
		return len(b), chroma.Text
	case x.line == 0 && x.column == 1:
		return span(b, func(c byte) bool { return c > ' ' }), chroma.Keyword
	case x.line == 0:
		return len(b), chroma.LiteralString
	case x.column == 1:
		if n := bytes.IndexByte(b, ':'); n > 0 {
			return n, chroma.NameTag
		}
		return len(b), chroma.Text
	case x.column == 2:
		return 1, chroma.Punctuation
	}
	return len(b), chroma.LiteralString
}

// markdown colours headings, lists, quotes, code, links and emphasis.
type markdown struct {
	fence string // what ends the code that is open; empty for none
	begun bool   // something of the line was passed
	whole chroma.TokenType
}

func (x *markdown) clone() runner { return new(*x) }

func (x *markdown) newline() { x.begun, x.whole = false, 0 }

func (x *markdown) run(b []byte) (int, chroma.TokenType) {
	first := !x.begun
	x.begun = true
	switch {
	case x.whole != 0:
		return len(b), x.whole
	case first && (bytes.HasPrefix(b, []byte("```")) || bytes.HasPrefix(b, []byte("~~~"))):
		x.fenced(string(b[:3]))
		return len(b), chroma.LiteralStringBacktick
	case x.fence != "":
		return len(b), chroma.LiteralStringBacktick
	case first && b[0] == '#':
		x.whole = chroma.GenericHeading
		return len(b), x.whole
	case first && b[0] == '>':
		x.whole = chroma.Comment
		return len(b), x.whole
	case first && (b[0] == ' ' || b[0] == '\t'):
		x.begun = false
		return span(b, func(c byte) bool { return c == ' ' || c == '\t' }), chroma.TextWhitespace
	case first && bytes.IndexByte([]byte("-*+"), b[0]) >= 0 && len(b) > 1 && b[1] == ' ':
		return 1, chroma.Punctuation
	}
	for _, m := range marks {
		if n := between(b, m.open, m.close); n > 0 {
			return n, m.kind
		}
	}
	n := bytes.IndexAny(b[1:], "`*_[<")
	if n < 0 {
		return len(b), chroma.Text
	}
	return n + 1, chroma.Text
}

func (x *markdown) fenced(with string) {
	switch x.fence {
	case "":
		x.fence = with
	case with:
		x.fence = ""
	}
}

// marks are what text of one kind stands between.
var marks = []struct {
	open, close string
	kind        chroma.TokenType
}{
	{"`", "`", chroma.LiteralStringBacktick},
	{"**", "**", chroma.GenericStrong},
	{"*", "*", chroma.GenericEmph},
	{"[", ")", chroma.NameAttribute},
	{"<", ">", chroma.NameTag},
}

// between is the length of what stands between two marks at the beginning of b, with
// them; 0 where nothing does.
func between(b []byte, open, shut string) int {
	if !bytes.HasPrefix(b, []byte(open)) || len(b) <= len(open) || b[len(open)] == ' ' {
		return 0
	}
	n := bytes.Index(b[len(open):], []byte(shut))
	if n <= 0 {
		return 0
	}
	return len(open) + n + len(shut)
}
