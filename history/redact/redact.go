// Package redact knows what a secret looks like and how it is masked: one place
// for disk, log, copy and export. It masks what stands under a name that says
// secret, what has the shape of a well-known token, given values wherever they
// stand, and what a person's own rules name. What is masked stays as it is when it
// is masked again.
package redact

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Mask stands in place of a secret.
const Mask = "[redacted]"

// deepest is how many escapes, one inside of the other, are looked into.
const deepest = 4

// Masker masks, and remembers what it masked. The zero value knows no values of its
// own, only names and shapes. It is not safe for concurrent use.
type Masker struct {
	// Personal masks e-mail addresses, long digit runs and the like in bodies and
	// [Masker.Words], too.
	Personal bool

	given  []given // values in every form they may take, longest first
	heads  map[head2][]given
	begins *[1 << 16 / 64]uint64 // a bit for each beginning of a given value
	rules  rules
	heard  []string // values that were masked for their names
	nested int      // escapes around what is masked now
	masked kinds
}

// Masked tells what was masked up to now, in words, sorted by kind: a value that
// was masked twice counts once.
func (m *Masker) Masked() []Count { return m.masked.counts() }

// note remembers a secret that was masked.
func (m *Masker) note(secret string) { m.masked.add(kindOfSecret(secret), secret) }

// Text masks in any text what stands under a name that says secret, given values,
// well-known tokens and what a person's patterns match.
func (m *Masker) Text(s string) (string, bool) {
	masked := m.escaped(m.logins(m.elements(m.params(m.members(s)))))
	masked = m.patterns(m.shapes(m.known(masked)))
	return masked, masked != s
}

// Words masks a text that somebody wrote of an exchange and that may quote it: as
// Text does, what it breaks off, and where asked for personal data.
func (m *Masker) Words(s string) (string, bool) {
	masked, _ := m.Text(s)
	masked = m.tail(masked)
	if whole, ok := strings.CutSuffix(masked, "…"); ok {
		masked = m.tail(whole) + "…"
	}
	if m.Personal {
		masked = personal(masked)
	}
	return masked, masked != s
}

// Header masks the value of a header whose name says secret, and what stands in
// any other.
func (m *Masker) Header(name, value string) (string, bool) {
	if !m.class(name).hides(value) {
		return m.Text(value)
	}
	scheme, secret, ok := strings.Cut(value, " ")
	if !ok || !isScheme(scheme) {
		m.hear(value)
		return Mask, true
	}
	if secret == Mask {
		return value, false
	}
	m.hear(secret)
	return scheme + " " + Mask, true
}

// isScheme reports a word such as Bearer: it helps to see, and is no secret.
func isScheme(s string) bool {
	return slices.Contains([]string{"bearer", "basic", "token", "bot", "digest", "apikey"}, strings.ToLower(s))
}

// URL masks user information and the values of parameters whose names say secret,
// in the query and in the fragment. The rest stays as it was written.
func (m *Masker) URL(raw string) (string, bool) {
	text, fragment, marked := strings.Cut(raw, "#")
	base, query, has := strings.Cut(text, "?")
	if has {
		base += "?" + m.form(query)
	}
	if marked {
		base += "#" + m.form(fragment)
	}
	masked, _ := m.Text(base)
	return masked, masked != raw
}

// Body masks a body by its media type: fields of a form, parts of a multipart body, and
// in all others what Text masks. Bytes that are no text are only searched for given
// values. A given value that the end of a body breaks off is masked as well.
func (m *Masker) Body(mediaType string, data []byte) ([]byte, bool) {
	if len(data) == 0 {
		return data, false
	}
	masked := m.body(mediaType, string(data))
	return []byte(masked), masked != string(data)
}

func (m *Masker) body(mediaType, text string) string {
	if parts, ok := m.parts(mediaType, text); ok {
		return parts
	}
	mediaType = strings.ToLower(mediaType)
	if isBinary(mediaType, text) {
		return m.known(text)
	}
	masked := text
	if strings.Contains(mediaType, "x-www-form-urlencoded") && !looksLikeJSON(text) {
		masked = m.form(text)
	}
	masked, _ = m.Text(masked)
	masked = m.tail(masked)
	if m.Personal {
		masked = personal(masked)
	}
	return masked
}

// isBinary reports bytes that are no text, not even of an older charset.
func isBinary(mediaType, text string) bool {
	if utf8.Valid(trimPartial([]byte(text))) {
		return false
	}
	named := slices.ContainsFunc([]string{"text", "json", "xml", "form"}, func(word string) bool { return strings.Contains(mediaType, word) })
	return !named || strings.IndexByte(text, 0) >= 0
}

// trimPartial leaves out a character that was cut at the end.
func trimPartial(data []byte) []byte {
	for i := len(data) - 1; i >= 0 && i > len(data)-utf8.UTFMax; i-- {
		if utf8.RuneStart(data[i]) {
			if !utf8.FullRune(data[i:]) {
				return data[:i]
			}
			break
		}
	}
	return data
}

func looksLikeJSON(text string) bool {
	const mark = "\ufeff" // of the order of bytes
	head := strings.TrimLeft(strings.TrimPrefix(text, mark), " \t\r\n")
	return head != "" && (head[0] == '{' || head[0] == '[')
}
