package redact

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostHeard    = 64      // values
	longestHeard = 8 << 10 // bytes of one
)

// hear remembers a value that was masked for its name.
func (m *Masker) hear(value string) {
	m.note(value)
	if len(m.heard) < mostHeard && len(value) <= longestHeard {
		m.heard = append(m.heard, value)
	}
}

// Learn takes the values that were masked for their names up to now as given ones: from
// now on they are masked wherever they stand, in every spelling, as an answer repeats
// what it was asked. Values of less than six bytes are not, as a 1 or a yes would take
// ordinary text with it; nor are those that are themselves such a name; short words and
// short numbers are masked only where they stand by themselves. It takes in the first 64
// values.
func (m *Masker) Learn() {
	before := len(m.given)
	for _, value := range m.heard {
		for _, s := range partsOf(value) {
			s = strings.Trim(s, `"'`) // of a header that quotes it
			if !isScheme(s) && !isName(s) && strings.TrimSpace(s) != "" {
				m.give(s, false)
			}
		}
	}
	m.heard = nil
	if len(m.given) > before {
		m.index()
	}
}

// isName reports a value that is a name of secrets, and stands as such in many answers.
func isName(s string) bool {
	name := string(letters(nil, s))
	for _, begins := range []string{"", "access", "refresh", "client", "id", "user"} {
		end, ok := strings.CutPrefix(name, begins)
		if ok && end != "" && (exact[end] != open || slices.Contains(endings[end[len(end)-1]], end)) {
			return true
		}
	}
	return false
}

// partsOf are a value and what it is made of: the password of a login in Base64, the
// cookies of a line, the texts of an object.
func partsOf(value string) []string {
	if s := strings.TrimSpace(value); strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[") {
		var v any
		if json.Unmarshal([]byte(s), &v) != nil {
			return nil
		}
		return leaves(nil, v)
	}
	parts := []string{value}
	if user, ok := login(value); ok {
		_, password, _ := strings.Cut(user, ":")
		return append(parts, password)
	}
	for pair := range strings.SplitSeq(value, ";") {
		if name, v, ok := strings.Cut(strings.TrimSpace(pair), "="); ok && (Sensitive(name) || random(v)) {
			parts = append(parts, v)
		}
	}
	return parts
}

func leaves(to []string, v any) []string {
	switch v := v.(type) {
	case string:
		if random(v) {
			to = append(to, v)
		}
	case []any:
		for _, e := range v {
			to = leaves(to, e)
		}
	case map[string]any:
		for _, e := range v {
			to = leaves(to, e)
		}
	}
	return to
}

// login reads user:password in Base64.
func login(code string) (string, bool) {
	code = strings.TrimRight(code, "=")
	if len(code)%4 == 1 {
		code = code[:len(code)-1]
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		plain, err := enc.DecodeString(code)
		if err != nil || !utf8.Valid(plain) || strings.IndexFunc(string(plain), unicode.IsControl) >= 0 {
			continue
		}
		return string(plain), strings.Contains(string(plain), ":")
	}
	return "", false
}
