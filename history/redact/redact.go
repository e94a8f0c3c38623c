// Package redact knows what a secret looks like and how it is masked: one place
// for disk, log, copy and export. It masks what stands under a name that says
// secret, what has the shape of a well-known token, and given values wherever
// they stand.
package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Mask stands in place of a secret.
const Mask = "[redacted]"

// Masker masks. The zero value knows no values of its own, only names and shapes.
type Masker struct {
	secrets []string // values in every form they may take, longest first
	// Personal masks e-mail addresses, long digit runs and the like in bodies, too.
	Personal bool
}

// shortest is the length from which a given value is looked for: shorter ones
// would mask ordinary text.
const shortest = 6

// New returns a masker that also masks the given values, as they are and as they
// look in a URL, in JSON and in Base64.
func New(secrets ...string) *Masker {
	m := &Masker{}
	for _, s := range secrets {
		if len(s) < shortest {
			continue
		}
		quoted, err := json.Marshal(s)
		if err != nil {
			quoted = []byte(`""`)
		}
		m.secrets = append(m.secrets, s, url.QueryEscape(s), url.PathEscape(s), string(quoted[1:len(quoted)-1]),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)))
	}
	slices.SortFunc(m.secrets, func(a, b string) int { return len(b) - len(a) })
	m.secrets = slices.Compact(m.secrets)
	m.secrets = slices.DeleteFunc(m.secrets, func(s string) bool { return s == "" })
	return m
}

// Text masks given values and well-known tokens in any text.
func (m *Masker) Text(s string) (string, bool) {
	masked := s
	for _, secret := range m.secrets {
		masked = strings.ReplaceAll(masked, secret, Mask)
	}
	masked = shapes(masked)
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
	if scheme, _, ok := strings.Cut(value, " "); ok && isScheme(scheme) {
		return scheme + " " + Mask, value != scheme+" "+Mask
	}
	return Mask, true
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
			authority = Mask + authority[at:]
		}
		base = scheme + "://" + authority
		if slash {
			base += "/" + path
		}
	}
	if has {
		base += "?" + form(query)
	}
	masked, _ := m.Text(base + fragment)
	return masked, masked != raw
}

// form masks the values of a form or a query piece by piece.
func form(query string) string {
	pieces := strings.Split(query, "&")
	for i, piece := range pieces {
		name, value, ok := strings.Cut(piece, "=")
		plain, err := url.QueryUnescape(name)
		if err != nil {
			plain = name
		}
		if ok && value != "" && (Sensitive(plain) || strings.EqualFold(plain, "key")) {
			pieces[i] = name + "=" + Mask
		}
	}
	return strings.Join(pieces, "&")
}

// Body masks a body by its media type: members of JSON, fields of a form, and in
// any text given values and well-known tokens. Bytes that are no text are only
// searched for given values.
func (m *Masker) Body(mediaType string, data []byte) ([]byte, bool) {
	if len(data) == 0 {
		return data, false
	}
	masked := data
	switch {
	case !utf8.Valid(trimPartial(data)):
		for _, secret := range m.secrets {
			masked = bytes.ReplaceAll(masked, []byte(secret), []byte(Mask))
		}
		return masked, !bytes.Equal(masked, data)
	case strings.Contains(mediaType, "x-www-form-urlencoded") && !looksLikeJSON(data):
		masked = []byte(form(string(data)))
	case strings.Contains(mediaType, "json") || looksLikeJSON(data):
		masked = members(data)
	}
	text, _ := m.Text(string(masked))
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
