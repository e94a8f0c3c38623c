package document

import (
	"bytes"
	"errors"
	"mime"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// utf8Name is the charset that needs no decoder.
const utf8Name = "utf-8"

// charset returns the charset of a body that begins with head; empty for UTF-8.
func (o Options) charset(head []byte) string {
	switch o.Charset {
	case "":
		return charsetOf(o.MediaType, head)
	case utf8Name:
		return ""
	}
	return o.Charset
}

// charsetOf returns the charset of a body that begins with head, by its first bytes,
// its media type or what it says of itself; empty for UTF-8, and where nobody says.
func charsetOf(mediaType string, head []byte) string {
	head = head[:min(len(head), sniffed)]
	switch {
	case bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return "utf-16be"
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}):
		return "utf-16le"
	case bytes.HasPrefix(head, []byte(bom)):
		return ""
	}
	name := named(mediaType, head)
	switch {
	case name == utf8Name, name == "replacement":
		return ""
	case ascii(name) && multibyte(head):
		return "" // such names are often put on UTF-8
	}
	return name
}

// named returns the charset that a header, or the first lines, name.
func named(mediaType string, head []byte) string {
	_, params, err := mime.ParseMediaType(mediaType)
	if err == nil && params["charset"] != "" {
		_, name := charset.Lookup(params["charset"])
		return name
	}
	switch kindOf(mediaType, head) { //nolint:exhaustive // the others name none
	case HTML:
		return ofPage(head)
	case XML:
		return ofDeclaration(head)
	}
	return ""
}

// ofPage returns the charset that a meta element of HTML names.
func ofPage(head []byte) string {
	page := bytes.Map(func(r rune) rune { return min(r, unicode.MaxASCII) }, head[:min(len(head), sniffed-4)])
	_, name, _ := charset.DetermineEncoding(append(page, " é "...), "text/html") // which makes it UTF-8 where none does
	return name
}

// ofDeclaration returns the charset that an XML declaration names. One that can be read is
// not in UTF-16, whatever it says.
func ofDeclaration(head []byte) string {
	declaration, _, ok := bytes.Cut(head, []byte("?>"))
	if !ok || !bytes.HasPrefix(declaration, []byte("<?xml")) {
		return ""
	}
	_, rest, _ := bytes.Cut(declaration, []byte("encoding="))
	if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	label, _, _ := bytes.Cut(rest[1:], rest[:1])
	_, name := charset.Lookup(string(label))
	if !ascii(name) {
		return ""
	}
	return name
}

// ascii reports a charset whose first half is ASCII, so that UTF-8 can be told from it.
func ascii(name string) bool { return name != "utf-16be" && name != "utf-16le" }

// multibyte reports that text holds characters beyond ASCII, all of them in UTF-8.
func multibyte(text []byte) bool {
	beyond := false
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r == utf8.RuneError && n == 1 {
			return beyond && !utf8.FullRune(text)
		}
		beyond = beyond || n > 1
		text = text[n:]
	}
	return beyond
}

// decoder turns bytes into UTF-8 piece by piece.
type decoder struct {
	transform.Transformer

	held []byte // of a character that is not whole yet
}

// newDecoder returns the decoder of a charset; nil where none is needed.
func newDecoder(name string) *decoder {
	if name == "" {
		return nil
	}
	enc, _ := charset.Lookup(name)
	if enc == nil || enc == encoding.Nop {
		return nil
	}
	return &decoder{Transformer: enc.NewDecoder()}
}

// decode returns what p holds, as far as its characters are whole; last tells that
// nothing follows.
func (d *decoder) decode(p []byte, last bool) []byte {
	src := append(d.held, p...)
	out := make([]byte, 0, 2*len(src)+utf8.UTFMax)
	for {
		n, used, err := d.Transform(out[len(out):cap(out)], src, last)
		out, src = out[:len(out)+n], src[used:]
		if !errors.Is(err, transform.ErrShortDst) {
			break // what is wrong was replaced; what is not whole is held
		}
		out = append(make([]byte, 0, 2*cap(out)), out...)
	}
	d.held = append([]byte(nil), src...)
	return out
}
