package response_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/themes"
)

// bare is the pane as the viewer has it, with a text that ended so; nil for one that is
// still read.
func bare(t *testing.T, mediaType, text string, ended bool, why error) *pane {
	t.Helper()
	doc := document.New(document.Options{MediaType: mediaType})
	if _, err := doc.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if ended {
		doc.End(why)
	}
	p := newPane(t, 78, 12)
	p.Bare("notes-copy.txt")
	p.Resize(78, 12)
	p.Show(session.Result{Exchange: history.Exchange{ID: "view", Response: &history.Response{Status: 200}}, Document: doc, Done: ended, Err: why})
	return p
}

// A text that is no answer has no tabs, no next page and no headers: nothing speaks of
// them.
func TestBareSays(t *testing.T) {
	t.Parallel()
	full := fmt.Errorf("keep the body: write 9 bytes: %w", errors.New("no space left on device"))
	tests := map[string]struct {
		text  string
		ended bool
		why   error
		want  []string
	}{
		"empty":             {"", true, nil, []string{"it is empty"}},
		"nothing came yet":  {"", false, nil, []string{"nothing to read yet"}},
		"cannot be read":    {"", true, full, []string{"it could not be read", "no space left on device"}},
		"breaks off":        {"one\n", true, full, []string{"one", "it breaks off: keep the body: no space left on device", "cut off"}},
		"JSON breaks off":   {`{"a":[1,`, true, full, []string{"it breaks off: keep the body: no space left on device", "cut off"}},
		"is whole":          {"one\n", true, nil, []string{"one", "line 1/1 · pretty · text"}},
		"still comes in":    {"one\n", false, nil, []string{"one", "line 1/1 · pretty · text"}},
		"is not whole JSON": {`{"a":`, true, nil, []string{"from there on it stands as it came"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := bare(t, "", tt.text, tt.ended, tt.why)
			got := ansi.Strip(p.View(78, 12, themes.For(true))) + "\n" + p.status()
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("%q is not there:\n%s", w, got)
				}
			}
			for _, w := range []string{"answer", "header", "esc cancels"} {
				if strings.Contains(got, w) {
					t.Errorf("it speaks of %q:\n%s", w, got)
				}
			}
		})
	}
}

func TestBareActions(t *testing.T) {
	t.Parallel()
	p := bare(t, "", "one\n", true, nil)
	for _, a := range p.Actions() {
		if slices.Contains([]string{"]", "[", ">", "M"}, a.Keys[0]) {
			t.Errorf("%q is listed, and there is none", a.Title)
		}
		for _, w := range []string{"answer", "URL", "report", "page for", "diagnosis"} {
			if strings.Contains(a.Title, w) {
				t.Errorf("%q speaks of %q", a.Title, w)
			}
		}
	}
}

func TestBareClick(t *testing.T) {
	t.Parallel()
	p := bare(t, "", "one\ntwo\nthree\n", true, nil)
	for y, want := range []string{"line 1/3", "line 2/3", "line 3/3", "line 3/3"} {
		p.run(p.Update(tea.MouseClickMsg{X: 12, Y: y}))
		if got := p.status(); !strings.Contains(got, want) {
			t.Errorf("row %d: %q, want %s", y, got, want)
		}
	}
}
