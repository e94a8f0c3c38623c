package sandbox

import (
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// domains lists where the app's requests may go: what the file names, else the
// base URL's host unless that differs by account.
func (a *app) domains() []string {
	if len(a.AllowedDomains) > 0 {
		return a.AllowedDomains
	}
	if u, err := url.Parse(a.BaseURL); err == nil && u.Host != "" {
		return []string{u.Host}
	}
	return []string{}
}

// refusal is an answer of Connect's own instead of a forwarded call.
type refusal struct {
	status int
	words  any
}

func badRequest(words any) *refusal { return &refusal{http.StatusBadRequest, words} }

// target turns the decoded text into the URL to call (connect-api.md, "What the
// decoded text may be").
func (a *app) target(text string, acc *account) (*url.URL, *refusal) {
	base, complete := a.base(acc)
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
	known := &proxy.App{Connect: &proxy.AppConnect{AllowedDomains: a.domains()}}
	if complete {
		if b, err := url.Parse(base); err == nil {
			known.Connect.AllowedDomains = append([]string{b.Host}, known.Connect.AllowedDomains...)
		}
	}
	if len(known.Connect.AllowedDomains) == 0 || !known.Allows(u.Host) {
		return nil, badRequest("Domain " + u.Hostname() + " is not allowed for this app")
	}
	return u, nil
}

// base is the app's base URL for an account. A value that brings its own scheme
// loses it where the template has one.
func (a *app) base(acc *account) (text string, complete bool) {
	clean := *acc
	clean.Credentials = map[string]string{}
	for name, ref := range acc.Credentials {
		value, err := reveal(ref)
		if err != nil {
			continue
		}
		value = strings.TrimPrefix(strings.TrimPrefix(value, "https://"), "http://")
		clean.Credentials[name] = strings.TrimSuffix(value, "/")
	}
	text, complete, err := fill(a.BaseURL, &clean)
	if err != nil || !complete || text == "" {
		return "", false
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(u.Host, "/\\ ") {
		return "", false
	}
	return text, true
}

// parse reads an absolute URL as it was written: only bytes that would break the
// request line are escaped, and the fragment is dropped.
func parse(text string) (*url.URL, *refusal) {
	text, _, _ = strings.Cut(text, "#")
	u, err := url.Parse(escapeIllegal(text))
	switch {
	case err != nil, u.User != nil, u.Hostname() == "", u.Scheme != "https" && u.Scheme != "http", u.Opaque != "":
		return nil, badRequest(wordsURL)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, badRequest(wordsURL)
	}
	return u, nil
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
