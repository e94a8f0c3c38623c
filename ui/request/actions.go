package request

import (
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/action"
)

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	do := func(fn func()) func() tea.Cmd {
		return func() tea.Cmd {
			fn()
			return nil
		}
	}
	onRow := func() bool { return m.inside && m.current() != nil && m.current().cursor.Row() < len(m.current().rows) }
	return []action.Action{
		{ID: "request.edit", Title: "Edit what is under the cursor", Hint: "edit", Keys: []string{"enter", "i"}, Run: do(m.enter)},
		{ID: "request.next-tab", Title: "Next: params, headers, body, preview", Hint: "tabs", Keys: []string{"]", "right", "l"}, Run: do(func() { m.turn(1) })},
		{ID: "request.previous-tab", Title: "Previous tab", Keys: []string{"[", "left", "h"}, Run: do(func() { m.turn(-1) })},
		{ID: "request.add", Title: "Add a parameter or header", Hint: "add", Keys: []string{"a"}, When: func() bool { return m.current() != nil }, Run: do(m.add)},
		{ID: "request.toggle", Title: "Send the row, or keep it without sending", Keys: []string{"space"}, When: onRow, Run: do(m.toggle)},
		{ID: "request.delete", Title: "Delete the row, or the whole body", Keys: []string{"d", "delete"}, When: func() bool { return onRow() || m.tab == bodyTab && m.body.size() > 0 }, Run: do(m.remove)},
		{ID: "request.undo", Title: "Bring back what was replaced", Edit: true, Keys: []string{"ctrl+z"}, When: func() bool { return m.undo != nil }, Run: do(m.takeBack)},
		{ID: "request.down", Title: "Down one line", Keys: []string{"j", "down"}, Run: do(func() { m.move(1) })},
		{ID: "request.up", Title: "Up one line", Keys: []string{"k", "up"}, Run: do(func() { m.move(-1) })},
		{ID: "request.page-down", Title: "Down one page", Keys: []string{"pgdown", "ctrl+f"}, Run: do(func() { m.move(m.contentHeight()) })},
		{ID: "request.page-up", Title: "Up one page", Keys: []string{"pgup", "ctrl+b"}, Run: do(func() { m.move(-m.contentHeight()) })},
		{ID: "request.first", Title: "To the URL", Keys: []string{"g", "home"}, Run: do(func() { m.move(-1 << 20) })},
		{ID: "request.last", Title: "To the last line", Keys: []string{"G", "end"}, Run: do(func() { m.move(1 << 20) })},
	}
}

// enter opens what is under the cursor.
func (m *Model) enter() {
	switch {
	case !m.inside || m.tab == previewTab:
		m.open(urlField)
	case m.tab == bodyTab:
		m.open(bodyField)
	case m.row().name != "":
		m.open(valueField)
	default:
		m.open(nameField)
	}
}

func (m *Model) turn(by int) {
	m.tab = (m.tab + tab(by) + tab(tabs)) % tab(tabs)
	m.resize()
}

// add opens a new row.
func (m *Model) add() {
	t := m.current()
	t.cursor.Put(len(t.rows))
	m.inside = true
	m.open(nameField)
}

func (m *Model) toggle() {
	t := m.current()
	t.rows[t.cursor.Row()].off = !t.rows[t.cursor.Row()].off
	if m.tab == paramsTab {
		m.writeParams()
	}
}

func (m *Model) remove() {
	before := m.snapshot()
	m.undo = &before
	if m.tab == bodyTab {
		m.body.set(nil)
		return
	}
	t := m.current()
	i := t.cursor.Row()
	t.rows = append(t.rows[:i:i], t.rows[i+1:]...)
	if m.tab == paramsTab {
		m.writeParams()
	}
	m.resize()
}

// move goes through the lines: the URL first, then those of the tab.
func (m *Model) move(by int) {
	if m.tab == previewTab {
		m.preview.Scroll(by)
		return
	}
	t := m.current()
	switch {
	case !m.inside && by > 0:
		m.inside = true
		if t != nil {
			t.cursor.Put(by - 1)
		}
	case m.inside && (t == nil || t.cursor.Row()+by < 0):
		m.inside = by > 0
	case m.inside:
		t.cursor.Move(by)
	}
}
