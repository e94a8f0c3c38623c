package overlay

import (
	"cmp"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/input"
)

// Ask takes in one line of text.
type Ask struct {
	Title string
	Hint  string // what to type, below the field; safe to print
	Run   func(text string) tea.Cmd

	input textinput.Model
	width int
}

// NewAsk returns a dialog with a text to begin with.
func NewAsk(title, text, hint string, run func(text string) tea.Cmd) *Ask {
	in := input.New()
	in.SetValue(text)
	in.CursorEnd()
	in.Focus()
	return &Ask{Title: title, Hint: hint, Run: run, input: in}
}

// Propose shows a text that enter takes while nothing is typed; tab writes it there to be
// changed.
func (a *Ask) Propose(text string) *Ask {
	a.input.Placeholder = text
	return a
}

// Resize tells how large the box may be.
func (a *Ask) Resize(width, _ int) {
	a.width = min(width, dialogWidth)
	a.input.SetWidth(max(1, a.width-5))
}

// Update takes in a key or pasted text; enter takes what is written.
func (a *Ask) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch msg.String() {
		case "enter":
			text := cmp.Or(a.input.Value(), a.input.Placeholder)
			return Outcome{Done: true, Then: func() tea.Cmd { return a.Run(text) }}
		case "tab":
			if a.input.Value() == "" {
				a.input.SetValue(a.input.Placeholder)
				a.input.CursorEnd()
			}
			return Outcome{}
		case "ctrl+u":
			a.input.SetValue("")
			return Outcome{}
		}
	case tea.PasteMsg:
	default:
		return Outcome{}
	}
	a.input, _ = a.input.Update(msg) // its commands blink and read the clipboard: neither is wanted
	return Outcome{}
}

// Draw returns the box.
func (a *Ask) Draw(th *themes.Theme) string {
	const height = 4
	body := " " + a.input.View() + "\n " + th.Muted.Paint(a.Hint)
	return frame.Draw(a.width, height, frame.Box{
		Title: a.Title, Ink: th.Focus, Body: body, Right: th.Accent.Paint("⏎") + th.Muted.Paint(" takes it  ") + closes(th),
	}, th)
}
