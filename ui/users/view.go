package users

import (
	"fmt"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// again is how to load a list once more.
const again = "r loads them again"

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

// Status says where the cursor is, or why rows are missing.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	if row := m.cursor.Row(); row > 0 {
		left = th.Text.Paint(visible.Line(m.rows[row-1].ExternalID))
		right = th.Muted.Paint("user " + list.Count(row) + "/" + list.Count(len(m.rows)))
	}
	if m.err != nil && len(m.rows) > 0 {
		left = th.Bad.Paint(m.Why()) + th.Muted.Paint(" · "+m.Next(again))
	}
	return left, right
}

// View draws the list, or in words why there is none.
func (m *Model) View(width, height int, th *themes.Theme) string {
	switch {
	case len(m.rows) > 0:
		return m.cursor.Render(height, func(i int, chosen bool) string { return m.row(i, chosen, width, th) })
	case m.err != nil && m.api == nil:
		return list.Words(width, th.Bad, m.Why(), th, "q quits, to mend it")
	case m.err != nil:
		return list.Words(width, th.Bad, m.Why(), th, m.Next(again))
	case m.loading || m.api == nil:
		return list.Words(width, th.Muted, m.Why(), th, "")
	}
	return list.Words(width, th.Muted, m.Why(), th, "n connects a first account · E switches; other environments have other users")
}

func (m *Model) row(i int, chosen bool, width int, th *themes.Theme) string {
	text, label, picked, ink := "all users", "", m.all, th.Muted
	if i > 0 {
		id := m.rows[i-1].ExternalID
		label = m.labels[id]
		text, picked, ink = visible.Line(id), id == m.picked && !m.all, th.Text
	}
	mark := "  "
	if picked {
		mark, ink = th.Accent.Paint("▸")+" ", th.Strong
	}
	line := frame.Fit(" "+mark+ink.Paint(text), width)
	if label != "" {
		line = frame.Columns(" "+mark+ink.Paint(text), th.Muted.Paint(label), width-1)
	}
	return list.Chosen(line, chosen, m.focused, width, th)
}
