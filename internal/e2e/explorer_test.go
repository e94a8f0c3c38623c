package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
)

// A newcomer does the main job: pick, compose a POST, send, read, quit, start
// again, find it in the history, send it again.
func TestMainJob(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := open(t, 120, 40, surroundings(home))
	s.shows("sandbox", "development", "abc-123")

	s.keys("U")
	s.shows("External user")
	s.keys("a", "b", "c", "enter")
	s.shows("▸  abc-123", "Acme workspace")
	s.keys("A")
	s.shows("Account")
	s.keys("s", "l", "a", "c", "k", "enter")
	s.shows("Slack · Acme workspace")

	s.keys("m", "p", "o", "enter")
	s.shows("POST ▾")
	s.keys("u", "/api/chat.postMessage", "esc")
	s.keys("]", "j", "enter", "X-Trace", "enter", "e2e-7", "esc") // the headers tab, a new row
	s.shows("X-Trace", "e2e-7")
	s.keys("b", `{"channel":"C03NA8B4VA9","text":"from a terminal"}`, "esc")
	s.keys("ctrl+r")
	s.shows("200 OK", `"ok": true`, `"text": "from a terminal"`)
	s.shows("POST 200") // the history has it
	s.keys("q")
	if code := s.ends(); code != 0 {
		t.Errorf("q ends with %d, want 0", code)
	}

	s = open(t, 120, 40, surroundings(home))
	s.shows("development", "POST 200")
	s.keys("5", "enter")
	s.shows("Slack · Acme workspace", "from a terminal", "POST ▾")
	s.keys("5", "r")
	s.until(func(text string) string {
		if strings.Count(text, "POST 200") < 2 {
			return "the second exchange is not in the history"
		}
		return ""
	})
	s.keys("q")
	s.ends()
}

// Who failed stands below the answer, in words; the diagnosis is a key away.
func TestDiagnosis(t *testing.T) {
	t.Parallel()
	s := open(t, 80, 24, surroundings(t.TempDir()), "-u", "jane@acme.io", "-a", "slack")
	s.shows("jane@acme.io", "Slack · Globex")
	s.keys("u", "https://slack.com/api/conversations.list?limit=50", "enter")
	s.shows("200 OK, but failed", "Who failed", "not granted channels:read")
	s.keys("D")
	s.shows("this account", "reconnect the account")
}

// A request that takes long shows a clock; esc cancels it, and what was typed is
// still there.
func TestCancel(t *testing.T) {
	t.Parallel()
	s := open(t, 100, 30, surroundings(t.TempDir()), "-u", "user-slow", "-a", "httpbin")
	s.shows("A slow API")
	s.keys("u", "https://httpbin.org/get?a=1", "enter")
	s.shows("sending GET httpbin.org", "esc")
	clock := regexp.MustCompile(` [1-9]\d* s of 30`)
	s.until(func(text string) string {
		if !clock.MatchString(text) {
			return "no clock counts"
		}
		return ""
	})
	s.keys("esc")
	s.shows("cancelled", "https://httpbin.org/get?a=1")
}

// Switching to production is unmistakable, drops the account, and a write there
// asks first, with Cancel as its default.
func TestProductionAsks(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("E", "p", "r", "o", "d", "enter")
	s.shows("PRODUCTION", "no account: A picks one")
	s.keys("A", "s", "l", "a", "c", "k", "enter")
	s.shows("Slack · Acme workspace")
	s.keys("m", "p", "o", "enter", "u", "/api/chat.postMessage", "enter")
	s.shows("Send to PRODUCTION?", "abc-123", "apn_slProd1", "Cancel")
	s.keys("enter")
	s.hides("Send to PRODUCTION?")
	s.shows("nothing sent yet")
	s.keys("ctrl+r", "tab", "enter")
	s.shows("200 OK") // without a body Slack complains, but it was sent
}

// Nothing is lost when the terminal changes its size, down to what is too small
// and back.
func TestResize(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()))
	s.shows("abc-123")
	s.keys("u", "https://slack.com/api/auth")
	for _, size := range [][2]int{{100, 30}, {80, 24}, {60, 15}} {
		s.resize(size[0], size[1])
		s.shows("development", "Request", "https://slack.com/api/auth")
	}
	s.resize(50, 10)
	s.shows("needs 60")
	s.resize(200, 60)
	s.shows("https://slack.com/api/auth", "History")
	s.keys(".test")
	s.shows("https://slack.com/api/auth.test")
}

// Text that is pasted in Browse is never read as keys.
func TestPasteIsNoKeys(t *testing.T) {
	t.Parallel()
	s := open(t, 100, 30, surroundings(t.TempDir()))
	s.shows("abc-123")
	s.keys("\x1b[200~qqq\x1b[201~")
	s.shows("What is the pasted text?")
	s.keys("esc")
	s.hides("What is the pasted text?")
	s.keys("?")
	s.shows("Keys", "Everywhere")
}

// A broken config.toml does not keep the explorer from opening: it says where.
func TestBrokenConfig(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: the folder differs there")
	}
	home := t.TempDir()
	dir := filepath.Join(home, "config")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(path, []byte("theme = \"dark\"\nprofil = 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 120, 40, surroundings(home, "CONNECTTY_CONFIG="+path))
	s.shows("config.toml:2", "profil")
	s.keys("q")
	if code := s.ends(); code != 0 {
		t.Errorf("got status %d, want 0", code)
	}
}

// ctrl+c, idle, asks once more.
func TestInterruptTwice(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()))
	s.shows("abc-123", "pick a user first") // idle: nothing is loading any more
	s.keys("ctrl+c")
	s.shows("again to quit")
	s.keys("ctrl+c")
	s.ends()
}

// A curl command is taken apart; its credential is left out, as the proxy has its
// own. A URL of the proxy leads to its account, too.
func TestPasteAnything(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("\x1b[200~curl -X POST https://slack.com/api/chat.postMessage -H 'Authorization: Bearer xoxb-1' --json '{\"channel\":\"C03NA8B4VA9\",\"text\":\"pasted\"}'\x1b[201~")
	s.shows("What is the pasted text?", "POST https://slack.com/api/chat.postMessage", "a curl command", "Authorization is left out")
	s.keys("enter")
	s.hides("What is the pasted text?")
	s.shows("POST ▾", "slack.com/api/chat.postMessage", "Body JSON 41 B")
	s.keys("ctrl+r")
	s.shows("200 OK", `"text": "pasted"`)

	s.keys("\x1b[200~https://api.pipedream.com/v1/connect/proj_sandbox/proxy/aHR0cHM6Ly9zbGFjay5jb20vYXBpL2F1dGgudGVzdA?external_user_id=jane@acme.io&account_id=apn_slJane1\x1b[201~")
	s.shows("a URL of the Connect proxy", "go to its user and account")
	s.keys("t")
	s.shows("jane@acme.io", "Slack · Globex", "GET ▾", "https://slack.com/api/auth.test")
}

// The person's own editor gets the whole request, and the screen is back after it.
func TestOwnEditor(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no shell there")
	}
	home := t.TempDir()
	script := filepath.Join(home, "ed")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf 'POST https://slack.com/api/chat.postMessage\\nX-Trace: 7\\n\\n{\"channel\":\"C03NA8B4VA9\",\"text\":\"edited\"}\\n' > \"$1\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := open(t, 120, 40, surroundings(home, "VISUAL="+script), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("e")
	s.shows("POST ▾", "chat.postMessage", "Headers 1", "Body JSON 41 B", "Taken over", "╭─ 1 Users")
	s.keys("ctrl+r")
	s.shows("200 OK", `"text": "edited"`)
	s.keys("q")
	s.ends()
}

// A request of a .http file is opened, filled in and sent; one that was composed is
// saved to a file and is there again.
func TestCollections(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	dir := filepath.Join(home, ".config", "connectty", "collections")
	if runtime.GOOS != "linux" {
		t.Skip("skipped: the folder differs there")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := "@word = hello\n### greet\nPOST https://slack.com/api/chat.postMessage\n\n{\"channel\":\"C03NA8B4VA9\",\"text\":\"{{word}} from {{user.id}}\"}\n"
	if err := os.WriteFile(filepath.Join(dir, "slack.http"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 120, 40, surroundings(home), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("o")
	s.shows("Open a request", "POST greet", "slack.http")
	s.keys("enter")
	s.shows("Opened from slack.http", "POST ▾")
	s.keys("ctrl+r")
	s.shows("200 OK", `"text": "hello from abc-123"`)

	s.keys("m", "get", "enter", "u", "ctrl+u", "/api/auth.test", "esc", "b", "end", "ctrl+u", "esc")
	s.keys("\x0f")
	s.shows("Save the request", "slack.http#greet", "another name keeps both")
	s.keys("ctrl+u", "requests.http#who", "enter")
	s.shows("Saved to ~/.config/connectty/collections/requests.http")
	s.keys("u", "?pretty=1", "esc", "\x0f")
	s.shows("requests.http#who")
	s.keys("enter")
	s.shows("Saved in ~/.config/connectty/collections/requests.http")
	got, err := os.ReadFile(filepath.Join(dir, "requests.http"))
	if want := "### who\nGET /api/auth.test?pretty=1\n"; err != nil || string(got) != want {
		t.Errorf("it holds %q, %v, want %q", got, err, want)
	}
	got, err = os.ReadFile(filepath.Join(dir, "slack.http"))
	if err != nil || string(got) != text {
		t.Errorf("the other holds %q, %v", got, err)
	}
	s.keys("o", "who")
	s.shows("GET who")
	s.keys("esc", "q")
	s.ends()
}

// A file is paged as a response is read; what comes on standard input shows before it
// has ended.
func TestViewAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a.json")
	var b strings.Builder
	b.WriteString(`{"data":[`)
	for i := range 20_000 {
		fmt.Fprintf(&b, `{"n":%d,"name":"record"},`, i)
	}
	b.WriteString(`"the end"]}`)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 80, 24, surroundings(t.TempDir()), "view", path)
	s.shows(`"data": [`, "a.json", "pretty · JSON", "? help")
	s.keys("G")
	s.shows(`"the end"`, "line 80,")
	s.keys("g", "/", `"n": 777,`, "enter")
	s.shows(`"n": 777`, "1 match")
	s.keys("y")
	s.shows("Copy", "the text", "the path", ".data[777]", "the value, with all in it")
	s.keys("esc", "v")
	s.shows("raw")
	s.keys("?")
	s.shows("Keys", "The text")
	s.keys("esc", "w")
	s.shows("save to a-copy.json")
	s.keys("esc", "q")
	if code := s.ends(); code != 0 {
		t.Errorf("q ends with %d", code)
	}
}

// A folder is no text.
func TestViewRefusesAFolder(t *testing.T) {
	t.Parallel()
	s := open(t, 200, 24, surroundings(t.TempDir()), "view", t.TempDir())
	s.shows("is a folder: name a file in it")
	if code := s.ends(); code != 2 {
		t.Errorf("it ends with %d, want 2", code)
	}
}

// An answer that says how to get its next page is followed with a key.
func TestNextPage(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("u", "/api/conversations.list?limit=1", "enter")
	s.shows("200 OK", "next_cursor")
	s.keys("4", ">")
	s.shows("cursor=", "limit=1", "The next page, by response_metadata.next_cursor")
}

// A user without accounts is looked for where they may be: in the other environment,
// or under an id that is written a little differently.
func TestElsewhere(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()))
	s.shows("jane@acme.io")
	s.keys("U", "prod-only@acme.io")
	s.shows("as it is written")
	s.keys("enter")
	s.shows("prod-only@acme.io has no accounts in development, but 1 account in production")
	s.keys("U", "JANE@acme.io ", "enter")
	s.shows("jane@acme.io", "Globex workspace")
	s.keys("U", "globex-other")
	s.shows("as it is written")
	s.keys("enter")
	s.shows("has no accounts, neither in development nor in production")
	s.keys("q")
	s.ends()

	s = open(t, 120, 40, surroundings(t.TempDir()), "-u", "ABC-123")
	s.shows(`ABC-123 has no accounts in development; there is a user "abc-123"`)
}

// jq filters a body, and esc brings the whole of it back.
func TestJQ(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("u", "/api/users.list", "enter")
	s.shows("200 OK", `"members": [`)
	s.keys("4", "|", ".members | map(.name)", "enter")
	s.shows("| .members | map(.name)", "esc shows the whole body")
	s.hides(`"members": [`)
	s.keys("|", "ctrl+u", ".members[", "enter")
	s.shows("jq: the filter ends before it is whole")
	s.keys("esc")
	s.shows(`"members": [`)
}
