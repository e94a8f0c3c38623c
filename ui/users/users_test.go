package users_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/uitest"
	"github.com/connectty/connectty/ui/users"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// source is a Connect that lists users, and then fails with err, if it is set.
type source struct {
	ids   []string
	err   error
	pages atomic.Int64 // that were asked for
}

// UserPage lists a hundred users at a time; what fails does so behind the last one.
func (s *source) UserPage(_ context.Context, _ proxy.UserQuery, after string) (proxy.Page[proxy.User], error) {
	s.pages.Add(1)
	from, _ := strconv.Atoi(after)
	page := proxy.Page[proxy.User]{Total: len(s.ids)}
	if s.err != nil {
		page.Total++
	}
	if from >= len(s.ids) && s.err != nil {
		return page, s.err
	}
	to := min(from+100, len(s.ids))
	for i, id := range s.ids[from:to] {
		page.Items = append(page.Items, proxy.User{ID: fmt.Sprintf("exu_%d", from+i), ExternalID: id})
	}
	page.Next = strconv.Itoa(to)
	return page, nil
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
	"the end":    func(p *pane) { p.Run(p.SetSource(many(1204))); p.Do("G", "G", "G") },
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

// Of a long list only as much is loaded as is scrolled to, in the order that Connect
// lists it.
func TestPagesIn(t *testing.T) {
	t.Parallel()
	p := newPane(t, 32, 10)
	src := many(1204)
	p.Run(p.SetSource(src))
	if got := len(p.Rows()); got != 500 || src.pages.Load() != 5 || p.Whole() {
		t.Errorf("got %d users of %d pages, whole %v", got, src.pages.Load(), p.Whole())
	}
	if got := len(p.Said); got < 3 {
		t.Errorf("they came in %d pieces", got)
	}
	if got := p.TitleText(); got != "500 of 1,204 | " {
		t.Errorf("the title says %q", got)
	}
	p.Do("pgdown", "pgdown")
	if got := len(p.Rows()); got != 500 {
		t.Errorf("near the top %d users are loaded", got)
	}
	p.Do("G")
	if got := len(p.Rows()); got != 1000 || p.StatusText() != "user-0499 | user 500/1,204" {
		t.Errorf("at the end of what was there: %d users, and %q", got, p.StatusText())
	}
	p.Do("G", "G")
	if got := p.TitleText(); got != "1,204 | " || !p.Whole() {
		t.Errorf("the title says %q, whole %v", got, p.Whole())
	}
	for i, u := range p.Rows() {
		if want := fmt.Sprintf("user-%04d", i); u.ExternalID != want {
			t.Fatalf("row %d is %q, want %q", i, u.ExternalID, want)
		}
	}
}

// Pinned users and those that were worked with last stand above all others, once.
func TestTop(t *testing.T) {
	t.Parallel()
	p := newPane(t, 40, 8)
	p.Run(p.SetSource(many(300)))
	p.Do("j", "j")
	p.SetTop([]string{"user-0007", "not listed"}, []string{"user-0200", "user-0007", "user-0003"})
	if got := p.StatusText(); !strings.HasPrefix(got, "user-0001") {
		t.Errorf("the cursor went to %q", got)
	}
	p.Do("g")
	view := p.ViewText(40, 8)
	for i, want := range []string{"all users", "★ user-0007", "★ not listed", "user-0200", "user-0003", "user-0000", "user-0001", "user-0002"} {
		if line := strings.Split(view, "\n")[i]; !strings.Contains(line, want) || strings.Contains(line, "recent") != (i == 3 || i == 4) {
			t.Errorf("line %d is %q, want %q", i, line, want)
		}
	}
	p.Said = nil
	p.Do("j", "p", "j", "j", "p", "enter")
	want := []any{users.Pinned{ExternalID: "user-0007"}, users.Pinned{ExternalID: "user-0200", On: true}, users.Picked{User: proxy.User{ExternalID: "user-0200"}}}
	var got []any
	for _, said := range p.Said {
		got = append(got, said)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("said %v, want %v", got, want)
	}
}

// What is known of the accounts of users stands beside them; those that show are asked
// for, the one under the cursor first.
func TestCounts(t *testing.T) {
	t.Parallel()
	p := newPane(t, 40, 4)
	p.Run(p.SetSource(few))
	p.Do("j", "j")
	if got := p.Uncounted(noon); got != "jane@acme.io" {
		t.Errorf("asked for is %q", got)
	}
	health := func(h ...bool) []proxy.Account {
		var out []proxy.Account
		for i, ok := range h {
			out = append(out, proxy.Account{ID: fmt.Sprint("apn_", i), Healthy: ok})
		}
		return out
	}
	p.Counted("jane@acme.io", append(health(true), proxy.Account{Dead: true}), noon)
	p.Counted("abc-123", health(true, false, true), noon)
	if got := p.Uncounted(noon); got != "user-8841" {
		t.Errorf("asked for is %q", got)
	}
	p.Counted("user-8841", nil, noon)
	if got := p.Uncounted(noon); got != "" {
		t.Errorf("asked for is %q", got)
	}
	if got := p.Uncounted(noon.Add(time.Hour)); got != "jane@acme.io" {
		t.Errorf("an hour later %q is asked for", got)
	}
	view := strings.Split(p.ViewText(40, 4), "\n")
	for i, want := range []string{"all users", "abc-123|3 !", "jane@acme.io|2 ✗", "user-8841|0"} {
		id, signs, _ := strings.Cut(want, "|")
		if !strings.Contains(view[i], id) || !strings.HasSuffix(strings.TrimRight(view[i], " "), signs) {
			t.Errorf("line %d is %q, want %q", i, view[i], want)
		}
	}
	p.Run(p.SetSource(few))
	if _, known := p.Known("abc-123"); known {
		t.Error("the counts of another source stay")
	}
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// BenchmarkMany is a key and a frame with 100,000 users that were all loaded.
func BenchmarkMany(b *testing.B) {
	p := newPane(b, 40, 30)
	p.Run(p.SetSource(many(100_000)))
	for !p.Whole() {
		p.Do("G")
	}
	p.SetTop([]string{"user-0007"}, []string{"user-0200"})
	keys := []string{"j", "k", "pgdown", "g", "G"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Do(keys[i%len(keys)])
		p.ViewText(40, 30)
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
			p.Do("G", "G", "G")
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
