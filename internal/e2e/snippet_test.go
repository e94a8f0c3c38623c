package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A request of the history is written to be sent by other means, and each of them
// sends it.
func TestSnippets(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: no shell there")
	}
	home := t.TempDir()
	box := sandbox(t)
	env := surroundings(home, box.vars()...)
	connectty := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program(t), args...)
		cmd.Env = env
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	connectty("send", "POST", "https://slack.com/api/chat.postMessage", "-u", "abc-123", "-a", "slack",
		"-H", "X-Trace: it's 1", "-d", `{"channel":"C03NA8B4VA9","text":"it's \"quoted\" – ünïcode"}`)
	_, here, _, _ := runtime.Caller(0)
	runners := map[string]func(t *testing.T, snippet string) *exec.Cmd{
		"curl": func(t *testing.T, snippet string) *exec.Cmd {
			t.Helper()
			tool(t, "curl")
			return exec.CommandContext(t.Context(), tool(t, "sh"), "-c", snippet)
		},
		"python": func(t *testing.T, snippet string) *exec.Cmd {
			t.Helper()
			return exec.CommandContext(t.Context(), tool(t, "python3"), "-c", snippet)
		},
		"js": func(t *testing.T, snippet string) *exec.Cmd {
			t.Helper()
			node, dir := modules(t)
			cmd := exec.CommandContext(t.Context(), node, "--input-type=module", "-e", strings.Replace(snippet, "@pipedream/sdk", "pipedream-sdk-3", 1))
			cmd.Dir = dir
			return cmd
		},
		"go": func(t *testing.T, snippet string) *exec.Cmd {
			t.Helper()
			path := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(path, []byte(snippet), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), tool(t, "go"), "run", path)
			cmd.Dir = filepath.Dir(here)
			return cmd
		},
		"http": func(t *testing.T, snippet string) *exec.Cmd {
			t.Helper()
			path := filepath.Join(t.TempDir(), "a.http")
			if err := os.WriteFile(path, []byte(snippet), 0o600); err != nil {
				t.Fatal(err)
			}
			return exec.CommandContext(t.Context(), program(t), "run", path, "-u", "abc-123", "-a", "slack")
		},
	}
	for format, runner := range runners {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			snippet := connectty("history", "show", "last", "--format", format)
			if strings.Contains(snippet, box.env["PIPEDREAM_CLIENT_SECRET"]) {
				t.Errorf("the secret is in the snippet:\n%s", snippet)
			}
			cmd := runner(t, snippet)
			cmd.Env = slices.Concat(env, []string{"GOCACHE=" + goEnv(t, "GOCACHE"), "GOMODCACHE=" + goEnv(t, "GOMODCACHE"), "GOPATH=" + goEnv(t, "GOPATH")})
			if format == "http" {
				cmd.Env = slices.Concat(env, []string{"CONNECTTY_DATA_DIR=" + t.TempDir()}) // the last one stays the last
			}
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), `"ok":true`) || !strings.Contains(string(out), `ünïcode`) {
				t.Errorf("%v\n%s\nof\n%s", err, out, snippet)
			}
		})
	}
}

// goEnv is a setting of this machine's go.
func goEnv(t *testing.T, name string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), tool(t, "go"), "env", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
