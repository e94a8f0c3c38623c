// Package presets is the catalogue of apps: for each one a file of data that says
// where its API is, where the credential goes, which call asks harmlessly who one
// is, and what people do with it. The facts are connect-api.md's, section 9, and
// the providers' own public documentation.
package presets

import (
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// Preset is what is known of an app. What is not known is left empty. Its lists
// are shared: they may be appended to, but not changed.
type Preset struct {
	Slug, Name     string
	AuthType       string // oauth, keys or none, as in [proxy.App]; empty where it is not known
	BaseURL        string // may hold {{custom_fields.x}}
	AllowedDomains []string
	// Unverified tells that base URL and domains are the provider's, and were not
	// seen at Pipedream (connect-api.md, section 9).
	Unverified       bool
	Docs, StatusPage string        // whole URLs
	Paging           string        // how a list goes on, in words
	Trap             string        // what people fall into, in words
	Headers          []proxy.Field // that the caller must send with each request
	WhoAmI           *Call         // nil: no harmless call tells whose account it is
	Identity         []string      // paths such as user.email in a good who-am-I answer, the most telling first
	Good             []string      // paths that a good who-am-I answer has, neither null nor false
	ErrorAt          []string      // paths of what an error says, the most telling first
	Reads            []Call        // examples to start from
	Acts             []Act
	SafePosts        []string // path patterns of POSTs that only read; see [Preset.Writes]
	WritingGets      []string // path patterns of GETs that write
	Insert           []Insert // all of them apply; none: it is not known how
	Fields           []string // what an account is asked for, or given: the fields of BaseURL, then of Insert, then others
}

// Call is a known request of an app.
type Call struct {
	Title, Method string
	// URL is a path below the base URL, or absolute where the base is another
	// host. {{custom_fields.x}} is Connect's to fill in, {x} the person's.
	URL     string
	Headers []proxy.Field // beside those of the preset
	Body    string
	Read    bool // it changes nothing
}

// Act is something people do with an app, and the OAuth scopes that allow it: one
// of Scopes is enough. Without scopes nothing but a working token is needed.
type Act struct {
	Name   string
	Scopes []string
}

// Insert is where Connect puts the credential: a header or a query parameter with
// its Value, Basic authentication, or a prefix of the path. {{x}} reads the
// account's credential x.
type Insert struct {
	Header, Query, Value     string
	BasicUser, BasicPassword string // one of them may be empty
	Path                     string
}

// Writes reports whether a request may change something upstream. GET, HEAD and
// OPTIONS do not, unless WritingGets matches; other methods do, unless it is a POST
// to one of SafePosts on a host of the app. In doubt it is a write.
//
// A pattern with a leading slash stands for a whole path, another one for the end
// of a path; a star stands for any text within a segment.
func (p Preset) Writes(method, rawURL string) bool {
	host, written, ok := parts(rawURL)
	at := path.Clean("/" + written)
	switch strings.ToUpper(method) {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		at = strings.ToLower(at) // to Telegram, for one, case says nothing
		return !ok || slices.ContainsFunc(p.WritingGets, func(pattern string) bool { return matches(strings.ToLower(pattern), at) })
	case http.MethodPost:
		plain := ok && p.reaches(host) && at == strings.TrimSuffix(written, "/")
		return !plain || !slices.ContainsFunc(p.SafePosts, func(pattern string) bool { return matches(pattern, at) })
	default:
		return true
	}
}

// parts returns host and path of a URL. What begins with a slash is a path below
// the base URL, even with two of them (connect-api.md, section 5).
func parts(rawURL string) (host, at string, ok bool) {
	if !strings.HasPrefix(rawURL, "/") {
		u, err := url.Parse(rawURL)
		if err != nil {
			return "", "", false
		}
		return u.Host, u.Path, true
	}
	at, err := url.PathUnescape(rawURL[:strings.IndexAny(rawURL+"?", "?#")])
	return "", at, err == nil
}

// reaches reports a host of the app's, or none, as in a path below the base URL.
func (p Preset) reaches(host string) bool {
	app := proxy.App{Connect: &proxy.AppConnect{AllowedDomains: p.AllowedDomains, BaseURL: p.BaseURL}}
	return host == "" || app.Allows(host)
}

// matches compares a clean path with a pattern.
func matches(pattern, at string) bool {
	pattern = strings.TrimSuffix(pattern, "/")
	if !strings.HasPrefix(pattern, "/") {
		segments := strings.Split(at, "/")
		n := strings.Count(pattern, "/") + 1
		at = strings.Join(segments[max(0, len(segments)-n):], "/")
	}
	ok, err := path.Match(pattern, at)
	return ok && err == nil
}

// Missing returns the acts none of whose scopes was granted. Where no scope at all
// is listed nothing is known, and nothing is missing: keys have none, and not every
// provider tells which it granted.
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
