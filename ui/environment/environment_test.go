package environment_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/environment"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pane is the pane under test.
type pane struct {
	*environment.Model
	*uitest.Driver
}

func newPane(tb testing.TB, width int) *pane {
	tb.Helper()
	m := environment.New()
	return &pane{m, uitest.Drive(tb, m, width, 1)}
}

var states = map[string]func(p *pane){
	"development":             func(*pane) {},
	"production":              func(p *pane) { p.Set(proxy.Production) },
	"cursor on the other":     func(p *pane) { p.Do("l") },
	"unfocused":               func(p *pane) { p.Focus(false) },
	"unfocused in production": func(p *pane) { p.Set(proxy.Production); p.Focus(false) },
}

func TestView(t *testing.T) {
	t.Parallel()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, width := range []int{32, 58, 20} {
				p := newPane(t, width)
				reach(p)
				p.Fits(width, 1)
				all.WriteString(p.Screen(width, 1) + "\n")
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(p *pane)
		want proxy.Environment // empty for none
	}{
		"as it is":            {func(p *pane) { p.Do("enter") }, proxy.Development},
		"right":               {func(p *pane) { p.Do("right", "enter") }, proxy.Production},
		"right and back":      {func(p *pane) { p.Do("l", "h", "space") }, proxy.Development},
		"down":                {func(p *pane) { p.Do("j", "space") }, proxy.Production},
		"moving alone":        {func(p *pane) { p.Do("l") }, ""},
		"focus went and came": {func(p *pane) { p.Do("l"); p.Focus(false); p.Focus(true); p.Do("enter") }, proxy.Development},
		"click on the first":  {func(p *pane) { p.Click(3, 0) }, proxy.Development},
		"click on the other":  {func(p *pane) { p.Click(20, 0) }, proxy.Production},
		"click below":         {func(p *pane) { p.Click(3, 1) }, ""},
		"typed":               {func(p *pane) { p.Run(p.Update(tea.PasteMsg{Content: "production"})) }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 32)
			tt.do(p)
			got := proxy.Environment("")
			for _, said := range p.Said {
				if picked, ok := said.(environment.Picked); ok {
					got = picked.Environment
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
