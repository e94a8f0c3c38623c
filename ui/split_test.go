package ui

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// The lines between panes are dragged, grown by keys, and stand where they were left;
// no pane becomes too small to be of use.
func TestSplits(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e := newExplorer(t, 120, 40, Options{DataDir: dir})
	drag := func(x, y, toX, toY int) {
		e.tell(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
		e.tell(tea.MouseMotionMsg{X: toX, Y: toY, Button: tea.MouseLeft})
		e.tell(tea.MouseReleaseMsg{X: toX, Y: toY, Button: tea.MouseLeft})
		e.exact("after a drag")
	}
	widths := func() (left, request int) { return e.layout.boxes[usersPane].w, e.layout.boxes[requestPane].h }

	left, _ := widths()
	drag(left, 20, 50, 25)
	if left, _ = widths(); left != 50 {
		t.Errorf("the left column is %d cells wide, want 50", left)
	}
	_, request := widths()
	drag(80, request, 80, 21)
	if _, request = widths(); request != 20 {
		t.Errorf("the request is %d lines high, want 20", request)
	}
	drag(49, 20, 0, 20)
	drag(80, request, 80, 100)
	if left, _ = widths(); left != 26 || e.layout.boxes[responsePane].h != leastResponse {
		t.Errorf("dragged out of the screen: %d cells, %d lines for the response", left, e.layout.boxes[responsePane].h)
	}
	drag(25, 20, 60, 20)
	again := newExplorer(t, 120, 40, Options{DataDir: dir})
	again.run(again.readSplits())
	again.size(120, 40)
	if got := again.layout.boxes[usersPane].w; got != 60 {
		t.Errorf("opened again the left column is %d cells wide, want 60", got)
	}
	again.press("1", "+")
	if got := again.layout.boxes[usersPane].w; got != 62 {
		t.Errorf("+ makes it %d cells wide, want 62", got)
	}
	again.press("-", "-", "=")
	if got := again.layout.boxes[usersPane].w; got != 36 {
		t.Errorf("= makes it %d cells wide, want 36", got)
	}
	again.press("4")
	before := again.layout.boxes[responsePane].h
	if again.press("+"); again.layout.boxes[responsePane].h != before+2 {
		t.Errorf("+ makes the response %d lines high, want %d", again.layout.boxes[responsePane].h, before+2)
	}
	again.size(80, 24).press("3", "+", "+").exact("narrow")
}

// What the footer names does what it says when it is clicked.
func TestClickFooter(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40)
	e.press("3")
	for _, h := range e.hints() {
		if h.id == "app.help" {
			e.tell(tea.MouseClickMsg{X: h.from + 1, Y: 39, Button: tea.MouseLeft})
		}
	}
	e.shows("Keys", "closes")
	e.press("esc")
	e.tell(tea.MouseClickMsg{X: 119, Y: 39, Button: tea.MouseLeft})
	if !e.overlays.Empty() {
		t.Error("a click beside the hints does something")
	}
}
