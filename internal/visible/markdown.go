package visible

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Markdown returns s fit for one line of Markdown, or for a cell of a table: it means
// itself there, and in the HTML within it.
func Markdown(s string) string {
	s = strings.TrimSpace(Line(s))
	var b strings.Builder
	if n := opening(s); n >= 0 {
		b.WriteString(s[:n] + `\` + s[n:n+1])
		s = s[n+1:]
	}
	before := ' '
	for i, r := range s {
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		switch {
		case r == '<':
			b.WriteString("&lt;") // many readers take HTML, and few an escape before it
		case r == '&' && (after == '#' || unicode.IsLetter(after)):
			b.WriteString("&amp;")
		case strings.ContainsRune("\\`*[]~|", r), r == '_' && (!inWord(before) || !inWord(after)):
			b.WriteString(`\` + string(r))
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// opening is where a mark stands that makes a line a heading, a quote or an item, even
// behind the mark of another; below 0 for none.
func opening(s string) int {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if digits < len(s) && (digits == 0 && strings.ContainsRune("#>+=-", rune(s[0])) || digits > 0 && strings.ContainsRune(".)", rune(s[digits]))) {
		return digits
	}
	return -1
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
