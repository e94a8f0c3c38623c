package response_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// saveTo types a path and presses enter; what it returns saves.
func (p *pane) saveTo(path string) tea.Cmd {
	p.tb.Helper()
	p.do("w")
	p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	p.Update(tea.PasteMsg{Content: path})
	return p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
}

// A body that is being saved stays open while a filter shows in its place, and after.
func TestSaveBehindAFilter(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.json")
	p := newPane(t, 78, 30)
	p.Show(answered(t, 200, "application/json", slackBody))
	late := p.saveTo(path)
	p.do("|").typed(".ok").enter()
	p.run(late)
	if got := read(t, path); got != slackBody {
		t.Errorf("saved %q; says %q", got, p.status())
	}
	p.Unfilter()
	if got := p.status(); !strings.Contains(got, "line 1/12") {
		t.Errorf("the body is gone: %q", got)
	}
	p.do("y")
	if p.clip != slackBody {
		t.Errorf("copied %q; says %q", p.clip, p.status())
	}
}

// What was typed is offered again; what was not, goes by the kind of the body.
func TestSaveOffers(t *testing.T) {
	t.Parallel()
	p := newPane(t, 200, 30)
	p.Show(answered(t, 200, "application/json", slackBody))
	if p.do("w"); !strings.Contains(p.status(), "save to response.json") {
		t.Errorf("at first: %q", p.status())
	}
	p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	path := filepath.Join(t.TempDir(), "other.json")
	p.run(p.saveTo(path))
	if p.do("w"); !strings.Contains(p.status(), "save to "+path) {
		t.Errorf("after another path: %q", p.status())
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	viewed := bare(t, "", "one\n", true, nil)
	if viewed.do("w"); !strings.Contains(viewed.status(), "save to notes-copy.txt") {
		t.Errorf("of a file: %q", viewed.status())
	}
}
