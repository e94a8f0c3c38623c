package overlay

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// NewPalette returns a picker over every action that can be done now, those of
// the group first.
func NewPalette(table *action.Table, group string) *Picker {
	var items []Item
	var actions []action.Action
	for _, g := range ordered(table, group) {
		for _, a := range g.Actions {
			if a.ID == "app.palette" || !a.Ready() {
				continue
			}
			actions = append(actions, a)
			items = append(items, Item{Label: a.Title, Detail: keysOf(a), Keywords: a.ID + " " + g.Title})
		}
	}
	return &Picker{
		Title: "All commands", Items: items,
		Choose: func(i int) tea.Cmd { return actions[i].Run() },
	}
}

// ordered puts the group first, then what works everywhere, then the others.
func ordered(table *action.Table, group string) []action.Group {
	first := []action.Group{table.Group(group), table.Group(action.Everywhere)}
	for _, g := range table.Groups() {
		if g.Name != group && g.Name != action.Everywhere {
			first = append(first, g)
		}
	}
	return first
}

func keysOf(a action.Action) string {
	labels := make([]string, len(a.Keys))
	for i, k := range a.Keys {
		labels[i] = action.Label(k)
	}
	return strings.Join(labels, " ")
}

// Help lists every key, by group.
type Help struct {
	rows   []helpRow
	lines  []helpRow // rows, with titles broken to the width
	width  int
	cursor list.Cursor
}

type helpRow struct{ heading, keys, title string }

// NewHelp returns the help, the group's keys first.
func NewHelp(table *action.Table, group string) *Help {
	h := &Help{}
	for _, g := range ordered(table, group) {
		if len(g.Actions) == 0 {
			continue
		}
		if len(h.rows) > 0 {
			h.rows = append(h.rows, helpRow{})
		}
		h.rows = append(h.rows, helpRow{heading: g.Title})
		for _, a := range g.Actions {
			h.rows = append(h.rows, helpRow{keys: keysOf(a), title: a.Title})
		}
	}
	return h
}

// Resize tells how large the box may be.
func (h *Help) Resize(width, height int) {
	h.width = min(width, helpWidth)
	h.lines = h.lines[:0]
	for _, r := range h.rows {
		for i, part := range strings.Split(ansi.Wrap(r.title, max(1, h.width-keysWidth-7), ""), "\n") {
			if i > 0 {
				r = helpRow{}
			}
			r.title = part
			h.lines = append(h.lines, r)
		}
	}
	h.cursor.Resize(len(h.lines), min(height-2, len(h.lines)))
}

// Update scrolls; ? and q close, like esc.
func (h *Help) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch msg.String() {
		case "?", "q", "enter", "f1":
			return Outcome{Done: true}
		default:
			scroll(&h.cursor, msg.String())
		}
	case tea.MouseWheelMsg:
		wheel(&h.cursor, msg)
	}
	return Outcome{}
}

// scroll moves a window of text by a key.
func scroll(c *list.Cursor, key string) {
	const all = 1 << 30
	switch key {
	case "j", "down":
		c.Scroll(1)
	case "k", "up":
		c.Scroll(-1)
	case "pgdown", "space", "ctrl+f":
		c.Scroll(c.Height())
	case "pgup", "ctrl+b":
		c.Scroll(-c.Height())
	case "g", "home":
		c.Scroll(-all)
	case "G", "end":
		c.Scroll(all)
	}
}

func wheel(c *list.Cursor, msg tea.MouseWheelMsg) {
	if msg.Button == tea.MouseWheelUp {
		c.Scroll(-3)
	} else {
		c.Scroll(3)
	}
}

const (
	helpWidth = 74
	keysWidth = 14
)

// Draw returns the box.
func (h *Help) Draw(th *themes.Theme) string {
	rows := h.cursor.Height()
	body := h.cursor.Render(rows, func(i int, _ bool) string {
		r := h.lines[i]
		if r.heading != "" {
			return " " + th.Strong.Paint(r.heading)
		}
		return "   " + th.Accent.Paint(frame.Fit(r.keys, keysWidth)) + " " + th.Text.Paint(r.title)
	})
	return frame.Draw(h.width, rows+2, frame.Box{Title: "Keys", Ink: th.Focus, Body: body, Right: keysOfText(len(h.lines) > rows, th)}, th)
}

// keysOfText are those of a text: it scrolls where it is longer than its box.
func keysOfText(scrolls bool, th *themes.Theme) string {
	if !scrolls {
		return closes(th)
	}
	return th.Accent.Paint("↑↓") + th.Muted.Paint(" scrolls  ") + closes(th)
}

func closes(th *themes.Theme) string { return th.Accent.Paint("esc") + th.Muted.Paint(" closes") }
