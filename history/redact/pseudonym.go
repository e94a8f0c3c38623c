package redact

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Pseudonyms put stand-ins in the place of people's ids and addresses: the same
// value has the same stand-in, so that a report can still be followed. It is not
// safe for concurrent use.
type Pseudonyms struct {
	key   []byte
	given map[string]string // value → stand-in
	order []string          // given values, longest first
	kinds map[string]map[string]bool
}

// NewPseudonyms returns a set of stand-ins. Those of one key are the same in every
// report; without a key they are good for one report. Who has the key can tell
// whether a stand-in is of a value.
func NewPseudonyms(key []byte) *Pseudonyms {
	if len(key) == 0 {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails
	}
	return &Pseudonyms{key: key, given: map[string]string{}, kinds: map[string]map[string]bool{}}
}

// shortestGiven is the length from which a given value is looked for in text.
const shortestGiven = 3

// Give names a value that is to be replaced wherever it stands, as one of a kind:
// "user" makes user-7f3a of it.
func (p *Pseudonyms) Give(kind, value string) {
	if len(value) < shortestGiven || p.given[value] != "" {
		return
	}
	p.given[value] = p.standIn(kind, value)
	p.order = append(p.order, value)
	slices.SortFunc(p.order, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
}

func (p *Pseudonyms) standIn(kind, value string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(strings.ToLower(value)))
	return kind + "-" + hex.EncodeToString(mac.Sum(nil)[:3])
}

func (p *Pseudonyms) replace(kind, value string) string {
	if p.kinds[kind] == nil {
		p.kinds[kind] = map[string]bool{}
	}
	p.kinds[kind][value] = true
	if known := p.given[value]; known != "" {
		return known
	}
	return p.standIn(kind, value)
}

// personalID matches what names a person or a record of theirs: an address, a
// UUID, Connect's ids, those of Slack and the like, and long numbers.
var personalID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		`(?P<email>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})`,
		`(?P<uuid>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)`,
		`(?P<connect>\b(?:apn|exu)_[A-Za-z0-9]+)`,
		`(?P<upper>\b[A-Z][A-Z0-9]{8,}\b)`,
		`(?P<number>\b\d{7,}\b)`,
	}, "|"))
})

// Text replaces given values, addresses and ids in any text.
func (p *Pseudonyms) Text(s string) string {
	for _, value := range p.order {
		if strings.Contains(s, value) {
			s = strings.ReplaceAll(s, value, p.replace(kindOf(p.given[value]), value))
		}
	}
	return personalID().ReplaceAllStringFunc(s, func(m string) string {
		if !strings.ContainsAny(m, "0123456789@") { // a word in capitals
			return m
		}
		if strings.Contains(m, "@") {
			return p.replace("email", m)
		}
		return p.replace("id", m)
	})
}

func kindOf(standIn string) string {
	kind, _, _ := strings.Cut(standIn, "-")
	return kind
}

// JSON replaces, beside what Text does, the values of members whose names say
// that they are ids.
func (p *Pseudonyms) JSON(data []byte) []byte {
	out := eachMember(data, isID, func(_ string, value []byte) []byte {
		plain := unquote(value)
		if empty(value) || len(plain) < shortestGiven || value[0] == '{' || value[0] == '[' {
			return value
		}
		return []byte(`"` + p.replace("id", plain) + `"`)
	})
	return []byte(p.Text(string(out)))
}

func isID(name string) bool {
	return name == "id" || name == "uid" || name == "gid" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "ID")
}

// Count is how many different values of a kind were replaced.
type Count struct {
	Kind string // email, id, or one that was given
	N    int
}

// Replaced tells what was replaced up to now, sorted by kind.
func (p *Pseudonyms) Replaced() []Count {
	var out []Count
	for _, kind := range slices.Sorted(maps.Keys(p.kinds)) {
		out = append(out, Count{kind, len(p.kinds[kind])})
	}
	return out
}
