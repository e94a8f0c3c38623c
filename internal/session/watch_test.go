package session_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
)

// openIn opens a session that keeps its watches in a folder.
func openIn(t *testing.T, p config.Profile, dir string, now func() time.Time) *session.Session {
	t.Helper()
	s, err := session.Open(t.Context(), session.Options{
		Profile: p, WatchDir: dir, Now: now, History: history.Options{Path: filepath.Join(t.TempDir(), "history.db")},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// A watch outlives the session that began it, holds no link, is of its project alone,
// and is forgotten when its link has expired.
func TestWatchOutlives(t *testing.T) {
	t.Parallel()
	p, dir := serve(t, hello), filepath.Join(t.TempDir(), "links")
	first := openIn(t, p, dir, nil)
	link, err := first.Link(t.Context(), proxy.Development, "abc-123", "echo", proxy.Account{})
	if err != nil {
		t.Fatal(err)
	}
	w, err := first.BeginWatch(t.Context(), proxy.Development, link, "06x")
	if err != nil || len(w.Before) != 1 {
		t.Fatalf("got %+v, %v", w, err)
	}
	data, err := os.ReadFile(filepath.Join(dir, w.ID+".json"))
	if err != nil || strings.Contains(string(data), "ctok") || strings.Contains(string(data), "http://127.0.0.1") && strings.Contains(string(data), "token=") {
		t.Errorf("the file holds the link: %s, %v", data, err)
	}

	other := p
	other.ProjectID = "proj_other"
	if open, _, err := openIn(t, other, dir, nil).Watches(); err != nil || len(open) != 0 {
		t.Errorf("another project has %v, %v", open, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "broken.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := openIn(t, p, dir, nil)
	open, expired, err := second.Watches()
	if err != nil || len(open) != 1 || len(expired) != 0 || open[0].Exchange != "06x" {
		t.Fatalf("got %+v, %+v, %v", open, expired, err)
	}
	// Both wait; one of them goes on with it.
	if a, b := first.EndWatch(w), second.EndWatch(open[0]); !a || b {
		t.Errorf("ended by the first %v, by the second %v", a, b)
	}

	if _, err := first.BeginWatch(t.Context(), proxy.Development, link, ""); err != nil {
		t.Fatal(err)
	}
	later := openIn(t, p, dir, func() time.Time { return link.ExpiresAt.Add(time.Second) })
	for _, want := range []int{1, 0} {
		if open, expired, err := later.Watches(); err != nil || len(open) != 0 || len(expired) != want {
			t.Errorf("got %d open, %d expired, want %d; %v", len(open), len(expired), want, err)
		}
	}
}

// A watch ends with its context, and with its link.
func TestAwaitEnds(t *testing.T) {
	t.Parallel()
	s := openIn(t, serve(t, hello), t.TempDir(), nil)
	w, err := s.BeginWatch(t.Context(), proxy.Development, session.Link{User: "abc-123", App: "echo", ExpiresAt: time.Now().Add(50 * time.Millisecond)}, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Await(t.Context(), w); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v when the link expires", err)
	}
	w.ExpiresAt = time.Now().Add(time.Hour)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Await(ctx, w); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v when it is cancelled", err)
	}
	// An account that was not there before is seen at the first look.
	delete(w.Before, "apn_1")
	if a, err := s.Await(t.Context(), w); err != nil || a.ID != "apn_1" {
		t.Errorf("got %q, %v", a.ID, err)
	}
}

// A user of whom Connect has not heard has no accounts, and is watched all the same.
func TestWatchNewUser(t *testing.T) {
	t.Parallel()
	s := openIn(t, serve(t, hello), t.TempDir(), nil)
	w, err := s.BeginWatch(t.Context(), proxy.Development, session.Link{User: "somebody-new", App: "echo", ExpiresAt: time.Now().Add(time.Hour)}, "")
	if err != nil || len(w.Before) != 0 {
		t.Errorf("got %+v, %v", w, err)
	}
}
