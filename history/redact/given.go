package redact

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// given is one form of a value that must not pass.
type given struct {
	form, value string
	own         bool // it is connectty's own
	word        bool // only as a word by itself
}

// shortest is the length from which a given value is looked for: shorter ones
// would mask ordinary text.
const shortest = 6

// New returns a masker that also masks the given values, as they are and as they
// look in a URL, in JSON and in Base64, there also inside of a longer text.
func New(secrets ...string) *Masker {
	m := &Masker{}
	for _, s := range secrets {
		m.give(s, true)
	}
	m.index()
	return m
}

// give adds the forms of a value.
func (m *Masker) give(s string, own bool) {
	if len(s) < shortest || strings.Contains(Mask, s) {
		return
	}
	for _, form := range forms(s) {
		m.given = append(m.given, given{form: form, value: s, own: own, word: !own && plainWord(s)})
	}
}

// plainWord reports a value that stands in other words and numbers, too.
func plainWord(s string) bool {
	const longest = 12
	return len(s) < longest && (!random(s) || isDigits(s))
}

// index sorts the given values by how they begin, of those that begin alike the longest
// first.
func (m *Masker) index() {
	slices.SortStableFunc(m.given, func(a, b given) int { return len(b.form) - len(a.form) })
	m.heads = map[head2][]given{}
	m.begins = &[1 << 16 / 64]uint64{}
	for _, g := range m.given {
		h := head2{g.form[0], g.form[1]}
		m.heads[h] = append(m.heads[h], g)
		m.begins[h.bit()/64] |= 1 << (h.bit() % 64)
	}
}

// head2 is how a given value begins.
type head2 [2]byte

func (h head2) bit() int { return int(h[0])<<8 | int(h[1]) }

// known masks given values: what several of them cover as one.
func (m *Masker) known(s string) string {
	if len(m.given) == 0 {
		return s
	}
	out, within := splice{text: s}, newStrung(s)
	for i := 0; i+shortest <= len(s); i++ {
		end := m.givenAt(s, i)
		if end == 0 {
			continue
		}
		for j := i + 1; j < end; j++ {
			end = max(end, m.givenAt(s, j))
		}
		within.mask(&out, i, end)
		i = max(end, out.from) - 1
	}
	return out.String()
}

// givenAt returns the place behind the given value that stands at a place; 0 for none.
func (m *Masker) givenAt(s string, at int) int {
	if at+shortest > len(s) {
		return 0
	}
	h := head2{s[at], s[at+1]}
	if m.begins[h.bit()/64]>>(h.bit()%64)&1 == 0 {
		return 0
	}
	for _, g := range m.heads[h] {
		if strings.HasPrefix(s[at:], g.form) && (!g.word || whole(s, at, len(g.form))) {
			m.noteGiven(g)
			return at + len(g.form)
		}
	}
	return 0
}

func (m *Masker) noteGiven(g given) {
	if g.own {
		m.masked.add(ownSecret, g.value)
	} else {
		m.note(g.value)
	}
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
		if g.word {
			continue
		}
		for n := min(len(g.form)-1, len(text)); n >= shortest; n-- {
			if strings.HasSuffix(text, g.form[:n]) {
				m.noteGiven(g)
				return text[:len(text)-n] + Mask
			}
		}
	}
	return text
}
