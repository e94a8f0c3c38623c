package overlay

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// Choice is one row of a [Menu]. Its texts must be safe to print.
type Choice struct {
	Key    string // does it at once: "R"
	Label  string
	Detail string // what explains it, at the right end
	Run    func() tea.Cmd
}

// Menu offers a few things, each with a key of its own.
type Menu struct {
	Title   string
	Notes   []string // what stands above the choices; safe to print
	Choices []Choice

	width, height int
	notes         []string // Notes, broken to the width
	cursor        list.Cursor
}

const menuWidth = 66

// Resize tells how large the box may be.
func (m *Menu) Resize(width, height int) {
	m.width, m.height = min(width, menuWidth), height
	m.notes = nil
	for _, n := range m.Notes {
		m.notes = append(m.notes, strings.Split(ansi.Wrap(n, max(1, m.width-4), ""), "\n")...)
	}
	rows := max(1, min(len(m.Choices), height-2))
	m.notes = m.notes[:max(0, min(len(m.notes), height-3-rows))]
	m.cursor.Resize(len(m.Choices), rows)
}

// Say replaces what stands above the choices.
func (m *Menu) Say(notes ...string) {
	m.Notes = notes
	m.Resize(m.width, m.height)
}

// Update moves among the choices, or does the one of a key.
func (m *Menu) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		for _, c := range m.Choices {
			if msg.String() == c.Key {
				return Outcome{Done: true, Then: c.Run}
			}
		}
		switch msg.String() {
		case "enter":
			if row := m.cursor.Row(); row >= 0 && row < len(m.Choices) {
				return Outcome{Done: true, Then: m.Choices[row].Run}
			}
		case "q":
			return Outcome{Done: true}
		case "j", "down":
			m.cursor.Put(min(m.cursor.Row()+1, len(m.Choices)-1))
		case "k", "up":
			m.cursor.Put(max(m.cursor.Row()-1, 0))
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
	}
	return Outcome{}
}

// Draw returns the box.
func (m *Menu) Draw(th *themes.Theme) string {
	inside := m.width - 2
	var b strings.Builder
	for _, n := range m.notes {
		b.WriteString(" " + th.Text.Paint(n) + "\n")
	}
	height := m.cursor.Height() + len(m.notes) + 2
	if len(m.notes) > 0 {
		b.WriteString("\n")
		height++
	}
	b.WriteString(m.cursor.Render(m.cursor.Height(), func(i int, chosen bool) string {
		c := m.Choices[i]
		line := frame.Columns(" "+th.Accent.Paint(frame.Fit(c.Key, 3))+th.Text.Paint(c.Label), th.Muted.Paint(c.Detail)+" ", inside)
		return list.Chosen(line, chosen, true, inside, th)
	}))
	return frame.Draw(m.width, height, frame.Box{
		Title: m.Title, Ink: th.Focus, Body: b.String(), Right: th.Accent.Paint("⏎") + th.Muted.Paint(" picks  ") + closes(th),
	}, th)
}
