package redact

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// given is one form of a value that must not pass.
type given struct{ form, value string }

// shortest is the length from which a given value is looked for: shorter ones
// would mask ordinary text.
const shortest = 6

// New returns a masker that also masks the given values, as they are and as they
// look in a URL, in JSON and in Base64, there also inside of a longer text.
func New(secrets ...string) *Masker {
	m := &Masker{}
	for _, s := range secrets {
		if len(s) < shortest {
			continue
		}
		for _, form := range forms(s) {
			m.given = append(m.given, given{form, s})
		}
	}
	slices.SortStableFunc(m.given, func(a, b given) int { return len(b.form) - len(a.form) })
	return m
}

// spellings are a value as it is, and as it looks in JSON and in a URL.
func spellings(s string) []string {
	quoted, _ := json.Marshal(s) // a string can always be written
	inside := string(quoted[1 : len(quoted)-1])
	return []string{
		s, inside, strings.ReplaceAll(inside, "/", `\/`), url.QueryEscape(s), url.PathEscape(s), lowerHex(url.QueryEscape(s)), lowerHex(url.PathEscape(s)),
	}
}

// forms are the spellings of a value and its Base64, each once.
func forms(s string) []string {
	all := append(spellings(s), base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)))
	for offset := range 3 {
		all = append(all, inBase64(s, offset, base64.RawStdEncoding), inBase64(s, offset, base64.RawURLEncoding))
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(form string) bool { return len(form) < shortest })
}

// lowerHex writes what is escaped as some programs do: %2f.
func lowerHex(escaped string) string {
	b := []byte(escaped)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:], strings.ToLower(escaped[i+1:i+3]))
		}
	}
	return string(b)
}

// inBase64 is how a value looks in the Base64 of a longer text in which so many
// bytes, modulo three, stand before it: without the letters at its ends, which hold
// bits of its neighbours, too.
func inBase64(s string, offset int, enc *base64.Encoding) string {
	const bits = 6 // of a letter
	code := enc.EncodeToString(append(make([]byte, offset), s...))
	return code[(8*offset+bits-1)/bits : 8*(offset+len(s))/bits]
}

// tail masks a given value that a text ends within: it was cut.
func (m *Masker) tail(text string) string {
	for _, g := range m.given {
		for n := min(len(g.form)-1, len(text)); n >= shortest; n-- {
			if strings.HasSuffix(text, g.form[:n]) {
				m.masked.add(ownSecret, g.value)
				return text[:len(text)-n] + Mask
			}
		}
	}
	return text
}
