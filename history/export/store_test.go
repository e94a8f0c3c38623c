package export_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// tokensOf are values that are secret by their shape, of many issuers.
var tokensOf = map[string]string{
	"Slack": token, "Slack webhook": "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
	"GitHub": "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "GitHub, fine": "github_pat_11ABCDEFG0aBcDeFgHiJkL_0123456789", "GitLab": "glpat-aBcDeFgHiJkLmNoPqRsT",
	"Stripe": "sk_live_51H8aBcDeFgHiJkLmNoPq", "webhook": "whsec_aBcDeFgHiJkLmNoPqRsTuVwXyZ012345", "AWS": "AKIAIOSFODNN7EXAMPLE",
	"JWT":    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
	"Google": "AIzaSyA1bC2dE3fG4hI5jK6lM7nO8pQ9rS0tU1v", "SendGrid": "SG.aBcDeFgHiJkLmNoP.qRsTuVwXyZ0123456789aBcDeF",
	"npm": "npm_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789", "OpenAI": "sk-proj-aBcDeFgHiJkLmNoPqRsT", "Notion": "ntn_12345678901aBcDeFgHiJkLmNoP",
	"Telegram": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0",
}

// Whatever stands in an exchange, no secret is in the file of the history, beside it, in
// its index, or in what is exported of it as lines.
func TestNoSecretInTheStore(t *testing.T) {
	t.Parallel()
	secrets := maps.Clone(tokensOf)
	secrets["known"] = known
	for what, secret := range secrets {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "history.db")
			s, err := history.Open(t.Context(), history.Options{Path: path, ProductionBodies: history.BodiesFull, Secrets: func() []string { return []string{known} }})
			if err != nil {
				t.Fatal(err)
			}
			var lines bytes.Buffer
			for where, x := range places(secret) {
				if where == "external user" || what != "known" && strings.HasSuffix(where, "Base64 of URLs in text") {
					continue // an id of the person's own choice; a token that is glued to other letters is known by its value only
				}
				x.ID = history.NewID(x.StartedAt)
				for _, err := range []error{s.Begin(t.Context(), x), s.Complete(t.Context(), x)} {
					if err != nil {
						t.Fatal(err)
					}
				}
				kept, err := s.Load(t.Context(), x.ID)
				if err != nil {
					t.Fatal(err)
				}
				lines.Reset()
				if err := history.WriteJSON(&lines, kept, nil); err != nil {
					t.Fatal(err)
				}
				if tells(lines.String(), secret) {
					t.Errorf("%s: the history tells it:\n%s", where, lines.String())
				}
			}
			// Headers stand under names of their own; what is under a secret's name is masked whole.
			x := sample()
			x.ID = history.NewID(x.StartedAt)
			x.Request.Headers = []proxy.Field{{Name: "Cookie", Value: "sid=" + secret}, {Name: "X-Api-Key", Value: "plain-" + what + "-value"}}
			x.Request.Body = []byte(`{"password":"plain-` + what + `-value","deep":[{"client_secret":["plain-` + what + `-value"]}]}`)
			if err := s.Complete(t.Context(), x); err != nil {
				t.Fatal(err)
			}
			if found, err := s.Count(t.Context(), history.Query{Text: secret}); err != nil || found > 0 {
				t.Errorf("it is found %d times, %v", found, err)
			}
			for _, file := range []string{path, path + "-wal", path + "-shm"} {
				data, err := os.ReadFile(file)
				if err != nil {
					continue // it need not be there
				}
				for _, hidden := range []string{secret, "plain-" + what + "-value", strings.ToLower(secret)} {
					if bytes.Contains(data, []byte(hidden)) {
						t.Errorf("%s holds %q", filepath.Base(file), hidden)
					}
				}
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}
