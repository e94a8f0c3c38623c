package redact

import (
	"encoding/json"
	"strings"
)

// mostSpace is how many blanks may stand between a member's name and its colon.
const mostSpace = 8

// members masks the values of members whose names say secret, wherever JSON stands:
// alone, in lines of text, in strings of other JSON, cut or broken; and what stands
// behind such a name and a colon in a text.
func (m *Masker) members(s string) string {
	out := splice{text: s}
	for i := 0; ; {
		n := strings.IndexByte(s[i:], ':')
		if n < 0 {
			return out.String()
		}
		colon := i + n
		i = colon + 1
		k, ok := keyBefore(s, out.from, colon)
		if !ok {
			continue
		}
		c := m.class(k.name)
		if c == open && strings.EqualFold(k.name, "value") {
			c = m.class(nameBeside(s, out.from, k))
		}
		if c != open {
			i = m.value(&out, k, c, colon+1)
		}
	}
}

// key is a name before a colon.
type key struct {
	name  string
	at    int  // where it begins
	quote byte // 0 for none
	depth int  // backslashes before its quotes
}

func keyBefore(s string, low, colon int) (key, bool) {
	end := skipBack(s, max(low, colon-mostSpace), colon)
	if end == low {
		return key{}, false
	}
	quote := s[end-1]
	if quote != '"' && quote != '\'' {
		name := nameBefore(s, low, end)
		return key{name: name}, name != "" && end == colon
	}
	depth := slashes(s, low, end-1)
	end -= 1 + depth
	begin := max(low, end-longestName)
	at := strings.LastIndexByte(s[begin:end], quote)
	if at < 0 || !isDepth(depth) || begin+at-depth < low { // quotes of two depths
		return key{}, false
	}
	return key{decoded(s[begin+at+1:end], depth), begin + at - depth, quote, depth}, true
}

// nameBeside is the name that the member before one called value holds, as in
// {"name":"password","value":"…"}; empty for none.
func nameBeside(s string, low int, k key) string {
	at := skipBack(s, low, k.at)
	if k.quote == 0 || at == low || s[at-1] != ',' {
		return ""
	}
	if at = skipBack(s, low, at-1); at == low || s[at-1] != k.quote {
		return ""
	}
	end := max(low, at-1-k.depth)
	begin := max(low, end-longestName)
	n := strings.LastIndexByte(s[begin:end], k.quote)
	if n < 0 {
		return ""
	}
	colon := skipBack(s, low, max(low, begin+n-k.depth))
	if colon == low || s[colon-1] != ':' {
		return ""
	}
	switch before, _ := keyBefore(s, low, colon-1); strings.ToLower(before.name) {
	case "name", "key", "field", "header":
		return decoded(s[begin+n+1:end], k.depth)
	}
	return ""
}

func skipBack(s string, low, at int) int {
	for at > low && isSpace(s[at-1]) {
		at--
	}
	return at
}

// nameBefore returns the name that ends at a place of a text.
func nameBefore(s string, low, end int) string {
	begin := end
	for begin > low && end-begin < longestName && isNameByte(s[begin-1]) {
		begin--
	}
	name := s[begin:end]
	if begin > 0 && s[begin-1] == '\\' && name != "" { // \n or \u0026 stands before it
		if len(name) > 5 && strings.HasPrefix(name, "u00") {
			return name[5:]
		}
		return name[1:]
	}
	return name
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("_-.[]%$", c) >= 0
}

// value masks what stands behind a colon, and returns from where to go on.
func (m *Masker) value(out *splice, k key, c class, colon int) int {
	s := out.text
	at := skipSpaces(s, colon)
	if depth, quote, ok := quoteAt(s, at); ok {
		if k.quote == 0 && closes(s, at, depth, quote) {
			return at + depth + 1
		}
		return m.quoted(out, c, at+depth+1, depth, quote)
	}
	switch {
	case at == len(s) || strings.HasPrefix(s[at:], Mask):
		return at
	case k.quote == 0:
		return m.line(out, k.name, c, colon)
	}
	end := at
	if s[at] == '{' || s[at] == '[' {
		end = groupEnd(s, at, k.depth)
	} else {
		for end < len(s) && !isSpace(s[end]) && strings.IndexByte(",]}\\\"'<&", s[end]) < 0 {
			end++
		}
		if next := skipSpaces(s, end); next < len(s) && strings.IndexByte(",]}\\\"'", s[next]) < 0 {
			return end // words, not a member
		}
	}
	if value := s[at:end]; c.hides(value) && value != "{}" && value != "[]" {
		m.hear(value)
		mark := strings.Repeat(`\`, k.depth) + string(k.quote)
		out.put(at, end, mark+Mask+mark)
	}
	return end
}

// quoted masks the text between quotes that begins at a place.
func (m *Masker) quoted(out *splice, c class, at, depth int, quote byte) int {
	end, whole := textEnd(out.text, at, depth, quote)
	value := out.text[at:end]
	if !c.hides(value) || !whole && strings.HasPrefix(Mask, value) {
		return end
	}
	m.hear(decoded(value, depth))
	mark := ""
	if !whole {
		mark = strings.Repeat(`\`, depth) + string(quote)
	}
	out.put(at, end, Mask+mark)
	return end
}

// line masks what stands behind a name, a colon and a blank in a text: a cookie to the
// end of its line, of all else a word; behind "token:", which may begin a sentence, only
// one that is none of a language.
func (m *Masker) line(out *splice, name string, c class, colon int) int {
	s := out.text
	at := colon
	for at < len(s) && (s[at] == ' ' || s[at] == '\t') {
		at++
	}
	word := at + len(wordAt(s[at:]))
	if at == colon || at == word {
		return at
	}
	sure := strings.ContainsAny(name, "-_")
	if isScheme(s[at:word]) {
		sure = true
		at = min(word+1, len(s))
		word = at + len(wordAt(s[at:]))
	} else if strings.HasSuffix(strings.ToLower(name), "cookie") && strings.Contains(s[at:word], "=") {
		sure = true
		word = at + len(s[at:])
		if n := strings.IndexAny(s[at:], "\r\n\"'\\"); n >= 0 {
			word = at + n
		}
	}
	if value := s[at:word]; c.hides(value) && !strings.HasPrefix(s[at:], Mask) && (sure || random(value)) {
		m.hear(value)
		out.put(at, word, Mask)
	}
	return word
}

// wordAt is the word that a text begins with, without the punctuation behind it.
func wordAt(s string) string {
	end := 0
	for end < len(s) && !isSpace(s[end]) && strings.IndexByte("\"'\\<>`", s[end]) < 0 {
		end++
	}
	return strings.TrimRight(s[:end], ",;.)]}:!")
}

// escaped masks what strings of JSON hide behind escapes: \/ and \u0061. Those with
// nothing to mask stay byte for byte.
func (m *Masker) escaped(s string) string {
	if m.nested == deepest || strings.IndexByte(s, '\\') < 0 {
		return s
	}
	out := splice{text: s}
	for i := 0; ; {
		n := strings.IndexByte(s[i:], '"')
		if n < 0 {
			return out.String()
		}
		begin := i + n
		end, escapes := lineOfText(s, begin)
		i = end
		if !escapes || end < len(s) && s[end-1] != '"' { // or a quote in a text
			continue
		}
		whole := s[begin:end]
		if len(whole) == 1 || whole[len(whole)-1] != '"' { // it was cut
			whole += `"`
		}
		var plain string
		if json.Unmarshal([]byte(whole), &plain) != nil {
			continue
		}
		m.nested++
		if masked, changed := m.Text(plain); changed {
			quoted, _ := json.Marshal(masked) // a string can always be written
			out.put(begin, end, string(quoted))
		}
		m.nested--
	}
}

// lineOfText returns the place behind the string that begins at a place, or of the end
// of its line, and whether it holds escapes.
func lineOfText(s string, at int) (end int, escapes bool) {
	for i := at + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			escapes = true
			i++
		case '"':
			return i + 1, escapes
		case '\n':
			return i, escapes
		}
	}
	return len(s), escapes
}
