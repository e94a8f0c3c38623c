package ui

import tea "charm.land/bubbletea/v2"

// mouse gives clicks and the wheel to the pane under the pointer, with places
// counted from the pane's inside. The lines between panes can be dragged, and what the
// footer names can be clicked.
func (m *model) mouse(msg tea.MouseMsg) tea.Cmd {
	if !m.overlays.Empty() {
		m.drag = dragging{}
		return m.overlays.Update(msg)
	}
	at := msg.Mouse()
	switch msg.(type) {
	case tea.MouseMotionMsg:
		return m.dragged(at)
	case tea.MouseReleaseMsg:
		return m.drop()
	case tea.MouseClickMsg:
		if at.Y == m.height-1 {
			return m.clickHint(at.X)
		}
		if m.coached() && at.Y == m.height-1-bottomLines {
			return m.dismissCoach()
		}
		m.grab(at.X, at.Y)
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

// dragged moves a split, or else draws a selection in the focused pane, also when the
// pointer has left it.
func (m *model) dragged(at tea.Mouse) tea.Cmd {
	switch {
	case m.drag.on:
		m.pull(at.X, at.Y)
	case m.layout.shows(m.focus):
		b := m.layout.boxes[m.focus]
		at.X, at.Y = at.X-b.x-1, at.Y-b.y-1
		return m.panes[m.focus].Update(tea.MouseMotionMsg(at))
	}
	return nil
}

// clickHint does what the footer names under a column.
func (m *model) clickHint(x int) tea.Cmd {
	if m.longNotice() {
		return nil
	}
	for _, h := range m.hints() {
		if x >= h.from && x < h.to {
			if a, ok := m.table.Find(h.id); ok && a.Ready() {
				return a.Run()
			}
		}
	}
	return nil
}
