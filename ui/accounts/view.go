package accounts

import (
	"cmp"
	"strings"
	"time"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// again is how to load a list once more.
const again = "r loads them again"

// Title says how many accounts there are, and what they are filtered by.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	switch {
	case m.err != nil:
		return th.Bad.Paint("not loaded"), ""
	case !m.asked:
		return "", ""
	}
	text := list.Count(len(m.rows))
	if m.loading {
		text += "…"
	}
	if len(m.shown) < len(m.rows) {
		text = list.Count(len(m.shown)) + " of " + text
	}
	for _, filter := range []string{string(m.health), m.app} {
		if filter != "" {
			text += " · " + visible.Line(filter)
		}
	}
	return th.Muted.Paint(text), ""
}

// Status says what Connect says of the account under the cursor, or why rows are
// missing.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	row := m.cursor.Row()
	if m.err != nil && len(m.rows) > 0 {
		return th.Bad.Paint(m.Why()) + th.Muted.Paint(" · "+m.Next(again)), ""
	}
	if row < 0 {
		return "", ""
	}
	a := m.rows[m.shown[row]]
	left = th.Text.Paint(visible.Line(a.ID)) + th.Muted.Paint(" · "+string(a.Health()))
	if a.Error != "" {
		left += th.Muted.Paint(": " + visible.Line(a.Error))
	}
	if a.ExpiresAt != nil {
		left += th.Muted.Paint(" · expires " + a.ExpiresAt.Local().Format(time.DateOnly))
	}
	if len(a.AuthorizedScopes) > 0 {
		left += th.Muted.Paint(" · " + visible.Line(strings.Join(a.AuthorizedScopes, " ")))
	}
	return left, th.Muted.Paint("account " + list.Count(row+1) + "/" + list.Count(len(m.shown)))
}

// View draws the list, or in words why there is none.
func (m *Model) View(width, height int, th *themes.Theme) string {
	switch {
	case len(m.shown) > 0:
		return m.cursor.Render(height, func(i int, chosen bool) string {
			return list.Chosen(m.row(m.rows[m.shown[i]], width, th), chosen, m.focused, width, th)
		})
	case len(m.rows) > 0:
		return list.Words(width, th.Muted, "no account is left by the filters", th, "f and p change them")
	case m.err != nil:
		return list.Words(width, th.Bad, m.Why(), th, m.Next(again))
	case !m.asked:
		return list.Words(width, th.Muted, m.Why(), th, "U, or enter in the list above")
	case m.loading || m.api == nil:
		return list.Words(width, th.Muted, m.Why(), th, "")
	}
	return list.Words(width, th.Muted, m.Why(), th, "E switches; other environments have other accounts")
}

func (m *Model) row(a proxy.Account, width int, th *themes.Theme) string {
	mark, ink := "  ", th.Text
	if a.ID == m.picked {
		mark, ink = th.Accent.Paint("▸")+" ", th.Strong
	}
	app := visible.Line(cmp.Or(a.App.Name, a.App.Slug))
	if m.all {
		app = strings.TrimPrefix(app+" · "+visible.Line(a.ExternalUserID), " · ")
	}
	left := " " + mark + list.Health(a.Health(), th) + " " + ink.Paint(visible.Line(a.Label()))
	return frame.Columns(left, th.Muted.Paint(app)+" ", width)
}
