package overlay_test

import (
	"slices"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/connectty/connectty/ui/overlay"
)

func (s *screen) menu() *overlay.Menu {
	return &overlay.Menu{
		Title: "Reconnect link", Notes: []string{"http://127.0.0.1:8090/_static/connect.html?token=ctok_0123456789abcdef0123456789abcdef&connectLink=true", "For jane@acme.io"},
		Choices: []overlay.Choice{
			{Key: "y", Label: "copy a message with the link", Detail: "for the end user", Run: s.does("message")},
			{Key: "u", Label: "copy the link alone", Run: s.does("link")},
			{Key: "R", Label: "copy a report", Run: s.does("report")},
		},
	}
}

func TestMenu(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys []string
		done string
		open bool
	}{
		"a key of its own":         {keys: []string{"R"}, done: "report"},
		"the first is chosen":      {keys: []string{"enter"}, done: "message"},
		"down, and no further":     {keys: []string{"j", "j", "j", "j", "enter"}, done: "report"},
		"up, and no further":       {keys: []string{"down", "k", "up", "up", "enter"}, done: "message"},
		"q does nothing":           {keys: []string{"q"}},
		"esc does nothing":         {keys: []string{"esc"}},
		"an unknown key is no key": {keys: []string{"r"}, open: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24)
			s.Push(s.menu())
			s.press(c.keys...)
			var want []string
			if c.done != "" {
				want = []string{c.done}
			}
			if !slices.Equal(s.done, want) || s.Empty() == c.open {
				t.Errorf("%v does %v and leaves it open: %v; want %v, %v", c.keys, s.done, !s.Empty(), want, c.open)
			}
		})
	}
}

func TestMenuDrawn(t *testing.T) {
	t.Parallel()
	for name, size := range map[string][2]int{"large": {100, 30}, "small": {60, 15}, "tiny": {60, 7}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, size[0], size[1])
			s.Push(s.menu())
			golden.RequireEqual(t, ansi.Strip(s.view()))
		})
	}
}
