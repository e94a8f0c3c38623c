package overlay

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// Confirm asks before something is done. The answer that does nothing is the
// default.
type Confirm struct {
	Title string
	Lines []Line
	Yes   string // what the button that does it says
	No    string
	Alarm bool // it concerns production
	OnYes func() tea.Cmd

	width int
	yes   bool // the button that has the cursor
}

// Line is one line of a question. Label and Text are safe to print.
type Line struct {
	Label string // what Text is, in front of it; empty for a line without one
	Text  string
	Tone  Tone // of the label; of the text where there is none
}

// labelled is the width of a line's label.
const labelled = 9

func (l Line) draw(width int, th *themes.Theme) string {
	if l.Label == "" {
		return l.Tone.ink(th).Paint(ansi.Truncate(l.Text, width, "…"))
	}
	ink := th.Muted
	if l.Tone != Plain {
		ink = l.Tone.ink(th)
	}
	return ink.Paint(frame.Fit(l.Label, labelled)) + th.Text.Paint(ansi.Truncate(l.Text, max(1, width-labelled), "…"))
}

// Resize tells how large the box may be.
func (c *Confirm) Resize(width, _ int) { c.width = min(width, dialogWidth) }

// Update moves between the buttons. No single key does it: where one types, a
// letter must not send.
func (c *Confirm) Update(msg tea.Msg) Outcome {
	press, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return Outcome{}
	}
	switch press.String() {
	case "left", "right", "tab", "shift+tab", "h", "l":
		c.yes = !c.yes
	case "n", "q":
		return Outcome{Done: true}
	case "enter":
		if c.yes {
			return Outcome{Done: true, Then: c.OnYes}
		}
		return Outcome{Done: true}
	}
	return Outcome{}
}

const dialogWidth = 66

// Draw returns the box with its two buttons.
func (c *Confirm) Draw(th *themes.Theme) string {
	w := c.width
	ink := th.Focus
	if c.Alarm {
		ink = th.Bad
	}
	var b strings.Builder
	b.WriteByte('\n')
	for _, line := range c.Lines {
		b.WriteString("  " + line.draw(w-6, th) + "\n")
	}
	b.WriteString("\n  " + c.button(c.No, !c.yes, th) + "   " + c.button(c.Yes, c.yes, th))
	return frame.Draw(w, len(c.Lines)+6, frame.Box{
		Title: ink.Paint(c.Title), Ink: ink, Heavy: c.Alarm, Body: b.String(),
		Right: th.Accent.Paint("←→ ⏎") + th.Muted.Paint(" answer  ") + th.Accent.Paint("esc") + th.Muted.Paint(" cancels"),
	}, th)
}

func (c *Confirm) button(label string, chosen bool, th *themes.Theme) string {
	if chosen {
		return frame.Row(" ▸ "+th.Strong.Paint(label)+" ", ansi.StringWidth(label)+4, th.Selected)
	}
	return "   " + th.Muted.Paint(label) + " "
}

// Message shows a text; esc or enter closes it.
type Message struct {
	Title  string
	Text   string
	Indent int // of the rest of a line that is broken
	Width  int // at most, where there is room; 0 for the usual one
	// Choices are what can be done with what is shown: the box stays open.
	Choices []Choice

	width  int
	lines  []string // Text, broken to the width
	cursor list.Cursor
}

// Resize tells how large the box may be.
func (m *Message) Resize(width, height int) {
	m.width = min(width, max(m.Width, dialogWidth))
	m.lines = nil
	for line := range strings.SplitSeq(visible.Block(m.Text), "\n") {
		first, rest, broken := strings.Cut(ansi.Wrap(line, max(1, m.width-4), ""), "\n")
		m.lines = append(m.lines, first)
		if !broken {
			continue
		}
		pad := strings.Repeat(" ", min(m.Indent, m.width/2))
		if pad != "" {
			rest = ansi.Wrap(strings.ReplaceAll(rest, "\n", " "), max(1, m.width-4-len(pad)), "")
		}
		for part := range strings.SplitSeq(rest, "\n") {
			m.lines = append(m.lines, pad+part)
		}
	}
	m.cursor.Resize(len(m.lines), min(height-2, len(m.lines)))
}

// Update scrolls or closes.
func (m *Message) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		k := msg.String()
		if k == "enter" || k == "q" {
			return Outcome{Done: true}
		}
		for _, c := range m.Choices {
			if c.Key == k {
				return Outcome{Then: c.Run}
			}
		}
		scroll(&m.cursor, k)
	case tea.MouseWheelMsg:
		wheel(&m.cursor, msg)
	}
	return Outcome{}
}

// Draw returns the box.
func (m *Message) Draw(th *themes.Theme) string {
	rows := m.cursor.Height()
	body := m.cursor.Render(rows, func(i int, _ bool) string { return " " + th.Text.Paint(m.lines[i]) })
	var right strings.Builder
	for _, c := range m.Choices {
		right.WriteString(th.Accent.Paint(c.Key) + th.Muted.Paint(" "+c.Label+"  "))
	}
	return frame.Draw(m.width, rows+2, frame.Box{Title: m.Title, Ink: th.Focus, Body: body, Right: right.String() + keysOfText(len(m.lines) > rows, th)}, th)
}
