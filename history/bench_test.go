package history_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
)

// rowsVariable names how many exchanges the benchmarks work on; a large history stays
// where the folder variable says, for the next run.
const (
	rowsVariable   = "CONNECTTY_BENCH_ROWS"
	folderVariable = "CONNECTTY_BENCH_FOLDER"
)

// large returns a generated history, and how many exchanges it holds.
func large(b *testing.B) (*history.Store, int, string) {
	b.Helper()
	rows, err := strconv.Atoi(os.Getenv(rowsVariable))
	if err != nil {
		rows = 5000
	}
	folder := os.Getenv(folderVariable)
	if folder == "" {
		folder = b.TempDir()
	}
	path := filepath.Join(folder, fmt.Sprintf("history-%d.db", rows))
	s, err := history.Open(b.Context(), history.Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	if n, err := s.Count(b.Context(), history.Query{}); err != nil {
		b.Fatal(err)
	} else if n < rows {
		start := time.Now()
		generate(b, s, rows, 2000)
		b.Logf("%d exchanges a second came in", int(float64(rows)/time.Since(start).Seconds()))
	}
	if _, err := s.Index(b.Context()); err != nil {
		b.Fatal(err)
	}
	return s, rows, path
}

// BenchmarkList are the first results of what a person types, and pages of the list.
func BenchmarkList(b *testing.B) {
	s, rows, _ := large(b)
	for _, bench := range []struct {
		name string
		q    history.Query
	}{
		{"newest", history.Query{ProjectID: "proj_1"}},
		{"rare word", history.ParseQuery("zyzzyva")},
		{"common word", history.ParseQuery("lorem")},
		{"two words", history.ParseQuery("word77 slack")},
		{"three letters", history.ParseQuery("sla")},
		{"id", history.ParseQuery("apn_00012")},
		{"filters with a word", history.ParseQuery("status:5xx app:github lorem")},
		{"filter that is rare", history.ParseQuery("user:user-77 status:404")},
		{"one letter", history.ParseQuery("w")},
		{"two letters", history.ParseQuery("wo")},
		{"skip to the middle", history.Query{ProjectID: "proj_1", Skip: rows / 2}},
		{"nothing", history.ParseQuery("nosuchword")},
	} {
		b.Run(bench.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				bench.q.Quick = true
				if _, err := s.List(b.Context(), bench.q); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
	b.Run("count all", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Count(b.Context(), history.Query{ProjectID: "proj_1"}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkOutline looks at the whole list, and then reads a page in its midst.
func BenchmarkOutline(b *testing.B) {
	s, rows, _ := large(b)
	q := history.Query{ProjectID: "proj_1", Limit: 200}
	var outline history.Outline
	b.Run("all", func(b *testing.B) {
		for b.Loop() {
			var err error
			if outline, err = s.Outline(b.Context(), q, 1000); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("page in the midst", func(b *testing.B) {
		var took []time.Duration
		for i := 0; b.Loop(); i++ {
			start := time.Now()
			if _, err := s.List(b.Context(), outline.At(q, rows/2+i%1000)); err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	})
}

// BenchmarkOpen opens the file and lists its newest.
func BenchmarkOpen(b *testing.B) {
	_, _, path := large(b)
	for b.Loop() {
		s, err := history.Open(b.Context(), history.Options{Path: path})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := s.List(b.Context(), history.Query{ProjectID: "proj_1"}); err != nil {
			b.Fatal(err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSave is an exchange sent and ended: two transactions.
func BenchmarkSave(b *testing.B) {
	s, _, _ := large(b)
	ctx := context.WithoutCancel(b.Context())
	var took []time.Duration
	for b.Loop() {
		x := sample()
		start := time.Now()
		if err := s.Begin(ctx, x); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if err := s.Complete(ctx, x); err != nil {
			b.Fatal(err)
		}
		took = append(took, middle.Sub(start), time.Since(middle))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkInsert is an exchange of about 600 bytes in a transaction of its own, beside
// SQLite writing the same rows.
func BenchmarkInsert(b *testing.B) {
	const rows = 5000
	path := filepath.Join(b.TempDir(), "from.db")
	from, err := history.Open(b.Context(), history.Options{Path: path})
	if err != nil {
		b.Fatal(err)
	}
	generate(b, from, rows, 100)
	var all []history.Exchange
	for x, err := range from.All(b.Context(), history.Query{}) {
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, x)
	}
	if err := from.Close(); err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		to, err := history.Open(b.Context(), history.Options{Path: filepath.Join(b.TempDir(), "ours.db")})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = to.Close() }()
		for i := 0; b.Loop(); i++ {
			x := all[i%rows]
			if i >= rows {
				x.ID = history.NewID(x.StartedAt)
			}
			if err := to.Complete(b.Context(), x); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("raw", func(b *testing.B) {
		var raw *history.Raw
		for b.Loop() {
			if raw == nil || raw.Left() == 0 {
				b.StopTimer()
				if raw, err = history.NewRaw(b.Context(), path, filepath.Join(b.TempDir(), "raw.db")); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			if err := raw.One(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkImport takes in exchanges of about 600 bytes, beside SQLite writing the same
// tables and index with statements that were made ready: words cut, bodies packed.
func BenchmarkImport(b *testing.B) {
	const rows = 20_000
	path := filepath.Join(b.TempDir(), "import.db")
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			for _, end := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(path + end)
			}
			s, err := history.Open(b.Context(), history.Options{Path: path})
			if err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			generate(b, s, rows, 100)
			b.StopTimer()
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "exchanges/s")
	})
	b.Run("raw", func(b *testing.B) {
		raw, err := history.NewRaw(b.Context(), path, filepath.Join(b.TempDir(), "raw.db"))
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if err := raw.Copy(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(rows*b.N)/b.Elapsed().Seconds(), "exchanges/s")
	})
}
