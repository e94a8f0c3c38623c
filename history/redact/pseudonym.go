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
	given map[string]standIn // by every spelling of a value
	heads map[head][]int     // how long the given values are that begin so, longest first
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
	return &Pseudonyms{key: key, given: map[string]standIn{}, heads: map[head][]int{}}
}

// shortestGiven is the length from which a given value is looked for in text.
const shortestGiven = 3

// shortestPart is the length from which a given value is replaced inside of a word,
// too: shorter ones would garble ordinary text.
const shortestPart = 6

// head is how a given value begins.
type head [shortestGiven]byte

// standIn is what stands in the place of a value.
type standIn struct{ kind, value, text string }

// Give names a value that is to be replaced wherever it stands, as one of a kind:
// "user" makes user-7f3a of it. It is found as it looks in a URL and in JSON, too.
func (p *Pseudonyms) Give(kind, value string) {
	if len(value) < shortestGiven || p.given[value].text != "" {
		return
	}
	stand := standIn{kind, value, p.standIn(kind, value)}
	for _, form := range spellings(value) {
		if p.given[form].text != "" {
			continue
		}
		p.given[form] = stand
		begins := head([]byte(form)[:shortestGiven])
		if lengths := p.heads[begins]; !slices.Contains(lengths, len(form)) {
			lengths = append(lengths, len(form))
			slices.SortFunc(lengths, func(a, b int) int { return b - a })
			p.heads[begins] = lengths
		}
	}
}

func (p *Pseudonyms) standIn(kind, value string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte(strings.ToLower(value)))
	return kind + "-" + hex.EncodeToString(mac.Sum(nil)[:3])
}

func (p *Pseudonyms) replace(kind, value string) string {
	if known := p.given[value]; known.text != "" {
		p.kinds.add(known.kind, known.value)
		return known.text
	}
	p.kinds.add(kind, value)
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
			if p.given[value].text == "" || n < shortestPart && !whole(s, i, n) {
				continue
			}
			out.WriteString(s[from:i] + p.replace("", value))
			from = i + n
			i = from - 1
			break
		}
	}
	return out.String() + s[from:]
}

// whole reports that so many bytes at a place are a word by themselves. A letter
// behind a backslash is an escape's, \n, as are those of \u0026 and %3D.
func whole(s string, at, length int) bool {
	letter := func(c byte) bool { return c >= utf8.RuneSelf || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' }
	escape := at > 1 && s[at-2] == '\\' || at > 2 && s[at-3] == '%' || at > 5 && s[at-6:at-4] == `\u`
	before := at > 0 && letter(s[at-1]) && !escape
	return !before && (at+length == len(s) || !letter(s[at+length]))
}

// Replaced tells what was replaced up to now, sorted by kind.
func (p *Pseudonyms) Replaced() []Count { return p.kinds.counts() }
