package response_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
)

// A body that is being saved behind what a filter shows of it stays open.
func TestSaveBehindAFilter(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 20)
	showBody(t, p, `{"a":{"b":1}}`)
	path := filepath.Join(t.TempDir(), "body.json")
	p.do("w")
	p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	p.typed(path)
	save := p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	p.do("|").typed(".a").enter()
	p.run(save)
	if p.Unfilter(); p.Showing().Lines(document.Pretty) != 5 {
		t.Errorf("the body has %d lines", p.Showing().Lines(document.Pretty))
	}
	p.do("w")
	if got := p.status(); !strings.Contains(got, filepath.Base(path)) {
		t.Errorf("the path is not kept: %q", got)
	}
}

func TestGoToFromAnotherView(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 20)
	showBody(t, p, `{"a":[1,2,3],"x":4}`)
	p.do("/").typed("4").enter().do("v", "#").typed("x").enter()
	if got := p.status(); !strings.Contains(got, "line 7/8 · pretty") {
		t.Errorf("got %q", got)
	}
	p.do("n")
	if got := p.status(); !strings.Contains(got, "1 match") || !strings.Contains(got, "line 7/8") {
		t.Errorf("then: %q", got)
	}
}

// Back from a filter one is where one was.
func TestUnfilterKeepsThePlace(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 20)
	showBody(t, p, "["+strings.Repeat(`{"name":"x"},`, 500)+"{}]")
	p.do("#").typed("[100].name").enter().do("space", "#").typed("[200].name").enter()
	before := p.screen(80, 20)
	p.do("|").typed(".[3].name").enter()
	if got := p.status(); !strings.Contains(got, "line 1/1") {
		t.Errorf("filtered: %q", got)
	}
	if p.Unfilter(); p.screen(80, 20) != before {
		t.Errorf("got\n%s\nwant\n%s", p.screen(80, 20), before)
	}
}

// The keys for former filters do not lose what was typed.
func TestRecallKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 20)
	showBody(t, p, nested)
	press := func(codes ...rune) {
		for _, c := range codes {
			p.run(p.Update(tea.KeyPressMsg{Code: c}))
		}
	}
	p.do("|").typed(".draft")
	press(tea.KeyUp, tea.KeyDown, tea.KeyDown)
	if got := p.status(); !strings.Contains(got, "| .draft") {
		t.Errorf("with nothing before: %q", got)
	}
	p.SetFilters(map[string][]string{"slack": {".one", ".two"}})
	press(tea.KeyUp, tea.KeyUp, tea.KeyUp)
	if got := p.status(); !strings.Contains(got, "| .two") {
		t.Errorf("the oldest: %q", got)
	}
	press(tea.KeyDown, tea.KeyDown, tea.KeyDown)
	if got := p.status(); !strings.Contains(got, "| .draft") {
		t.Errorf("back: %q", got)
	}
}

// Page by page each wrapped line is seen, there and back.
func TestWrappedPages(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 20)
	var body strings.Builder
	for i := range 80 {
		fmt.Fprintf(&body, "<%d>%s\n", i, strings.Repeat("x", 150+i))
	}
	p.Show(answered(t, 200, "text/plain", body.String()))
	p.do("W")
	for _, key := range []string{"pgdown", "pgup"} {
		seen := map[string]bool{}
		for range 80 {
			for i := range 80 {
				if name := fmt.Sprintf("<%d>", i); strings.Contains(p.seen(80, 20), name) {
					seen[name] = true
				}
			}
			p.do(key)
		}
		if len(seen) != 80 {
			t.Errorf("%s: %d lines were seen, want 80", key, len(seen))
		}
	}
}
