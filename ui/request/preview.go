package request

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/list"
)

// previewedBody is how much of a body the preview shows.
const previewedBody = 2 << 10

// previewed is one line of the preview.
type previewed struct {
	text, note string // safe to print
	tone       tone
}

// tone is what a line of the preview is.
type tone int

const (
	sentLine  tone = iota
	titleLine      // of what follows
	quietLine      // what does not go out as it stands
	wrongLine      // what Connect refuses
)

func (t tone) ink(th *themes.Theme) themes.Ink {
	return [...]themes.Ink{th.Text, th.Strong, th.Muted, th.Bad}[t]
}

func (p previewed) draw(width int, th *themes.Theme) string {
	line := " " + p.tone.ink(th).Paint(p.text)
	if p.note != "" {
		line += "  " + th.Muted.Paint(p.note)
	}
	return ansi.Truncate(line, width, "…")
}

// preview collects lines.
type preview struct {
	lines []previewed
	width int
}

// add puts a line in; one that is too long goes on in the next, further in.
func (p *preview) add(t tone, text, note string) {
	const indent = "    "
	room := max(20, p.width-2)
	first, rest := text, ""
	if ansi.StringWidth(text) > room {
		first = ansi.Truncate(text, room, "")
		rest = strings.TrimPrefix(text, first)
	}
	for rest != "" {
		p.lines = append(p.lines, previewed{first, "", t})
		first = ansi.Truncate(indent+rest, room, "")
		rest = strings.TrimPrefix(indent+rest, first)
	}
	p.lines = append(p.lines, previewed{first, note, t})
}

func (p *preview) title(text, note string) {
	p.lines = append(p.lines, previewed{}, previewed{text, note, titleLine})
}

// previewLines is the call as Connect will get it, without the access token, and
// what Connect makes of it.
func (m *Model) previewLines() []previewed {
	if m.tab != previewTab {
		return nil
	}
	d := m.filled(m.Compose())
	p := &preview{width: m.width}
	if m.lost != "" && m.height < roomy { // else it stands below the URL
		p.add(wrongLine, visible.Line(m.lost), "")
	}
	p.add(titleLine, visible.Line(d.Method+" "+m.absolute(d.URL)), "")
	path, query := m.proxyPath(d.URL)
	p.add(sentLine, visible.Line(d.Method)+" "+path, "")
	p.add(sentLine, "    ?"+query, "")
	p.add(sentLine, "Authorization: Bearer {access token}", "")
	p.add(sentLine, "x-pd-environment: "+cmp.Or(string(m.target.Environment), "{environment}"), "")
	m.previewHeaders(p, d)
	m.previewInserts(p)
	m.previewBody(p, d)
	p.title("The same as curl", "y copies it, or the call without Connect")
	for line := range strings.SplitSeq(visible.Block(m.Curl()), "\n") {
		p.add(quietLine, line, "")
	}
	return p.lines
}

// absolute is where a URL leads: a path below the app's base.
func (m *Model) absolute(url string) string {
	if from := base(m.app); strings.HasPrefix(url, "/") && from != "" {
		return from + url
	}
	return url
}

// proxyPath is the path and query of the call to Connect, safe to print.
func (m *Model) proxyPath(target string) (path, query string) {
	id := func(s, what string) string {
		if s == "" {
			return what
		}
		return url.QueryEscape(s)
	}
	path = "/v1/connect/" + visible.Line(cmp.Or(m.known.ProjectID, "{project}")) + "/proxy/" + proxy.EncodeURL(target)
	return path, "external_user_id=" + id(m.target.ExternalUserID, "{external user}") + "&account_id=" + id(m.target.Account.ID, "{account}")
}

// previewHeaders tells how each header goes out, and which do not.
func (m *Model) previewHeaders(p *preview, d Draft) {
	for _, h := range d.Headers {
		name := visible.Line(h.Name)
		if prefixed(name) {
			name = name[len(proxyPrefix):]
		}
		switch r := m.remarkOn(h.Name); {
		case r.wrong:
			p.add(wrongLine, name+": "+visible.Line(h.Value), r.line())
		case m.inserted(h.Name):
			p.add(quietLine, proxyPrefix+name+": "+visible.Line(h.Value), "→ dropped: the account's own wins")
		default:
			p.add(sentLine, proxyPrefix+name+": "+visible.Line(h.Value), "→ upstream "+name)
		}
	}
	for _, r := range m.headers.rows {
		if r.off && r.name != "" {
			p.add(quietLine, visible.Line(r.name+": "+r.value), "switched off, not sent")
		}
	}
}

// previewInserts tells which credential Connect puts in.
func (m *Model) previewInserts(p *preview) {
	note := "expected, unverified"
	if m.known.Exact {
		note = "the sandbox does exactly that"
	}
	p.title("Connect inserts", note)
	if len(m.known.Inserts) == 0 {
		p.add(quietLine, "the account's credential; where is not known of this app", "")
	}
	for _, i := range m.known.Inserts {
		p.add(sentLine, visible.Line(i.line()), "")
	}
}

func (m *Model) previewBody(p *preview, d Draft) {
	switch {
	case d.File != "":
		size, _ := m.paths.said(m.body.file)
		p.title("Body", "a file, as it is")
		p.add(sentLine, visible.Line(d.File), size)
	case len(d.Parts) > 0:
		p.title("Body", "multipart")
		for _, part := range d.Parts {
			note := ""
			if part.File {
				note = "file"
			}
			p.add(sentLine, visible.Line(part.Name+" = "+part.Value), note)
		}
	case len(d.Body) > 0:
		p.title("Body", list.Bytes(int64(len(d.Body))))
		shown := string(d.Body[:min(len(d.Body), previewedBody)])
		for line := range strings.SplitSeq(visible.Block(shown), "\n") {
			p.add(sentLine, line, "")
		}
		if len(d.Body) > previewedBody {
			p.add(quietLine, fmt.Sprintf("… %s in all", list.Bytes(int64(len(d.Body)))), "")
		}
	}
}

// CopyAsked asks the root to offer how the request can be copied.
type CopyAsked struct{}

// Curl is the request as a curl command through Connect. The access token stands
// in it as $PIPEDREAM_ACCESS_TOKEN.
func (m *Model) Curl() string {
	d := m.filled(m.Compose())
	c := curlOf(d)
	path, query := m.proxyPath(d.URL)
	c.URL = cmp.Or(m.known.BaseURL, proxy.DefaultBaseURL) + path + "?" + query
	c.Secret = []proxy.Field{{Name: "Authorization", Value: "Bearer {{pipedream_access_token}}"}}
	c.Headers = []proxy.Field{{Name: "x-pd-environment", Value: string(m.target.Environment)}}
	for _, h := range d.Headers {
		name := h.Name
		if strings.EqualFold(name, contentType) {
			if len(d.Parts) > 0 {
				continue // curl writes its own, with its boundary
			}
			c.Headers = append(c.Headers, h)
		}
		if !prefixed(name) {
			name = proxyPrefix + name
		}
		c.Headers = append(c.Headers, proxy.Field{Name: name, Value: h.Value})
	}
	return c.String()
}

// DirectCurl is the request as a curl command to the API itself, with variables in
// the place of the account's credential.
func (m *Model) DirectCurl() string {
	d := m.filled(m.Compose())
	c := curlOf(d)
	c.URL = m.absolute(d.URL)
	for _, h := range d.Headers {
		if !m.inserted(h.Name) && (len(d.Parts) == 0 || !strings.EqualFold(h.Name, contentType)) {
			c.Headers = append(c.Headers, h)
		}
	}
	for _, i := range m.known.Inserts {
		switch {
		case i.Query != "":
			c.URL = withParam(c.URL, i.Query+"="+i.Value)
		case i.Path != "":
			c.URL = withPrefix(c.URL, i.Path)
		case i.header() == "Authorization" && i.Header == "":
			c.Basic = i.BasicUser + ":" + i.BasicPassword
		case i.Header != "":
			c.Secret = append(c.Secret, proxy.Field{Name: i.Header, Value: i.Value})
		}
	}
	if len(m.known.Inserts) == 0 {
		c.Secret = []proxy.Field{{Name: "Authorization", Value: "Bearer {{access_token}}"}}
	}
	return c.String()
}

func curlOf(d Draft) export.Curl {
	c := export.Curl{Method: d.Method, Body: d.Body, File: d.File}
	for _, p := range d.Parts {
		c.Parts = append(c.Parts, export.Part(p))
	}
	return c
}

func withParam(target, piece string) string {
	at, query, fragment, has := cut(target)
	if has && query != "" {
		piece = query + "&" + piece
	}
	return at + "?" + piece + fragment
}

// withPrefix puts a path before a URL's own.
func withPrefix(target, prefix string) string {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok {
		return prefix + target
	}
	host, tail, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + prefix + "/" + tail
}
