// Package variables fills {{names}} into a request: from files, from whom it acts for,
// from the last answer, and from the moment. What names a field of the account is left
// for Connect to fill.
package variables

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/proxy"
)

// Set is the values of names. The zero value has none but those of the moment.
type Set struct {
	// Own are a person's values; they may name others, and beat Values.
	Own map[string]string
	// Values stand as they are, whatever braces are in them.
	Values map[string]string
	// Last returns what the last answer holds at a path such as body.items[0].id; nil for
	// no answer.
	Last func(path string) (value string, ok bool)
	// Fields are names that Connect fills in: the account's custom fields.
	Fields []string
	Now    func() time.Time // default time.Now
	// Loose leaves names without a value as they are.
	Loose bool
}

// pattern matches a name between braces. What holds anything else, such as a template
// of the upstream's own, is no name.
var pattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{\{\s*(\$?[A-Za-z_][\w.\-\[\]]*)\s*\}\}`) })

// MissingError names what no source has a value for.
type MissingError struct {
	Names []string
	Hint  string // the nearest name that has one; may be empty
}

// Error names them.
func (e *MissingError) Error() string {
	return fmt.Sprintf("no value for {{%s}}%s", strings.Join(e.Names, "}}, {{"), e.Hint)
}

// CircleError names values that lead back to themselves, or that grow without end.
type CircleError struct{ Names []string }

// Error names them.
func (e *CircleError) Error() string {
	return "{{" + strings.Join(e.Names, "}} → {{") + "}}: the values name each other in a circle, or grow too long"
}

// Fill puts values in the place of names in all texts, in place. A name that Connect
// fills in stays. It fails with a [*MissingError] or a [*CircleError], and then has
// changed nothing.
func (s Set) Fill(texts ...*string) error {
	f := filler{set: s, done: map[string]string{}}
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = f.fill(*text)
	}
	switch {
	case f.circle != nil:
		return &CircleError{f.circle}
	case len(f.missing) > 0 && !s.Loose:
		return &MissingError{f.missing, nearest.Hint(f.missing[0], s.names())}
	}
	for i, text := range texts {
		*text = out[i]
	}
	return nil
}

// Missing returns the names in a text that have no value, each once, and in words what
// the first could have meant; empty where nothing is near.
func (s Set) Missing(text string) (names []string, hint string) {
	f := filler{set: s, done: map[string]string{}}
	f.fill(text)
	if len(f.missing) == 0 {
		return nil, ""
	}
	return f.missing, nearest.Hint(f.missing[0], s.names())
}

// longestValue is how long what stands for one name may become, in bytes.
const longestValue = 1 << 20

// filler fills in names, and notes what is wrong.
type filler struct {
	set     Set
	inside  []string          // the names whose values are being filled in
	done    map[string]string // own values that are filled in: each is the same in all texts
	missing []string
	circle  []string
}

func (f *filler) fill(text string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	return pattern().ReplaceAllStringFunc(text, func(whole string) string {
		name := pattern().FindStringSubmatch(whole)[1]
		value, known := f.value(name)
		switch {
		case known:
			return value
		case !f.set.connects(name) && !slices.Contains(f.missing, name):
			f.missing = append(f.missing, name)
		}
		return whole
	})
}

func (f *filler) value(name string) (string, bool) {
	if own, ok := f.set.Own[name]; ok {
		return f.own(name, own), true
	}
	if value, ok := f.set.Values[name]; ok {
		return value, true
	}
	if path, ok := strings.CutPrefix(name, "last."); ok && f.set.Last != nil {
		return f.set.Last(path)
	}
	if strings.HasPrefix(name, "$") && !f.set.connects(name) {
		return f.set.moment(name)
	}
	return "", false
}

// own fills in the names within a value.
func (f *filler) own(name, value string) string {
	if f.circle != nil {
		return ""
	}
	if value, ok := f.done[name]; ok {
		return value
	}
	if slices.Contains(f.inside, name) {
		f.circle = append(slices.Clone(f.inside), name)
		return ""
	}
	f.inside = append(f.inside, name)
	value = f.fill(value)
	if len(value) > longestValue && f.circle == nil {
		f.circle = slices.Clone(f.inside)
	}
	if f.circle != nil {
		return "" // nothing grows any further
	}
	f.inside = f.inside[:len(f.inside)-1]
	f.done[name] = value
	return value
}

// Names returns the places of names in a text, in bytes, begin and end.
func Names(text string) [][]int { return pattern().FindAllStringIndex(text, -1) }

// connects reports a name that Connect fills in (connect-api.md, section 5).
func (s Set) connects(name string) bool {
	return strings.HasPrefix(name, "custom_fields.") || slices.Contains(s.Fields, name)
}

func (s Set) names() []string {
	out := []string{"$uuid", "$timestamp", "$isoTimestamp", "$randomInt"}
	out = slices.AppendSeq(out, maps.Keys(s.Own))
	out = slices.AppendSeq(out, maps.Keys(s.Values))
	slices.Sort(out)
	return out
}

// moment is a value that is new each time.
func (s Set) moment(name string) (string, bool) {
	now := time.Now
	if s.Now != nil {
		now = s.Now
	}
	switch name {
	case "$uuid", "$random.uuid", "$guid":
		return uuid(), true
	case "$timestamp":
		return strconv.FormatInt(now().Unix(), 10), true
	case "$isoTimestamp", "$datetime":
		return now().UTC().Format(time.RFC3339), true
	case "$randomInt", "$random.integer":
		const below = 1000
		n, err := rand.Int(rand.Reader, big.NewInt(below))
		return n.String(), err == nil
	}
	return "", false
}

// uuid is a random one, of version 4.
func uuid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// Of returns the names of whom a request acts for.
func Of(projectID string, env proxy.Environment, user string, a proxy.Account) map[string]string {
	return map[string]string{
		"project.id": projectID, "environment": string(env), "user.id": user,
		"account.id": a.ID, "account.name": a.Name, "account.app": a.App.Slug,
	}
}
