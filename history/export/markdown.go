// Package export writes exchanges for people and other programs. Nothing in what
// it writes is a secret, and what a server sent is made safe to print.
package export

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// Report is how an exchange is told to people who have no access to it.
type Report struct {
	// Mask hides secrets; nil for names and shapes alone.
	Mask *redact.Masker
	// Stand replaces people's ids; nil for stand-ins of this report alone.
	Stand *redact.Pseudonyms
	// Version is connectty's, for formats that name who wrote them.
	Version string
}

// shownBody is how much of each body a report shows.
const shownBody = 4 << 10

// Markdown writes the report of one exchange: who failed and why, what was asked
// and what came, what was masked, and how a colleague opens the same target.
func (r Report) Markdown(w io.Writer, x history.Exchange) error {
	_, err := io.WriteString(w, r.build(x).b.String())
	return err
}

// Preview is what a report masks, in words, one line a kind.
func (r Report) Preview(x history.Exchange) []string {
	doc := r.build(x)
	return maskedLines(doc.stand, doc.redacted)
}

// Ticket writes one report of the exchanges of a ticket, in the order given: first all
// of them in a table, then each.
func (r Report) Ticket(w io.Writer, ticket string, exchanges []history.Exchange) error {
	doc := r.writer()
	doc.learn(exchanges...)
	doc.line("# %s: %d exchanges\n\n| when | user | request | answer | who |\n| --- | --- | --- | --- | --- |", doc.prose(ticket), len(exchanges))
	for _, x := range exchanges {
		doc.line("| %s | %s | %s | %s | %s |", x.StartedAt.UTC().Format(time.RFC3339), doc.prose(x.ExternalUserID),
			code(visible.Line(x.Request.Method)+" "+doc.path(x.Request.URL)), outcome(x), doc.prose(x.Finding.Who.Words(hostOf(x))))
	}
	doc.level = 1
	for _, x := range exchanges {
		doc.line("")
		doc.exchange(x)
	}
	doc.level = 0
	doc.masked()
	_, err := io.WriteString(w, doc.b.String())
	return err
}

func (r Report) build(x history.Exchange) *writer {
	doc := r.writer()
	doc.learn(x)
	doc.exchange(x)
	doc.masked()
	doc.section("The same target")
	doc.line("    connectty -e %s -a %s", visible.Line(word(string(x.Environment))), visible.Line(word(x.Account.ID)))
	doc.line("")
	doc.line("The account's id stands there in full: it opens nothing without access to the project.")
	return doc
}

// exchange writes all of one exchange.
func (d *writer) exchange(x history.Exchange) {
	host := hostOf(x)
	d.heading(1, "%s: %s", visible.Markdown(x.Request.Method+" "+d.path(x.Request.URL)), outcome(x))
	d.line("")
	d.line("| | |")
	d.line("| --- | --- |")
	d.row("when", x.StartedAt.UTC().Format(time.RFC3339))
	d.row("environment", visible.Markdown(string(x.Environment)))
	d.row("user", d.prose(x.ExternalUserID))
	d.row("account", d.prose(x.Account.ID)+" ("+visible.Markdown(cmp.Or(x.Account.App, "app unknown"))+")")
	d.row("request", code(visible.Line(x.Request.Method)+" "+d.url(x.Request.URL)))
	if x.Response != nil {
		d.row("answer", strings.TrimSpace(fmt.Sprintf("%d %s", x.Response.Status, http.StatusText(x.Response.Status))))
	}
	d.row("took", x.Timing.Total.Round(time.Millisecond).String())
	if x.Ticket != "" {
		d.row("ticket", d.prose(x.Ticket))
	}
	if x.Note != "" {
		d.row("note", d.prose(x.Note))
	}
	d.finding(x.Finding, host)
	d.section("Request")
	d.message(x.Request.Headers, x.Request.Body, x.Request.BodyTruncated)
	if x.Response != nil {
		d.section("Answer")
		d.message(x.Response.Headers, x.Response.Body, x.Response.BodyTruncated)
	}
}

// learn takes in, before a line is written, which ids there are and what the requests
// hold that their answers may repeat.
func (d *writer) learn(exchanges ...history.Exchange) {
	for _, x := range exchanges {
		d.stand.Give("user", x.ExternalUserID)
		d.stand.Give("account", x.Account.ID)
		x.Request.Teach(d.mask)
	}
	for _, x := range exchanges {
		d.stand.Learn(x.Request.Body)
		if x.Response != nil {
			d.stand.Learn(x.Response.Body)
		}
	}
}

func (r Report) writer() *writer {
	doc := &writer{mask: r.Mask, stand: r.Stand}
	if doc.mask == nil {
		doc.mask = redact.New()
	}
	if doc.stand == nil {
		doc.stand = redact.NewPseudonyms(nil)
	}
	return doc
}

// writer collects a report.
type writer struct {
	b        strings.Builder
	mask     *redact.Masker
	stand    *redact.Pseudonyms
	redacted int // places where a secret was taken out
	level    int // of headings that stand above
}

func (d *writer) line(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

// heading is a title of a level, below those that hold the exchange.
func (d *writer) heading(level int, format string, args ...any) {
	d.line(strings.Repeat("#", level+d.level)+" "+format, args...)
}

func (d *writer) section(title string) {
	d.line("")
	d.heading(2, "%s\n", title)
}

// row is a line of the table.
func (d *writer) row(name, value string) { d.line("| %s | %s |", name, value) }

// prose is a stranger's text as [writer.text] has it, for Markdown.
func (d *writer) prose(s string) string { return visible.Markdown(d.text(s)) }

// text is a stranger's text without secrets, ids and anything to be obeyed.
func (d *writer) text(s string) string {
	masked, changed := d.mask.Text(s)
	d.note(changed)
	return visible.Line(d.stand.Text(masked))
}

func (d *writer) note(changed bool) {
	if changed {
		d.redacted++
	}
}

func (d *writer) url(raw string) string {
	return visible.Line(d.plainURL(raw))
}

// plainURL is a URL without secrets, with stand-ins for ids, also for those that are
// escaped in its query.
func (d *writer) plainURL(raw string) string {
	masked, changed := d.mask.URL(raw)
	d.note(changed)
	path, query, found := strings.Cut(d.stand.Text(masked), "?")
	if !found {
		return path
	}
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, is := strings.Cut(part, "=")
		parts[i] = d.escaped(name)
		if is {
			parts[i] += "=" + d.escaped(value)
		}
	}
	return path + "?" + strings.Join(parts, "&")
}

// escaped is a part of a query with stand-ins for the ids that it escapes; as it was
// where it has none.
func (d *writer) escaped(part string) string {
	plain := unescaped(part)
	if stood := d.stand.Text(plain); stood != plain {
		return url.QueryEscape(stood)
	}
	return part
}

// path is a URL without its host and query, for a title.
func (d *writer) path(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return d.url(raw)
	}
	return d.url(cmp.Or(u.EscapedPath(), "/"))
}

func (d *writer) finding(f diagnose.Finding, host string) {
	d.section("Who failed")
	if f.Who == diagnose.None {
		d.line("Nobody: it works. %s.", d.prose(f.Summary))
	} else {
		d.line("**%s**: %s.", visible.Markdown(capital(f.Who.Words(host))), d.prose(f.Summary))
	}
	if len(f.Evidence) > 0 {
		d.line("")
		for _, e := range f.Evidence {
			d.line("- %s", d.prose(e))
		}
	}
	if len(f.Next) > 0 {
		d.line("\nWhat to do:\n")
		for _, s := range f.Next {
			d.line("- %s: %s", visible.Markdown(string(s.Actor)), d.prose(s.Text))
		}
	}
}

// message writes headers and body of one side.
func (d *writer) message(headers []proxy.Field, body []byte, cut bool) {
	var b strings.Builder
	for _, h := range headers {
		value, changed := d.mask.Header(h.Name, h.Value)
		d.note(changed)
		b.WriteString(visible.Line(h.Name+": "+d.stand.Text(value)) + "\n")
	}
	if len(body) > 0 {
		if len(headers) > 0 {
			b.WriteString("\n")
		}
		b.WriteString(d.body(history.MediaType(headers), body))
	}
	text := strings.TrimRight(b.String(), "\n")
	if text == "" {
		d.line("Neither headers nor a body.")
		return
	}
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	d.line("%shttp\n%s\n%s", fence, text, fence)
	if cut {
		d.line("\nThe history kept a part of the body.")
	}
}

// body is the beginning of a body as text; one that is no text is told by its
// size.
func (d *writer) body(kind string, body []byte) string {
	masked, changed := d.mask.Body(kind, body)
	d.note(changed)
	if !utf8.Valid(masked) {
		return fmt.Sprintf("(%d bytes that are no text)", len(body))
	}
	text := string(d.plain(kind, masked))
	if len(text) > shownBody {
		text = strings.ToValidUTF8(text[:shownBody], "") + fmt.Sprintf("\n… (%d bytes in all)", len(body))
	}
	return visible.Block(text)
}

// plain puts stand-ins in the place of ids in a text without secrets.
func (d *writer) plain(kind string, text []byte) []byte {
	if strings.Contains(kind, "json") || len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		return d.stand.JSON(text)
	}
	return []byte(d.stand.Text(string(text)))
}

// masked tells what a reader does not see.
func (d *writer) masked() {
	d.section("Masked")
	for _, line := range maskedLines(d.stand, d.redacted) {
		d.line("- %s", line)
	}
}

func maskedLines(stand *redact.Pseudonyms, redacted int) []string {
	var lines []string
	for _, c := range stand.Replaced() {
		word := map[string]string{"email": "e-mail address", "user": "external user", "account": "account", "id": "id"}[c.Kind]
		word = cmp.Or(word, c.Kind)
		if c.N > 1 {
			word = plural(word)
		}
		lines = append(lines, fmt.Sprintf("%d %s, by a stand-in", c.N, word))
	}
	if redacted > 0 {
		lines = append(lines, fmt.Sprintf("secrets in %d places, by %s", redacted, redact.Mask))
	}
	if len(lines) == 0 {
		return []string{"nothing"}
	}
	return lines
}

func outcome(x history.Exchange) string {
	switch {
	case x.Response == nil:
		return "no answer"
	case x.Finding.Who == diagnose.None || x.Response.Status >= http.StatusBadRequest:
		return strings.TrimSpace(fmt.Sprintf("%d %s", x.Response.Status, http.StatusText(x.Response.Status)))
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", x.Response.Status, http.StatusText(x.Response.Status))) + ", but failed"
}

func hostOf(x history.Exchange) string { return visible.Line(x.Upstream()) }

func longestRun(s string, of rune) int {
	most, n := 0, 0
	for _, r := range s {
		if n++; r != of {
			n = 0
		}
		most = max(most, n)
	}
	return most
}

func plural(word string) string {
	if strings.HasSuffix(word, "s") {
		return word + "es"
	}
	return word + "s"
}
