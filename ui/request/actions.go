package request

import (
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/editor"
)

// do makes an action's Run of what changes the pane.
func (m *Model) do(fn func()) func() tea.Cmd {
	return func() tea.Cmd {
		fn()
		return m.check()
	}
}

// ask makes an action's Run of a message to the root.
func ask(msg tea.Msg) func() tea.Cmd {
	return func() tea.Cmd { return func() tea.Msg { return msg } }
}

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	return append(m.composing(), m.writing()...)
}

// composing are the actions on the request's parts.
func (m *Model) composing() []action.Action {
	do := m.do
	return []action.Action{
		{ID: "request.edit", Title: "Edit what is under the cursor", Hint: "edit", Keys: []string{"enter", "i"}, Run: m.enter},
		{ID: "request.next-tab", Title: "Next: params, headers, body, preview", Hint: "tabs", Keys: []string{"]", "right", "l"}, Run: do(func() { m.turn(1) })},
		{ID: "request.previous-tab", Title: "Previous tab", Keys: []string{"[", "left", "h"}, Run: do(func() { m.turn(-1) })},
		{ID: "request.add", Title: "Add a parameter, header or field", Hint: "add", Keys: []string{"a"}, When: func() bool { return m.current() != nil }, Run: m.add},
		{ID: "request.toggle", Title: "Send the row, or keep it without sending", Keys: []string{"space"}, When: m.onRow, Run: do(m.toggle)},
		{ID: "request.delete", Title: "Delete the row, or the whole body", Keys: []string{"d", "delete"}, When: m.removes, Run: do(m.remove)},
		{ID: "request.kind", Title: "What the body is: JSON, form, a file, none, …", Keys: []string{"c"}, Run: ask(KindAsked{})},
		{ID: "request.file", Title: "The field is a file, or text", Keys: []string{"f"}, When: func() bool { return m.onRow() && m.tab == bodyTab && m.body.kind == partsBody }, Run: m.toggleFile},
		{ID: "request.bulk", Title: "Headers as text", Hint: "as text", Keys: []string{"v"}, When: func() bool { return m.tab == headersTab }, Run: func() tea.Cmd { return m.open(bulkField) }},
		{ID: "request.relative", Title: "Write the URL as a path of the app's base", Edit: true, Keys: []string{"r", "alt+r"}, When: m.shortens, Run: do(m.shorten)},
		{ID: "request.editor-all", Title: "Edit the whole request in your own editor", Keys: []string{"W"}, Run: ask(OutsideAsked{})},
		{ID: "request.copy", Title: "Copy the request as curl", Keys: []string{"y"}, Run: ask(CopyAsked{})},
		{ID: "request.undo", Title: "Take back what was typed, or what was replaced", Edit: true, Keys: []string{"ctrl+z", "alt+z"}, When: m.canUndo, Run: m.takeBackOne},
		{ID: "request.redo", Title: "Do again what was taken back", Edit: true, Keys: []string{"ctrl+y", "alt+y"}, When: m.canRedo, Run: func() tea.Cmd {
			m.typing().Redo()
			return m.edited()
		}},
		{ID: "request.down", Title: "Down one line", Keys: []string{"j", "down"}, Run: do(func() { m.move(1) })},
		{ID: "request.up", Title: "Up one line", Keys: []string{"k", "up"}, Run: do(func() { m.move(-1) })},
		{ID: "request.page-down", Title: "Down one page", Keys: []string{"pgdown", "ctrl+f"}, Run: do(func() { m.move(m.contentHeight()) })},
		{ID: "request.page-up", Title: "Up one page", Keys: []string{"pgup", "ctrl+b"}, Run: do(func() { m.move(-m.contentHeight()) })},
		{ID: "request.first", Title: "To the URL", Keys: []string{"g", "home"}, Run: do(func() { m.move(-toEnd) })},
		{ID: "request.last", Title: "To the last line", Keys: []string{"G", "end"}, Run: do(func() { m.move(toEnd) })},
	}
}

// writing are the actions on a text of several lines.
func (m *Model) writing() []action.Action {
	typing := func() bool { return m.text() != nil }
	edit := func(fn func() tea.Cmd) func() tea.Cmd {
		return func() tea.Cmd { return tea.Batch(fn(), m.edited()) }
	}
	return []action.Action{
		{ID: "text.format", Title: "Indent the JSON body", Edit: true, Keys: []string{"F", "alt+i"}, When: func() bool { return m.tab == bodyTab && m.body.json() && m.body.text.Len() > 0 }, Run: m.format},
		{ID: "text.go-to", Title: "Go to a line and column", Edit: true, Keys: []string{"alt+g"}, When: typing, Run: m.do(func() { m.text().AskPlace() })},
		{ID: "text.bracket", Title: "To the bracket that belongs to this one", Edit: true, Keys: []string{"alt+m"}, When: typing, Run: m.do(func() { m.text().ToPartner() })},
		{ID: "text.select-all", Title: "Select the whole text", Edit: true, Keys: []string{"alt+a"}, When: typing, Run: m.do(func() { m.text().SelectAll() })},
		{ID: "text.copy", Title: "Copy what is selected", Edit: true, Keys: []string{"alt+c"}, When: typing, Run: func() tea.Cmd { return m.text().Copy() }},
		{ID: "text.cut", Title: "Cut what is selected", Edit: true, Keys: []string{"alt+x"}, When: typing, Run: edit(func() tea.Cmd { return m.text().Cut() })},
		{ID: "text.paste", Title: "Paste what was copied here", Edit: true, Keys: []string{"alt+v"}, When: typing, Run: edit(func() tea.Cmd { return m.text().Paste() })},
	}
}

// onRow reports that the cursor is on a row of a table.
func (m *Model) onRow() bool {
	t := m.current()
	return m.inside && t != nil && t.cursor.Row() < len(t.rows)
}

// removes reports that there is something to delete.
func (m *Model) removes() bool {
	whole := m.body.written() && m.body.text.Len() > 0 || m.body.kind == fileBody && m.body.file != ""
	return m.onRow() || m.tab == bodyTab && whole
}

// typing is the editor that undo and redo work on: the one that is typed into,
// else the body's while it shows.
func (m *Model) typing() *editor.Model {
	if t := m.text(); t != nil {
		return t
	}
	if m.edit == nothing && m.tab == bodyTab && m.body.written() {
		return m.body.text
	}
	return nil
}

func (m *Model) canUndo() bool {
	t := m.typing()
	return t != nil && t.CanUndo() || m.edit == nothing && m.undo != nil
}

func (m *Model) canRedo() bool {
	t := m.typing()
	return t != nil && t.CanRedo()
}

// takeBackOne takes the last edit of the text back; where there is none, what was
// replaced as a whole.
func (m *Model) takeBackOne() tea.Cmd {
	if t := m.typing(); t != nil && t.CanUndo() {
		t.Undo()
		return m.edited()
	}
	m.takeBack()
	return m.check()
}

// enter opens what is under the cursor.
func (m *Model) enter() tea.Cmd {
	switch {
	case !m.inside || m.tab == previewTab:
		return m.EditURL()
	case m.tab == bodyTab:
		return m.EditBody()
	case m.row().name != "":
		return m.open(valueField)
	}
	return m.open(nameField)
}

func (m *Model) turn(by int) {
	m.tab = (m.tab + tab(by) + tab(tabs)) % tab(tabs)
	m.resize()
}

// add opens a new row.
func (m *Model) add() tea.Cmd {
	t := m.current()
	t.cursor.Put(len(t.rows))
	m.inside = true
	return m.open(nameField)
}

func (m *Model) toggle() {
	t := m.current()
	t.rows[t.cursor.Row()].off = !t.rows[t.cursor.Row()].off
	if m.tab == paramsTab {
		m.writeParams()
	}
	m.resize()
}

// toggleFile makes a field a file, or text again.
func (m *Model) toggleFile() tea.Cmd {
	r := m.row()
	r.file = !r.file
	m.setRow(r)
	if !r.file {
		return nil
	}
	return m.lookAt(r.value)
}

func (m *Model) remove() {
	before := m.snapshot()
	m.undo = &before
	switch t := m.current(); {
	case t != nil:
		i := t.cursor.Row()
		t.rows = append(t.rows[:i:i], t.rows[i+1:]...)
		if m.tab == paramsTab {
			m.writeParams()
		}
	case m.body.kind == fileBody:
		m.body.file = ""
	default:
		m.body.text.SetText(nil)
		m.body.follow()
	}
	m.resize()
}

// toEnd is more lines than there are.
const toEnd = 1 << 20

// move goes through the lines: the URL first, then those of the tab.
func (m *Model) move(by int) {
	if m.tab == previewTab {
		m.preview.Scroll(by)
		return
	}
	t := m.current()
	switch {
	case m.inside && m.tab == bodyTab && m.body.written():
		moved := m.body.text.Scroll(by)
		m.inside = by > 0 || moved && by > -toEnd
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
