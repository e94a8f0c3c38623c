package export_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
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
