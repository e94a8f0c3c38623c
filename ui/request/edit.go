package request

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// methods are offered; any other word may be typed.
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// EditMethod opens the method.
func (m *Model) EditMethod() tea.Cmd { return m.open(methodField) }

// EditURL opens the URL.
func (m *Model) EditURL() tea.Cmd {
	m.open(urlField)
	return m.recall()
}

// EditBody opens the body.
func (m *Model) EditBody() tea.Cmd {
	m.tab, m.inside = bodyTab, true
	if m.body.kind == noBody {
		m.body.kind = asWritten
	}
	return m.openBody()
}

// openBody begins to type into what the kind of body is made of.
func (m *Model) openBody() tea.Cmd {
	switch {
	case m.body.kind == fileBody:
		return m.open(pathField)
	case m.body.table() != nil && m.row().name != "":
		return m.open(valueField)
	case m.body.table() != nil:
		return m.open(nameField)
	}
	return m.open(bodyField)
}

// open begins to type into a field.
func (m *Model) open(f field) tea.Cmd {
	m.leave()
	m.edit, m.inside = f, f != urlField && f != methodField
	switch f {
	case urlField:
		m.url.Focus()
		m.url.CursorEnd()
		m.starts.follow(m.url.Value())
	case bodyField:
		m.body.text.Focus(true)
	case bulkField:
		m.bulk.SetText(bulk(m.headers.rows))
		m.bulk.Focus(true)
	case nameField, valueField:
		r := m.row()
		m.begin(map[field]string{nameField: r.name, valueField: r.value}[f])
	case pathField:
		m.begin(m.body.file)
	case methodField:
		m.begin("")
	case nothing:
	}
	m.resize()
	return m.askPath()
}

// begin fills the input.
func (m *Model) begin(text string) {
	m.input.SetValue(text)
	m.input.Focus()
	m.input.CursorEnd()
	m.cell.offers(m.cellOffers(), text)
}

// askPath looks at the path that is being typed, if one is.
func (m *Model) askPath() tea.Cmd {
	if m.edit == pathField || m.edit == valueField && m.partIsFile() {
		return m.lookAt(m.input.Value())
	}
	return nil
}

// partIsFile reports that the row under the cursor is a file of a multipart body.
func (m *Model) partIsFile() bool {
	return m.tab == bodyTab && m.body.kind == partsBody && m.row().file
}

// leave ends typing. What was typed stays.
func (m *Model) leave() {
	m.settle()
	m.edit = nothing
	m.url.Blur()
	m.input.Blur()
	m.body.text.Focus(false)
	m.bulk.Focus(false)
	m.resize()
}

// settle takes what is being typed into what is composed.
func (m *Model) settle() {
	switch m.edit {
	case methodField:
		m.method = m.typedMethod()
	case nameField, valueField:
		r := m.row()
		if m.edit == nameField {
			r.name = m.input.Value()
		} else {
			r.value = m.input.Value()
		}
		m.setRow(r)
	case bulkField:
		m.headers.rows = parseBulk(m.bulk.Text())
	case pathField:
		m.body.file = m.input.Value()
	case nothing, urlField, bodyField:
	}
}

// typedMethod is the method that what was typed stands for: the first that
// begins with it, or the word itself.
func (m *Model) typedMethod() string {
	typed := strings.ToUpper(strings.TrimSpace(m.input.Value()))
	if typed == "" {
		return m.method
	}
	for _, known := range methods {
		if strings.HasPrefix(known, typed) {
			return known
		}
	}
	return typed
}

// row is the one under the cursor; a new one behind the last.
func (m *Model) row() row {
	t := m.current()
	if t == nil {
		return row{}
	}
	if i := t.cursor.Row(); i >= 0 && i < len(t.rows) {
		return t.rows[i]
	}
	return row{}
}

// setRow changes the row under the cursor, or adds it. An empty new row is none.
func (m *Model) setRow(r row) {
	t := m.current()
	switch i := t.cursor.Row(); {
	case i >= 0 && i < len(t.rows):
		t.rows[i].name, t.rows[i].value, t.rows[i].file = r.name, r.value, r.file
	case r.name != "" || r.value != "":
		t.rows = append(t.rows, r)
	}
	if m.tab == paramsTab {
		m.writeParams()
	}
	m.resize()
}

// Update takes in a key or pasted text while something is typed, the mouse, and
// what jobs answer.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	return tea.Batch(m.take(msg), m.check())
}

func (m *Model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.pressed(msg)
	case tea.PasteMsg:
		if m.edit != nothing {
			return m.typed(msg)
		}
	case tea.ClipboardMsg:
		return m.clipboard(msg)
	case tea.MouseClickMsg:
		return m.click(msg)
	case tea.MouseMotionMsg:
		if t := m.text(); t != nil {
			msg.X, msg.Y = msg.X-1, msg.Y-m.contentTop()
			return t.Update(msg)
		}
	case tea.MouseWheelMsg:
		m.wheel(msg)
	case judged:
		m.judged(msg)
	case tidied:
		return m.tidied(msg)
	case recalled:
		m.recalled(msg)
	case pathsRead:
		m.paths = paths(msg)
		if m.edit == pathField || m.edit == valueField && m.partIsFile() {
			m.cell.offers(m.cellOffers(), m.input.Value())
		}
	}
	return nil
}

// clipboard takes in what the terminal has, for whom asked for it.
func (m *Model) clipboard(msg tea.ClipboardMsg) tea.Cmd {
	asked := m.asked
	m.asked = nothing
	switch t := m.text(); {
	case t != nil:
		return tea.Batch(t.Update(msg), m.edited())
	case asked != nothing && asked == m.edit:
		return m.typed(tea.PasteMsg{Content: msg.Content})
	}
	return nil
}

func (m *Model) pressed(msg tea.KeyPressMsg) tea.Cmd {
	t := m.text()
	switch {
	case msg.String() == "esc" && t != nil && t.AskingPlace():
		t.StopAsking()
	case msg.String() == "esc":
		m.leave()
	case m.edit != nothing:
		return m.press(msg)
	}
	return nil
}

func (m *Model) wheel(msg tea.MouseWheelMsg) {
	switch t := m.current(); {
	case m.edit == bulkField:
		m.bulk.Update(msg)
	case t != nil:
		t.cursor.Wheel(msg)
	case m.tab == previewTab:
		m.preview.Wheel(msg)
	case m.body.written():
		m.body.text.Update(msg)
	}
}

// press is one key in a field.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	switch m.edit {
	case urlField:
		return m.pressURL(msg)
	case methodField:
		return m.pressMethod(msg)
	case nameField, valueField, pathField:
		return m.pressCell(msg)
	case bodyField, bulkField, nothing:
	}
	return m.typed(msg)
}

// pressURL: enter sends what is written. A completion is taken with tab or →, or
// with enter only after ↓ moved into it.
func (m *Model) pressURL(msg tea.KeyPressMsg) tea.Cmd {
	switch k := msg.String(); {
	case m.starts.take(k, &m.url):
		m.err = nil
		m.readParams()
		m.resize()
	case k == "tab", m.starts.press(k), k == "down", k == "up":
	case k == "enter":
		m.leave()
		return func() tea.Msg { return Sent{} }
	default:
		return m.typed(msg)
	}
	return nil
}

func (m *Model) pressMethod(msg tea.KeyPressMsg) tea.Cmd {
	at := slices.Index(methods, m.typedMethod())
	switch msg.String() {
	case "enter", "tab":
		m.leave()
	case "down":
		m.input.SetValue(methods[(at+1)%len(methods)])
	case "up":
		m.input.SetValue(methods[(at-1+len(methods))%len(methods)])
	default:
		if slices.Contains(methods, m.input.Value()) && msg.Text != "" {
			m.input.SetValue("") // a whole method stands there: another one begins
		}
		return m.typed(msg)
	}
	return nil
}

// pressCell: enter and tab go from name to value, and on. A completion is taken as
// in the URL; tab leaves a name that is whole, or one letter, as it is.
func (m *Model) pressCell(msg tea.KeyPressMsg) tea.Cmd {
	k := msg.String()
	if k != "tab" || m.edit == pathField || m.worthTab() {
		if m.cell.take(k, &m.input) {
			return m.edited()
		}
	}
	switch {
	case m.cell.press(k):
	case (k == "enter" || k == "tab") && m.edit == nameField:
		return m.open(valueField)
	case k == "enter" || k == "tab":
		m.leave()
		if t := m.current(); t != nil {
			t.cursor.Move(1)
		}
	case k == "shift+tab" && m.edit == valueField:
		return m.open(nameField)
	case k == "shift+tab", k == "down", k == "up":
	default:
		return m.typed(msg)
	}
	return nil
}

// worthTab reports that what is typed is no whole name by itself.
func (m *Model) worthTab() bool {
	typed := m.input.Value()
	whole := m.edit == nameField && slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, typed) })
	return len(typed) > 1 && !whole
}

// typed gives a key or pasted text to the field, and lets what depends on it
// follow.
func (m *Model) typed(msg tea.Msg) tea.Cmd {
	var cmd tea.Cmd
	press, isKey := msg.(tea.KeyPressMsg)
	emptied := isKey && press.String() == "ctrl+u"
	if isKey && press.String() == "ctrl+v" && m.text() == nil {
		m.asked = m.edit
		return tea.ReadClipboard
	}
	switch m.edit {
	case urlField:
		if emptied {
			m.url.SetValue("")
		} else {
			m.url, cmd = m.url.Update(msg)
		}
	case bodyField, bulkField:
		cmd = m.text().Update(msg)
	case methodField, nameField, valueField, pathField:
		if emptied {
			m.input.SetValue("")
		} else {
			m.input, cmd = m.input.Update(msg)
		}
	case nothing:
	}
	return tea.Batch(cmd, m.edited())
}

// edited lets what depends on the text follow an edit.
func (m *Model) edited() tea.Cmd {
	m.err = nil
	switch m.edit {
	case urlField:
		m.readParams()
		m.starts.follow(m.url.Value())
	case nameField, valueField, pathField:
		m.cell.offers(m.cellOffers(), m.input.Value())
	case bodyField, bulkField, methodField, nothing:
	}
	m.body.follow()
	m.resize()
	return tea.Batch(m.askPath(), m.check())
}

// click puts the cursor, or opens what was clicked.
func (m *Model) click(msg tea.MouseClickMsg) tea.Cmd {
	top := m.contentTop()
	switch {
	case msg.Y == 0 && msg.X < len(m.method)+4:
		return m.EditMethod()
	case msg.Y == 0:
		return m.EditURL()
	case msg.Y == m.tabsLine():
		m.leave()
		m.tab = m.tabAt(msg.X)
		m.resize()
	case msg.Y >= top && m.edit == bulkField:
		msg.X, msg.Y = msg.X-1, msg.Y-top
		return m.bulk.Update(msg)
	case msg.Y >= top && m.current() != nil:
		m.leave()
		m.inside = true
		m.current().cursor.Put(m.current().cursor.Top() + msg.Y - top)
	case msg.Y >= top && m.tab == bodyTab && m.body.written():
		cmd := m.EditBody()
		msg.X, msg.Y = msg.X-1, msg.Y-top
		return tea.Batch(cmd, m.body.text.Update(msg))
	case msg.Y >= top && m.tab == bodyTab:
		return m.EditBody()
	}
	return nil
}
