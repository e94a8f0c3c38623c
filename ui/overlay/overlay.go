// Package overlay holds the dialogs that stand over the panes: pickers, the
// palette, help, questions and messages. A dialog answers with what is to be
// done; the root's closures do it after it closed.
package overlay

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
)

// Outcome is what a dialog made of a message.
type Outcome struct {
	Done bool
	// Then runs after the dialog closed, so that it may open another; nil for
	// nothing.
	Then func() tea.Cmd
}

// Dialog is one box over the screen.
type Dialog interface {
	// Update takes in one message.
	Update(msg tea.Msg) Outcome
	// Resize tells how large the box may be. It is called before Draw.
	Resize(width, height int)
	// Draw returns the box. It changes nothing.
	Draw(th *themes.Theme) string
}

// Stack is the open dialogs, the last one on top. The zero value is empty.
type Stack struct {
	dialogs       []Dialog
	width, height int
}

// Push opens a dialog on top.
func (s *Stack) Push(d Dialog) {
	s.dialogs = append(s.dialogs, d)
	s.Resize(s.width, s.height)
}

// Resize tells the size of the screen.
func (s *Stack) Resize(width, height int) {
	s.width, s.height = width, height
	for _, d := range s.dialogs {
		d.Resize(max(leastBox, width-2*marginX), max(leastBoxLines, height-2*marginY))
	}
}

// Empty reports that no dialog is open.
func (s *Stack) Empty() bool { return len(s.dialogs) == 0 }

// Top returns the dialog on top; nil where none is open.
func (s *Stack) Top() Dialog {
	if s.Empty() {
		return nil
	}
	return s.dialogs[len(s.dialogs)-1]
}

// Update gives a message to the dialog on top. esc closes it and does nothing
// else, unless the dialog has a step of its own to go back.
func (s *Stack) Update(msg tea.Msg) tea.Cmd {
	top := s.Top()
	if top == nil {
		return nil
	}
	if press, ok := msg.(tea.KeyPressMsg); ok {
		switch press.String() {
		case "esc", "alt+esc", "ctrl+c":
			if inner, ok := top.(interface{ Back() bool }); ok && press.String() != "ctrl+c" && inner.Back() {
				return nil // one step back within the dialog
			}
			s.pop()
			return nil
		}
	}
	outcome := top.Update(msg)
	if outcome.Done {
		s.pop()
	}
	if outcome.Then == nil {
		return nil
	}
	return outcome.Then()
}

// behind is the rest of a line from a column on; a wide character that the column
// parts leaves a blank.
func behind(line string, from, width int) string {
	rest, room := ansi.Cut(line, from, width), max(0, width-from)
	if ansi.StringWidth(rest) > room {
		rest = ansi.Cut(line, from+1, width)
	}
	return strings.Repeat(" ", max(0, room-ansi.StringWidth(rest))) + rest
}

func (s *Stack) pop() { s.dialogs = s.dialogs[:len(s.dialogs)-1] }

// The room a dialog leaves around itself, and what it has at least: on a screen that has
// less it does not show.
const (
	marginX       = 2
	marginY       = 2
	leastBox      = 20
	leastBoxLines = 1
)

// View draws the dialog on top in the middle of a screen. What lies behind is
// dimmed, but for its first line: whom one acts for stays in view.
func (s *Stack) View(base string, th *themes.Theme) string {
	top := s.Top()
	if top == nil {
		return base
	}
	box := strings.Split(top.Draw(th), "\n")
	w := ansi.StringWidth(box[0])
	x, y := max(0, (s.width-w)/2), max(1, (s.height-len(box))/2)
	lines := strings.Split(base, "\n")
	for i, line := range lines {
		if i > 0 {
			line = ansi.Strip(line)
			lines[i] = th.Faint.Paint(line)
		}
		if n := i - y; n >= 0 && n < len(box) {
			left := frame.Fit(ansi.Cut(line, 0, x), x)
			lines[i] = th.Faint.Paint(left) + box[n] + th.Faint.Paint(behind(line, x+w, s.width))
		}
	}
	return strings.Join(lines, "\n")
}
