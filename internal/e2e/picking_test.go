package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// connectty opens where it was left; who was pinned and who was worked with stand at
// the top of the users, and beside those that show stands what is known of their accounts.
func TestLastPlace(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := open(t, 120, 40, surroundings(home))
	s.shows("all users", "abc-123")
	s.keys("G", "p", "g")
	s.shows("★")
	s.keys("U", "jane", "enter", "A", "github", "enter")
	s.shows("jane@acme.io", "▸  GitHub · jane")
	s.keys("1", "g")
	s.shows("3 ") // Jane's accounts
	s.keys("q")
	s.ends()

	s = open(t, 120, 40, surroundings(home))
	s.shows("jane@acme.io", "▸  GitHub · jane", "★", "recent")
	s.until(func(text string) string {
		lines := strings.Split(text, "\n")
		for i, line := range lines {
			if strings.Contains(line, "all users") && strings.Contains(lines[i+1], "★") && strings.Contains(lines[i+2], "jane@acme.io") {
				return ""
			}
		}
		return "the order"
	})
	s.keys("E", "prod", "enter")
	s.shows("PRODUCTION")
	s.keys("q")
	s.ends()

	s = open(t, 120, 40, surroundings(home)) // never in production by itself
	s.shows("● development", "jane@acme.io  ▸  GitHub")
	s.keys("q")
	s.ends()
}

// An account is found by an id that is written or pasted, in the other environment as
// well, and J goes there.
func TestFindByID(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()))
	s.shows("all users", "abc-123")
	s.keys("A", "apn_slJane1", "enter")
	s.shows("jane@acme.io  ▸  Slack · Globex workspace")
	s.keys("A", "apn_nowhere1", "enter")
	s.shows("account apn_nowhere1: ")
	s.keys("A", "apn_slProd1", "enter")
	s.shows("is in production", "J goes there")
	s.keys("J")
	s.shows("PRODUCTION", "Slack")
	s.keys("q")
	s.ends()
}

// Another profile is opened behind the screen; one that cannot be says why, and the one
// before goes on working.
func TestSwitchProfile(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	box := sandbox(t)
	text := fmt.Sprintf("profile = \"acme\"\n[profile.acme]\nproject_id = \"proj_sandbox\"\nclient_id = %q\nclient_secret = \"env:BOX_SECRET\"\nbase_url = %q\ncolor = \"red\"\n"+
		"[profile.broken]\nproject_id = \"proj_other\"\nclient_id = \"x\"\nclient_secret = \"env:NO_SUCH_NAME\"\n",
		box.env["PIPEDREAM_CLIENT_ID"], box.http)
	config := filepath.Join(home, "config.toml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 120, 40, surroundings(home, "CONNECTTY_CONFIG="+config, "BOX_SECRET="+box.env["PIPEDREAM_CLIENT_SECRET"]))
	s.shows("sandbox · acme · ● development", "abc-123")
	s.keys("P")
	s.shows("Profile", "acme", "broken", "the embedded sandbox")
	s.keys("broken", "enter")
	s.shows("broken: ", "NO_SUCH_NAME", "the one before is in use")
	s.keys("U", "abc", "enter")
	s.shows("acme · ● development  ▸  abc-123")
	s.keys("u", "/kept", "esc", "P", "embedded", "enter")
	s.shows("Now in the embedded sandbox", "demo double", "no user: U picks one", "/kept")
	s.hides("acme ·")
	s.keys("U", "jane", "enter", "A", "slack", "enter", "P", "acme", "enter")
	s.shows("acme · ● development  ▸  abc-123") // where it was left there
	s.keys("q")
	if code := s.ends(); code != 0 {
		t.Errorf("it ends with %d", code)
	}
}

// Credentials that Connect refuses, and a Connect that is not there, are said in the
// pane, with what to do; the rest of the screen goes on working.
func TestListsThatFail(t *testing.T) {
	t.Parallel()
	box := sandbox(t)
	tests := map[string]struct {
		base, secret string
		want         []string
	}{
		"wrong secret": {box.http, "wrong", []string{"not loaded", "Connect does not accept the", "r loads them again"}},
		"no network":   {"http://127.0.0.1:1", box.env["PIPEDREAM_CLIENT_SECRET"], []string{"not loaded", "127.0.0.1:1", "loads them again"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, 120, 40, surroundings(t.TempDir(), "PIPEDREAM_CLIENT_ID="+box.env["PIPEDREAM_CLIENT_ID"], "PIPEDREAM_CLIENT_SECRET="+tt.secret,
				"PIPEDREAM_PROJECT_ID=proj_sandbox", "PIPEDREAM_PROJECT_ENVIRONMENT=development", "PIPEDREAM_BASE_URL="+tt.base))
			s.shows(tt.want...)
			s.keys("u", "https://example.com/still", "esc", "5")
			s.shows("https://example.com/still", "nothing sent yet")
			s.keys("q")
			if code := s.ends(); code != 0 {
				t.Errorf("it ends with %d", code)
			}
		})
	}
}
