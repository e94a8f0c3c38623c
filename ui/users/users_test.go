package users_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/uitest"
	"github.com/connectty/connectty/ui/users"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source is a Connect that lists users, and then fails with err, if it is set.
type source struct {
	ids []string
	err error
}

func (s *source) Users(context.Context, proxy.UserQuery) iter.Seq2[proxy.User, error] {
	return func(yield func(proxy.User, error) bool) {
		for i, id := range s.ids {
			if !yield(proxy.User{ID: fmt.Sprintf("exu_%d", i), ExternalID: id}, nil) {
				return
			}
		}
		if s.err != nil {
			yield(proxy.User{}, s.err)
		}
	}
}

func many(n int) *source {
	s := &source{}
	for i := range n {
		s.ids = append(s.ids, fmt.Sprintf("user-%04d", i))
	}
	return s
}

var (
	few      = &source{ids: []string{"abc-123", "jane@acme.io", "user-8841"}}
	errRight = &proxy.APIError{Operation: "list users", Status: 401, Message: "invalid client"}
)

// pane is the pane under test.
type pane struct {
	*users.Model
	*uitest.Driver
}

func newPane(tb testing.TB, width, height int) *pane {
	tb.Helper()
	m := users.New()
	return &pane{m, uitest.Drive(tb, m, width, height)}
}

// states are all that the pane can show.
var states = map[string]func(p *pane){
	"no source":  func(*pane) {},
	"no session": func(p *pane) { p.Refuse(errors.New("config.toml:2: unknown key \"profil\"")) },
	"loading":    func(p *pane) { p.Hold = true; p.Run(p.SetSource(few)) },
	"empty":      func(p *pane) { p.Run(p.SetSource(&source{})) },
	"few":        func(p *pane) { p.Run(p.SetSource(few)) },
	"picked":     func(p *pane) { p.Run(p.SetSource(few)); p.Pick("jane@acme.io") },
	"all users":  func(p *pane) { p.Run(p.SetSource(few)); p.Pick("") },
	"many":       func(p *pane) { p.Run(p.SetSource(many(1204))); p.Do("pgdown", "pgdown") },
	"the end":    func(p *pane) { p.Run(p.SetSource(many(1204))); p.Do("G") },
	"unfocused":  func(p *pane) { p.Run(p.SetSource(few)); p.Pick("abc-123"); p.Focus(false) },
	"refused":    func(p *pane) { p.Run(p.SetSource(&source{err: errRight})) },
	"hostile error": func(p *pane) {
		p.Run(p.SetSource(&source{err: errors.New("list users: " + uitest.Hostile)}))
	},
	"broken off": func(p *pane) {
		p.Run(p.SetSource(&source{ids: few.ids, err: errors.New("list users: connection reset")}))
	},
	"hostile": func(p *pane) {
		p.Run(p.SetSource(&source{ids: []string{uitest.Hostile, uitest.Wide, strings.Repeat("long-", 50), strings.Repeat("日本", 60)}}))
		p.Do("j")
	},
}

// sizes are the insides of the pane on common screens.
var sizes = [][2]int{{32, 7}, {58, 12}, {98, 5}}

func TestView(t *testing.T) {
	t.Parallel()
	uitest.Views(t, newPane, states, sizes...)
}

func TestViewFits(t *testing.T) {
	t.Parallel()
	uitest.Sizes(t, newPane, states, uitest.Steps(30, 100, 7), uitest.Steps(6, 30, 13))
}

// A long list shows before it is whole, and then grows.
func TestPagesIn(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 10)
	p.Run(p.SetSource(many(1204)))
	if got := len(p.Rows()); got != 1204 {
		t.Errorf("got %d users, want 1204", got)
	}
	if got := len(p.Said); got < 3 {
		t.Errorf("they came in %d pieces", got)
	}
	if got := p.TitleText(); got != "1,204 | " {
		t.Errorf("the title says %q", got)
	}
	for i, u := range p.Rows() {
		if want := fmt.Sprintf("user-%04d", i); u.ExternalID != want {
			t.Fatalf("row %d is %q, want %q", i, u.ExternalID, want)
		}
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want users.Picked
	}{
		"all users": {[]string{"enter"}, users.Picked{All: true}},
		"first":     {[]string{"j", "enter"}, users.Picked{User: proxy.User{ID: "exu_0", ExternalID: "abc-123"}}},
		"last":      {[]string{"G", "enter"}, users.Picked{User: proxy.User{ID: "exu_2", ExternalID: "user-8841"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 32, 10)
			p.Run(p.SetSource(few))
			p.Said = nil
			p.Do(tt.keys...)
			if len(p.Said) != 1 {
				t.Fatalf("%q: said %v", tt.keys, p.Said)
			}
			if got, ok := p.Said[0].(users.Picked); !ok || got.All != tt.want.All || got.User.ExternalID != tt.want.User.ExternalID {
				t.Errorf("%q: got %+v, want %+v", tt.keys, p.Said[0], tt.want)
			}
		})
	}
}

func TestClick(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		y    int
		want string // external id; empty for nothing picked
	}{
		"a row": {2, "user-1200"}, "below the list": {8, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 32, 6)
			p.Run(p.SetSource(many(1204)))
			p.Do("G")
			p.Said = nil
			p.Click(5, tt.y)
			got := ""
			for _, said := range p.Said {
				if picked, ok := said.(users.Picked); ok {
					got = picked.User.ExternalID
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The picked user is found while the list still loads, and kept over a reload.
func TestCursorStandsOnThePicked(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 8)
	p.Hold = true
	p.Run(p.SetSource(many(500)))
	p.Pick("user-0420")
	p.Release()
	if got := p.StatusText(); !strings.HasPrefix(got, "user-0420") {
		t.Errorf("loaded: the cursor is on %q", got)
	}
	p.Do("r")
	if got := p.StatusText(); !strings.HasPrefix(got, "user-0420") {
		t.Errorf("reloaded: the cursor is on %q", got)
	}
}

func TestReloadAfterAnError(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 8)
	src := &source{err: errRight}
	p.Run(p.SetSource(src))
	if !p.Failed() || !strings.Contains(p.ViewText(32, 8), "r loads them again") {
		t.Fatalf("the error says no next step:\n%s", p.ViewText(32, 8))
	}
	src.ids, src.err = few.ids, nil
	p.Do("r")
	if got := len(p.Rows()); got != 3 || p.Failed() {
		t.Errorf("got %d users, failed %v", got, p.Failed())
	}
	if cmd := p.Retry(); cmd != nil {
		t.Error("Retry loads what is there")
	}
}

// Rows that are on their way when the source changes are not taken for its.
func TestRowsOfAnOldSourceAreDropped(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 8)
	p.Hold = true
	p.Run(p.SetSource(&source{ids: []string{"old"}, err: errRight}))
	p.Run(p.SetSource(few))
	old, fresh := p.Held[:1], p.Held[1:]
	p.Held = old
	p.Release() // its answer is there before the root hears of the other job
	if got := len(p.Rows()); got != 0 || p.Failed() {
		t.Errorf("the old source's answer counts: %d users, failed %v", got, p.Failed())
	}
	p.Held = fresh
	p.Release()
	if got := len(p.Rows()); got != 3 {
		t.Errorf("got %d users, want 3", got)
	}
}
