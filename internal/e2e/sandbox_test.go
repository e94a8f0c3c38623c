package e2e

import (
	"bufio"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// server is `connectty sandbox`, running.
type server struct {
	http, https string            // base URLs
	env         map[string]string // the PIPEDREAM_* variables it printed
}

var (
	listening = regexp.MustCompile(`listening on (https?)://(\S+)`)
	exported  = regexp.MustCompile(`^export (PIPEDREAM_[A-Z_]+)='([^']*)'$`)
)

// sandbox starts the sandbox on free ports and stops it with the test.
func sandbox(t *testing.T, args ...string) server {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program(t), append([]string{"sandbox", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = surroundings(t.TempDir())
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	words, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })

	s := server{env: map[string]string{}}
	lines := make(chan string)
	read := func(r *bufio.Scanner) {
		for r.Scan() {
			lines <- r.Text()
		}
	}
	go read(bufio.NewScanner(out))
	go read(bufio.NewScanner(words))
	wantTLS := strings.Contains(strings.Join(args, " "), "--tls-addr")
	var said []string
	for len(s.env) < 5 || s.http == "" || wantTLS && s.https == "" {
		select {
		case line := <-lines:
			said = append(said, line)
			if m := exported.FindStringSubmatch(line); m != nil {
				s.env[m[1]] = m[2]
			}
			if m := listening.FindStringSubmatch(line); m != nil {
				if m[1] == "https" {
					s.https = m[1] + "://" + m[2]
				} else {
					s.http = m[1] + "://" + m[2]
				}
			}
		case <-time.After(patience):
			t.Fatalf("the sandbox does not say where it listens; it said:\n%s", strings.Join(said, "\n"))
		}
	}
	go func() { // it may go on talking
		for line := range lines {
			_ = line
		}
	}()
	return s
}

// beside is the environment of programs that work with a server, in a home of their own.
func beside(t *testing.T, box server) []string {
	t.Helper()
	env := surroundings(t.TempDir())
	for name, value := range box.env {
		env = append(env, name+"="+value)
	}
	return env
}
