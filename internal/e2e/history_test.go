package e2e

import (
	"os/exec"
	"testing"
)

// What was sent is found by words and filters, deleted and put back; what another
// connectty sends appears by itself, and while the history is paused nothing is kept.
func TestHistoryPane(t *testing.T) {
	t.Parallel()
	env := beside(t, sandbox(t))
	s := open(t, 120, 40, env)
	s.shows("abc-123")
	s.keys("U", "abc", "enter", "A", "slack", "enter")
	s.shows("abc-123  ▸  Slack")
	s.keys("u", "https://slack.com/api/conversations.list?limit=7", "enter")
	s.shows("200 OK")
	s.keys("5", "f", "f")
	s.shows("everything", "/api/conversations.list?limit=7")
	other := exec.CommandContext(t.Context(), program(t), "send", "GET", "https://slack.com/api/auth.test", "-u", "abc-123", "-a", "slack")
	other.Env = env
	if out, err := other.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.shows("/api/auth.test") // by itself
	s.keys("/", "conv app:slack", "enter")
	s.shows("1/1")
	s.keys("d")
	s.shows("Deleted GET https://slack.com/api/conversations.list", "nothing was found")
	s.keys("ctrl+z")
	s.shows("Put back GET", "1/1")
	s.keys("F")
	s.shows("Show all of", "this user", "this path", "/api/conversations.list")
	s.keys("u")
	s.shows("user:abc-123", "/api/auth.test", "1/2")
	s.keys(" ", "j")
	s.shows("C compares it with the one that is marked")
	s.keys("C")
	s.shows("C Compare  /api/conversations.list")
	s.keys("esc", "5")
	s.keys("X")
	s.shows("The history is paused", "history paused")
	s.keys("u", "ctrl+u", "https://slack.com/api/users.list", "enter")
	s.shows("users.list", "200 OK")
	s.keys("5", "R")
	s.shows("2/2")
	s.keys("X")
	s.shows("What is sent is kept again")
	s.keys("q")
	s.ends()
}
