package users

import (
	"fmt"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// Title says how many users there are.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	switch {
	case m.err != nil:
		return th.Bad.Paint("not loaded"), ""
	case m.loading:
		return th.Muted.Paint(fmt.Sprintf("%s…", list.Count(len(m.rows)))), ""
	case m.api == nil:
		return "", ""
	}
	return th.Muted.Paint(list.Count(len(m.rows))), ""
}

// Status says where the cursor is.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	if row := m.cursor.Row(); row > 0 {
		return th.Text.Paint(visible.Line(m.rows[row-1].ExternalID)), th.Muted.Paint(fmt.Sprintf("user %d/%d", row, len(m.rows)))
	}
	return "", ""
}

// View draws the list, or in words why there is none.
func (m *Model) View(width, height int, th *themes.Theme) string {
	switch {
	case m.err != nil && len(m.rows) == 0:
		return list.Words(width, th.Bad, visible.Line(m.err.Error()), th, "r loads them again")
	case m.count() == 0 && (m.loading || m.api == nil):
		return list.Words(width, th.Muted, "loading…", th, "")
	case m.count() == 0:
		return list.Words(width, th.Muted, "no users in this environment", th, "E switches; a user exists once an account is connected")
	}
	return m.cursor.Render(height, func(i int, chosen bool) string { return m.row(i, chosen, width, th) })
}

func (m *Model) row(i int, chosen bool, width int, th *themes.Theme) string {
	text, picked, ink := "all users", m.all, th.Muted
	if i > 0 {
		id := m.rows[i-1].ExternalID
		text, picked, ink = visible.Line(id), id == m.picked && !m.all, th.Text
	}
	mark := "  "
	if picked {
		mark, ink = th.Accent.Paint("▸")+" ", th.Strong
	}
	line := frame.Fit(" "+mark+ink.Paint(text), width)
	return list.Chosen(line, chosen, m.focused, width, th)
}
