package compare_test

import (
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/internal/compare"
	pane "github.com/connectty/connectty/ui/compare"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// table is the pane under test.
type table struct {
	*pane.Model
	*uitest.Driver
}

func newTable(tb testing.TB, width, height int) *table {
	tb.Helper()
	m := pane.New()
	return &table{m, uitest.Drive(tb, m, width, height)}
}

// scopes is a comparison in which one account lacks a scope.
func scopes() compare.Comparison {
	return compare.Comparison{
		Left: "abc-123", Right: "jane@acme.io",
		Verdict: "the same call works for abc-123 and fails for jane@acme.io: it is the account of jane@acme.io",
		Facts: []compare.Row{
			{Name: "status", Left: "200 OK", Right: "200 OK"},
			{Name: "who failed", Left: "works", Right: "this account", Class: compare.Changed},
			{Name: "account", Left: "apn_1", Right: "apn_2", Class: compare.Noise},
			{Name: "scope", Left: "channels:read", Class: compare.OnlyLeft},
			{Name: "scope", Right: "files:read", Class: compare.OnlyRight},
		},
		Body: []compare.Row{
			{Name: "$.ok", Left: "true", Right: "false", Class: compare.Changed},
			{Name: "$.ts", Left: "1764000000.0001", Right: "1764000000.0002", Class: compare.Noise},
			{Name: "$.channels", Left: "[ 3 elements ]", Class: compare.OnlyLeft},
			{Name: "$.team", Left: `"T1"`, Right: `"T1"`},
		},
		Headers: []compare.Row{{Name: "Date", Left: "now", Right: "then", Class: compare.Noise}},
	}
}

// states are all that the pane can show.
var states = map[string]func(p *table){
	"nothing":    func(*table) {},
	"facts":      func(p *table) { p.Show(scopes()); p.Do("j") },
	"body":       func(p *table) { p.Show(scopes()); p.Do("]") },
	"all":        func(p *table) { p.Show(scopes()); p.Do("]", "f", "j") },
	"only noise": func(p *table) { p.Show(scopes()); p.Do("[") },
	"swapped":    func(p *table) { p.Show(scopes()); p.Do("x", "]", "j") },
	"unfocused":  func(p *table) { p.Show(scopes()); p.Focus(false) },
	"no bodies":  func(p *table) { c := scopes(); c.Body = nil; p.Show(c); p.Do("]") },
	"cut": func(p *table) {
		c := scopes()
		c.Body, c.Cut = []compare.Row{{Name: "$.a", Left: "1", Right: "1"}}, "the first 2 MB of each body are compared"
		p.Show(c)
		p.Do("]")
	},
	"both work": func(p *table) { c := scopes(); c.Verdict = "both work, and say the same"; p.Show(c) },
	"many": func(p *table) {
		c := scopes()
		for range 3000 {
			c.Body = append(c.Body, compare.Row{Name: "$.data[3].a_rather_long_name.below.another", Left: strings.Repeat("left ", 40), Right: strings.Repeat("right ", 40), Class: compare.Changed})
		}
		p.Show(c)
		p.Do("]", "G")
	},
	"hostile": func(p *table) {
		c := scopes()
		c.Left, c.Right, c.Verdict = uitest.Hostile, uitest.Wide, uitest.Hostile
		c.Facts = []compare.Row{{Name: uitest.Hostile, Left: uitest.Hostile, Right: uitest.Wide, Class: compare.Changed}, {Name: uitest.Wide, Left: uitest.Wide, Class: compare.OnlyLeft}}
		p.Show(c)
	},
}

func TestView(t *testing.T) {
	t.Parallel()
	uitest.Views(t, newTable, states, [2]int{58, 9}, [2]int{78, 16}, [2]int{82, 30}, [2]int{142, 30})
}

func TestViewFits(t *testing.T) {
	t.Parallel()
	uitest.Sizes(t, newTable, states, uitest.Steps(30, 100, 7), uitest.Steps(4, 30, 6))
}

// The root is asked to copy; what is shown is not swapped behind its back.
func TestCopy(t *testing.T) {
	t.Parallel()
	p := newTable(t, 80, 20)
	p.Show(scopes())
	p.Do("x", "y")
	if !slices.Contains(p.Said, any(pane.CopyAsked{})) || p.Comparison().Left != "jane@acme.io" {
		t.Errorf("said %v, left is %q", p.Said, p.Comparison().Left)
	}
}
