package overlay

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
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
		Title: "All commands", Items: items, Fuzzy: true,
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

// Help lists every key, by group. / finds among them.
type Help struct {
	rows   []helpRow
	query  string
	typing bool
	height int
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
	h.width, h.height = min(width, helpWidth), height
	h.lines = h.lines[:0]
	for _, r := range h.wanted() {
		for i, part := range strings.Split(ansi.Wrap(r.title, max(1, h.width-keysWidth-7), ""), "\n") {
			if i > 0 {
				r = helpRow{}
			}
			r.title = part
			h.lines = append(h.lines, r)
		}
	}
	h.cursor.Resize(len(h.lines), max(1, min(height-2-h.searchLines(), len(h.lines))))
}

// wanted are the rows that hold what was typed, with the headings of their groups.
func (h *Help) wanted() []helpRow {
	words := strings.Fields(strings.ToLower(h.query))
	if len(words) == 0 {
		return h.rows
	}
	var out []helpRow
	heading := helpRow{}
	for _, r := range h.rows {
		hay := strings.ToLower(r.keys + " " + r.title)
		switch {
		case r.heading != "":
			heading = r
		case r.title == "" || slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(hay, w) }):
		default:
			if heading.heading != "" {
				out = append(out, heading)
			}
			heading = helpRow{}
			out = append(out, r)
		}
	}
	return out
}

// searchLines is the room of what is typed.
func (h *Help) searchLines() int {
	if h.typing || h.query != "" {
		return 1
	}
	return 0
}

// Back leaves what is typed; false where there is nothing to leave.
func (h *Help) Back() bool {
	if h.searchLines() == 0 {
		return false
	}
	h.search("", false)
	return true
}

func (h *Help) search(query string, typing bool) {
	h.query, h.typing = query, typing
	h.cursor.Put(0)
	h.Resize(h.width, h.height)
}

// typeIn takes in one key of what is looked for.
func (h *Help) typeIn(msg tea.KeyPressMsg) {
	switch k := msg.String(); {
	case k == "enter":
		h.search(h.query, false)
	case k == "ctrl+u":
		h.search("", true)
	case k == "backspace":
		runes := []rune(h.query)
		h.search(string(runes[:max(0, len(runes)-1)]), len(runes) > 0)
	case k == "down", k == "up", k == "pgdown", k == "pgup":
		scroll(&h.cursor, k)
	case msg.Text != "":
		h.search(h.query+msg.Text, true)
	}
}

// Update scrolls and finds; ? and q close, like esc.
func (h *Help) Update(msg tea.Msg) Outcome {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if h.typing {
			h.typeIn(msg)
			return Outcome{}
		}
		switch msg.String() {
		case "/":
			h.search(h.query, true)
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
	body := ""
	if h.searchLines() > 0 {
		caret := ""
		if h.typing {
			caret = "▏"
		}
		body = " " + th.Accent.Paint("/") + th.Strong.Paint(visible.Line(h.query)) + th.Accent.Paint(caret) + "\n"
	}
	if len(h.lines) == 0 {
		body += " " + th.Muted.Paint("no key does that; esc shows all")
	}
	body += h.cursor.Render(rows, func(i int, _ bool) string {
		r := h.lines[i]
		if r.heading != "" {
			return " " + th.Strong.Paint(r.heading)
		}
		return "   " + th.Accent.Paint(frame.Fit(r.keys, keysWidth)) + " " + th.Text.Paint(r.title)
	})
	right := th.Accent.Paint("/") + th.Muted.Paint(" finds  ") + keysOfText(len(h.lines) > rows && h.width > 60, th)
	return frame.Draw(h.width, rows+2+h.searchLines(), frame.Box{Title: "Keys", Ink: th.Focus, Body: body, Right: right}, th)
}

// keysOfText are those of a text: it scrolls where it is longer than its box.
func keysOfText(scrolls bool, th *themes.Theme) string {
	if !scrolls {
		return closes(th)
	}
	return th.Accent.Paint("↑↓") + th.Muted.Paint(" scrolls  ") + closes(th)
}

func closes(th *themes.Theme) string { return th.Accent.Paint("esc") + th.Muted.Paint(" closes") }
