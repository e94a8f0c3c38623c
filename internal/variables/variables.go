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
	Values map[string]string
	// Fields are names that Connect fills in: the account's custom fields.
	Fields []string
	Now    func() time.Time // default time.Now
}

// With returns the set with more values; they beat those that are there.
func (s Set) With(values map[string]string) Set {
	all := maps.Clone(s.Values)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, values)
	s.Values = all
	return s
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

// Fill puts values in the place of names in all texts, in place. A name of the account
// stays. It fails with a [*MissingError], and then has changed nothing.
func (s Set) Fill(texts ...*string) error {
	var missing []string
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = pattern().ReplaceAllStringFunc(*text, func(whole string) string {
			name := pattern().FindStringSubmatch(whole)[1]
			value, known := s.value(name)
			switch {
			case known:
				return value
			case s.connects(name):
				return whole
			case strings.HasPrefix(name, "$"):
				if value, known = s.moment(name); known {
					return value
				}
			}
			if !slices.Contains(missing, name) {
				missing = append(missing, name)
			}
			return whole
		})
	}
	if len(missing) > 0 {
		return &MissingError{missing, nearest.Hint(missing[0], s.names())}
	}
	for i, text := range texts {
		*text = out[i]
	}
	return nil
}

// Names returns the names that a text holds, each once.
func Names(text string) []string {
	var out []string
	for _, m := range pattern().FindAllStringSubmatch(text, -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	return out
}

func (s Set) value(name string) (string, bool) {
	value, ok := s.Values[name]
	return value, ok
}

// connects reports a name that Connect fills in (connect-api.md, section 5).
func (s Set) connects(name string) bool {
	return strings.HasPrefix(name, "custom_fields.") || slices.Contains(s.Fields, name)
}

func (s Set) names() []string {
	out := []string{"$uuid", "$timestamp", "$isoTimestamp", "$randomInt"}
	for name := range s.Values {
		out = append(out, name)
	}
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
