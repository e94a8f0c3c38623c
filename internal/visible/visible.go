// Package visible makes strangers' text safe to print: what a terminal would
// obey is shown instead. Escape and control characters become their Unicode
// control pictures, bidi overrides, zero-width and other invisible characters
// their code point in angle brackets, and invalid UTF-8 the replacement character.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// TabWidth is how many spaces stand for a tab.
const TabWidth = 4

// Line returns s fit for one line of a screen: line breaks are shown as well.
func Line(s string) string {
	if clean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for _, r := range s {
		b.WriteString(Rune(r))
	}
	return b.String()
}

// Block returns s fit for several lines: its line feeds stay, a carriage return
// before one is dropped.
func Block(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = Line(strings.TrimSuffix(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// Painted returns painted text, such as a text field draws itself, with each
// character that would steer the screen shown as one that does not. The escape
// sequences stay: they are ours.
func Painted(s string) string {
	if cleanPainted(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if hidden(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

func cleanPainted(s string) bool {
	for _, r := range s {
		if r >= 0x80 && hidden(r) {
			return false
		}
	}
	return true
}

// Rune returns what is shown for one character. Invalid bytes arrive here as
// utf8.RuneError, as ranging over a string yields them.
func Rune(r rune) string {
	switch {
	case r == '\t':
		return strings.Repeat(" ", TabWidth)
	case r < 0x20:
		return string(0x2400 + r) // ␀ … ␟
	case r == 0x7f:
		return "␡"
	case r < utf8.RuneSelf:
		return string(r)
	case hidden(r):
		return fmt.Sprintf("<%04X>", r)
	default:
		return string(r)
	}
}

// JSON returns JSON text fit for a terminal: characters that Rune would not show
// as they are become \u escapes, which mean the same to whoever reads it.
func JSON(text []byte) []byte {
	if clean(string(text)) {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for _, r := range string(text) {
		switch {
		case r == '\n' || r >= 0x20 && r < 0x7f || r > 0x7f && r != utf8.RuneError && !hidden(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// clean reports whether s can be printed as it is, which nearly all text can.
func clean(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c == 0x7f || c >= utf8.RuneSelf {
			return cleanRunes(s[i:])
		}
	}
	return true
}

func cleanRunes(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r < 0x20 || r == 0x7f || hidden(r) {
			return false
		}
	}
	return true
}

// hidden reports characters that steer a terminal or the reading direction, or
// that take no room and so can hide in text. The zero-width joiner and the
// variation selectors stay: emoji and several scripts are written with them.
func hidden(r rune) bool {
	switch {
	case r == 0x200d, r >= 0xfe00 && r <= 0xfe0f:
		return false
	case r >= 0x80 && r <= 0x9f: // C1: a terminal may take U+009B for CSI
		return true
	case r == 0x2028, r == 0x2029, r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0:
		return true
	default:
		return r >= 0xa0 && unicode.Is(unicode.Cf, r)
	}
}
