package sandbox

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// refusal is an answer of Connect's own instead of a forwarded call.
type refusal struct {
	status int
	words  any
}

func badRequest(words any) *refusal { return &refusal{http.StatusBadRequest, words} }

// target turns the decoded text into the URL to call (connect-api.md, "What the
// decoded text may be").
func (a *app) target(text string, acc *account) (*url.URL, *refusal) {
	base, complete := a.filled(acc)
	if strings.HasPrefix(text, "/") {
		if !complete {
			return nil, badRequest(wordsURL)
		}
		return parse(strings.TrimSuffix(base, "/") + text)
	}
	u, refused := parse(text)
	if refused != nil {
		return nil, refused
	}
	if b, err := url.Parse(base); complete && err == nil && strings.EqualFold(b.Host, u.Host) {
		return u, nil // the resolved base's own host, and no other below it
	}
	known := proxy.App{Connect: &proxy.AppConnect{AllowedDomains: a.domains}}
	if len(a.domains) == 0 || !known.Allows(u.Host) {
		return nil, badRequest("Domain " + u.Hostname() + " is not allowed for this app")
	}
	return u, nil
}

// written is the path of a call without what the account's fields put into it.
func (a *app) written(text string, u *url.URL) string {
	if !strings.HasPrefix(text, "/") || len(a.base.fields()) == 0 {
		return u.Path
	}
	_, rest, _ := strings.Cut(a.BaseURL, "://")
	_, base, _ := strings.Cut(strings.TrimSuffix(rest, "/"), "/")
	text, _, _ = strings.Cut(text, "?")
	text, _, _ = strings.Cut(text, "#")
	if base != "" {
		return "/" + base + text
	}
	return text
}

// filled is the app's base URL for an account; complete tells that it names a
// plain host. A value that brings its own scheme loses it where the template has
// one, and none can lead to another host than the template means.
func (a *app) filled(acc *account) (text string, complete bool) {
	scheme := strings.Contains(a.base.parts[0], "://")
	text, complete, err := a.base.fill(func(name string) (string, error) {
		value, err := acc.credential(name)
		value = strings.TrimSuffix(value, "/")
		if scheme {
			value = strings.TrimPrefix(strings.TrimPrefix(value, "https://"), "http://")
			if !a.inPath(name) && strings.Contains(value, "/") {
				return "", err
			}
		}
		if strings.ContainsAny(value, "?#@\\ \t\r\n") {
			return "", err
		}
		return value, err
	})
	if err != nil || !complete {
		return "", false
	}
	u, err := url.Parse(text)
	return text, err == nil && u.Host != "" && u.User == nil
}

// inPath reports a field of the base URL that stands behind its host.
func (a *app) inPath(name string) bool {
	_, rest, _ := strings.Cut(a.BaseURL, "://")
	_, path, found := strings.Cut(rest, "/")
	return found && strings.Contains(path, name+"}}") && !strings.Contains(strings.TrimSuffix(rest, path), name+"}}")
}

// parse reads an absolute URL. It is called as it was written: only bytes that
// would break the request line are escaped, and the fragment is dropped.
func parse(text string) (*url.URL, *refusal) {
	text, _, _ = strings.Cut(text, "#")
	text, query, asked := strings.Cut(escapeIllegal(text), "?")
	scheme, rest, _ := strings.Cut(text, "://")
	host, path, slash := strings.Cut(rest, "/")
	u, err := url.Parse(scheme + "://" + host)
	switch {
	case err != nil, u.User != nil, u.Hostname() == "", u.Scheme != "https" && u.Scheme != "http", !portable(u.Port()):
		return nil, badRequest(wordsURL)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, badRequest(wordsURL)
	}
	u.RawQuery, u.ForceQuery = query, asked && query == ""
	if slash {
		setPath(u, "/"+path)
	}
	return u, nil
}

// setPath sets a path so that it goes out to the letter, even where net/url would
// write it otherwise, or not at all.
func setPath(u *url.URL, written string) {
	plain, err := url.PathUnescape(written)
	if err != nil {
		plain = written
	}
	u.Path, u.RawPath = plain, written
	if u.EscapedPath() != written && !strings.HasPrefix(written, "//") { // that would be read as a host
		u.Opaque = written
	}
}

// portable reports a port that can be dialled, or none.
func portable(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// escapeIllegal escapes space, controls and non-ASCII; %XX stays as it is.
func escapeIllegal(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c >= 0x7f {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
