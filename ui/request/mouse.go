package request

import tea "charm.land/bubbletea/v2"

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
