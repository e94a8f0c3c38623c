package command_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/internal/command"
)

func TestEnviron(t *testing.T) {
	t.Setenv("PIPEDREAM_CLIENT_SECRET", "top")
	t.Setenv("ACME_TOKEN", "Bearer s3cret")
	t.Setenv("KEPT", "yes")
	env := command.Environ("s3cret", "")
	for _, e := range env {
		if strings.Contains(e, "top") || strings.Contains(e, "s3cret") {
			t.Errorf("%s is there", e)
		}
	}
	if !slices.Contains(env, "KEPT=yes") {
		t.Error("what is nobody's secret went too")
	}
}

func TestOutput(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no shell there")
	}
	tests := map[string]struct{ line, want, fails string }{
		"what it prints": {"printf abc", "abc", ""},
		"its beginning":  {"printf 123456789", "12345678", ""},
		"what it reads":  {"cat", "given", ""},
		"a complaint":    {"echo ' no such user ' >&2; echo more >&2; exit 3", "", "exit status 3: no such user"},
		"no complaint":   {"exit 4", "", "exit status 4"},
		"no end":         {"exec sleep 60", "", "no end after 300ms"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			call := command.Call{Words: []string{"sh", "-c", tt.line}, Stdin: strings.NewReader("given"), Limit: 10 * time.Second, Most: 8}
			if name == "no end" {
				call.Limit = 300 * time.Millisecond
			}
			out, err := call.Output(t.Context())
			if got := string(out); got != tt.want || (err == nil) != (tt.fails == "") || err != nil && err.Error() != tt.fails {
				t.Errorf("got %q, %v, want %q, %q", got, err, tt.want, tt.fails)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := (command.Call{Words: []string{"sh"}, Limit: time.Second, Most: 1}).Output(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
