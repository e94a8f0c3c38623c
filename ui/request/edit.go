package request

import (
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
