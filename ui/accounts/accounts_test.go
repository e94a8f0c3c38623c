package accounts_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/accounts"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source is a Connect that lists accounts, and then fails with err, if it is set.
type source struct {
	rows []proxy.Account
	err  error
}

func (s *source) Accounts(_ context.Context, q proxy.AccountQuery) iter.Seq2[proxy.Account, error] {
	return func(yield func(proxy.Account, error) bool) {
		for _, a := range s.rows {
			if q.ExternalUserID != "" && a.ExternalUserID != q.ExternalUserID {
				continue
			}
			if !yield(a, nil) {
				return
			}
		}
		if s.err != nil {
			yield(proxy.Account{}, s.err)
		}
	}
}

func account(id, name, user, slug, app string) proxy.Account {
	return proxy.Account{ID: id, Name: name, ExternalUserID: user, Healthy: true, App: proxy.App{Slug: slug, Name: app}}
}

var (
	slack   = account("apn_slack1", "Acme workspace", "abc-123", "slack", "Slack")
	zendesk = func() proxy.Account {
		a := account("apn_zen1", "Acme help desk", "abc-123", "zendesk", "Zendesk")
		a.Dead, a.Error = true, "refresh token was revoked"
		return a
	}()
	github = func() proxy.Account {
		a := account("apn_gh1", "", "abc-123", "github", "GitHub")
		a.Healthy = false
		return a
	}()
	janes    = account("apn_slack2", "Globex", "jane@acme.io", "slack", "Slack")
	some     = &source{rows: []proxy.Account{slack, zendesk, github, janes}}
	errReset = errors.New("list accounts of user \"abc-123\": connection reset")
)

func many(n int) *source {
	s := &source{}
	for i := range n {
		a := account(fmt.Sprintf("apn_%04d", i), fmt.Sprintf("Workspace %d", i), "abc-123", "slack", "Slack")
		a.Healthy = i%7 != 0
		s.rows = append(s.rows, a)
	}
	return s
}

// pane is the pane under test.
type pane struct {
	*accounts.Model
	*uitest.Driver
}

func newPane(tb testing.TB, width, height int) *pane {
	tb.Helper()
	m := accounts.New()
	return &pane{m, uitest.Drive(tb, m, width, height)}
}

// of shows a user's accounts; all users' where none is named.
func (p *pane) of(src *source, user string) *pane {
	p.Run(p.SetSource(src))
	p.Run(p.Show(user, user == ""))
	return p
}

// states are all that the pane can show.
var states = map[string]func(p *pane){
	"no user":         func(*pane) {},
	"loading":         func(p *pane) { p.Hold = true; p.of(some, "abc-123") },
	"empty":           func(p *pane) { p.of(some, "nobody") },
	"of a user":       func(p *pane) { p.of(some, "abc-123"); p.Do("j") },
	"picked":          func(p *pane) { p.of(some, "abc-123"); p.Pick("apn_gh1") },
	"of all users":    func(p *pane) { p.of(some, "") },
	"dead":            func(p *pane) { p.of(some, ""); p.Do("f", "f", "f") },
	"one app":         func(p *pane) { p.of(some, ""); p.Do("p", "p") },
	"nothing is left": func(p *pane) { p.of(some, ""); p.Do("p", "f", "f", "f") },
	"many":            func(p *pane) { p.of(many(1204), "abc-123"); p.Do("pgdown") },
	"the end":         func(p *pane) { p.of(many(1204), "abc-123"); p.Do("end") },
	"refused":         func(p *pane) { p.of(&source{err: errReset}, "abc-123") },
	"broken off":      func(p *pane) { p.of(&source{rows: some.rows, err: errReset}, "abc-123") },
	"unfocused":       func(p *pane) { p.of(some, "abc-123"); p.Focus(false) },
	"hostile": func(p *pane) {
		bad := account(uitest.Hostile, uitest.Hostile, uitest.Hostile, "x", uitest.Hostile)
		bad.Healthy, bad.Error = false, uitest.Hostile
		p.of(&source{rows: []proxy.Account{
			bad, account("apn_w", uitest.Wide, "u", "w", uitest.Wide),
			account("apn_l", strings.Repeat("long ", 40), strings.Repeat("u", 250), "l", strings.Repeat("app ", 20)),
			account("apn_m", "Short name", "jane.doe@acme-corporation.example", "google_calendar", "Google Calendar"),
		}}, "")
	},
}

// sizes are the insides of the pane on common screens.
var sizes = [][2]int{{32, 5}, {58, 12}, {98, 8}}

func TestView(t *testing.T) {
	t.Parallel()
	uitest.Views(t, newPane, states, sizes...)
}

func TestViewFits(t *testing.T) {
	t.Parallel()
	uitest.Sizes(t, newPane, states, uitest.Steps(30, 100, 7), uitest.Steps(5, 30, 12))
}

// ids are the accounts that an answer told of.
func ids(rows []proxy.Account) string {
	var out []string
	for _, a := range rows {
		out = append(out, a.ID)
	}
	return strings.Join(out, " ")
}

func TestListed(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		src  *source
		user string
		want []string
	}{
		"of a user":     {some, "jane@acme.io", []string{"jane@acme.io: apn_slack2"}},
		"of one in two": {some, "abc-123", []string{"abc-123: apn_slack1 apn_zen1 apn_gh1"}},
		"of nobody":     {some, "nobody", []string{"nobody: "}},
		"of all":        {some, "", nil}, // there is nothing to pick from by itself
		"broken off":    {&source{rows: some.rows, err: errReset}, "abc-123", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 32, 8).of(tt.src, tt.user)
			var got []string
			for _, said := range p.Said {
				if l, ok := said.(accounts.Listed); ok {
					got = append(got, l.ExternalUserID+": "+ids(l.Accounts))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPagesIn(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 8).of(many(1204), "abc-123")
	if got := len(p.Rows()); got != 1204 || len(p.Said) < 3 {
		t.Errorf("got %d accounts in %d pieces", got, len(p.Said))
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		user string
		keys []string
		want string
	}{
		"first":            {"abc-123", []string{"enter"}, "apn_slack1"},
		"third":            {"abc-123", []string{"j", "j", "enter"}, "apn_gh1"},
		"of those left":    {"", []string{"f", "j", "enter"}, "apn_slack2"},
		"one app":          {"", []string{"p", "enter"}, "apn_gh1"},
		"round the apps":   {"", []string{"p", "p", "p", "p", "enter"}, "apn_slack1"},
		"round the health": {"", []string{"f", "f", "f", "f", "j", "enter"}, "apn_zen1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 32, 8).of(some, tt.user)
			p.Said = nil
			p.Do(tt.keys...)
			if len(p.Said) != 1 {
				t.Fatalf("%q: said %v", tt.keys, p.Said)
			}
			if got, ok := p.Said[0].(accounts.Picked); !ok || got.Account.ID != tt.want {
				t.Errorf("%q: got %+v, want %s", tt.keys, p.Said[0], tt.want)
			}
		})
	}
}

func TestCursorStandsOnThePicked(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 8)
	p.Run(p.SetSource(many(500)))
	p.Hold = true
	p.Run(p.Show("abc-123", false))
	p.Pick("apn_0420") // the command line named it
	p.Release()
	if got := p.StatusText(); !strings.HasPrefix(got, "apn_0420") {
		t.Errorf("loaded: the cursor is on %q", got)
	}
	p.Do("r")
	if got := p.StatusText(); !strings.HasPrefix(got, "apn_0420") {
		t.Errorf("reloaded: the cursor is on %q", got)
	}
}

func TestReloadAfterAnError(t *testing.T) {
	t.Parallel()
	src := &source{err: errReset}
	p := newPane(t, 32, 8).of(src, "abc-123")
	if !p.Failed() || !strings.Contains(p.ViewText(32, 8), "r loads them again") {
		t.Fatalf("the error says no next step:\n%s", p.ViewText(32, 8))
	}
	src.rows, src.err = some.rows, nil
	p.Run(p.Retry())
	if got := len(p.Rows()); got != 3 || p.Failed() {
		t.Errorf("got %d accounts, failed %v", got, p.Failed())
	}
}

// Rows that are on their way when another user is picked, or another source, are
// not taken for theirs.
func TestRowsOfAnotherAreDropped(t *testing.T) {
	t.Parallel()
	tests := map[string]func(p *pane){
		"another user":   func(p *pane) { p.Run(p.Show("jane@acme.io", false)) },
		"another source": func(p *pane) { p.of(&source{rows: []proxy.Account{janes}}, "jane@acme.io") },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 32, 8)
			p.Run(p.SetSource(some))
			p.Hold = true
			p.Run(p.Show("abc-123", false))
			change(p)
			old, fresh := p.Held[:1], p.Held[1:]
			p.Held = old
			p.Release() // its answer is there before the root hears of the other job
			if got := ids(p.Rows()); got != "" {
				t.Errorf("another's answer counts: %s", got)
			}
			for _, said := range p.Said {
				if l, ok := said.(accounts.Listed); ok {
					t.Errorf("the root was told of %s", l.ExternalUserID)
				}
			}
			p.Held = fresh
			p.Release()
			if got := ids(p.Rows()); got != "apn_slack2" {
				t.Errorf("got %q, want apn_slack2", got)
			}
		})
	}
}
