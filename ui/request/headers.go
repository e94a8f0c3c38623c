package request

import (
	"slices"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
)

// Insert is where Connect puts the account's credential. {{x}} in it is a field of
// the account.
type Insert struct {
	Header, Query, Value     string
	BasicUser, BasicPassword string
	Path                     string
}

// line is what the insertion does, in words.
func (i Insert) line() string {
	switch {
	case i.Header != "":
		return i.Header + ": " + i.Value
	case i.Query != "":
		return "?" + i.Query + "=" + i.Value
	case i.Path != "":
		return "path: " + i.Path + "/…"
	case i.BasicUser != "" || i.BasicPassword != "":
		return "Authorization: Basic " + i.BasicUser + ":" + i.BasicPassword
	}
	return "nothing"
}

// header is the header that the insertion sets; empty for none.
func (i Insert) header() string {
	if i.Header == "" && (i.BasicUser != "" || i.BasicPassword != "") {
		return "Authorization"
	}
	return i.Header
}

// remark is what there is to say of a header while it is typed.
type remark struct {
	text  string // in a few words
	why   string
	wrong bool // the request cannot go out with it
}

// line is the whole of it.
func (r remark) line() string {
	if r.why == "" {
		return r.text
	}
	return r.text + ": " + r.why
}

func (r remark) ink(th *themes.Theme) themes.Ink {
	if r.wrong {
		return th.Bad
	}
	return th.Warn
}

// remarkOn tells what becomes of a header; empty for nothing out of the ordinary.
func (m *Model) remarkOn(name string) remark {
	switch why, refused := proxy.RestrictedHeader(name); {
	case name == "":
		return remark{}
	case refused:
		return remark{"✗ Connect refuses it", reason(why), true}
	case !httpguts.ValidHeaderFieldName(name):
		return remark{"✗ no header name", "use letters, digits and hyphens", true}
	case m.inserted(name):
		return remark{"! Connect sets its own", "the account's credential goes out in its place", false}
	case prefixed(name):
		return remark{"! prefixed already", "the prefix is added by itself", false}
	}
	return remark{}
}

// reason is why Connect refuses a header, behind its last colon.
func reason(why string) string {
	if _, rest, ok := strings.Cut(why, ": "); ok {
		return rest
	}
	return why
}

// prefixed reports a name as it is sent to Connect.
func prefixed(name string) bool {
	return len(name) > len(proxyPrefix) && strings.EqualFold(name[:len(proxyPrefix)], proxyPrefix)
}

// proxyPrefix is what a header is sent with, so that Connect hands it on.
const proxyPrefix = "x-pd-proxy-"

// inserted reports a header that Connect sets. Where it is not known how the
// credential goes out it is taken for Authorization.
func (m *Model) inserted(name string) bool {
	if len(m.known.Inserts) == 0 {
		return strings.EqualFold(name, "Authorization")
	}
	return slices.ContainsFunc(m.known.Inserts, func(i Insert) bool { return strings.EqualFold(i.header(), name) })
}

// names are headers that APIs read.
var names = []string{
	"Accept", "Accept-Language", "Content-Type", "If-Match", "If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "Idempotency-Key",
	"Prefer", "Range", "Content-Language", "Content-Disposition", "Cache-Control", "X-Request-Id", "X-HTTP-Method-Override",
	"Notion-Version", "Stripe-Version", "Stripe-Account", "X-GitHub-Api-Version", "X-Goog-User-Project", "X-Requested-With",
}

// mediaTypes are what Accept and Content-Type mostly say.
var mediaTypes = []string{
	jsonType, formType, textType, "application/xml", "application/octet-stream", "application/x-ndjson", "application/pdf", "multipart/form-data",
	"text/html", "text/csv", "text/xml", "image/png", "image/jpeg", "application/vnd.github+json", "application/vnd.api+json", "*/*",
}

// values are what headers mostly say, by their name in lower case.
var values = map[string][]string{
	"accept": mediaTypes, "content-type": mediaTypes, "cache-control": {"no-cache", "no-store", "max-age=0"}, "range": {"bytes=0-1023"},
	"prefer": {"return=minimal", "return=representation", "respond-async"}, "if-none-match": {"*"}, "if-match": {"*"},
	"x-github-api-version": {"2022-11-28"}, "notion-version": {"2022-06-28"}, "accept-language": {"en", "de", "fr", "ja"},
	"x-requested-with": {"XMLHttpRequest"}, "x-http-method-override": {"PATCH", "DELETE", "PUT"},
}

// cellOffers is how the cell that is typed could go on.
func (m *Model) cellOffers() []offer {
	var texts []string
	switch {
	case m.edit == pathField, m.edit == valueField && m.partIsFile():
		return m.paths.offers(m.input.Value())
	case m.tab == headersTab && m.edit == nameField:
		texts = names
	case m.tab == headersTab && m.edit == valueField:
		texts = values[strings.ToLower(m.row().name)]
	}
	all := make([]offer, len(texts))
	for i, t := range texts {
		all[i] = offer{text: t}
	}
	return all
}

// bulk is the headers as text, one a line; those that are switched off begin with
// a hash.
func bulk(rows []row) []byte {
	var b strings.Builder
	for _, r := range rows {
		if r.off {
			b.WriteString("# ")
		}
		b.WriteString(r.name + ": " + r.value + "\n")
	}
	return []byte(b.String())
}

// parseBulk reads headers written one a line.
func parseBulk(text []byte) []row {
	var rows []row
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		rest, off := strings.CutPrefix(line, "#")
		name, value, _ := strings.Cut(rest, ":")
		r := row{name: strings.TrimSpace(name), value: strings.TrimSpace(value), off: off}
		if r.name != "" || r.value != "" {
			rows = append(rows, r)
		}
	}
	return rows
}

// typeOf is the media type that the headers set; empty for none.
func typeOf(fields []proxy.Field) string {
	for _, f := range fields {
		if strings.EqualFold(f.Name, contentType) {
			return f.Value
		}
	}
	return ""
}
