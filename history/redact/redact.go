// Package redact knows what a secret looks like and how it is masked: one place
// for disk, log, copy and export. It masks what stands under a name that says
// secret, what has the shape of a well-known token, and given values wherever
// they stand.
package redact

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mask stands in place of a secret.
const Mask = "[redacted]"

// Masker masks, and remembers what it masked. The zero value knows no values of its
// own, only names and shapes. It is not safe for concurrent use.
type Masker struct {
	given []given // values in every form they may take, longest first
	// Personal masks e-mail addresses, long digit runs and the like in bodies, too.
	Personal bool

	masked kinds
}

// Masked tells what was masked up to now, in words, sorted by kind: a value that
// was masked twice counts once.
func (m *Masker) Masked() []Count { return m.masked.counts() }

// note remembers a secret that was masked.
func (m *Masker) note(secret string) { m.masked.add(kindOfSecret(secret), secret) }

// Text masks given values and well-known tokens in any text.
func (m *Masker) Text(s string) (string, bool) {
	masked := s
	for _, g := range m.given {
		if strings.Contains(masked, g.form) {
			m.masked.add(ownSecret, g.value)
			masked = strings.ReplaceAll(masked, g.form, Mask)
		}
	}
	masked = m.shapes(masked)
	return masked, masked != s
}

// Header masks the value of a header whose name says secret, and what stands in
// any other.
func (m *Masker) Header(name, value string) (string, bool) {
	if !Sensitive(name) {
		return m.Text(value)
	}
	if value == Mask || value == "" {
		return value, false
	}
	scheme, secret, ok := strings.Cut(value, " ")
	if !ok || !isScheme(scheme) {
		m.note(value)
		return Mask, true
	}
	if secret != Mask {
		m.note(secret)
	}
	return scheme + " " + Mask, secret != Mask
}

// isScheme reports a word such as Bearer: it helps to see, and is no secret.
func isScheme(s string) bool {
	return slices.Contains([]string{"bearer", "basic", "token", "bot", "digest", "apikey"}, strings.ToLower(s))
}

// URL masks user information and the values of query parameters whose names say
// secret. The rest stays as it was written.
func (m *Masker) URL(raw string) (string, bool) {
	text, fragment, _ := strings.Cut(raw, "#")
	if fragment != "" {
		fragment = "#" + fragment
	}
	base, query, has := strings.Cut(text, "?")
	if scheme, rest, ok := strings.Cut(base, "://"); ok {
		authority, path, slash := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			if who := authority[:at]; who != Mask {
				m.note(who)
			}
			authority = Mask + authority[at:]
		}
		base = scheme + "://" + authority
		if slash {
			base += "/" + path
		}
	}
	if has {
		base += "?" + m.form(query)
	}
	masked, _ := m.Text(base + fragment)
	return masked, masked != raw
}

// form masks the values of a form or a query piece by piece.
func (m *Masker) form(query string) string {
	pieces := strings.Split(query, "&")
	for i, piece := range pieces {
		name, value, ok := strings.Cut(piece, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if ok && value != "" && (Sensitive(plain) || strings.EqualFold(plain, "key")) {
			if value != Mask {
				m.note(value)
			}
			pieces[i] = name + "=" + Mask
		}
	}
	return strings.Join(pieces, "&")
}

// Body masks a body by its media type: members of JSON, fields of a form, and in
// any text given values and well-known tokens. Bytes that are no text are only
// searched for given values. A given value that the end of a body breaks off is
// masked as well.
func (m *Masker) Body(mediaType string, data []byte) ([]byte, bool) {
	if len(data) == 0 {
		return data, false
	}
	masked := data
	switch {
	case !utf8.Valid(trimPartial(data)):
		for _, g := range m.given {
			masked = bytes.ReplaceAll(masked, []byte(g.form), []byte(Mask))
		}
		return masked, !bytes.Equal(masked, data)
	case strings.Contains(mediaType, "x-www-form-urlencoded") && !looksLikeJSON(data):
		masked = []byte(m.form(string(data)))
	case strings.Contains(mediaType, "json") || looksLikeJSON(data):
		masked = m.escaped(m.members(data))
	}
	text, _ := m.Text(string(masked))
	text = m.tail(text)
	if m.Personal {
		text = personal(text)
	}
	return []byte(text), text != string(data)
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

func looksLikeJSON(data []byte) bool {
	head := bytes.TrimLeft(data, " \t\r\n")
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}
