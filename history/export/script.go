package export

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
)

// Snippets are the forms in which requests are written to be sent by other means: they
// go through Connect, with credentials from the PIPEDREAM_* variables, but for "http",
// which is the upstream's request alone. "js" is for the SDK 3.x, "js1" for 1.x.
var Snippets = []string{"curl", "http", "js", "js1", "python", "go"}

// form is how the requests of a script are written.
type form interface {
	// comment is what begins a line that is not run, between calls with an indent.
	comment() (indent, mark string)
	// begin is what stands before the first call, apart between two, end behind the last.
	begin() string
	apart() string
	end() string
	// refuse tells why a call cannot be written so; empty if it can.
	refuse(c *call) string
	// write writes a call with the lines that tell of it; leave writes those of one that
	// is left out.
	write(c *call, about string) string
	leave(about string) string
}

// Script writes requests as one file, in one of [Snippets], that sends them one after
// the other. Their ids stand there in full, as they must reach the same accounts; what
// was masked stays masked, and a comment says so. It is not safe for concurrent use.
type Script struct {
	w    io.Writer
	form form
	base string // of Connect, as it was told last; empty for Pipedream's
	// Requests is how many were added.
	Requests int
	// Lacking is how many of the requests have something masked, cut or left out.
	Lacking int
}

// NewScript begins a script; of no requests it is empty.
func NewScript(w io.Writer, format string) (*Script, error) {
	forms := map[string]form{
		"curl": &shell{}, "http": &httpFile{names: map[string]int{}}, "python": python{}, "go": &golang{},
		"js": &javascript{sdk: sdk3{}}, "js1": &javascript{sdk: sdk1{}},
	}
	f := forms[format]
	if f == nil {
		return nil, fmt.Errorf("format %q: there are %s", format, strings.Join(Snippets, ", "))
	}
	return &Script{w: w, form: f}, nil
}

// Add writes the request of an exchange.
func (s *Script) Add(x history.Exchange) error {
	c := newCall(x)
	why := cmp.Or(c.refusal(), s.form.refuse(c))
	lacks := c.lacks()
	if why != "" || len(lacks) > 0 {
		s.Lacking++
	}
	lacks = append(lacks, s.elsewhere(c)...)
	indent, mark := s.form.comment()
	var b strings.Builder
	if s.Requests == 0 {
		if why == "" { // what is not as it was sent stands first
			b.WriteString(remarks(mark, lacks))
		}
		b.WriteString(s.form.begin())
		lacks = nil
	} else {
		b.WriteString(s.form.apart())
	}
	if why != "" {
		b.WriteString(s.form.leave(remarks(indent+mark, []string{c.title(), "left out: " + why})))
	} else {
		b.WriteString(s.form.write(c, remarks(indent+mark, append([]string{c.title()}, lacks...))))
	}
	s.Requests++
	_, err := io.WriteString(s.w, b.String())
	return err
}

// elsewhere tells that a call does not go to Pipedream: an exchange that was imported may
// name any place, and the client's secret goes there.
func (s *Script) elsewhere(c *call) []string {
	if _, direct := s.form.(*httpFile); direct || c.base() == cmp.Or(s.base, proxy.DefaultBaseURL) {
		return nil
	}
	s.base = c.base()
	return []string{"sent through " + s.base + ": PIPEDREAM_CLIENT_SECRET goes there"}
}

// End writes what stands behind the last request.
func (s *Script) End() error {
	if s.Requests == 0 {
		return nil
	}
	_, err := io.WriteString(s.w, s.form.end())
	return err
}

// remarks writes lines that are not run.
func remarks(mark string, lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(mark + " " + visible.Line(line) + "\n")
	}
	return b.String()
}

// call is a request without secrets, as the forms write it.
type call struct {
	x       history.Exchange
	url     string
	headers []proxy.Field
	body    []byte
}

func newCall(x history.Exchange) *call {
	mask := redact.New()
	x.Request.Teach(mask)
	c := &call{x: x}
	c.url, _ = mask.URL(x.Request.URL)
	for _, h := range x.Request.Headers {
		value, _ := mask.Header(h.Name, h.Value)
		c.headers = append(c.headers, proxy.Field{Name: h.Name, Value: value})
	}
	c.body, _ = mask.Body(history.MediaType(x.Request.Headers), x.Request.Body)
	return c
}

// title tells one call from another.
func (c *call) title() string {
	return fmt.Sprintf("%s (%s, %s)", c.name(), c.x.ID, c.x.StartedAt.UTC().Format(time.RFC3339))
}

// name is method, host and path.
func (c *call) name() string {
	place, _, _ := strings.Cut(c.url, "?")
	if _, rest, absolute := strings.Cut(place, "://"); absolute {
		place = rest
	} else {
		place = hostOf(c.x) + place
	}
	return visible.Line(c.method() + " " + place)
}

func (c *call) method() string { return strings.ToUpper(c.x.Request.Method) }

// refusal tells why nothing can send the request; empty if it can be sent. An exchange
// that was imported may hold anything.
func (c *call) refusal() string {
	if !httpguts.ValidHeaderFieldName(c.x.Request.Method) {
		return fmt.Sprintf("%q is no method", c.x.Request.Method)
	}
	if c.url == "" || strings.ContainsFunc(c.url, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return fmt.Sprintf("%q is no URL", c.url)
	}
	for _, h := range c.headers {
		if !httpguts.ValidHeaderFieldName(h.Name) || !httpguts.ValidHeaderFieldValue(h.Value) {
			return fmt.Sprintf("%q is no header", h.Name+": "+h.Value)
		}
	}
	return ""
}

// addressed tells why a call cannot go through Connect; empty if it can.
func (c *call) addressed() string {
	if c.x.ProjectID == "" || c.x.Account.ID == "" {
		return "it was not sent through Connect; --format http has it"
	}
	return ""
}

// lacks tells what is not as it was sent.
func (c *call) lacks() []string {
	var lines, masked []string
	mark := func(what string, is bool) {
		what = "request." + what
		if (is || slices.Contains(c.x.Redacted, what)) && !slices.Contains(masked, what) {
			masked = append(masked, what)
		}
	}
	mark("url", strings.Contains(c.url, redact.Mask))
	for _, h := range c.headers {
		mark("headers."+h.Name, strings.Contains(h.Value, redact.Mask))
	}
	mark("body", bytes.Contains(c.body, []byte(redact.Mask)))
	if len(masked) > 0 {
		lines = append(lines, "masked here: "+strings.Join(masked, ", "))
	}
	switch {
	case c.x.Request.BodyTruncated && len(c.body) == 0:
		lines = append(lines, "the body was not kept")
	case c.x.Request.BodyTruncated:
		lines = append(lines, fmt.Sprintf("the body was cut at %d bytes", len(c.x.Request.Body)))
	}
	return lines
}

// base is where Connect is.
func (c *call) base() string {
	return strings.TrimRight(cmp.Or(c.x.BaseURL, proxy.DefaultBaseURL), "/")
}

// path is that of the call to Connect, with its query.
func (c *call) path() string {
	q := url.Values{"external_user_id": {c.x.ExternalUserID}, "account_id": {c.x.Account.ID}}
	return "/v1/connect/" + url.PathEscape(c.x.ProjectID) + "/proxy/" + proxy.EncodeURL(c.url) + "?" + q.Encode()
}

// forwarded are the headers as Connect gets them.
func (c *call) forwarded() []proxy.Field {
	out := []proxy.Field{{Name: "x-pd-environment", Value: string(c.x.Environment)}}
	if kind := history.MediaType(c.headers); kind != "" && len(c.body) > 0 {
		out = append(out, proxy.Field{Name: "Content-Type", Value: kind})
	}
	for _, h := range c.headers {
		out = append(out, proxy.Field{Name: "x-pd-proxy-" + h.Name, Value: h.Value})
	}
	return out
}

// onWire is a URL as it reaches the upstream: what no request line holds is escaped.
func onWire(raw string) string {
	var b strings.Builder
	for _, c := range []byte(raw) {
		if c > ' ' && c < 0x7f {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// joined are the headers with each name once: the values of one that repeats stand in a
// list, which means the same (RFC 9110, 5.3).
func (c *call) joined() []proxy.Field {
	var out []proxy.Field
	for _, h := range c.headers {
		at := slices.IndexFunc(out, func(f proxy.Field) bool { return strings.EqualFold(f.Name, h.Name) })
		if at < 0 {
			out = append(out, h)
			continue
		}
		out[at].Value += ", " + h.Value
	}
	return out
}
