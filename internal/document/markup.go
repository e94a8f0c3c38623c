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

// markupLexer colours XML and HTML; lines stay as they came. It is lenient:
// what it does not understand is text.
type markupLexer struct {
	mode   markupMode
	html   bool
	script bool // the tag that is open holds script or style
	closes bool // it is an end tag
	equals bool // the newest sign was an equals sign
	sourceLine
}

// sourceLine keeps count of the line that a lexer of whole source lines is on.
type sourceLine struct {
	fresh bool // the next token begins a line
	col   int  // source bytes on the line so far
}

// place puts t behind what the line holds and returns it.
func (l *sourceLine) place(t token) token {
	if l.fresh {
		t.breaks = true
		l.col = 0
	} else if l.col > maxLine-leastRoom {
		t.breaks, t.continued = true, true
		l.col = 0
	}
	l.fresh = false
	l.col += t.size
	return t
}

// feed takes a line break at the beginning of b; n is 0 where there is none.
func (l *sourceLine) feed(b []byte) (t token, n int) {
	switch {
	case b[0] == '\n':
		n = 1
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		n = 2
	default:
		return token{}, 0
	}
	t = token{trail: n, kind: chroma.Text, breaks: l.fresh}
	l.fresh, l.col = true, 0
	return t, n
}

// room returns the part of b that fits the line, up to its line break.
func (l *sourceLine) room(b []byte) []byte {
	used := l.col
	if l.fresh || used > maxLine-leastRoom {
		used = 0
	}
	size, _, _ := cutLine(b, maxLine-used)
	return b[:max(size, 1)]
}

func (x *markupLexer) clone() lexer { return new(*x) }

func (x *markupLexer) next(b []byte) token {
	if t, n := x.feed(b); n > 0 {
		return t
	}
	size, kind := x.run(x.room(b))
	return x.place(token{size: size, kind: kind})
}

// run returns the next run of b, which lies on one line.
func (x *markupLexer) run(b []byte) (int, chroma.TokenType) {
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
func (x *markupLexer) until(b []byte, end string, then markupMode) int {
	i := bytes.Index(b, []byte(end))
	if i < 0 {
		return len(b)
	}
	x.mode = then
	return i + len(end)
}

func (x *markupLexer) content(b []byte) (int, chroma.TokenType) {
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

func (x *markupLexer) tag(b []byte) (int, chroma.TokenType) {
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

func (x *markupLexer) code(b []byte) (int, chroma.TokenType) {
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
