package sweep_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	pane "github.com/connectty/connectty/ui/sweep"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is the pane under test.
type desk struct {
	*pane.Model
	*uitest.Driver
}

func newDesk(tb testing.TB, width, height int) *desk {
	tb.Helper()
	m := pane.New()
	return &desk{m, uitest.Drive(tb, m, width, height)}
}

// begin starts a sweep of these accounts, of which all that are alive are asked.
func (d *desk) begin(rows ...sweep.Row) *desk {
	plan := sweep.Plan{Rows: rows, PerMin: 50}
	for i, r := range rows {
		if r.Skipped == "" {
			plan.Asks = append(plan.Asks, i)
		}
	}
	d.Run(d.Begin(plan))
	return d
}

// hear brings answers.
func (d *desk) hear(rows ...sweep.Row) *desk {
	d.Run(d.Take(rows, time.Time{}))
	return d
}

func row(user, id, name, app string, health proxy.Health) sweep.Row {
	return sweep.Row{ID: id, Name: name, App: app, User: user, Health: health}
}

// answered is a row with what came of asking.
func answered(r sweep.Row, status int, f diagnose.Finding) sweep.Row {
	r.Asked, r.Status, r.TookMS, r.Finding, r.Exchange = true, status, 198, &f, "x-"+r.ID
	return r
}

var (
	works   = diagnose.Finding{Who: diagnose.None, Code: "ok", Summary: "the token works as acme-bot; nothing else was tried"}
	revoked = diagnose.Finding{
		Who: diagnose.Account, Code: "token_rejected", Summary: "the third party does not accept this account's credentials",
		Next: []diagnose.Step{{Text: "reconnect the account", Actor: diagnose.EndUser, Key: "L"}},
	}

	acme   = row("abc-123", "apn_sl1", "Acme workspace", "slack", proxy.Healthy)
	jane   = row("jane@acme.io", "apn_sl2", "Globex", "slack", proxy.Healthy)
	hooli  = row("user-8841", "apn_gh1", "hooli-ci", "github", proxy.Unhealthy)
	umbrla = row("user-0311", "apn_gh2", "umbrella", "github", proxy.Healthy)
	dead   = func() sweep.Row {
		r := row("user-1203", "apn_gh3", "", "github", proxy.Dead)
		r.Error, r.Skipped = "invalid_grant: the refresh token was revoked", "dead: Connect refuses it"
		return r
	}()
)

// report is what a sweep of the rows says at its end.
func report(rows ...sweep.Row) sweep.Report {
	return sweep.Report{
		Environment: proxy.Development, Headline: "2 of 4 fail with 401: look at your OAuth client for github, or at its status page",
		Facts: sweep.Facts{Accounts: len(rows), Healthy: 3, Unhealthy: 1, Dead: 1, Asked: 4}, Planned: 4,
		Groups: []sweep.Group{
			{Who: diagnose.Account, Code: "token_rejected", App: "github", Status: 401, Summary: revoked.Summary, Count: 2, IDs: []string{"apn_gh1", "apn_gh2"}},
			{Who: diagnose.None, Code: "ok", App: "slack", Status: 200, Summary: works.Summary, Count: 2, IDs: []string{"apn_sl1", "apn_sl2"}},
		},
		New: []string{"apn_gh1"}, Rows: rows,
	}
}

func (d *desk) whole() *desk {
	d.begin(acme, jane, hooli, dead, umbrla)
	rows := []sweep.Row{answered(acme, 200, works), answered(jane, 200, works), answered(hooli, 401, revoked), dead, answered(umbrla, 401, revoked)}
	d.Run(d.End(report(rows...)))
	return d
}

// states are all that the pane can show.
var states = map[string]func(d *desk){
	"no accounts": func(d *desk) { d.begin() },
	"begun":       func(d *desk) { d.begin(acme, jane, hooli, dead, umbrla) },
	"under way": func(d *desk) {
		d.begin(acme, jane, hooli, dead, umbrla).hear(answered(acme, 200, works), answered(hooli, 401, revoked))
	},
	"halted": func(d *desk) {
		d.begin(acme, jane)
		d.Run(d.Take([]sweep.Row{answered(acme, 200, works)}, time.Date(2026, 11, 25, 12, 0, 21, 0, time.Local)))
	},
	"ended":          func(d *desk) { d.whole() },
	"ended early":    func(d *desk) { d.begin(acme, jane); d.Run(d.End(report(answered(acme, 200, works), jane))) },
	"one that fails": func(d *desk) { d.whole(); d.Do("j", "j") },
	"one not asked":  func(d *desk) { d.whole(); d.Do("G", "k") },
	"what failed":    func(d *desk) { d.whole(); d.Do("f") },
	"found":          func(d *desk) { d.whole(); d.Do("/"); d.Type("hooli") },
	"none found":     func(d *desk) { d.whole(); d.Do("/"); d.Type("nobody").Press("enter") },
	"groups":         func(d *desk) { d.whole(); d.Do("]") },
	"no groups yet":  func(d *desk) { d.begin(acme, jane); d.Do("]") },
	"one group":      func(d *desk) { d.whole(); d.Do("]", "enter") },
	"unfocused":      func(d *desk) { d.whole(); d.Focus(false) },
	"many": func(d *desk) {
		var rows []sweep.Row
		for i := range 2000 {
			rows = append(rows, row(fmt.Sprintf("user-%04d", i), fmt.Sprintf("apn_%04d", i), "", "slack", proxy.Healthy))
		}
		d.begin(rows...)
		d.Do("pgdown")
	},
	"hostile": func(d *desk) {
		bad := row(uitest.Hostile, uitest.Hostile, uitest.Hostile, uitest.Hostile, proxy.Unhealthy)
		bad.Error = uitest.Hostile
		d.begin(bad, row(uitest.Wide, "apn_w", uitest.Wide, uitest.Wide, proxy.Healthy))
		f := revoked
		f.Summary, f.Code, f.Next = uitest.Hostile, uitest.Hostile, []diagnose.Step{{Text: uitest.Hostile}}
		r := report(answered(bad, 401, f))
		r.Headline, r.Groups[0].Summary, r.Groups[0].App, r.Groups[0].Code = uitest.Hostile, uitest.Hostile, uitest.Hostile, uitest.Hostile
		d.Run(d.End(r))
	},
}

func TestView(t *testing.T) {
	t.Parallel()
	uitest.Views(t, newDesk, states, [2]int{58, 5}, [2]int{78, 12}, [2]int{118, 18}, [2]int{108, 55})
}

func TestViewFits(t *testing.T) {
	t.Parallel()
	uitest.Sizes(t, newDesk, states, uitest.Steps(30, 100, 7), uitest.Steps(4, 30, 6))
}

// said are the accounts that the root was told of.
func (d *desk) said() []string {
	var out []string
	for _, msg := range d.Said {
		switch msg := msg.(type) {
		case pane.Moved:
			out = append(out, "at "+msg.Row.ID)
		case pane.Picked:
			out = append(out, "pick "+msg.Row.ID)
		case pane.CopyAsked:
			out = append(out, "copy")
		}
	}
	return out
}

// The root follows the cursor, and is told again when the account under it has
// answered; not when another has.
func TestMoved(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 80, 20).begin(acme, jane, hooli)
	d.Do("j")
	d.hear(answered(acme, 200, works)).hear(answered(jane, 200, works))
	d.Do("G", "enter")
	want := []string{"at apn_sl1", "at apn_sl2", "at apn_sl2", "at apn_gh1", "pick apn_gh1"}
	if got := d.said(); !slices.Equal(got, want) {
		t.Errorf("told %q, want %q", got, want)
	}
}

// An answer that comes twice, on the way and in the report, counts once.
func TestCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 118, 18).whole()
	if got, want := d.TitleText(), "4 of 4 asked · 2 fail | "; got != want {
		t.Errorf("the title says %q, want %q", got, want)
	}
	if r, ok := d.Working("slack"); !ok || r.ID != "apn_sl1" {
		t.Errorf("%q works, want apn_sl1", r.ID)
	}
	if _, ok := d.Working("github"); ok {
		t.Error("a github account works, and none was seen to")
	}
}

// The cursor stays on its account while a filter hides others.
func TestFilterKeepsCursor(t *testing.T) {
	t.Parallel()
	d := newDesk(t, 118, 18).whole()
	d.Do("G", "f")
	if r, _ := d.Current(); r.ID != "apn_gh2" {
		t.Errorf("on %s, want apn_gh2", r.ID)
	}
	d.Do("f")
	if r, _ := d.Current(); r.ID != "apn_sl1" {
		t.Errorf("on %s, want the first that works", r.ID)
	}
}

func BenchmarkView(b *testing.B) {
	d := newDesk(b, 198, 56)
	states["many"](d)
	for b.Loop() {
		d.ViewText(198, 56)
	}
}
