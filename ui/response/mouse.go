package response

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
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
		m.body.Put(m.lineAt(row))
	}
}

// lineAt is the row of the body that shows on a row of the pane.
func (m *Model) lineAt(row int) int {
	rows := m.room(m.height)
	top := m.first(m.width, rows)
	if !m.wrap {
		return top + row
	}
	for i, line := range m.window(top, rows) {
		if row -= height(ansi.StringWidth(line.Text()), max(1, m.width-m.gutter())); row < 0 {
			return top + i
		}
	}
	return m.body.Last()
}
