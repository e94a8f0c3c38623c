package history_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// Of an account only what differs is noted, without secrets.
func TestSightings(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t-of-ours"
	s := open(t, history.Options{Secrets: func() []string { return []string{secret} }})
	start := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	at := start
	see := func(a proxy.Account) {
		t.Helper()
		a.ID = "apn_1"
		if err := s.Saw(t.Context(), "proj_1", proxy.Development, []proxy.Account{a}, at); err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Hour)
	}
	healthy := proxy.Account{Name: "Acme", Healthy: true, AuthorizedScopes: []string{"b", "a"}}
	see(healthy)
	healthy.AuthorizedScopes = []string{"a", "b"} // the same in another order
	refreshed := at
	healthy.LastRefreshedAt = &refreshed
	see(healthy)
	see(proxy.Account{Name: "Acme", Error: "invalid_grant of " + secret, AuthorizedScopes: []string{"a", "b"}})
	see(proxy.Account{Name: "Acme", Dead: true, AuthorizedScopes: []string{"a"}})
	got, err := s.Sightings(t.Context(), "proj_1", "apn_1")
	if err != nil || len(got) != 3 {
		t.Fatalf("%d sightings, %v, want 3", len(got), err)
	}
	want := []history.Sighting{
		{At: start.Add(3 * time.Hour), Health: proxy.Dead, Scopes: []string{"a"}, Name: "Acme"},
		{At: start.Add(2 * time.Hour), Health: proxy.Unhealthy, Error: "invalid_grant of [redacted]", Scopes: []string{"a", "b"}, Name: "Acme"},
		{At: start, Health: proxy.Healthy, Scopes: []string{"a", "b"}, Name: "Acme"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	if other, err := s.Sightings(t.Context(), "proj_2", "apn_1"); err != nil || len(other) != 0 {
		t.Errorf("another project has %v, %v", other, err)
	}
}

// Many accounts are noted in one go; unchanged ones leave no trace.
func TestManySightings(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	accounts := many(3000)
	for range 2 {
		if err := s.Saw(t.Context(), "proj_1", proxy.Development, accounts, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	accounts[7].Dead = true
	if err := s.Saw(t.Context(), "proj_1", proxy.Development, accounts, time.Now()); err != nil {
		t.Fatal(err)
	}
	for i, want := range map[int]int{6: 1, 7: 2} {
		if got, err := s.Sightings(t.Context(), "proj_1", accounts[i].ID); err != nil || len(got) != want {
			t.Errorf("account %d has %d sightings, %v, want %d", i, len(got), err, want)
		}
	}
}

func many(n int) []proxy.Account {
	out := make([]proxy.Account, n)
	for i := range out {
		out[i] = proxy.Account{ID: fmt.Sprintf("apn_%05d", i), Name: "Workspace", Healthy: true, AuthorizedScopes: []string{"chat:write", "users:read"}}
	}
	return out
}

// Exchanges that ended alike are one run; what was cancelled is none.
func TestRuns(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	for i, code := range []string{"works", "works", "missing_scope", "cancelled", "missing_scope", "works"} {
		x := sample()
		x.ID, x.StartedAt = fmt.Sprintf("06%d", i), time.Date(2026, 11, 20, 12, i, 0, 0, time.UTC)
		x.Finding = diagnose.Finding{Who: diagnose.Account, Code: code}
		if code == "works" {
			x.Finding.Who = diagnose.None
		}
		if err := s.Complete(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	runs, err := s.Runs(t.Context(), "proj_1", "apn_1")
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, r := range runs {
		told = append(told, fmt.Sprintf("%s %d %s–%s", r.Finding.Code, r.Count, r.First.Format("15:04"), r.Last.Format("15:04")))
	}
	if want := []string{"works 1 12:05–12:05", "missing_scope 2 12:02–12:04", "works 2 12:00–12:01"}; !slices.Equal(told, want) {
		t.Errorf("got %s, want %s", strings.Join(told, "; "), strings.Join(want, "; "))
	}
}

// BenchmarkSaw notes 10,000 accounts of which none has changed.
func BenchmarkSaw(b *testing.B) {
	s, err := history.Open(b.Context(), history.Options{Path: filepath.Join(b.TempDir(), "history.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	accounts := many(10_000)
	for b.Loop() {
		if err := s.Saw(b.Context(), "proj_1", proxy.Development, accounts, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
}

// Age and size take the oldest that nobody marked; a person's data leaves no trace.
func TestPruneAndPurge(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	for i := range 600 {
		x := sample()
		x.ID, x.ExternalUserID, x.Starred = fmt.Sprintf("06%04d", i), fmt.Sprintf("user-%d", i%3), i == 0
		x.Response.Body = []byte(strings.Repeat(fmt.Sprint(i, "incompressible", i*7919%1000), 100))
		if err := s.Complete(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.Prune(t.Context(), time.Now().Add(-time.Hour), 0); n != 0 || err != nil {
		t.Errorf("%d went that were stored just now, %v", n, err)
	}
	before, err := s.Stats(t.Context())
	if err != nil || before.Exchanges != 600 || before.Starred != 1 || before.Users != 3 {
		t.Fatalf("got %+v, %v", before, err)
	}
	n, err := s.Prune(t.Context(), time.Time{}, before.Bytes/2)
	if err != nil || n < 100 || n > 500 {
		t.Errorf("by size %d went, %v", n, err)
	}
	if _, err := s.Load(t.Context(), "060000"); err != nil {
		t.Errorf("the starred one went: %v", err)
	}
	if _, err := s.Load(t.Context(), "060599"); err != nil {
		t.Errorf("the newest went: %v", err)
	}
	if _, err := s.Purge(t.Context(), "user-2"); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{path, path + "-wal"} {
		if data, err := os.ReadFile(file); err == nil && strings.Contains(string(data), "user-2") {
			t.Errorf("user-2 can still be read in %s", filepath.Base(file))
		}
	}
	if n, err := s.Prune(t.Context(), time.Now().Add(time.Hour), 0); err != nil || n == 0 {
		t.Errorf("by age %d went, %v", n, err)
	}
	if after, err := s.Stats(t.Context()); err != nil || after.Exchanges != 1 {
		t.Errorf("got %+v, %v", after, err)
	}
}
