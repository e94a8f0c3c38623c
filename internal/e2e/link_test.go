package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// vars are the variables that a sandbox printed, as an environment.
func (s server) vars() []string {
	var out []string
	for name, value := range s.env {
		out = append(out, name+"="+value)
	}
	return out
}

// A link is watched after connectty was quit: started again it goes on with the
// account that was connected meanwhile, and sends the call that had failed.
func TestLinkSurvivesQuitting(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := surroundings(home, sandbox(t).vars()...)
	s := open(t, 120, 40, env, "-u", "jane@acme.io", "-a", "slack")
	s.shows("Slack · Globex")
	s.keys("u", "/api/conversations.list?limit=50", "enter")
	s.shows("200 OK, but failed")
	s.keys("L")
	s.shows("Reconnect link", "good for 3:59:", "also after it was quit")
	first := regexp.MustCompile(`3:59:\d\d`).FindString(s.text())
	s.until(func(text string) string {
		if strings.Contains(text, first) {
			return "the countdown stands still at " + first
		}
		return ""
	})
	s.keys("u")
	link := s.copied("http://127.0.0.1:")
	s.keys("4")
	s.shows("watching until")
	kept, err := filepath.Glob(filepath.Join(home, ".local", "share", "connectty", "links", "*.json"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%d watches are kept, %v", len(kept), err)
	}
	if data, err := os.ReadFile(kept[0]); err != nil || strings.Contains(string(data), "ctok_") {
		t.Errorf("the link is in the file: %s, %v", data, err)
	}
	s.keys("q")
	s.ends()

	connect(t, link, "Globex again")
	s = open(t, 120, 40, env)
	s.shows("Connected: Slack · Globex again", "L goes there")
	s.keys("L")
	s.shows("go there, and send the request again")
	s.keys("r")
	s.shows("jane@acme.io", "Slack · Globex again", "/api/conversations.list", "200 OK", `"ok": true`)
	if _, err := os.Stat(kept[0]); !os.IsNotExist(err) {
		t.Errorf("the watch is still kept: %v", err)
	}
	s.keys("q")
	s.ends()
}

const emptyProject = `
[project]
id = "proj_new"
[[app]]
slug = "echo"
name = "Echo"
auth_type = "keys"
allowed_domains = ["127.0.0.1"]
base_url = "http://127.0.0.1:9"
insert = { header = "Authorization", value = "Bearer {{access_token}}" }
`

// A project without users begins with any id, an app and a link.
func TestFirstAccount(t *testing.T) {
	t.Parallel()
	config := filepath.Join(t.TempDir(), "sandbox.toml")
	if err := os.WriteFile(config, []byte(emptyProject), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 120, 40, surroundings(t.TempDir(), sandbox(t, "--config", config).vars()...))
	s.shows("n connects a first account")
	s.keys("n")
	s.shows("Connect an account for", "known to Connect, or new")
	s.keys("our-user-1", "enter")
	s.shows("Which app", "Echo")
	s.keys("ech", "enter")
	s.shows("Reconnect link", "For our-user-1 in development")
	s.keys("u")
	connect(t, s.copied("http://127.0.0.1:"), "First")
	s.shows("Connected: Echo · First", "our-user-1")
	s.keys("L", "g")
	s.shows("our-user-1  ▸  Echo · First")
	s.keys("q")
	s.ends()
}

// The account's view ends with what this machine knows of it; a failure says since
// when.
func TestAccountTimeline(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "jane@acme.io", "-a", "slack")
	s.shows("Slack · Globex")
	s.keys("t")
	s.shows("the token works as ")
	s.keys("u", "/api/conversations.list", "enter")
	s.shows("200 OK, but failed")
	s.keys("D")
	s.shows("this account last worked", "(our history)")
	s.keys("I", "G")
	s.shows("failed: ", "worked", "seen for the first time: healthy", "Connect's list, as seen here", "first seen here today")
	s.keys("esc", "q")
	s.ends()
}
