package export_test

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

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

func TestPreview(t *testing.T) {
	t.Parallel()
	lines := export.Report{}.Preview(sample())
	if text := strings.Join(lines, "; "); !strings.Contains(text, "1 account, by a stand-in") || !strings.Contains(text, "secrets in") {
		t.Errorf("got %s", text)
	}
}
