package remember_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/connectty/connectty/internal/remember"
)

func TestChange(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "not there yet")
	f := remember.In(dir)
	if s, err := f.Read(); err != nil || s.CoachDone || s.Projects != nil {
		t.Fatalf("before: %+v, %v", s, err)
	}
	key := remember.Key("https://api.pipedream.com", "proj_1")
	if err := f.Change(func(s *remember.State) {
		s.CoachDone = true
		s.In(key, func(p *remember.Project) { p.User = "abc-123" })
	}); err != nil {
		t.Fatal(err)
	}
	if err := f.Change(func(s *remember.State) {
		s.In(key, func(p *remember.Project) { p.Pinned = append(p.Pinned, "jane") })
	}); err != nil {
		t.Fatal(err)
	}
	s, err := remember.In(dir).Read()
	if p := s.Projects[key]; err != nil || !s.CoachDone || p.User != "abc-123" || !slices.Equal(p.Pinned, []string{"jane"}) {
		t.Errorf("got %+v, %v", s, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "state.json")); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others can read it: %v, %v", info.Mode(), err)
	}
}

// Many at once lose nothing.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if err := remember.In(dir).Change(func(s *remember.State) {
				s.In("p", func(p *remember.Project) { p.Recent = append(p.Recent, fmt.Sprint(i)) })
			}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s, err := remember.In(dir).Read()
	if err != nil || len(s.Projects["p"].Recent) != 20 {
		t.Errorf("got %v, %v", s.Projects["p"].Recent, err)
	}
}

// What is no state is told, and stays as it is.
func TestSpoiled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "state.json")
	if err := os.WriteFile(path, []byte(`{"coach_done":`), 0o600); err != nil {
		t.Fatal(err)
	}
	err := remember.In(dir).Change(func(s *remember.State) { s.CoachDone = true })
	if err == nil || !strings.Contains(err.Error(), "state.json") || !strings.Contains(err.Error(), "remove it") {
		t.Errorf("got %v", err)
	}
	if data, _ := os.ReadFile(path); string(data) != `{"coach_done":` {
		t.Errorf("it was overwritten: %s", data)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	f := remember.In(t.TempDir())
	for _, filter := range []string{".a", ".b", ".a"} {
		if err := f.Change(func(s *remember.State) { s.Filter("slack", filter) }); err != nil {
			t.Fatal(err)
		}
	}
	s, err := f.Read()
	if err != nil || !slices.Equal(s.Filters["slack"], []string{".a", ".b"}) {
		t.Errorf("got %q, %v", s.Filters, err)
	}
}
