package response

import (
	tea "charm.land/bubbletea/v2"
)

// field is what is being typed into.
type field int

const (
	nothing field = iota
	findField
	pathField
	filterField
	placeField
)

// Editing reports that letters are typed.
func (m *Model) Editing() bool { return m.typing != nothing }

func (m *Model) leave() {
	m.typing = nothing
	m.find.input.Blur()
	m.save.input.Blur()
	m.filter.input.Blur()
	m.places.Blur()
}

// press is one key in a field.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case msg.String() == "esc":
		m.leave()
	case m.typing == findField && m.find.toggle(msg.String()):
		return m.follow()
	case m.typing == findField && msg.String() == "enter":
		m.leave()
		return m.beginFind()
	case m.typing == pathField && msg.String() == "enter":
		return m.write()
	case m.typing == filterField && m.pressFilter(msg.String()):
	case m.typing == placeField && msg.String() == "enter":
		m.leave()
		return m.goToPlace()
	case m.typing == filterField && msg.String() == "enter":
		m.leave()
		return m.runFilter()
	default:
		return m.typed(msg)
	}
	return nil
}

func (m *Model) typed(msg tea.Msg) tea.Cmd {
	in := &m.find.input
	switch m.typing {
	case nothing:
		return nil
	case pathField:
		in = &m.save.input
		m.save.exists = false
	case filterField:
		in = &m.filter.input
	case placeField:
		in = &m.places
	case findField:
	}
	before := in.Value()
	if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == "ctrl+u" {
		in.SetValue("")
	} else {
		*in, _ = in.Update(msg) // its commands blink and read the clipboard: neither is wanted
	}
	if in.Value() != before {
		return m.changed()
	}
	return nil
}

// changed follows a change of what is typed.
func (m *Model) changed() tea.Cmd {
	switch m.typing {
	case findField:
		return m.follow()
	case pathField:
		m.save.typed = true
	case filterField:
		m.filter.back = -1 // one of before that was changed is a new one
	case nothing, placeField:
	}
	return nil
}
