// Package presets is the catalogue of apps: for each one file of data that says
// where its API is, where the credential goes, which call asks harmlessly who one
// is, and what people do with it. The facts are connect-api.md's, section 9, and
// the providers' own public documentation; Unverified marks what Pipedream itself
// was not seen to use.
package presets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// Preset is what is known of an app.
type Preset struct {
	Slug           string
	Name           string
	AuthType       string // oauth or keys
	BaseURL        string // may hold {{custom_fields.x}}
	AllowedDomains []string
	Unverified     bool // base URL and domains are the provider's, not seen at Pipedream
	Docs           string
	StatusPage     string
	Paging         string        // how its lists go on, in words
	Trap           string        // what people fall into, in words
	Headers        []proxy.Field // that the caller must send
	WhoAmI         *Call         // nil: no such call is known
	Identity       []string      // paths such as user.email in a good answer, the most telling first
	Good           []string      // paths that a good answer has, neither null nor false
	Reads          []Call
	Acts           []Act
	SafePosts      []string // path patterns of POSTs that only read
	WritingGets    []string // path patterns of GETs that write
	Insert         []Insert
}

// Call is a known request of an app.
type Call struct {
	Title   string
	Method  string
	URL     string // a path below the base URL, or a whole URL
	Headers []proxy.Field
	Body    string
	Read    bool // it changes nothing
}

// Act is something people do with an app. One of its scopes is enough.
type Act struct {
	Name   string
	Scopes []string
}

// Insert is where Connect puts the credential: one of the forms that the sandbox
// knows. {{x}} reads the account's credential x.
type Insert struct {
	Header, Query, Value     string
	BasicUser, BasicPassword string
	Basic                    bool
	Path                     string
}

// Writes reports whether a request may change something upstream: by its method,
// unless the app is known to read by POST or to write by GET there.
func (p Preset) Writes(method, rawURL string) bool {
	at := pathOf(rawURL)
	switch method {
	case "GET", "HEAD", "OPTIONS":
		return slices.ContainsFunc(p.WritingGets, func(pattern string) bool { return matches(pattern, at) })
	case "POST":
		return !slices.ContainsFunc(p.SafePosts, func(pattern string) bool { return matches(pattern, at) })
	}
	return true
}

func pathOf(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return rawURL
	}
	return u.Path
}

// matches compares a path with a pattern, in which a star stands for one segment.
func matches(pattern, at string) bool {
	ok, err := path.Match(pattern, at)
	return err == nil && ok
}

// Missing returns the acts that the granted scopes do not allow. Where an app
// lists no scopes for an account, nothing is known, and nothing is missing.
func (p Preset) Missing(granted []string) []Act {
	if len(granted) == 0 {
		return nil
	}
	var out []Act
	for _, a := range p.Acts {
		if len(a.Scopes) > 0 && !slices.ContainsFunc(a.Scopes, func(s string) bool { return slices.Contains(granted, s) }) {
			out = append(out, a)
		}
	}
	return out
}

// Identify returns whom a who-am-I answer takes the account for; empty where it
// does not say.
func (p Preset) Identify(body []byte) string {
	v, ok := decode(body)
	if !ok {
		return ""
	}
	for _, at := range p.Identity {
		switch found := find(v, at).(type) {
		case string:
			if found != "" {
				return found
			}
		case json.Number:
			return found.String()
		}
	}
	return ""
}

// Works reports whether a who-am-I answer is a good one, and if not, why.
func (p Preset) Works(body []byte) (ok bool, why string) {
	if len(p.Good) == 0 {
		return true, ""
	}
	v, is := decode(body)
	if !is {
		return false, "the answer is no JSON"
	}
	for _, at := range p.Good {
		switch found := find(v, at); found {
		case nil:
			return false, at + " is missing or null"
		case false:
			return false, at + " is false"
		}
	}
	return true, ""
}

func decode(body []byte) (any, bool) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	return v, dec.Decode(&v) == nil
}

// find returns what stands at a path: names and indices, parted by dots; nil where
// there is nothing.
func find(v any, at string) any {
	for name := range strings.SplitSeq(at, ".") {
		switch here := v.(type) {
		case map[string]any:
			v = here[name]
		case []any:
			i := 0
			if _, err := fmt.Sscan(name, &i); err != nil || i < 0 || i >= len(here) {
				return nil
			}
			v = here[i]
		default:
			return nil
		}
	}
	return v
}
