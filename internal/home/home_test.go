package home_test

import (
	"path/filepath"
	"testing"

	"github.com/connectty/connectty/internal/home"
)

func TestHome(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	below := filepath.Join("a", "b.txt")
	for path, want := range map[string]string{
		"~": dir, filepath.Join("~", below): filepath.Join(dir, below), "~other/x": "~other/x", below: below, "": "", "x~": "x~",
	} {
		if got := home.Expand(path); got != want {
			t.Errorf("%q is %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]string{filepath.Join(dir, below): filepath.Join("~", below), dir + "x": dir + "x", below: below} {
		if got := home.Short(path); got != want {
			t.Errorf("%q is written %q, want %q", path, got, want)
		}
	}
}
