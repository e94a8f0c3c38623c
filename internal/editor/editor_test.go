package editor_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/editor"
)

// script is an editor: a shell script that gets the file as its last argument.
func script(t *testing.T, lines string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no shell there")
	}
	path := filepath.Join(t.TempDir(), "an editor")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+lines+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEditor(t *testing.T) {
	tests := map[string]struct {
		lines, before, want string
		err                 error
	}{
		"changed":         {`printf '{"b":2}\n' > "$2"`, `{"a":1}`, `{"b":2}`, nil},
		"unchanged":       {`:`, "as it was", "", editor.ErrUnchanged},
		"a line break":    {`printf 'x\n' > "$2"`, "x", "", editor.ErrUnchanged},
		"kept line break": {`printf 'y\n' > "$2"`, "x\n", "y\n", nil},
		"no secret":       {`printf '%s' "$PIPEDREAM_CLIENT_SECRET." > "$2"`, "x", ".", nil},
		"no known secret": {`printf '%s' "$ACME_SECRET." > "$2"`, "x", ".", nil},
		"the argument":    {`printf '%s' "$1 ${2##*.}" > "$2"`, "x", "a b json", nil},
	}
	t.Setenv("PIPEDREAM_CLIENT_SECRET", "top")
	t.Setenv("ACME_SECRET", "Bearer another-secret")
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Setenv("VISUAL", "'"+script(t, tc.lines)+"' 'a b'")
			f, err := editor.Write(tc.before, ".json")
			if err != nil {
				t.Fatal(err)
			}
			defer f.Discard()
			cmd, err := f.Command([]string{"another-secret"})
			if err != nil {
				t.Fatal(err)
			}
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			got, err := f.Text()
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("got %q, %v, want %q, %v", got, err, tc.want, tc.err)
			}
			path := cmd.Args[len(cmd.Args)-1]
			if info, err := os.Stat(filepath.Dir(path)); err != nil || info.Mode().Perm() != 0o700 {
				t.Errorf("its folder is %v, %v", info.Mode(), err)
			}
			f.Discard()
			if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
				t.Errorf("something is left: %v", err)
			}
		})
	}
}

func TestNoEditor(t *testing.T) {
	for line, want := range map[string]string{"no-such-editor -w": "set VISUAL or EDITOR", "vi 'x": "cannot be read"} {
		t.Setenv("VISUAL", line)
		f, err := editor.Write("x", ".txt")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Discard()
		if _, err := f.Command([]string{"another-secret"}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
