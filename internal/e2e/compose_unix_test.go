//go:build unix

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// editorScript is a person's editor: it notes what it was given, on which terminal
// and with what around it, and puts another text in the place of the file's.
const editorScript = `#!/bin/sh
{
	echo "args: $*"
	ls -ln "$2" | cut -c1-10
	stty -a | tr ' ' '\n' | grep -E '^-?(icanon|echo|isig);?$'
	env
	cat "$2"
} > "$NOTES" 2>&1
printf '%s' "$ANSWER" > "$2"
exit "${STATUS:-0}"
`

// The person's own editor gets the body in a file of its own, on a terminal as it
// was, without our secrets; what it leaves is taken over, and the file is gone.
func TestOwnEditorOfTheBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status, answer string
		want           string
	}{
		"changed":    {"0", "{\"channel\":\"C03NA8B4VA9\",\"text\":\"from outside\"}\n", "Taken over"},
		"as it was":  {"0", `{"a":1}`, "Nothing was changed"},
		"given up":   {"3", "other", "exit status 3; what it left is not taken"},
		"not opened": {"none", "", "set VISUAL or EDITOR"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			notes, tmp := filepath.Join(dir, "notes"), filepath.Join(dir, "tmp")
			script := filepath.Join(dir, "my editor")
			if err := os.Mkdir(tmp, 0o700); err != nil {
				t.Fatal(err)
			}
			if tt.status != "none" {
				if err := os.WriteFile(script, []byte(editorScript), 0o700); err != nil { //nolint:gosec // it is run
					t.Fatal(err)
				}
			}
			s := open(t, 120, 40, surroundings(t.TempDir(), "VISUAL='"+script+"' --wait", "TMPDIR="+tmp, "NOTES="+notes, "ANSWER="+tt.answer,
				"STATUS="+tt.status, "PIPEDREAM_UNUSED=secret-word", "SHELL_OF_MINE=kept"), "demo", "-u", "abc-123", "-a", "slack")
			s.shows("Slack · Acme workspace")
			s.keys("m", "p", "o", "enter", "u", "/api/chat.postMessage", "esc", "b", `{"a":1}`, "esc", "e")
			s.shows(tt.want, "Request", "POST ▾")
			if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
			if tt.want != "Taken over" {
				s.shows(`{"a":1}`)
				return
			}
			got, err := os.ReadFile(notes)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"args: --wait ", ".json", "-rw-------", "\nicanon", "\necho", "SHELL_OF_MINE=kept", `{"a":1}`} {
				if !strings.Contains(string(got), want) {
					t.Errorf("%q is not in what the editor saw:\n%s", want, got)
				}
			}
			if strings.Contains(string(got), "PIPEDREAM_") {
				t.Errorf("the editor saw our settings:\n%s", got)
			}
			s.keys("ctrl+r") // the terminal is ours again
			s.shows("200 OK", "from outside")
			s.keys("q")
			if code := s.ends(); code != 0 {
				t.Errorf("q ends with %d", code)
			}
		})
	}
}

// A form with a file is composed and sent from the keyboard; the file is read while
// it is sent.
func TestSendAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("what the file says"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "httpbin")
	s.shows("httpbin ·")
	s.keys("m", "p", "o", "enter", "u", "/post", "esc", "b", "esc", "c")
	s.shows("The body is", "a file from disk")
	s.keys("m", "doc", "esc", "f", "enter", path, "esc")
	s.shows("18 B", "Body multipart 1")
	s.keys("ctrl+r")
	s.shows("200 OK")
	s.keys("4", "G")
	s.shows("what the file says", `"doc": [`)
	s.keys("3", "c", "d", path, "esc")
	s.shows("18 B · text/plain")
	s.keys("ctrl+r")
	s.hides(`"doc": [`)
	s.keys("4", "G")
	s.shows(`"data": "what the file says"`)
}

// A megabyte is pasted as one edit: one undo takes it back, and what is typed
// behind it is there.
func TestPasteAMegabyte(t *testing.T) {
	t.Parallel()
	s := open(t, 120, 40, surroundings(t.TempDir()), "-u", "abc-123", "-a", "slack")
	s.shows("Slack · Acme workspace")
	s.keys("b")
	var b strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&b, "\"line %06d of text\",\r", i)
	}
	s.keys("\x1b[200~["+b.String()+"\x1b[201~", `"END"]`)
	s.shows("039999 of text", `"END"]`, "JSON 920 kB", "40001:7")
	s.hides("✗ line") // it is JSON
	s.keys("\x1b", "")
	s.shows("Browse")
	s.keys("\x1az")
	s.hides(`"END"]`)
	s.keys("\x1az")
	s.shows("Body –")
}
