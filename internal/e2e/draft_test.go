package e2e

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What was composed is there again after connectty was quit, and after it was killed;
// for another account it stays away.
func TestDraft(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := open(t, 120, 40, surroundings(home), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("m", "po", "enter", "u", "/api/chat.postMessage", "esc", "b", `{"text":"half written, token xoxb-123456789012-abcdefGHIJKL"}`, "esc", "q")
	if code := s.ends(); code != 0 {
		t.Fatalf("q ends with %d", code)
	}
	drafts := func() string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(home, ".local", "share", "connectty", "drafts", "*.json"))
		if err != nil || len(files) > 1 {
			t.Fatalf("%v, %v", files, err)
		}
		if len(files) == 0 {
			return ""
		}
		data, err := os.ReadFile(files[0])
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		return string(data)
	}
	if runtime.GOOS == "linux" {
		if text := drafts(); !strings.Contains(text, "half written") || strings.Contains(text, "xoxb-1234") {
			t.Errorf("the draft is\n%s", text)
		}
	}

	s = open(t, 120, 40, surroundings(home), "-u", "abc-123", "-a", "github")
	s.shows("GitHub ·", "write the URL")
	s.hides("chat.postMessage")
	s.keys("q")
	s.ends()

	s = open(t, 120, 40, surroundings(home), "-u", "abc-123", "-a", "slack")
	s.shows("What you composed last is here again", "POST ▾", "/api/chat.postMessage", "[redacted] marks what was left out")
	s.keys("b")
	s.shows("half written, token [redacted]")
	s.keys("ctrl+u", `{"text":"typed before the crash"}`)
	s.shows("before the crash")
	if runtime.GOOS != "linux" {
		return // the folder differs there
	}
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(drafts(), "before the crash"); {
		if time.Now().After(deadline) {
			t.Fatalf("it was not kept while it was typed:\n%s", drafts())
		}
		s.settle(50 * time.Millisecond)
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.ends()

	s = open(t, 120, 40, surroundings(home), "-u", "abc-123", "-a", "slack")
	s.shows("What you composed last is here again", "POST ▾")
	s.keys("b")
	s.shows("typed before the crash")
	s.keys("esc", "q")
	s.ends()

	s = open(t, 120, 40, surroundings(t.TempDir()), "--no-history", "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("u", "/x", "esc", "q")
	s.ends()
}
