package history_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// each brings exchanges, one after the other.
func each(all ...history.Exchange) func() (history.Exchange, error) {
	return func() (history.Exchange, error) {
		if len(all) == 0 {
			return history.Exchange{}, io.EOF
		}
		x := all[0]
		all = all[1:]
		return x, nil
	}
}

// What came in together stays in its order, and counts for nothing that was sent.
func TestImportOfOneMoment(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]func(i int) string{"without ids": func(int) string { return "" }, "with foreign ids": func(i int) string { return fmt.Sprintf("%04d", i) }} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, history.Options{})
			now := time.Now()
			var all []history.Exchange
			var want []string
			for i := range 300 {
				x := sample()
				x.ID, x.StartedAt, x.Request.URL = id(i), now, fmt.Sprintf("https://a.io/%d", i)
				all, want = append(all, x), append([]string{fmt.Sprint(i)}, want...)
			}
			if _, err := s.Import(t.Context(), each(all...)); err != nil {
				t.Fatal(err)
			}
			if got := found(t, s, history.Query{Limit: 300}); got != strings.Join(want, " ") {
				t.Errorf("got %s", got)
			}
			if n, err := s.SentSince(t.Context(), "proj_1", now.Add(-time.Minute)); n != 0 || err != nil {
				t.Errorf("%d count as sent from here, %v", n, err)
			}
		})
	}
}

// An error ends an import, also one that has an end of its own in it; what came before
// stays.
func TestImportEndsWithAnError(t *testing.T) {
	t.Parallel()
	hostile := map[string]func(x *history.Exchange){
		"method": func(x *history.Exchange) { x.Request.Method = "GET; touch x #" },
		"where":  func(x *history.Exchange) { x.Environment = "foo" },
		"id":     func(x *history.Exchange) { x.ID = "last" },
		"status": func(x *history.Exchange) { x.Response = &history.Response{Status: 99999} },
		"lines":  func(x *history.Exchange) { x.Request.URL = "https://a.io/\nX: y" },
		"header": func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X", Value: "y\r\nZ: w"}} },
		"name":   func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X: y\n", Value: "z"}} },
	}
	for name, change := range hostile {
		bad := sample()
		change(&bad)
		s := open(t, history.Options{})
		if done, err := s.Import(t.Context(), each(sample(), bad)); err == nil || done.Added != 1 {
			t.Errorf("%s: %+v, %v", name, done, err)
		}
	}
	s := open(t, history.Options{})
	_, err := s.Import(t.Context(), func() (history.Exchange, error) {
		return history.Exchange{}, fmt.Errorf("line 1: %w", io.EOF)
	})
	if err == nil {
		t.Error("what broke off counts as the end")
	}
}

// An import that waits for more ends with its context.
func TestImportIsCancelled(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	more := make(chan struct{})
	defer close(more)
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := s.Import(ctx, func() (history.Exchange, error) {
		<-more
		return history.Exchange{}, io.EOF
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// interruptedVariable names the file for the process of TestImportIsKilled.
const interruptedVariable = "CONNECTTY_TEST_INTERRUPTED"

// TestInterruptedImport is the process that TestImportIsKilled ends.
func TestInterruptedImport(t *testing.T) {
	path := os.Getenv(interruptedVariable)
	if path == "" {
		t.Skip("run by TestImportIsKilled")
	}
	s := open(t, history.Options{Path: path})
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	start := time.Now().AddDate(0, 0, -1)
	_, _ = s.Import(t.Context(), func() (history.Exchange, error) {
		if n++; n > 1600 { // the first batches are written
			_ = self.Kill()
			<-t.Context().Done() // it never comes
		}
		x := sample()
		x.ID, x.StartedAt, x.Request.URL = "", start.Add(time.Duration(n)*time.Second), fmt.Sprintf("https://a.io/zebra/%d", n)
		return x, nil
	})
}

// What an import that was cut off left is found, newest first.
func TestImportIsKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	for i := range 50 {
		x := sample()
		x.StartedAt = time.Now().AddDate(0, 0, -9)
		x.ID, x.Request.URL = "", fmt.Sprintf("https://a.io/zebra/old%d", i)
		if _, err := s.Import(t.Context(), each(x)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestInterruptedImport$")
	cmd.Env = append(os.Environ(), interruptedVariable+"="+path)
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("%v\n%s", err, out)
	}
	newest := func() string { return found(t, s, history.Query{Text: "zebra", Limit: 5}) }
	before := newest()
	if strings.Contains(before, "old") {
		t.Errorf("found %s", before)
	}
	if _, err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := newest(); after != before {
		t.Errorf("indexed: found %s, before %s", after, before)
	}
}
