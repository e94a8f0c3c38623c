package users

import (
	"fmt"
	"strings"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
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
	if m.next != "" {
		return th.Muted.Paint(list.Count(len(m.rows)) + " of " + m.most()), ""
	}
	return th.Muted.Paint(list.Count(len(m.rows))), ""
}

// most is how many users there are, as far as that is known.
func (m *Model) most() string {
	if m.total > len(m.rows) {
		return list.Count(m.total)
	}
	return "more"
}

// Status says where the cursor is, or why rows are missing.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	if row := m.cursor.Row(); row > 0 {
		left = th.Text.Paint(visible.Line(m.at(row)))
		of := list.Count(m.count() - 1)
		if m.next != "" {
			of = m.most()
		}
		right = th.Muted.Paint("user " + list.Count(row) + "/" + of)
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
	id := m.at(i)
	text, picked, ink := visible.Line(id), id == m.picked && !m.all, th.Text
	if i == 0 {
		text, picked, ink = "all users", m.all, th.Muted
	}
	mark := "  "
	if picked {
		mark, ink = th.Accent.Paint("▸")+" ", th.Strong
	}
	left := " " + mark
	if i > 0 && i <= len(m.pinned) {
		left += th.Accent.Paint("★") + " "
	}
	line := frame.Columns(left+ink.Paint(text), m.aside(i, id, th), width-1)
	return list.Chosen(frame.Fit(line, width), chosen, m.focused, width, th)
}

// aside is what stands at the right end of a row: how people know the user, and what is
// known of their accounts.
func (m *Model) aside(i int, id string, th *themes.Theme) string {
	var parts []string
	switch label := m.labels[id]; {
	case i == 0:
		return ""
	case label != "":
		parts = append(parts, th.Muted.Paint(label))
	case i > len(m.pinned) && i <= len(m.pinned)+len(m.recent):
		parts = append(parts, th.Faint.Paint("recent"))
	}
	if c, known := m.counts[id]; known {
		ink := th.Muted
		switch c.Worst {
		case proxy.Dead:
			ink = th.Bad
		case proxy.Unhealthy:
			ink = th.Warn
		case proxy.Healthy:
		}
		parts = append(parts, ink.Paint(frame.Fit(c.Signs(), 3)))
	} else if len(m.counts) > 0 && len(parts) > 0 {
		parts = append(parts, "   ")
	}
	return strings.Join(parts, "  ")
}
