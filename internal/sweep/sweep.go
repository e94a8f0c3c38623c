// Package sweep asks many accounts who they are, inside the project's budget, and
// tells what they have in common. It sends nothing but the read presets' calls.
package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// The defaults of a sweep.
const (
	DefaultSample      = 30
	DefaultConcurrency = 4
	attempts           = 3 // of one account, where Connect says that it is too much
)

// Options say what is swept, and how.
type Options struct {
	Environment proxy.Environment
	App         string // slug or id; empty for all
	User        string // external user id; empty for all
	Sample      int    // how many are asked; 0 for [DefaultSample]
	All         bool   // every account that is not dead, instead of a sample
	Concurrency int    // 0 for [DefaultConcurrency]
	// StateDir keeps what was found, so that a sweep that was ended goes on where
	// it stood and the next one tells what is new; empty: nothing is kept.
	StateDir string
}

// Row is one account: what Connect's list says of it, and, if it was asked, what
// came.
type Row struct {
	ID        string       `json:"id"`
	Name      string       `json:"name,omitempty"`
	App       string       `json:"app"`
	User      string       `json:"external_user_id"`
	Health    proxy.Health `json:"health"`
	Error     string       `json:"error,omitempty"` // Connect's
	Made      time.Time    `json:"created_at,omitzero"`
	Refreshed time.Time    `json:"last_refreshed_at,omitzero"`

	Skipped  string            `json:"skipped,omitempty"` // why it was not asked
	Asked    bool              `json:"asked"`
	Exchange string            `json:"exchange,omitempty"` // id in the history
	Status   int               `json:"status,omitempty"`   // of the upstream
	TookMS   int64             `json:"took_ms,omitempty"`
	Finding  *diagnose.Finding `json:"finding,omitempty"`
}

// Failed reports that the account was asked, and that something failed.
func (r Row) Failed() bool { return r.Asked && r.Finding != nil && r.Finding.Who != diagnose.None }

// answered returns the row with what came of asking.
func (r Row) answered(from Row) Row {
	r.Asked, r.Exchange, r.Status, r.TookMS, r.Finding = true, from.Exchange, from.Status, from.TookMS, from.Finding
	return r
}

// Progress is how far a sweep is.
type Progress struct {
	Listed  int // accounts that were read
	Planned int // calls in all; 0 while the list is read
	Asked   int
	Row     *Row      // the newest answer; nil in between
	Paused  time.Time // until when Connect wants no calls; zero where it does
}

// Plan is what a sweep would do, before it does it.
type Plan struct {
	Rows   []Row   // in the list's order
	Asks   []int   // indices of those that will be asked
	Known  int     // how many of them an earlier try has answered
	PerMin float64 // calls a minute at most; 0 without a limit
}

// Cost is how many calls are to be made, and about how long that takes.
func (p Plan) Cost() (calls int, takes time.Duration) {
	calls = len(p.Asks) - p.Known
	if p.PerMin <= 0 {
		return calls, 0
	}
	return calls, time.Duration(float64(calls) / p.PerMin * float64(time.Minute))
}

// Words tells cost and time of a plan.
func (p Plan) Words() string {
	calls, takes := p.Cost()
	if p.PerMin <= 0 {
		return fmt.Sprintf("%d calls; this profile has no limit", calls)
	}
	return fmt.Sprintf("%d calls, about %s, at most %.0f a minute", calls, takes.Round(time.Second), p.PerMin)
}

// Sweep is one sweep. It is made by [New] and run once.
type Sweep struct {
	session *session.Session
	opts    Options
	state   *state
	plan    Plan
	last    map[string]bool // what failed in the sweep before: id → it failed
}

// New prepares a sweep. It reads what an earlier try left.
func New(s *session.Session, opts Options) (*Sweep, error) {
	opts.Sample = cmp.Or(opts.Sample, DefaultSample)
	opts.Concurrency = cmp.Or(opts.Concurrency, DefaultConcurrency)
	if opts.Sample < 0 || opts.Concurrency < 1 || opts.Concurrency > 64 {
		return nil, &proxy.InputError{Field: "sweep", Reason: "takes a sample above 0 and 1 to 64 calls at once"}
	}
	w := &Sweep{session: s, opts: opts}
	state, err := openState(opts, s.Profile())
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	w.state, w.last = state, state.last
	return w, nil
}

// List reads the accounts: their health costs no proxied call. progress may be nil.
func (w *Sweep) List(ctx context.Context, progress func(Progress)) (Plan, error) {
	q := proxy.AccountQuery{App: w.opts.App, ExternalUserID: w.opts.User}
	for a, err := range w.session.Source(w.opts.Environment).Accounts(ctx, q) {
		if err != nil {
			return Plan{}, err
		}
		w.plan.Rows = append(w.plan.Rows, rowOf(a))
		if n := len(w.plan.Rows); progress != nil && n%100 == 0 {
			progress(Progress{Listed: n})
		}
	}
	w.choose()
	return w.plan, nil
}

func rowOf(a proxy.Account) Row {
	r := Row{
		ID: a.ID, Name: a.Name, App: a.App.Ref(), User: a.ExternalUserID, Health: a.Health(), Error: a.Error, Made: a.CreatedAt,
	}
	if a.LastRefreshedAt != nil {
		r.Refreshed = *a.LastRefreshedAt
	}
	return r
}

// choose picks who is asked: all that can be, or a sample of them.
func (w *Sweep) choose() {
	var able []int
	for i := range w.plan.Rows {
		r := &w.plan.Rows[i]
		if r.Skipped = w.skips(*r); r.Skipped == "" {
			able = append(able, i)
		}
	}
	if !w.opts.All {
		able = spread(w.plan.Rows, able, w.opts.Sample)
	}
	w.plan.Asks = able
	for _, i := range able {
		if old, known := w.state.known[w.plan.Rows[i].ID]; known {
			w.plan.Rows[i] = w.plan.Rows[i].answered(old)
			w.plan.Known++
		}
	}
	w.plan.PerMin = w.perSecond() * 60
}

// skips tells why an account is not asked.
func (w *Sweep) skips(r Row) string {
	if r.Health == proxy.Dead {
		return "dead: Connect refuses it"
	}
	if _, ok := w.session.WhoAmI(r.App); !ok {
		return "no harmless call is known for this app"
	}
	return ""
}

// spread takes n rows of different health and age: sorted by both, at equal
// distances.
func spread(rows []Row, of []int, n int) []int {
	if len(of) <= n {
		return of
	}
	sorted := slices.Clone(of)
	slices.SortStableFunc(sorted, func(a, b int) int {
		return cmp.Or(cmp.Compare(rows[a].Health, rows[b].Health), rows[a].Made.Compare(rows[b].Made))
	})
	out := make([]int, n)
	for i := range out {
		out[i] = sorted[i*(len(sorted)-1)/max(1, n-1)]
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// perSecond is the profile's share of its limit; 0 without a limit.
func (w *Sweep) perSecond() float64 {
	p := w.session.Profile()
	if p.RateWindow <= 0 {
		return 0
	}
	return float64(p.RateLimit) * p.BudgetShare / p.RateWindow.Seconds()
}

// Run asks the accounts that List chose. It returns the report also where it was
// ended before its time, together with the context's error. progress is called
// from one goroutine at a time; it may be nil.
func (w *Sweep) Run(ctx context.Context, progress func(Progress)) (Report, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	pace := rate.Inf
	if n := w.perSecond(); n > 0 {
		pace = rate.Limit(n)
	}
	r := &run{Sweep: w, pace: rate.NewLimiter(pace, 1), progress: progress}
	r.asked = w.plan.Known
	group, asking := errgroup.WithContext(ctx)
	group.SetLimit(w.opts.Concurrency)
	for _, i := range w.plan.Asks {
		if w.plan.Rows[i].Asked {
			continue
		}
		if asking.Err() != nil {
			break
		}
		group.Go(func() error { return r.ask(asking, i) })
	}
	err := group.Wait()
	err = errors.Join(err, w.state.close(err == nil && ctx.Err() == nil))
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return w.report(), err
}

// run is what the askers of a sweep share.
type run struct {
	*Sweep

	pace *rate.Limiter

	mu       sync.Mutex
	asked    int
	until    time.Time // Connect wants no calls before
	progress func(Progress)
}

// ask sends the who-am-I call of one account.
func (r *run) ask(ctx context.Context, i int) error {
	row := r.plan.Rows[i]
	for try := 1; ; try++ {
		if err := r.wait(ctx); err != nil {
			return err
		}
		result := r.session.Ask(ctx, r.opts.Environment, proxy.Account{
			ID: row.ID, Name: row.Name, ExternalUserID: row.User, App: proxy.App{Slug: row.App},
			Healthy: row.Health == proxy.Healthy, Error: row.Error,
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		refused, ok := errors.AsType[*proxy.APIError](result.Err)
		if ok && refused.Status == http.StatusTooManyRequests && try < attempts {
			r.pause(refused.RetryAfter)
			continue
		}
		if ok && refused.Operation == "token" { // nobody can be asked
			return refused
		}
		return r.done(i, row.answered(Row{
			Exchange: result.Exchange, Status: result.Status, TookMS: result.Took.Milliseconds(), Finding: &result.Finding,
		}))
	}
}

// wait passes until the next call is due.
func (r *run) wait(ctx context.Context) error {
	for {
		r.mu.Lock()
		until := r.until
		r.mu.Unlock()
		left := time.Until(until)
		if left <= 0 {
			break
		}
		if !pause.For(ctx, left) {
			return ctx.Err()
		}
	}
	if err := r.pace.Wait(ctx); err != nil {
		return cmp.Or(ctx.Err(), err)
	}
	return nil
}

// pause keeps all askers from calling for a while.
func (r *run) pause(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if until := time.Now().Add(max(d, time.Second)); until.After(r.until) {
		r.until = until
	}
	r.progress(Progress{Listed: len(r.plan.Rows), Planned: len(r.plan.Asks), Asked: r.asked, Paused: r.until})
}

func (r *run) done(i int, row Row) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plan.Rows[i] = row
	r.asked++
	err := r.state.add(row)
	r.progress(Progress{Listed: len(r.plan.Rows), Planned: len(r.plan.Asks), Asked: r.asked, Row: &row})
	return err
}
