// Package pasted tells what a pasted text is, and takes it apart: a curl command, a
// URL of Connect's proxy with its Base64 path, a URL, or a request as it goes over
// the wire. Nothing in it is run, and nothing is guessed.
package pasted

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/connectty/connectty/proxy"
)

// Kind is what a text was taken for.
type Kind string

// The kinds of pasted text.
const (
	Curl     Kind = "a curl command"
	ProxyURL Kind = "a URL of the Connect proxy"
	URL      Kind = "a URL"
	HTTP     Kind = "an HTTP request"
)

// Request is what a text asks for.
type Request struct {
	Kind    Kind
	Method  string
	URL     string // of the upstream
	Headers []proxy.Field
	Body    []byte   // nil for none
	Partial bool     // a part of the body, or all of it, stands in a file
	Notices []string // what was left out, and why
	// What the URL of the proxy names; empty where it is none.
	Project, User, Account string
	Environment            proxy.Environment
}

// Read takes a text apart; ok is false where it is none of the kinds. A text that is
// one, and is broken, is an error.
func Read(text string) (r Request, ok bool, err error) {
	text = strings.TrimSpace(text)
	switch {
	case isCurl(text):
		r, err = readCurl(text)
	case startLine().MatchString(firstLine(text)):
		r, err = ReadHTTP(text)
	case isURL(text):
		r = Request{Kind: URL, Method: http.MethodGet, URL: text}
	default:
		return r, false, nil
	}
	if err == nil {
		err = r.settle()
	}
	return r, true, err
}

// startLine is how a request begins on the wire.
var startLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+( HTTP/\d(\.\d)?)?$`)
})

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimRight(line, "\r")
}

func isURL(text string) bool {
	if strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' }) {
		return false
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// ReadHTTP reads a request as it goes over the wire: method and URL, header lines, a
// blank line, the body. Nothing is left out of it but Host.
func ReadHTTP(text string) (Request, error) {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	head, body, _ := strings.Cut(text, "\n\n")
	first, rest, _ := strings.Cut(head, "\n")
	words := strings.SplitN(strings.TrimSpace(first), " ", 3)
	r := Request{Kind: HTTP, Method: words[0]}
	if len(words) > 1 {
		r.URL = words[1]
	}
	headers, err := Headers(rest)
	if err != nil {
		return r, err
	}
	host := ""
	for _, h := range headers {
		if strings.EqualFold(h.Name, "Host") {
			host = h.Value
			continue
		}
		r.Headers = append(r.Headers, h)
	}
	if strings.HasPrefix(r.URL, "/") && host != "" {
		r.URL = "https://" + host + r.URL
	}
	if body != "" {
		r.Body = []byte(body)
	}
	return r, nil
}

// Headers reads header lines; blank ones are passed over.
func Headers(text string) ([]proxy.Field, error) {
	var out []proxy.Field
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, &proxy.InputError{Field: "header", Value: line, Reason: "is no header line", Hint: "write Name: value; the body comes after a blank line"}
		}
		out = append(out, proxy.Field{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return out, nil
}

// settle takes a call of the proxy for what it asks of the upstream, and leaves out
// what Connect inserts or the connection makes.
func (r *Request) settle() error {
	through, err := r.unwrap()
	if err != nil {
		return err
	}
	kept := r.Headers[:0]
	for _, h := range r.Headers {
		switch name := strings.ToLower(h.Name); {
		case name == "authorization", name == "proxy-authorization":
			r.drop(h.Name, "the proxy inserts the account's credential")
		case name == "cookie":
			r.drop(h.Name, "it belongs to a browser's session")
		case slices.Contains([]string{"host", "content-length", "connection", "accept-encoding", "transfer-encoding"}, name):
			// the connection makes its own
		case through && name == "x-pd-environment":
			if r.Environment, err = proxy.ParseEnvironment(h.Value); err != nil {
				return err
			}
		case through && strings.HasPrefix(name, forwarded):
			kept = append(kept, proxy.Field{Name: h.Name[len(forwarded):], Value: h.Value})
		case through && name != "content-type" && name != "accept":
			r.drop(h.Name, "Connect does not forward it")
		default:
			kept = append(kept, h)
		}
	}
	r.Headers = kept
	return nil
}

// forwarded begins the headers that the proxy hands on (connect-api.md, section 5).
const forwarded = "x-pd-proxy-"

func (r *Request) drop(header, why string) {
	r.Notices = append(r.Notices, header+" is left out: "+why)
}

// proxied is the path of a call through the proxy.
var proxied = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^/v1/connect/([^/]+)/proxy/([^/]+)$`) })

// unwrap reads the upstream's URL out of one of the proxy.
func (r *Request) unwrap() (bool, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return false, &proxy.InputError{Field: "url", Value: r.URL, Reason: "cannot be read as a URL"}
	}
	m := proxied().FindStringSubmatch(u.EscapedPath())
	if m == nil {
		return false, nil
	}
	target, err := proxy.DecodeURL(m[2])
	if err != nil {
		return false, err
	}
	if r.Kind == URL {
		r.Kind = ProxyURL
	}
	q := u.Query()
	r.URL, r.Project, r.User, r.Account = target, m[1], q.Get("external_user_id"), q.Get("account_id")
	return true, nil
}
