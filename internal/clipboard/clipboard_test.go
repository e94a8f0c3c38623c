package clipboard_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/clipboard"
)

// fakeTmux puts a tmux on the path that ends so.
func fakeTmux(t *testing.T, status string) (got string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no tmux there")
	}
	dir := t.TempDir()
	got = filepath.Join(dir, "got")
	script := "#!/bin/sh\nprintf '%s ' \"$@\" > '" + got + "'\ncat >> '" + got + "'\nexit " + status + "\n"
	if err := os.WriteFile(filepath.Join(dir, "tmux"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("TMUX", "/tmp/tmux,1,0")
	return got
}

func TestTmux(t *testing.T) {
	got := fakeTmux(t, "0")
	way, err := clipboard.Copy(t.Context(), "a text", t.TempDir())
	if err != nil || way.OSC52 || !strings.Contains(way.Words, "tmux") {
		t.Errorf("got %+v, %v", way, err)
	}
	if data, err := os.ReadFile(got); err != nil || string(data) != "load-buffer -w - a text" {
		t.Errorf("tmux got %q, %v", data, err)
	}
}

// An old tmux does not know -w: the terminal is told instead.
func TestOldTmux(t *testing.T) {
	fakeTmux(t, "1")
	if way, err := clipboard.Copy(t.Context(), "a text", t.TempDir()); err != nil || !way.OSC52 {
		t.Errorf("got %+v, %v", way, err)
	}
}

func TestTerminalOrFile(t *testing.T) {
	t.Setenv("TMUX", "")
	dir := filepath.Join(t.TempDir(), "data")
	if way, err := clipboard.Copy(t.Context(), strings.Repeat("x", clipboard.Most), dir); err != nil || !way.OSC52 {
		t.Errorf("got %+v, %v", way, err)
	}
	long := strings.Repeat("x", clipboard.Most+1)
	way, err := clipboard.Copy(t.Context(), long, dir)
	path := filepath.Join(dir, "copied.txt")
	if err != nil || way.OSC52 || !strings.HasSuffix(way.Words, path) {
		t.Errorf("got %+v, %v", way, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size() != int64(len(long)) || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("got %v, %v", info, err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := clipboard.Copy(t.Context(), long, file); err == nil {
		t.Error("a folder that is a file does")
	}
}
