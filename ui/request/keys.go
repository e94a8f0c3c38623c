package request

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
)

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
