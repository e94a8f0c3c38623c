package export

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// The parts of a HAR 1.2 file (http://www.softwareishard.com/blog/har-12-spec/) that
// an exchange fills in.
type (
	harFile struct {
		Log harLog `json:"log"`
	}
	harLog struct {
		Version string     `json:"version"`
		Creator harCreator `json:"creator"`
		Entries []harEntry `json:"entries"`
	}
	harCreator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	harEntry struct {
		Started  string      `json:"startedDateTime"`
		Time     float64     `json:"time"` // ms
		Request  harRequest  `json:"request"`
		Response harResponse `json:"response"`
		Cache    struct{}    `json:"cache"`
		Timings  harTimings  `json:"timings"`
		Comment  string      `json:"comment,omitempty"`
	}
	harRequest struct {
		Method      string    `json:"method"`
		URL         string    `json:"url"`
		HTTPVersion string    `json:"httpVersion"`
		Cookies     []harPair `json:"cookies"`
		Headers     []harPair `json:"headers"`
		Query       []harPair `json:"queryString"`
		Post        *harPost  `json:"postData,omitempty"`
		HeadersSize int       `json:"headersSize"` // -1: not known
		BodySize    int       `json:"bodySize"`    // -1: not known
	}
	harResponse struct {
		Status      int        `json:"status"` // 0: no answer came
		StatusText  string     `json:"statusText"`
		HTTPVersion string     `json:"httpVersion"`
		Cookies     []harPair  `json:"cookies"`
		Headers     []harPair  `json:"headers"`
		Content     harContent `json:"content"`
		RedirectURL string     `json:"redirectURL"`
		HeadersSize int        `json:"headersSize"`
		BodySize    int64      `json:"bodySize"`
	}
	harPair struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	harPost struct {
		MIMEType string `json:"mimeType"`
		Text     string `json:"text"`
		Comment  string `json:"comment,omitempty"`
	}
	harContent struct {
		Size     int64  `json:"size"`
		MIMEType string `json:"mimeType"`
		Text     string `json:"text,omitempty"`
		Encoding string `json:"encoding,omitempty"`
		Comment  string `json:"comment,omitempty"`
	}
	harTimings struct { // ms; -1: does not apply
		Blocked float64 `json:"blocked"`
		DNS     float64 `json:"dns"`
		Connect float64 `json:"connect"`
		SSL     float64 `json:"ssl"`
		Send    float64 `json:"send"`
		Wait    float64 `json:"wait"`
		Receive float64 `json:"receive"`
	}
)

// HAR writes exchanges as an HTTP archive, as browsers' tools read it, without
// secrets and with stand-ins for ids. The calls stand there as the upstream got them.
func (r Report) HAR(w io.Writer, exchanges ...history.Exchange) error {
	doc := r.writer()
	doc.learn(exchanges...)
	file := harFile{harLog{Version: "1.2", Creator: harCreator{"connectty", cmp.Or(r.Version, "unknown")}, Entries: []harEntry{}}}
	for _, x := range exchanges {
		file.Log.Entries = append(file.Log.Entries, doc.entry(x))
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(file)
}

func (d *writer) entry(x history.Exchange) harEntry {
	e := harEntry{
		Started: x.StartedAt.UTC().Format(time.RFC3339Nano), Request: d.request(x), Response: d.response(x.Response),
		Timings: timings(x.Timing), Comment: d.text(x.Finding.Summary),
	}
	e.Time = max(0, e.Timings.DNS) + max(0, e.Timings.Connect) + e.Timings.Send + e.Timings.Wait + e.Timings.Receive
	return e
}

func (d *writer) request(x history.Exchange) harRequest {
	raw := x.Request.URL
	if strings.HasPrefix(raw, "/") { // the host is known to Connect alone
		raw = "https://" + cmp.Or(x.Account.App, "upstream") + raw
	}
	out := harRequest{
		Method: x.Request.Method, URL: onWire(d.plainURL(raw)), HTTPVersion: "HTTP/1.1", Cookies: []harPair{},
		Headers: d.pairs(x.Request.Headers), Query: []harPair{}, HeadersSize: -1, BodySize: len(x.Request.Body),
	}
	if u, err := url.Parse(out.URL); err == nil {
		for part := range strings.SplitSeq(u.RawQuery, "&") {
			name, value, _ := strings.Cut(part, "=")
			if name == "" {
				continue
			}
			out.Query = append(out.Query, harPair{unescaped(name), unescaped(value)})
		}
	}
	if x.Request.BodyTruncated {
		out.BodySize = -1
	}
	if len(x.Request.Body) > 0 || x.Request.BodyTruncated {
		out.Post = d.post(x.Request)
	}
	return out
}

// post is the body of a request; HAR has no Base64 there.
func (d *writer) post(r history.Request) *harPost {
	out := &harPost{MIMEType: history.MediaType(r.Headers)}
	text, encoding := d.content(out.MIMEType, r.Body)
	switch {
	case len(r.Body) == 0:
		out.Comment = "the body was not kept"
	case encoding != "":
		out.Comment = fmt.Sprintf("%d bytes that are no text, left out: HAR has no place for them", len(r.Body))
	default:
		out.Text = text
		if r.BodyTruncated {
			out.Comment = fmt.Sprintf("the first %d bytes of the body: it was cut when it was stored", len(r.Body))
		}
	}
	return out
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func (d *writer) response(r *history.Response) harResponse {
	out := harResponse{HTTPVersion: "HTTP/1.1", Cookies: []harPair{}, Headers: []harPair{}, HeadersSize: -1, BodySize: -1}
	if r == nil {
		return out
	}
	kind := history.MediaType(r.Headers)
	out.Status, out.StatusText, out.Headers, out.BodySize = r.Status, http.StatusText(r.Status), d.pairs(r.Headers), r.Size
	out.Content = harContent{Size: r.Size, MIMEType: kind}
	if len(r.Body) > 0 {
		out.Content.Text, out.Content.Encoding = d.content(kind, r.Body)
	}
	switch {
	case r.BodyTruncated && len(r.Body) == 0:
		out.Content.Comment = fmt.Sprintf("the body of %d bytes was not kept", r.Size)
	case r.BodyTruncated:
		out.Content.Comment = fmt.Sprintf("the first %d of %d bytes: the body was cut when it was stored, or broke off", len(r.Body), r.Size)
	}
	for _, h := range out.Headers {
		if strings.EqualFold(h.Name, "Location") {
			out.RedirectURL = h.Value
		}
	}
	return out
}

func (d *writer) pairs(fields []proxy.Field) []harPair {
	out := []harPair{}
	for _, f := range fields {
		value, changed := d.mask.Header(f.Name, f.Value)
		d.note(changed)
		out = append(out, harPair{f.Name, d.stand.Text(value)})
	}
	return out
}

// content is a body without secrets; one that is no text is in Base64, after all that
// is known to be secret was taken out of its bytes.
func (d *writer) content(kind string, body []byte) (text, encoding string) {
	masked, changed := d.mask.Body(kind, body)
	d.note(changed)
	if !utf8.Valid(masked) {
		return base64.StdEncoding.EncodeToString(masked), "base64"
	}
	return string(d.plain(kind, masked)), ""
}

func timings(t proxy.Timing) harTimings {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	known := func(d time.Duration) float64 {
		if t.Reused || d == 0 {
			return -1
		}
		return ms(d)
	}
	return harTimings{
		Blocked: -1, DNS: known(t.DNS), Connect: known(t.Connect + t.TLS), SSL: known(t.TLS), Send: ms(t.Sent), Wait: ms(t.FirstByte), Receive: ms(t.Body),
	}
}
