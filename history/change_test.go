package history_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
)

// Changes that are given up at any moment leave nothing behind that keeps others from
// writing.
func TestGivenUpChanges(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s, other := open(t, history.Options{Path: path}), open(t, history.Options{Path: path})
	for range 1500 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Duration(rand.IntN(400))*time.Microsecond, cancel)
		if err := s.Complete(ctx, sample()); err != nil && !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "interrupted") {
			t.Fatal(err)
		}
		cancel()
	}
	for _, store := range []*history.Store{s, other} {
		if err := store.Complete(t.Context(), sample()); err != nil {
			t.Fatal(err)
		}
	}
}

// A store that was closed says so, however often it is asked.
func TestClosed(t *testing.T) {
	t.Parallel()
	s, err := history.Open(t.Context(), history.Options{Path: filepath.Join(t.TempDir(), "history.db")})
	if err != nil {
		t.Fatal(err)
	}
	store(t, s, sample())
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if err := s.Complete(t.Context(), sample()); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("got %v", err)
	}
}

// What is stored while all is handed out pushes nothing out of it.
func TestAllWhileOthersWrite(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	generate(t, s, 450, 50)
	n := 0
	for x, err := range s.All(t.Context(), history.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if x.ProjectID == "proj_1" && x.Profile == "acme" && strings.Contains(x.Request.URL, "/things/") {
			n++
		}
		if n%10 == 0 {
			store(t, s, sample())
		}
	}
	if n != 450 {
		t.Errorf("%d of 450", n)
	}
}

// An old exchange that is changed does not stand before newer ones.
func TestChangedOldExchange(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	var ids []string
	n := 0
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err := s.Import(t.Context(), func() (history.Exchange, error) {
		if n++; n > 8192+300 {
			return each()()
		}
		x := sample()
		x.StartedAt = start.Add(time.Duration(n) * time.Second)
		x.ID = history.NewID(x.StartedAt)
		x.Request.URL = fmt.Sprintf("https://a.io/%d", n)
		if n <= 200 {
			x.Request.URL += "/special"
			ids = append(ids, x.ID)
		}
		return x, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	star := true
	if err := s.Annotate(t.Context(), ids[10], history.Annotation{Starred: &star}); err != nil {
		t.Fatal(err)
	}
	list, err := s.List(t.Context(), history.Query{Text: "special", Limit: 1})
	if err != nil || len(list) != 1 || list[0].ID != ids[199] {
		t.Errorf("found %+v, %v", list, err)
	}
}

// Nothing is lost where a file does not say what is known of it.
func TestNothingNoted(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), "DELETE FROM fact"); err != nil {
		t.Fatal(err)
	}
	store(t, s, sample())
	generate(t, s, 20, 50)
	store(t, s, sample())
	if n, err := s.Count(t.Context(), history.Query{}); n != 22 || err != nil {
		t.Errorf("%d are there, %v", n, err)
	}
	if _, err := s.Index(t.Context()); err != nil {
		t.Error(err)
	}
}
