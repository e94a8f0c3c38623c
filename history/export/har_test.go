package export_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// required are the members that HAR 1.2 demands, by the object's path.
var required = map[string][]string{
	"log": {"version", "creator", "entries"}, "creator": {"name", "version"},
	"entry":    {"startedDateTime", "time", "request", "response", "cache", "timings"},
	"request":  {"method", "url", "httpVersion", "cookies", "headers", "queryString", "headersSize", "bodySize"},
	"response": {"status", "statusText", "httpVersion", "cookies", "headers", "content", "redirectURL", "headersSize", "bodySize"},
	"content":  {"size", "mimeType"}, "timings": {"send", "wait", "receive"}, "postData": {"mimeType"},
}

// An archive has what HAR 1.2 demands, and neither a secret nor a person's id.
func TestHAR(t *testing.T) {
	t.Parallel()
	lost := sample()
	lost.Response, lost.Request.URL = nil, "/api/v2/tickets.json?page=2"
	var b strings.Builder
	r := export.Report{Mask: redact.New("s3cr3t-of-ours"), Stand: redact.NewPseudonyms([]byte("key")), Version: "1.0"}
	if err := r.HAR(&b, sample(), lost); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"s3cr3t", "hunter22", "jane@acme", "sid=1", "a=b", "u-778899", "xoxb-abcdef12", "C03NA8B4VA9"} {
		if strings.Contains(b.String(), gone) {
			t.Errorf("%q is in the archive", gone)
		}
	}
	var file map[string]any
	if err := json.Unmarshal([]byte(b.String()), &file); err != nil {
		t.Fatal(err)
	}
	object := func(v any, kind string) map[string]any {
		m, ok := v.(map[string]any)
		if !ok {
			t.Fatalf("%s is no object: %v", kind, v)
		}
		for _, name := range required[kind] {
			if _, ok := m[name]; !ok {
				t.Errorf("%s lacks %s", kind, name)
			}
		}
		return m
	}
	log := object(file["log"], "log")
	object(log["creator"], "creator")
	entries, _ := log["entries"].([]any)
	if len(entries) != 2 {
		t.Fatalf("%d entries, want 2", len(entries))
	}
	for _, e := range entries {
		entry := object(e, "entry")
		request, response := object(entry["request"], "request"), object(entry["response"], "response")
		object(request["postData"], "postData")
		object(response["content"], "content")
		object(entry["timings"], "timings")
		raw, _ := request["url"].(string)
		if u, err := url.Parse(raw); err != nil || u.Host == "" {
			t.Errorf("%q is no absolute URL", raw)
		}
	}
}

// A value that is known to be secret does not pass, wherever it stands.
func TestKnownSecrets(t *testing.T) {
	t.Parallel()
	const secret = "zq8-known-secret-91x"
	in := func(what string, change func(x *history.Exchange)) {
		x := sample()
		change(&x)
		r := export.Report{Mask: redact.New(secret), Stand: redact.NewPseudonyms([]byte("key"))}
		var markdown, har, ticket strings.Builder
		for _, err := range []error{r.Markdown(&markdown, x), r.HAR(&har, x), r.Ticket(&ticket, "T-1", []history.Exchange{x})} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for format, text := range map[string]string{"Markdown": markdown.String(), "HAR": har.String(), "ticket": ticket.String()} {
			if strings.Contains(text, secret) {
				t.Errorf("in %s it passes into %s", what, format)
			}
		}
	}
	in("a header", func(x *history.Exchange) {
		x.Request.Headers = append(x.Request.Headers, proxy.Field{Name: "X-Note", Value: "a " + secret})
	})
	in("the answer's header", func(x *history.Exchange) {
		x.Response.Headers = append(x.Response.Headers, proxy.Field{Name: "X-Note", Value: secret})
	})
	in("the URL", func(x *history.Exchange) {
		x.Request.URL = "https://slack.com/" + secret + "?q=" + secret + "#" + secret
	})
	in("the query, escaped", func(x *history.Exchange) { x.Request.URL = "https://slack.com/?q=%22" + secret + "%22" })
	in("JSON, deep", func(x *history.Exchange) { x.Response.Body = []byte(`{"a":[{"b":{"c":"x` + secret + `"}}]}`) })
	in("a name of JSON", func(x *history.Exchange) { x.Response.Body = []byte(`{"` + secret + `":1}`) })
	in("a form", func(x *history.Exchange) {
		x.Request.Headers = []proxy.Field{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}
		x.Request.Body = []byte("a=1&b=" + secret)
	})
	in("text", func(x *history.Exchange) { x.Response.Body = []byte("well, " + secret) })
	in("bytes", func(x *history.Exchange) { x.Response.Body = []byte("\xff\xfe" + secret) })
	in("the finding", func(x *history.Exchange) { x.Finding.Summary, x.Finding.Evidence = secret, []string{secret} })
	in("the note", func(x *history.Exchange) { x.Note, x.Ticket = "see "+secret, secret })
	in("the account's name", func(x *history.Exchange) { x.Account.Name = secret })
	x := sample()
	x.Response.Body = []byte("\xff" + secret)
	var b strings.Builder
	if err := (export.Report{Mask: redact.New(secret)}).HAR(&b, x); err != nil {
		t.Fatal(err)
	}
	if plain := base64.StdEncoding.EncodeToString([]byte("\xff" + secret)); strings.Contains(b.String(), plain) {
		t.Error("in Base64 it passes into HAR")
	}
}

// The report of a ticket has all of its exchanges, and each person one stand-in.
func TestTicket(t *testing.T) {
	t.Parallel()
	other := sample()
	other.ExternalUserID, other.Request.URL = "bob@acme.io", "https://slack.com/api/auth.test"
	var b strings.Builder
	r := export.Report{Stand: redact.NewPseudonyms([]byte("key"))}
	if err := r.Ticket(&b, "ACME-12", []history.Exchange{sample(), other, sample()}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"# ACME-12: 3 exchanges\n", "\n## POST /api/auth.test: 200 OK, but failed\n", "\n### Who failed\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the report:\n%s", want, text)
		}
	}
	if n := strings.Count(text, "\n## "); n != 4 { // three exchanges, and what was masked
		t.Errorf("%d chapters, want 4", n)
	}
	users := map[string]bool{}
	for line := range strings.SplitSeq(text, "\n") {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| 2026-") {
			users[cells[1]] = true
		}
	}
	if len(users) != 2 || strings.Contains(text, "@acme.io") {
		t.Errorf("stand-ins %s", fmt.Sprint(users))
	}
}
