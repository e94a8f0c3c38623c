package export_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

func sample() history.Exchange {
	return history.Exchange{
		ID: "06x", StartedAt: time.Date(2026, 3, 14, 12, 1, 0, 0, time.UTC), Environment: proxy.Production, ExternalUserID: "jane@acme.io",
		ProjectID: "proj_1", Account: history.Account{ID: "apn_slJane1", Name: "Globex", App: "slack"},
		Request: history.Request{
			Method: "POST", URL: "https://slack.com/api/chat.postMessage?user=jane@acme.io&token=s3cr3t",
			Headers: []proxy.Field{{Name: "X-Trace", Value: "of jane@acme.io"}, {Name: "Cookie", Value: "a=b"}, {Name: "Content-Type", Value: "application/json"}},
			Body:    []byte(`{"channel":"C03NA8B4VA9","text":"hi ` + "```" + `","password":"hunter22"}`),
		},
		Response: &history.Response{
			Status: 200, Size: 60, Headers: []proxy.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "Set-Cookie", Value: "sid=1"}},
			Body: []byte("{\"ok\":false,\"error\":\"missing_scope\",\"user_id\":\"u-778899\",\"note\":\"\x1b[31mxoxb-abcdef12\"}"),
		},
		Timing: proxy.Timing{Total: 412 * time.Millisecond},
		Finding: diagnose.Finding{
			Who: diagnose.Account, Code: "missing_scope", Summary: "the token works, but it was not granted chat:write",
			Evidence: []string{"200 with ok: false, error: missing_scope"},
			Next:     []diagnose.Step{{Text: "reconnect the account of jane@acme.io", Actor: diagnose.EndUser}},
		},
	}
}

// A report can be followed, holds no secret and nobody's id, and ends with the
// command that opens the same target.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	r := export.Report{Mask: redact.New("s3cr3t-of-ours"), Stand: redact.NewPseudonyms([]byte("key"))}
	if err := r.Markdown(&b, sample()); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, gone := range []string{"s3cr3t", "hunter22", "jane@acme", "sid=1", "a=b", "u-778899", "xoxb-abcdef12", "\x1b", "C03NA8B4VA9"} {
		if strings.Contains(text, gone) {
			t.Errorf("%q is in the report", gone)
		}
	}
	if strings.Count(text, "apn_slJane1") != 1 || !strings.Contains(text, "    connectty -e production -a apn_slJane1\n") {
		t.Error("the command that opens the same target is not there, or the id stands elsewhere, too")
	}
	golden.RequireEqual(t, []byte(text))
}

// What a server, a customer or another's file says is shown, and neither loads nor marks
// up anything where the report is pasted: as HTML it has the tags of any other.
func TestMarkdownIsNotObeyed(t *testing.T) {
	t.Parallel()
	reports := func(text string) map[string]string {
		x := sample()
		x.Finding.Summary, x.Finding.Evidence, x.Finding.Next[0].Text = text, []string{text}, text
		x.Finding.Next[0].Actor, x.Note, x.Ticket, x.Account.App, x.ExternalUserID = diagnose.Actor(text), text, text, text, text
		x.Request.Method, x.Request.URL = text, "https://a.b/"+text+"?q="+text
		x.Environment, x.Account.ID = proxy.Environment(text), text
		x.Request.Body, x.Response.Body = []byte(text), []byte(text)
		var one, ticket, compared bytes.Buffer
		r := export.Report{}
		c := export.Comparison{Left: text, Right: text, Verdict: text, Body: []export.Difference{{Name: text, Left: text, Right: text}}}
		for _, err := range []error{r.Markdown(&one, x), r.Ticket(&ticket, text, []history.Exchange{x, x}), r.Compare(&compared, c)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		out := map[string]string{}
		for kind, report := range map[string]*bytes.Buffer{"report": &one, "ticket": &ticket, "comparison": &compared} {
			var page bytes.Buffer
			markdown := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough), goldmark.WithRendererOptions(html.WithUnsafe()))
			if err := markdown.Convert(report.Bytes(), &page); err != nil {
				t.Fatal(err)
			}
			out[kind] = page.String()
		}
		return out
	}
	masked := regexp.MustCompile("(?s)<h2>Masked</h2>.*?</ul>") // of which there are more or less
	tags := func(page string) string {
		return strings.Join(regexp.MustCompile("<[^<>]+>").FindAllString(masked.ReplaceAllString(page, ""), -1), "")
	}
	want := reports("plain")
	for _, text := range []string{
		"![p](http://evil/p.png)", "<img src=http://evil/p.png>", "[click](http://evil)", "# heading", "#", "> quote", "- item", "+ item", "1. item", "2) item", "**bold**",
		"_it_", "a_b_c", "__b__ c", "~~gone~~", "a | b", "`code` ``` fence", "```\nfence", `\![p](http://evil)`, `\`, `a\|b`, "&lt;img&gt; &#60;b>", "<!-- lost", "~~~", "\t# heading",
		"    code", "---", "===", "[redacted]: http://evil", "![redacted](http://evil)", "<http://evil>", "a\n\n# heading", "*", "a* b", "$(id)",
	} {
		for kind, page := range reports(text) {
			if got := tags(page); got != tags(want[kind]) {
				t.Errorf("%s, %q:\n%s", kind, text, page)
			}
		}
	}
	x := sample()
	x.Finding.Summary = "missing_scope: needs chat:write_all - ask"
	var b strings.Builder
	if err := (export.Report{}).Markdown(&b, x); err != nil || !strings.Contains(b.String(), x.Finding.Summary) {
		t.Errorf("what marks up nothing is not as it was:\n%s", b.String())
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	lines := export.Report{}.Preview(sample())
	if text := strings.Join(lines, "; "); !strings.Contains(text, "1 account, by a stand-in") || !strings.Contains(text, "secrets in") {
		t.Errorf("got %s", text)
	}
}
