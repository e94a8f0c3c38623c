package export_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// harSchema is the schema of HAR 1.2 that the package har-schema 2.0.0 has in the npm
// registry (https://github.com/ahmadnassri/har-schema).
func harSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	files, err := filepath.Glob("testdata/har-1.2/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no schema", err)
	}
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(file)
		_ = file.Close() // only read
		if err == nil {
			err = c.AddResource("https://har/"+filepath.Base(path), doc)
		}
		if err != nil {
			t.Fatal(path, err)
		}
	}
	return c.MustCompile("https://har/har.json")
}

// harOf is an archive, and its entries.
func harOf(t *testing.T, exchanges ...history.Exchange) (string, []any) {
	t.Helper()
	var b strings.Builder
	r := export.Report{Stand: redact.NewPseudonyms([]byte("key")), Version: "1.2.3"}
	if err := r.HAR(&b, exchanges...); err != nil {
		t.Fatal(err)
	}
	file, err := jsonschema.UnmarshalJSON(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	if err := harSchema(t).Validate(file); err != nil {
		t.Errorf("%v\n%s", err, b.String())
	}
	entries, _ := at(file, "log", "entries").([]any)
	if len(entries) != len(exchanges) {
		t.Fatalf("%d entries, want %d", len(entries), len(exchanges))
	}
	return b.String(), entries
}

// at is what stands at a path; nil for nothing.
func at(v any, path ...string) any {
	for _, name := range path {
		members, _ := v.(map[string]any)
		v = members[name]
	}
	return v
}

// An archive is valid HAR 1.2, and has neither a secret nor a person's id.
func TestHAR(t *testing.T) {
	t.Parallel()
	lost, foreign := sample(), sample()
	lost.Response, lost.Request.URL = nil, "/api/v2/tickets.json?page=2"
	foreign.Request.URL = "https://slack.com/søk/a b?q=naïve café"
	text, entries := harOf(t, sample(), lost, foreign)
	for _, gone := range []string{"s3cr3t", "hunter22", "jane@acme", "sid=1", "a=b", "u-778899", "xoxb-abcdef12", "C03NA8B4VA9"} {
		if strings.Contains(text, gone) {
			t.Errorf("%q is in the archive", gone)
		}
	}
	for i, want := range []string{"", "https://slack/api/v2/tickets.json?page=2", "https://slack.com/s%C3%B8k/a%20b?q=na%C3%AFve%20caf%C3%A9"} {
		if got := at(entries[i], "request", "url"); want != "" && got != want {
			t.Errorf("got %v, want %s", got, want)
		}
	}
}

// A body that is cut, not there or no text is told as such: no reader takes a part of it,
// or its Base64, for what was sent.
func TestHARTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change         func(x *history.Exchange)
		post, content  string // the comments
		text, encoding string // of the answer
		size           string // of the request's body, as it was sent
	}{
		"whole": {func(*history.Exchange) {}, "", "", "answer", "", "2"},
		"cut": {func(x *history.Exchange) {
			x.Request.BodyTruncated, x.Response.BodyTruncated, x.Response.Size = true, true, 100
		}, "the first 2 bytes of the body: it was cut when it was stored", "the first 6 of 100 bytes: the body was cut when it was stored, or broke off", "answer", "", "-1"},
		"not kept": {func(x *history.Exchange) {
			x.Request.BodyTruncated, x.Response.BodyTruncated, x.Response.Size = true, true, 100
			x.Request.Body, x.Response.Body = nil, nil
		}, "the body was not kept", "the body of 100 bytes was not kept", "", "", "-1"},
		"binary": {func(x *history.Exchange) {
			x.Request.Body, x.Response.Body = []byte("\xff\x00"), []byte("\x89PNG")
		}, "2 bytes that are no text, left out: HAR has no place for them", "", "iVBORw==", "base64", "2"},
	}
	for name, tt := range tests {
		x := plainCall()
		x.Request.Body = []byte("{}")
		x.Response = &history.Response{Status: 200, Size: 6, Headers: []proxy.Field{{Name: "Content-Type", Value: "text/plain"}}, Body: []byte("answer")}
		tt.change(&x)
		_, entries := harOf(t, x)
		post, content := at(entries[0], "request", "postData"), at(entries[0], "response", "content")
		told := func(v any) string {
			if v == nil {
				return ""
			}
			return fmt.Sprint(v)
		}
		got := []string{told(at(post, "comment")), told(at(content, "comment")), told(at(content, "text")), told(at(content, "encoding")), told(at(entries[0], "request", "bodySize"))}
		if want := []string{tt.post, tt.content, tt.text, tt.encoding, tt.size}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
		if want := map[bool]string{true: "", false: string(x.Request.Body)}[name == "binary"]; at(post, "text") != want {
			t.Errorf("%s: the request's text is %q, want %q", name, at(post, "text"), want)
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
