package response

import (
	tea "charm.land/bubbletea/v2"
)

func (m *Model) click(msg tea.MouseClickMsg) {
	row := msg.Y - m.top()
	switch {
	case !m.shown:
	case row < 0:
		if msg.Y == 0 {
			m.turnTo(m.tabAt(msg.X))
		}
	case m.tab != bodyTab:
		m.side.Put(m.side.Top() + row)
	case m.doc != nil && row < m.room(m.height):
		m.put(m.lineAt(row))
	}
}

// lineAt is the row of the body that shows on a row of the pane.
func (m *Model) lineAt(row int) int {
	rows := m.room(m.height)
	top := m.first(m.width, rows)
	if !m.wrap {
		return top + row
	}
	row += m.aboveWindow(m.width, rows)
	for i, line := range m.window(top, rows) {
		if row -= line.rows(m.textWidth(m.width)); row < 0 {
			return top + i
		}
	}
	return m.body.Last()
}
