package redact

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// Pseudonyms put stand-ins in the place of people's ids and addresses: the same
// value has the same stand-in, so that a report can still be followed. It is not
// safe for concurrent use.
type Pseudonyms struct {
	key   []byte
	given map[string]string // value → stand-in
	heads map[head][]int    // how long the given values are that begin so, longest first
	kinds kinds
}

// NewPseudonyms returns a set of stand-ins. Those of one key are the same in every
// report; without a key they are good for one report. Who has the key can tell
// whether a stand-in is of a value.
func NewPseudonyms(key []byte) *Pseudonyms {
	if len(key) == 0 {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails
	}
	return &Pseudonyms{key: key, given: map[string]string{}, heads: map[head][]int{}}
}

// shortestGiven is the length from which a given value is looked for in text.
const shortestGiven = 3

// shortestPart is the length from which a given value is replaced inside of a word,
// too: shorter ones would garble ordinary text.
const shortestPart = 6

// head is how a given value begins.
type head [shortestGiven]byte

// Give names a value that is to be replaced wherever it stands, as one of a kind:
// "user" makes user-7f3a of it.
func (p *Pseudonyms) Give(kind, value string) {
	if len(value) < shortestGiven || p.given[value] != "" {
		return
	}
	p.given[value] = p.standIn(kind, value)
	begins := head([]byte(value)[:shortestGiven])
	if lengths := p.heads[begins]; !slices.Contains(lengths, len(value)) {
		lengths = append(lengths, len(value))
		slices.SortFunc(lengths, func(a, b int) int { return b - a })
		p.heads[begins] = lengths
	}
}

func (p *Pseudonyms) standIn(kind, value string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(strings.ToLower(value)))
	return kind + "-" + hex.EncodeToString(mac.Sum(nil)[:3])
}

func (p *Pseudonyms) replace(kind, value string) string {
	p.kinds.add(kind, value)
	if known := p.given[value]; known != "" {
		return known
	}
	return p.standIn(kind, value)
}

// personalID matches what names a person or a record of theirs: an address, a
// UUID, Connect's ids, those of Slack and the like, and long numbers.
var personalID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		`(?P<email>[A-Za-z0-9._%+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})`,
		`(?P<uuid>\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b)`,
		`(?P<connect>\b(?:apn|exu)_[A-Za-z0-9]+)`,
		`(?P<upper>\b[A-Z][A-Z0-9]{8,}\b)`,
		`(?P<number>\b\d{7,}\b)`,
	}, "|"))
})

// Text replaces given values, addresses and ids in any text.
func (p *Pseudonyms) Text(s string) string {
	s = p.known(s)
	return personalID().ReplaceAllStringFunc(s, func(m string) string {
		m = strings.ReplaceAll(m, "%40", "@")       // as a URL in a text has it
		if !strings.ContainsAny(m, "0123456789@") { // a word in capitals
			return m
		}
		if strings.Contains(m, "@") {
			return p.replace("email", m)
		}
		return p.replace("id", m)
	})
}

// known replaces given values: of those that begin at one place the longest.
func (p *Pseudonyms) known(s string) string {
	var out strings.Builder
	from := 0
	for i := 0; i+shortestGiven <= len(s); i++ {
		for _, n := range p.heads[head([]byte(s[i:i+shortestGiven]))] {
			if i+n > len(s) {
				continue
			}
			value := s[i : i+n]
			standIn := p.given[value]
			if standIn == "" || n < shortestPart && !whole(s, i, n) {
				continue
			}
			out.WriteString(s[from:i] + p.replace(kindOf(standIn), value))
			from = i + n
			i = from - 1
			break
		}
	}
	return out.String() + s[from:]
}

// whole reports that so many bytes at a place are a word by themselves. A letter
// behind a backslash is an escape's: \n.
func whole(s string, at, length int) bool {
	letter := func(c byte) bool { return c >= utf8.RuneSelf || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }
	before := at > 0 && letter(s[at-1]) && (at < 2 || s[at-2] != '\\')
	return !before && (at+length == len(s) || !letter(s[at+length]))
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

// Replaced tells what was replaced up to now, sorted by kind.
func (p *Pseudonyms) Replaced() []Count { return p.kinds.counts() }
