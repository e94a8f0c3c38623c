package diagnose_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// answer is one of the corpus: answers as the public documentation of real APIs
// shows them, written down by somebody who had not seen the rules.
type answer struct {
	Name, App, Method, URL string
	Status                 int
	Headers                json.RawMessage
	Body                   json.RawMessage
	Want                   string // works, request, account or upstream
	Why                    string
}

// disputed are answers whose "want" is not proved by the answer; they count
// neither as right nor as wrong.
var disputed = map[string]string{
	"openai: insufficient_quota": "a credit that is spent: the other corpus holds the account responsible, as no waiting helps",
}

// header reads {"Name":"value"} and {"Name":["a","b"]}.
func (a answer) header(t *testing.T) http.Header {
	t.Helper()
	h := http.Header{}
	var one map[string]string
	var many map[string][]string
	switch {
	case len(a.Headers) == 0:
	case json.Unmarshal(a.Headers, &one) == nil:
		for name, v := range one {
			h.Set(name, v)
		}
	case json.Unmarshal(a.Headers, &many) == nil:
		for name, values := range many {
			for _, v := range values {
				h.Add(name, v)
			}
		}
	default:
		t.Errorf("%s: no header: %s", a.Name, a.Headers)
	}
	return h
}

// body is the text of the body: a JSON string is the text itself.
func (a answer) body() []byte {
	var text string
	if json.Unmarshal(a.Body, &text) == nil {
		return []byte(text)
	}
	return a.Body
}

// fits reports that a verdict is the wanted one. The corpus has no word for the
// setup: where it holds the account responsible, the account's OAuth client will do.
func fits(who diagnose.Who, want string) bool {
	switch want {
	case "works":
		return who == diagnose.None
	case "account":
		return who == diagnose.Account || who == diagnose.Setup
	}
	return string(who) == want
}

func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"corpus.json", "second.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			var corpus []answer
			if err := json.Unmarshal(text, &corpus); err != nil {
				t.Fatal(err)
			}
			judgeCorpus(t, corpus)
		})
	}
}

func judgeCorpus(t *testing.T, corpus []answer) {
	t.Helper()
	var right, wrong, unknown, alarms, out int
	for _, a := range corpus {
		f := diagnose.Judge(diagnose.Input{
			Method: a.Method, URL: a.URL, Status: a.Status, Header: a.header(t), Body: a.body(), App: &proxy.App{Slug: a.App},
		})
		reason := disputed[a.Name]
		switch {
		case reason != "":
			out++
			t.Logf("kept out: %s: %s", a.Name, reason)
		case f.Who == diagnose.Unknown:
			unknown++
			t.Logf("unknown: %s (want %s): %s", a.Name, a.Want, f.Summary)
		case fits(f.Who, a.Want):
			right++
		default:
			wrong++
			if a.Want == "works" {
				alarms++
			}
			t.Errorf("%s: got %s, %s (%s); want %s, as %s", a.Name, f.Who, f.Code, f.Summary, a.Want, a.Why)
		}
	}
	t.Logf("%d answers: %d right, %d wrong (%d of them false alarms), %d unknown, %d kept out", len(corpus), right, wrong, alarms, unknown, out)
}
