package request

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// methods are offered; any other word may be typed.
var methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}

// EditMethod opens the method.
func (m *Model) EditMethod() tea.Cmd {
	m.open(methodField)
	return nil
}

// EditURL opens the URL.
func (m *Model) EditURL() tea.Cmd {
	m.open(urlField)
	return nil
}

// EditBody opens the body.
func (m *Model) EditBody() tea.Cmd {
	m.tab = bodyTab
	m.open(bodyField)
	return nil
}

// open begins to type into a field.
func (m *Model) open(f field) {
	m.leave()
	m.edit, m.inside = f, f != urlField && f != methodField
	m.chosen = false
	switch f {
	case urlField:
		m.url.Focus()
		m.url.CursorEnd()
	case bodyField:
		m.body.area.Focus()
	case nameField, valueField:
		r := m.row()
		m.input.SetValue(map[field]string{nameField: r.name, valueField: r.value}[f])
		m.input.Focus()
		m.input.CursorEnd()
	case methodField:
		m.input.SetValue("")
		m.input.Focus()
	case nothing:
	}
	m.resize()
}

// leave ends typing. What was typed stays.
func (m *Model) leave() {
	m.settle()
	m.edit = nothing
	m.url.Blur()
	m.input.Blur()
	m.body.area.Blur()
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
		t.rows[i].name, t.rows[i].value = r.name, r.value
	case r.name != "" || r.value != "":
		t.rows = append(t.rows, r)
	}
	if m.tab == paramsTab {
		m.writeParams()
	}
	m.resize()
}

// Update takes in a key or pasted text while something is typed.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if msg.String() == "esc" {
			m.leave()
			return nil
		}
		if m.edit != nothing {
			return m.press(msg)
		}
	case tea.PasteMsg:
		if m.edit != nothing {
			return m.typed(msg)
		}
	case tea.MouseClickMsg:
		return m.click(msg)
	case tea.MouseWheelMsg:
		if t := m.current(); t != nil {
			t.cursor.Wheel(msg)
		} else if m.tab == previewTab {
			m.preview.Wheel(msg)
		}
	}
	return nil
}

// press is one key in a field.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	switch m.edit {
	case urlField:
		return m.pressURL(msg)
	case methodField:
		return m.pressMethod(msg)
	case nameField, valueField:
		return m.pressCell(msg)
	case bodyField, nothing:
	}
	return m.typed(msg)
}

// pressURL: enter sends what is written. A completion is taken with tab or →, or
// with enter only after ↓ moved into it.
func (m *Model) pressURL(msg tea.KeyPressMsg) tea.Cmd {
	completion := m.completion()
	atEnd := m.url.Position() >= len([]rune(m.url.Value()))
	switch k := msg.String(); {
	case k == "enter" && m.chosen && completion != "", k == "tab" && completion != "",
		k == "right" && atEnd && completion != "":
		m.url.SetValue(completion)
		m.url.CursorEnd()
		m.chosen = false
		m.changed()
	case k == "tab":
	case k == "enter":
		m.leave()
		return func() tea.Msg { return Sent{} }
	case k == "down" && completion != "":
		if m.chosen {
			return m.typed(msg)
		}
		m.chosen = true
	default:
		m.chosen = m.chosen && k == "up"
		return m.typed(msg)
	}
	return nil
}

// completion is what the URL could go on to be.
func (m *Model) completion() string {
	if len(m.url.MatchedSuggestions()) == 0 {
		return "" // CurrentSuggestion panics after ↑ here
	}
	s := m.url.CurrentSuggestion()
	if s == m.url.Value() || !strings.HasPrefix(s, m.url.Value()) {
		return ""
	}
	return s
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

// pressCell: enter and tab go from name to value, and on.
func (m *Model) pressCell(msg tea.KeyPressMsg) tea.Cmd {
	t := m.current()
	switch msg.String() {
	case "enter", "tab":
		if m.edit == nameField {
			m.open(valueField)
			return nil
		}
		m.leave()
		t.cursor.Move(1)
	case "shift+tab":
		if m.edit == valueField {
			m.open(nameField)
		}
	default:
		return m.typed(msg)
	}
	return nil
}

// typed gives a key or pasted text to the field, and lets what depends on it
// follow.
func (m *Model) typed(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == "ctrl+u" && m.edit != bodyField {
		if m.edit == urlField {
			m.url.SetValue("")
		} else {
			m.input.SetValue("")
		}
		m.changed()
		return nil
	}
	var cmd tea.Cmd
	switch m.edit {
	case urlField:
		m.url, cmd = m.url.Update(msg)
	case bodyField:
		cmd = m.body.update(msg)
	case methodField, nameField, valueField:
		m.input, cmd = m.input.Update(msg)
	case nothing:
	}
	m.changed()
	return cmd
}

// changed lets what depends on the text follow an edit.
func (m *Model) changed() {
	m.err = nil
	if m.edit == urlField {
		m.readParams()
	}
	m.resize()
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
	case msg.Y >= top && m.current() != nil:
		m.leave()
		m.inside = true
		m.current().cursor.Put(m.current().cursor.Top() + msg.Y - top)
	case msg.Y >= top && m.tab == bodyTab:
		return m.EditBody()
	}
	return nil
}
