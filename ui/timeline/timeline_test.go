package timeline_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/ui/timeline"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// noon is at 12:01 today: a row of another day shows the day instead.
func noon() time.Time {
	now := time.Now()
	return time.Date(now.Year(), now.Month(), now.Day(), 12, 1, 0, 0, time.Local)
}

func exchange(id, method, url string, status int) history.Exchange {
	x := history.Exchange{
		ID: id, StartedAt: noon(), ProjectID: "proj_1", Environment: proxy.Development, ExternalUserID: "abc-123",
		Account: history.Account{ID: "apn_slack1", Name: "Acme workspace", App: "slack"},
		Request: history.Request{Method: method, URL: url},
		Finding: diagnose.Finding{Who: diagnose.None, Summary: "works"},
	}
	if status > 0 {
		x.Response = &history.Response{Status: status}
	} else {
		x.Finding = diagnose.Finding{Who: diagnose.Network, Summary: "the network: connection refused"}
	}
	return x
}

// store is a history in memory that answers as the real one: newest first.
type store struct {
	rows     []history.Exchange
	err      error // of List
	loadErr  error
	asked    []history.Query
	outlines int
}

func (s *store) List(_ context.Context, q history.Query) ([]history.Exchange, error) {
	s.asked = append(s.asked, q)
	if s.err != nil {
		return nil, s.err
	}
	var out []history.Exchange
	skip := q.Skip
	for _, x := range s.rows {
		if (q.Before == "" || x.ID < q.Before) && len(out) < q.Limit && strings.Contains(x.Request.URL, q.Text) &&
			(q.AccountID == "" || q.AccountID == x.Account.ID) && (q.ExternalUserID == "" || q.ExternalUserID == x.ExternalUserID) {
			if skip--; skip < 0 {
				out = append(out, x)
			}
		}
	}
	return out, nil
}

// all are the rows that a query finds, whatever its page.
func (s *store) all(ctx context.Context, q history.Query) []history.Exchange {
	asked := s.asked
	q.Before, q.Skip, q.Limit = "", 0, len(s.rows)
	rows, _ := s.List(ctx, q)
	s.asked = asked
	return rows
}

func (s *store) Outline(ctx context.Context, q history.Query, every int) (history.Outline, error) {
	rows := s.all(ctx, q)
	out := history.Outline{Count: len(rows), Every: every, Starts: []string{""}}
	for i := every; i <= len(rows); i += every {
		out.Starts = append(out.Starts, rows[i-1].ID)
	}
	s.outlines++
	return out, s.err
}

func (s *store) Rank(ctx context.Context, q history.Query, id string) (int, error) {
	return slices.IndexFunc(s.all(ctx, q), func(x history.Exchange) bool { return x.ID <= id }), nil
}

func (s *store) Load(_ context.Context, id string) (history.Exchange, error) {
	if s.loadErr != nil {
		return history.Exchange{}, s.loadErr
	}
	for _, x := range s.rows {
		if x.ID == id {
			x.Request.Body = []byte("whole")
			return x, nil
		}
	}
	return history.Exchange{}, fmt.Errorf("exchange %q is gone", id)
}

func some() *store {
	failed := exchange("x6", "POST", "https://slack.com/api/chat.postMessage", 200)
	failed.Finding = diagnose.Finding{Who: diagnose.Account, Summary: "this account: not granted chat:write"}
	old := exchange("x2", "GET", "https://slack.com/api/auth.test", 200)
	old.StartedAt = time.Date(2020, 3, 4, 9, 30, 0, 0, time.Local)
	other := exchange("x1", "DELETE", "https://api.github.com/repos/acme/app", 404)
	other.ExternalUserID, other.Account = "jane@acme.io", history.Account{ID: "apn_gh1", App: "github"}
	other.Finding = diagnose.Finding{Who: diagnose.Upstream, Summary: "api.github.com: there is no such thing"}
	return &store{rows: []history.Exchange{
		failed, exchange("x5", "GET", "https://slack.com/api/conversations.list?limit=50", 200), exchange("x4", "GET", "/api/v2/tickets.json", 302),
		exchange("x3", "PATCH", "https://slack.com/api/users.profile.set?profile=%7B%22status%22%3A%22away%22%7D&user=U1", 0), old, other,
	}}
}

func many(n int) *store {
	s := &store{}
	for i := n; i > 0; i-- {
		s.rows = append(s.rows, exchange(fmt.Sprintf("x%05d", i), "GET", fmt.Sprintf("https://slack.com/api/call?n=%d", i), 200))
	}
	return s
}

// pane is the pane under test.
type pane struct {
	*timeline.Model
	*uitest.Driver
}

func newPane(tb testing.TB, width, height int) *pane {
	tb.Helper()
	m := timeline.New()
	return &pane{m, uitest.Drive(tb, m, width, height)}
}

func (p *pane) with(s *store) *pane {
	p.Run(p.SetSource(s))
	return p
}

var errCorrupt = errors.New("list exchanges: database disk image is malformed")

var slack = session.Target{Environment: proxy.Development, ExternalUserID: "abc-123", Account: proxy.Account{ID: "apn_slack1"}}

// states are all that the pane can show.
var states = map[string]func(p *pane){
	"opening":      func(*pane) {},
	"off":          func(p *pane) { p.Refuse(nil) },
	"unavailable":  func(p *pane) { p.Refuse(errors.New("history.db is of a newer connectty")) },
	"loading":      func(p *pane) { p.Hold = true; p.with(some()) },
	"empty":        func(p *pane) { p.with(&store{}) },
	"everything":   func(p *pane) { p.with(some()) },
	"this account": func(p *pane) { p.with(some()); p.Run(p.SetTarget(slack, "proj_1")) },
	"this user":    func(p *pane) { p.with(some()); p.Run(p.SetTarget(slack, "proj_1")); p.Do("f") },
	"a user without account": func(p *pane) {
		p.with(some())
		p.Run(p.SetTarget(session.Target{ExternalUserID: "jane@acme.io"}, "proj_1"))
	},
	"cursor at the end": func(p *pane) { p.with(some()); p.Do("G") },
	"many":              func(p *pane) { p.with(many(450)); p.Do("pgdown", "pgdown") },
	"finding":           func(p *pane) { p.with(some()); p.Do("/"); p.Type("conv") },
	"found":             func(p *pane) { p.with(some()); p.Do("/"); p.Type("slack"); p.Press("enter"); p.Do("G") },
	"finding nothing":   func(p *pane) { p.with(some()); p.Do("/"); p.Type("zz") },
	"found nothing":     func(p *pane) { p.with(some()); p.Do("/"); p.Type("zz"); p.Press("enter") },
	"unreadable":        func(p *pane) { p.with(&store{err: errCorrupt}) },
	"one unreadable": func(p *pane) {
		s := some()
		s.loadErr = errors.New("load exchange x5: database disk image is malformed")
		p.with(s)
		p.Do("j", "enter")
	},
	"unfocused": func(p *pane) { p.with(some()); p.Focus(false) },
	"hostile": func(p *pane) {
		bad := exchange("x9", "G\x1b[2J", "https://"+uitest.Hostile, 200)
		bad.Finding.Summary = uitest.Hostile
		p.with(&store{rows: []history.Exchange{
			bad, exchange("x8", "日本語", "https://日本.example/"+uitest.Wide, 200), exchange("x7", "GET", "https://slack.com/\x1b[31m"+strings.Repeat("日本/", 60), 599),
			exchange("x6", "", "", 0), exchange("x5", "PROPFINDALL", "not a url at all", 200), exchange("x4", "GET", "https://"+strings.Repeat("long.", 40)+"example/x", 200),
		}})
		p.Do("/")
		p.Paste("")
		p.Press("enter")
	},
}

// sizes are the insides of the pane on common screens.
var sizes = [][2]int{{32, 8}, {58, 10}, {98, 6}, {78, 1}}

func TestView(t *testing.T) {
	t.Parallel()
	uitest.Views(t, newPane, states, sizes...)
}

func TestViewFits(t *testing.T) {
	t.Parallel()
	uitest.Sizes(t, newPane, states, uitest.Steps(30, 100, 14), uitest.Steps(5, 30, 12))
}

// on is the exchange that the status line speaks of.
func (p *pane) on() string {
	text, _, _ := strings.Cut(p.StatusText(), " · ")
	return text
}

func TestLoadAndResend(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want string
	}{
		"load":        {[]string{"j", "enter"}, "load x5 whole"},
		"resend":      {[]string{"r"}, "resend x6 whole"},
		"resend last": {[]string{"G", "r"}, "resend x1 whole"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 58, 10).with(some())
			p.Said = nil
			p.Do(tt.keys...)
			got := ""
			for _, said := range p.Said {
				switch msg := said.(type) {
				case timeline.Loaded:
					got += "load " + msg.Exchange.ID + " " + string(msg.Exchange.Request.Body)
				case timeline.Resend:
					got += "resend " + msg.Exchange.ID + " " + string(msg.Exchange.Request.Body)
				}
			}
			if got != tt.want {
				t.Errorf("%q: got %q, want %q", tt.keys, got, tt.want)
			}
		})
	}
}

// One that cannot be read leaves the others readable, and says why.
func TestOneThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := some()
	s.loadErr = errors.New("load exchange x6: disk I/O error")
	p := newPane(t, 58, 10).with(s)
	p.Do("enter")
	if got := p.StatusText(); !strings.Contains(got, "disk I/O error") {
		t.Errorf("the status says %q", got)
	}
	if got := p.ViewText(58, 10); !strings.Contains(got, "/api/auth.test") {
		t.Errorf("the others are gone:\n%s", got)
	}
	s.loadErr = nil
	p.Do("R")
	if got := p.StatusText(); strings.Contains(got, "error") {
		t.Errorf("read again: the status says %q", got)
	}
}

func TestReloadKeepsTheCursorOnItsExchange(t *testing.T) {
	t.Parallel()
	s := some()
	p := newPane(t, 58, 3).with(s)
	p.Do("j", "j")
	want := p.on()
	s.rows = slices.Concat([]history.Exchange{exchange("x8", "GET", "/new", 200), exchange("x7", "GET", "/new", 200)}, s.rows)
	p.Do("R")
	if got := p.on(); got != want || !strings.Contains(p.ViewText(58, 3), "/api/v2/tickets.json") {
		t.Errorf("the cursor is on %q, was on %q:\n%s", got, want, p.ViewText(58, 3))
	}
	p.Do("g")
	s.rows = slices.Concat([]history.Exchange{exchange("x9", "GET", "/newest", 200)}, s.rows)
	p.Do("R")
	if got := p.on(); got != "GET /newest" {
		t.Errorf("at the top it follows the newest; it is on %q", got)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	p := newPane(t, 58, 10).with(some())
	p.Do("G", "/")
	p.Type("slack")
	if !p.Editing() || !strings.HasPrefix(p.ViewText(58, 10), " / slack▏\n") {
		t.Errorf("typing:\n%s", p.ViewText(58, 10))
	}
	p.Press("enter")
	if got := p.StatusText(); p.Editing() || !strings.HasSuffix(got, "1/4") {
		t.Errorf("found: %s", got)
	}
	p.Do("/")
	p.Press("ctrl+u", "esc")
	if got := p.StatusText(); p.Editing() || !strings.HasSuffix(got, "1/6") {
		t.Errorf("emptied: %s", got)
	}
}

// The search field takes a line from the list; the cursor stays in view.
func TestFindFieldHidesNoCursor(t *testing.T) {
	t.Parallel()
	p := newPane(t, 58, 10).with(many(100))
	p.Do("j", "j", "j", "j", "j", "j", "j", "j", "j", "/")
	if got := p.ViewText(58, 10); !strings.Contains(got, "n=91") {
		t.Errorf("opened: the cursor's row does not show:\n%s", got)
	}
	p.Press("enter")
	p.Do("G")
	if got := p.ViewText(58, 10); !strings.Contains(got, "n=1 ") {
		t.Errorf("the last row does not show:\n%s", got)
	}
}

// What was typed and its answer come apart; the older answer is dropped.
func TestAnswerOfAnOldSearchIsDropped(t *testing.T) {
	t.Parallel()
	p := newPane(t, 58, 10).with(some())
	p.Do("/")
	p.Hold = true
	p.Type("zz")
	p.Press("ctrl+u")
	old, fresh := p.Held[:2], p.Held[2:]
	p.Held = old
	p.Release()
	if got := p.ViewText(58, 10); !strings.Contains(got, "/api/auth.test") {
		t.Errorf("the old answer counts:\n%s", got)
	}
	p.Held = fresh
	p.Release()
	if got := p.ViewText(58, 10); !strings.Contains(got, "/api/auth.test") {
		t.Errorf("got:\n%s", got)
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		target session.Target
		scopes int
		want   history.Query
		typed  string
		title  string
	}{
		"nobody":                      {session.Target{}, 0, history.Query{}, "", "everything"},
		"a filter says whose":         {slack, 0, history.Query{AccountID: "apn_2", Environment: proxy.Production}, "env:prod account:apn_2", "as typed"},
		"another project":             {slack, 0, history.Query{ProjectID: "proj_2"}, "project:proj_2", "as typed"},
		"a filter of another kind":    {slack, 0, history.Query{AccountID: "apn_slack1", Environment: proxy.Development, App: "x"}, "app:x", "this account"},
		"this account":                {slack, 0, history.Query{AccountID: "apn_slack1", Environment: proxy.Development}, "", "this account"},
		"this user":                   {slack, 1, history.Query{ExternalUserID: "abc-123", Environment: proxy.Development}, "", "this user"},
		"everything":                  {slack, 2, history.Query{}, "", "everything"},
		"round":                       {slack, 3, history.Query{AccountID: "apn_slack1", Environment: proxy.Development}, "", "this account"},
		"no account yet":              {session.Target{ExternalUserID: "u"}, 0, history.Query{ExternalUserID: "u"}, "", "this user"},
		"everything without account":  {session.Target{ExternalUserID: "u"}, 1, history.Query{}, "", "everything"},
		"this user though none is it": {session.Target{}, 1, history.Query{}, "", "everything"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := some()
			p := newPane(t, 58, 10).with(s)
			p.Run(p.SetTarget(tt.target, "proj_1"))
			for range tt.scopes {
				p.Do("f")
			}
			p.Do("/")
			p.Paste(tt.typed)
			tt.want.ProjectID, tt.want.Limit = cmp.Or(tt.want.ProjectID, "proj_1"), 200
			if got := s.asked[len(s.asked)-1]; got != tt.want || strings.TrimSuffix(p.TitleText(), " | ") != tt.title {
				t.Errorf("%s: got %+v, want %+v", p.TitleText(), got, tt.want)
			}
		})
	}
}
