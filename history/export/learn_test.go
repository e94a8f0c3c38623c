package export_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
)

// A report of several exchanges knows the ids of all of them, and what each of their requests
// said under a telling name, before it writes the first: it may come from the screen.
func TestReportLearns(t *testing.T) {
	t.Parallel()
	posted, asked := sample(), sample()
	posted.Response.Body = []byte(`{"message":{"type":"message","user":"U0ACME"},"echo":"of sekret123"}`)
	asked.Request.URL = "https://slack.com/api/auth.test?q=1&api_token=sekret123"
	asked.Response.Body = []byte(`{"user_id":"U0ACME","url":"/api/auth.test?q=1&t=sekret123"}`)
	var har, ticket, snippet bytes.Buffer
	report := func() export.Report { return export.Report{Stand: redact.NewPseudonyms([]byte("key"))} }
	asked.Request.Body = []byte("it is sekret123")
	script, err := export.NewScript(&snippet, "curl")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		report().HAR(&har, posted, asked), report().Ticket(&ticket, "ACME-12", []history.Exchange{posted, asked}), script.Add(asked), script.End(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for kind, text := range map[string]string{"HAR": har.String(), "ticket": ticket.String(), "curl": snippet.String()} {
		for _, gone := range []string{"U0ACME", "sekret123"} {
			if strings.Contains(text, gone) {
				t.Errorf("the %s tells %s:\n%s", kind, gone, text)
			}
		}
	}
	stand := redact.NewPseudonyms([]byte("key"))
	stand.Give("id", "U0ACME")
	if got := strings.Count(har.String(), stand.Text("U0ACME")); got != 2 {
		t.Errorf("the stand-in stands %d times, want 2:\n%s", got, &har)
	}
}
