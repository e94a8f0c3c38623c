package ui

import tea "charm.land/bubbletea/v2"

// mouse gives clicks and the wheel to the pane under the pointer, with places
// counted from the pane's inside.
func (m *model) mouse(msg tea.MouseMsg) tea.Cmd {
	if !m.overlays.Empty() {
		return m.overlays.Update(msg)
	}
	at := msg.Mouse()
	if _, drag := msg.(tea.MouseMotionMsg); drag && m.layout.shows(m.focus) { // also outside of the pane it began in
		b := m.layout.boxes[m.focus]
		at.X, at.Y = at.X-b.x-1, at.Y-b.y-1
		return m.panes[m.focus].Update(tea.MouseMotionMsg(at))
	}
	for _, p := range m.layout.shown {
		b := m.layout.boxes[p]
		if !b.contains(at.X, at.Y) {
			continue
		}
		at.X, at.Y = at.X-b.x-1, at.Y-b.y-1
		switch msg.(type) {
		case tea.MouseClickMsg:
			var cmd tea.Cmd
			if inside := (box{w: b.w - 2, h: b.h - 2}); inside.contains(at.X, at.Y) {
				cmd = m.panes[p].Update(tea.MouseClickMsg(at)) // before the focus gives it another size
			}
			m.moveFocus(p)
			return cmd
		case tea.MouseWheelMsg:
			return m.panes[p].Update(tea.MouseWheelMsg(at))
		}
	}
	return nil
}
