package history_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
)

// How often the tests of this file do a thing; a variable makes it more, by hand.
func times(t *testing.T, variable string, usual int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv(variable)); err == nil {
		return n
	}
	return usual
}

// writer starts a process that writes.
func writer(ctx context.Context, path string, most int) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), child+"="+path, fmt.Sprintf("%s=%d", count, most))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	return cmd, &out
}

// Many processes write while one searches and one prunes: all is there, none twice, and
// nobody is told of a lock.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	const processes = 20
	each := times(t, "CONNECTTY_SHARE_EACH", 15)
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	ctx, stop := context.WithCancel(t.Context())
	var beside sync.WaitGroup
	beside.Go(func() {
		for ctx.Err() == nil {
			if _, err := s.List(t.Context(), history.ParseQuery("slack status:200")); err != nil {
				t.Error(err)
				return
			}
			if _, err := s.Prune(t.Context(), time.Now().Add(-time.Hour), 0); err != nil {
				t.Error(err)
				return
			}
		}
	})
	var writers sync.WaitGroup
	ids := make(chan string, processes*each)
	for range processes {
		writers.Go(func() {
			cmd, out := writer(t.Context(), path, each)
			if err := cmd.Run(); err != nil {
				t.Error(err)
			}
			for id := range strings.FieldsSeq(out.String()) {
				ids <- id
			}
		})
	}
	writers.Wait()
	stop()
	beside.Wait()
	close(ids)
	said := map[string]bool{}
	for id := range ids {
		said[id] = true
	}
	list, err := s.List(t.Context(), history.Query{Limit: 2 * processes * each})
	if err != nil || len(said) != processes*each || len(list) != len(said) {
		t.Fatalf("%d were written, %d are there, want %d: %v", len(said), len(list), processes*each, err)
	}
	for _, x := range list {
		if !said[x.ID] {
			t.Errorf("%s is there, but nobody wrote it", x.ID)
		}
	}
	if n, err := s.Count(t.Context(), history.ParseQuery("chat.postmessage")); err != nil || n != len(said) {
		t.Errorf("%d are found, %v, want %d", n, err, len(said))
	}
}

// A process that is killed at any moment leaves whole what it said was written.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	checked := 0
	for range times(t, "CONNECTTY_KILLS", 5) {
		ctx, kill := context.WithTimeout(t.Context(), 30*time.Millisecond+rand.N(60*time.Millisecond))
		cmd, out := writer(ctx, path, 0)
		_ = cmd.Run() // it was killed
		kill()
		lines := strings.SplitAfter(out.String(), "\n")
		for _, line := range lines {
			id, whole := strings.CutSuffix(line, "\n")
			if !whole {
				continue
			}
			x, err := s.Load(t.Context(), id)
			if err != nil || x.Response == nil || string(x.Response.Body) != `{"ok":true}` {
				t.Fatalf("%s: %+v, %v", id, x, err)
			}
			checked++
		}
	}
	t.Logf("%d exchanges are whole", checked)
	if n, err := s.Count(t.Context(), history.ParseQuery("chat.postmessage")); err != nil || n < checked {
		t.Errorf("%d are found, %v, of %d", n, err, checked)
	}
}
