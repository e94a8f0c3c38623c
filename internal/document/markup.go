package document

import (
	"bytes"

	"github.com/alecthomas/chroma/v2"
)

// markupMode is where in XML or HTML a lexer stands.
type markupMode uint8

const (
	inContent markupMode = iota
	inTagName
	inTag
	inDouble // a value in double quotes
	inSingle
	inComment
	inCDATA
	inDeclaration // <? or <!
	inScript      // of HTML: nothing but its end tag counts
)

// markup colours XML and HTML. It is lenient: what it does not understand is text.
type markup struct {
	mode   markupMode
	html   bool
	script bool // the tag that is open holds script or style
	closes bool // it is an end tag
	equals bool // the newest sign was an equals sign
}

func (x *markup) clone() runner { return new(*x) }

func (x *markup) newline() {}

func (x *markup) run(b []byte) (int, chroma.TokenType) {
	switch x.mode {
	case inContent:
		return x.content(b)
	case inTagName:
		x.mode = inTag
		if n := name(b); n > 0 {
			word := string(bytes.ToLower(b[:min(n, 8)]))
			x.script = x.html && !x.closes && (word == "script" || word == "style")
			return n, chroma.NameTag
		}
		return x.tag(b)
	case inTag:
		return x.tag(b)
	case inDouble:
		return x.until(b, `"`, inTag), chroma.LiteralString
	case inSingle:
		return x.until(b, `'`, inTag), chroma.LiteralString
	case inComment:
		return x.until(b, "-->", inContent), chroma.Comment
	case inCDATA:
		return x.until(b, "]]>", inContent), chroma.Text
	case inDeclaration:
		return x.until(b, ">", inContent), chroma.CommentPreproc
	case inScript:
		return x.code(b)
	default:
		return len(b), chroma.Text
	}
}

// until returns the bytes up to and with end, after which mode then holds, or
// all where it does not come.
func (x *markup) until(b []byte, end string, then markupMode) int {
	i := bytes.Index(b, []byte(end))
	if i < 0 {
		return len(b)
	}
	x.mode = then
	return i + len(end)
}

func (x *markup) content(b []byte) (int, chroma.TokenType) {
	switch {
	case b[0] == '&':
		if n := entity(b); n > 0 {
			return n, chroma.NameEntity
		}
	case b[0] != '<':
	case bytes.HasPrefix(b, []byte("<!--")):
		x.mode = inComment
		return 4, chroma.Comment
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		x.mode = inCDATA
		return 9, chroma.CommentPreproc
	case len(b) > 1 && (b[1] == '!' || b[1] == '?'):
		x.mode = inDeclaration
		return 2, chroma.CommentPreproc
	case len(b) > 2 && b[1] == '/' && isNameByte(b[2]):
		x.mode, x.closes, x.script = inTagName, true, false
		return 2, chroma.Punctuation
	case len(b) > 1 && isNameByte(b[1]):
		x.mode, x.closes = inTagName, false
		return 1, chroma.Punctuation
	}
	if i := bytes.IndexAny(b[1:], "<&"); i >= 0 {
		return i + 1, chroma.Text
	}
	return len(b), chroma.Text
}

func (x *markup) tag(b []byte) (int, chroma.TokenType) {
	valued := x.equals
	x.equals = false
	switch c := b[0]; {
	case c == ' ' || c == '\t' || c == '\r':
		x.equals = valued
		n := 1
		for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
			n++
		}
		return n, chroma.TextWhitespace
	case c == '>':
		x.mode = inContent
		if x.script {
			x.mode = inScript
		}
		return 1, chroma.Punctuation
	case c == '/':
		return 1, chroma.Punctuation
	case c == '=':
		x.equals = true
		return 1, chroma.Operator
	case c == '"':
		x.mode = inDouble
		return 1 + x.until(b[1:], `"`, inTag), chroma.LiteralString
	case c == '\'':
		x.mode = inSingle
		return 1 + x.until(b[1:], `'`, inTag), chroma.LiteralString
	case c == '<': // the tag was never closed
		x.mode = inContent
		return x.content(b)
	case valued:
		if n := bytes.IndexAny(b, " \t>"); n > 0 {
			return n, chroma.LiteralString
		}
		return len(b), chroma.LiteralString
	default:
		if n := name(b); n > 0 {
			return n, chroma.NameAttribute
		}
		return 1, chroma.Text
	}
}

func (x *markup) code(b []byte) (int, chroma.TokenType) {
	for i := 0; ; {
		n := bytes.Index(b[i:], []byte("</"))
		if n < 0 {
			return len(b), chroma.Text
		}
		i += n
		low := bytes.ToLower(b[i+2 : min(len(b), i+8)])
		if bytes.HasPrefix(low, []byte("script")) || bytes.HasPrefix(low, []byte("style")) {
			x.mode = inContent
			if i == 0 {
				return x.content(b)
			}
			return i, chroma.Text
		}
		i += 2
	}
}

// entity returns the length of a character reference such as &amp; or &#39;.
func entity(b []byte) int {
	for i := 1; i < min(len(b), 33); i++ {
		if b[i] == ';' {
			if i == 1 {
				return 0
			}
			return i + 1
		}
		if b[i] != '#' && !isNameByte(b[i]) {
			return 0
		}
	}
	return 0
}

func name(b []byte) int {
	n := 0
	for n < len(b) && isNameByte(b[n]) {
		n++
	}
	return n
}

// isNameByte reports the bytes of names, generously: others only end them.
func isNameByte(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == ':' || c == '.' || c >= 0x80
}
