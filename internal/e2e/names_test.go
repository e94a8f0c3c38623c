package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A name without a value is marked before anything is sent, and goes out as it stands
// only when that is asked for twice; the others are filled in: from files that may
// change meanwhile, from the target, and from the last answer.
func TestNames(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("skipped: the folder differs there")
	}
	home := t.TempDir()
	dir := filepath.Join(home, ".config", "connectty", "collections")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	values := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "http-client.env.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	values(`{"development": {"channel": "C03NA8B4VA9", "greeting": "hello {{user.id}}"}}`)
	s := open(t, 120, 40, surroundings(home), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("m", "po", "enter", "u", "/api/chat.postMessage", "esc", "b", `{"channel":"{{chanel}}","text":"{{greeting}}"}`, "esc")
	s.shows(`! no value for {{chanel}}; did you mean "channel"?`)
	s.keys("ctrl+r")
	s.shows(`no value for {{chanel}}`, "once more sends it as it stands", "nothing sent yet")
	s.keys("ctrl+r")
	s.shows("channel_not_found")
	s.keys("b", "ctrl+u", `{"channel":"{{channel}}","text":"{{greeting}}"}`, "esc")
	s.hides("no value for")
	s.keys("ctrl+r")
	s.shows("200 OK", `"text": "hello abc-123"`)

	values(`{"development": {"channel": "C03NA8B4VA9", "greeting": "changed"}}`)
	s.keys("3", "ctrl+r")
	s.shows(`"text": "changed"`)

	s.keys("m", "get", "enter", "u", "ctrl+u", "/api/conversations.info?channel={{last.body.channel}}", "esc", "b", "ctrl+u", "esc", "3", "]")
	s.shows("conversations.info?channel=C03NA8B4VA9") // the preview shows what goes out
	s.keys("ctrl+r")
	s.shows("conversations.info", "200 OK")
	s.keys("4", "]", "]", "]")
	s.shows("channel=C03NA8B4VA9")
	s.keys("q")
	s.ends()
}

// The pages behind an answer are joined into one body; each is in the history.
func TestJoinPages(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("u", "/api/users.list", "enter")
	s.shows("200 OK")
	s.keys("4", "M")
	s.shows("Join pages")
	s.keys("enter")
	s.shows("there is nothing to join: the answer names no next page")
	s.keys("u", "ctrl+u", "/api/conversations.list?limit=1", "enter")
	s.shows("conversations.list?limit=1", "200 OK", "sent here 2")
	s.keys("4", "M")
	s.shows("Join pages")
	s.keys("ctrl+u", "2", "enter")
	s.shows("2 pages · 2 rows")
	s.hides("ended")
	s.keys("M")
	s.shows("Join pages")
	s.keys("enter")
	s.shows("rows · ended: the answer names no next page", "sent here")
	s.keys("q")
	s.ends()
}
