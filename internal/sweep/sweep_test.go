package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// project is a sandbox with many GitHub accounts; every tenth fails with 401, and
// one is dead.
type project struct {
	profile config.Profile
	calls   atomic.Int64
	mu      sync.Mutex
	times   []time.Time
	slow    chan struct{} // closed: answers come at once
}

func serve(tb testing.TB, accounts, limit int, window time.Duration) *project {
	tb.Helper()
	p := &project{slow: make(chan struct{})}
	close(p.slow)
	vendor := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.calls.Add(1)
		p.mu.Lock()
		p.times = append(p.times, time.Now())
		slow := p.slow
		p.mu.Unlock()
		select {
		case <-slow:
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", "application/json")
		if strings.HasSuffix(r.Header.Get("Authorization"), "-bad") {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprint(w, `{"message":"Bad credentials"}`)
			return
		}
		_, _ = fmt.Fprint(w, `{"login":"octocat","id":1}`)
	})
	cfg := sandbox.Config{
		Project: sandbox.Project{ID: "proj_t", RateLimit: limit, RateWindow: window},
		Apps: []sandbox.App{{
			Slug: "github", Name: "GitHub", AuthType: "oauth", BaseURL: "https://api.github.com",
			Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{key}}"}},
		}},
		Vendors: map[string]http.Handler{"api.github.com": vendor},
	}
	for i := range accounts {
		key := "good"
		if i%10 == 9 {
			key = "k-bad"
		}
		cfg.Accounts = append(cfg.Accounts, sandbox.Account{
			ID: fmt.Sprintf("apn_%05d", i), App: "github", ExternalUserID: fmt.Sprintf("user-%d", i), Environment: proxy.Development,
			Credentials: map[string]string{"key": key}, Dead: i == 0,
		})
	}
	s, err := sandbox.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	front := httptest.NewServer(s.Handler())
	tb.Cleanup(func() { front.Close(); _ = s.Close() })
	id, secret := s.Credentials()
	p.profile = config.Profile{
		ProjectID: "proj_t", BaseURL: front.URL, Environment: proxy.Development, ClientID: id, ClientSecret: config.NewSecret(secret), Sandbox: true,
		RateLimit: limit, RateWindow: window, BudgetShare: 0.5,
	}
	return p
}

func (p *project) open(tb testing.TB) *session.Session {
	tb.Helper()
	s, err := session.Open(tb.Context(), session.Options{Profile: p.profile, History: history.Options{Path: filepath.Join(tb.TempDir(), "history.db")}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		s.Client(proxy.Development).CloseIdleConnections()
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func prepare(tb testing.TB, s *session.Session, opts sweep.Options) (*sweep.Sweep, sweep.Plan) {
	tb.Helper()
	opts.Environment = proxy.Development
	w, err := sweep.New(s, opts)
	if err != nil {
		tb.Fatal(err)
	}
	plan, err := w.List(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return w, plan
}

// A whole sweep asks every account that is not dead, once, and says what they
// have in common.
func TestSweep(t *testing.T) {
	t.Parallel()
	p := serve(t, 60, 1_000_000, time.Minute)
	s := p.open(t)
	w, plan := prepare(t, s, sweep.Options{App: "github", All: true, Concurrency: 8})
	if calls, _ := plan.Cost(); calls != 59 {
		t.Errorf("%d calls are planned, want 59", calls)
	}
	r, err := w.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.calls.Load() != 59 || r.Failures() != 6 || r.Facts.Dead != 1 || !strings.Contains(r.Headline, "6 of 59 fail: 6 by the account (401)") {
		t.Errorf("%d calls; %s; %+v", p.calls.Load(), r.Headline, r.Facts)
	}
}

// A sample is spread, and no larger than asked for.
func TestSample(t *testing.T) {
	t.Parallel()
	p := serve(t, 500, 1_000_000, time.Minute)
	w, plan := prepare(t, p.open(t), sweep.Options{Sample: 10})
	if len(plan.Asks) != 10 || plan.Asks[9]-plan.Asks[0] < 400 {
		t.Errorf("chose %v", plan.Asks)
	}
	if r, err := w.Run(t.Context(), nil); err != nil || r.Facts.Asked != 10 {
		t.Errorf("got %+v, %v", r.Facts, err)
	}
}

// A sweep that is ended stops at once, and goes on later without asking anybody
// twice; the next one tells what is new.
func TestEndAndGoOn(t *testing.T) {
	t.Parallel()
	p := serve(t, 200, 1_000_000, time.Minute)
	s, dir := p.open(t), t.TempDir()
	opts := sweep.Options{All: true, Concurrency: 16, StateDir: dir}
	w, _ := prepare(t, s, opts)
	ctx, stop := context.WithCancel(t.Context())
	var ended time.Time
	first, err := w.Run(ctx, func(pr sweep.Progress) {
		if pr.Asked == 50 {
			ended = time.Now()
			stop()
		}
	})
	took := time.Since(ended)
	if !errors.Is(err, context.Canceled) || first.Facts.Asked < 50 || first.Facts.Asked > 80 {
		t.Fatalf("ended with %v after %d", err, first.Facts.Asked)
	}
	if t.Logf("it ended %s after it was told", took); took > 2*time.Second { // a busy machine is no failure
		t.Errorf("it ended %s after it was told", took)
	}
	before := p.calls.Load()
	w, plan := prepare(t, s, opts)
	if plan.Known != first.Facts.Asked {
		t.Errorf("%d are known, want %d", plan.Known, first.Facts.Asked)
	}
	r, err := w.Run(t.Context(), nil)
	if err != nil || r.Facts.Asked != 199 {
		t.Fatalf("got %+v, %v", r.Facts, err)
	}
	// Calls that were under way when it ended may reach the vendor late.
	if again, want := p.calls.Load()-before, int64(199-first.Facts.Asked); again < want || again > want+16 {
		t.Errorf("%d calls the second time, want %d", again, want)
	}
	w, _ = prepare(t, s, opts)
	if r, err = w.Run(t.Context(), nil); err != nil || len(r.New) != 0 || len(r.Recovered) != 0 {
		t.Errorf("nothing changed, and it says %v new, %v recovered, %v", r.New, r.Recovered, err)
	}
}

// Inside a small budget there is never a 429, and the rest of it stays free.
func TestBudget(t *testing.T) {
	t.Parallel()
	const limit = 50
	p := serve(t, 60, limit, time.Second)
	w, _ := prepare(t, p.open(t), sweep.Options{All: true, Concurrency: 16})
	r, err := w.Run(t.Context(), func(pr sweep.Progress) {
		if !pr.Paused.IsZero() {
			t.Error("Connect said that it was too much")
		}
	})
	if err != nil || r.Facts.Asked != 59 {
		t.Fatalf("got %+v, %v", r.Facts, err)
	}
	// All of it takes as long as the share allows; half a second is for a vendor that
	// saw the first call late.
	if took, least := p.times[len(p.times)-1].Sub(p.times[0]), 58*time.Second/(limit/2); took < least-500*time.Millisecond {
		t.Errorf("59 calls within %s, want them spread over %s", took, least)
	}
}

// BenchmarkSweep asks 2,000 accounts, 16 at a time and without a limit, and ends
// another such sweep half way. It reports how long that takes, how much the heap
// grew at most, and how soon a sweep that is told to end does.
func BenchmarkSweep(b *testing.B) {
	const accounts = 2000
	p := serve(b, accounts, 0, time.Minute)
	s := p.open(b)
	opts := sweep.Options{All: true, Concurrency: 16}
	for b.Loop() {
		w, _ := prepare(b, s, opts)
		var start, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&start)
		peak, begun := uint64(0), time.Now()
		if _, err := w.Run(b.Context(), func(pr sweep.Progress) {
			if pr.Asked%100 == 0 {
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapInuse)
			}
		}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(accounts)/time.Since(begun).Seconds(), "accounts/s")
		b.ReportMetric((float64(peak)-float64(start.HeapInuse))/1e6, "MB-grown")

		w, _ = prepare(b, s, opts)
		ctx, stop := context.WithCancel(b.Context())
		var told time.Time
		_, err := w.Run(ctx, func(pr sweep.Progress) {
			if pr.Asked == accounts/2 {
				told = time.Now()
				stop()
			}
		})
		if !errors.Is(err, context.Canceled) {
			b.Fatalf("it ended with %v", err)
		}
		b.ReportMetric(float64(time.Since(told).Microseconds())/1000, "ms-to-end")
	}
}

// What an upstream says marks up nothing where the report is pasted.
func TestMarkdownIsNotObeyed(t *testing.T) {
	t.Parallel()
	const hostile = "![p](http://evil/p.png) <img src=x> | x"
	r := sweep.Report{App: hostile, Headline: hostile, Groups: []sweep.Group{{Count: 1, App: hostile, Summary: hostile, IDs: []string{hostile}}}}
	var b strings.Builder
	if err := r.Write(&b, "markdown", nil); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Contains(text, "![") || strings.Contains(text, "<img") || strings.Contains(text, " | x") {
		t.Errorf("got\n%s", text)
	}
}
