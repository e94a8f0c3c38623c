package compare

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/compare"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// Title names the two sides.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	if !m.any {
		return "", ""
	}
	return th.Muted.Paint(visible.Line(m.c.Left) + "  |  " + visible.Line(m.c.Right)), ""
}

// Status tells the row under the cursor whole, as far as there is room.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	row := m.cursor.Row()
	if row < 0 {
		return "", ""
	}
	r := m.shown[row]
	text := visible.Line(r.Left)
	switch r.Class {
	case compare.OnlyLeft:
		text += " · only " + visible.Line(m.c.Left)
	case compare.OnlyRight:
		text = visible.Line(r.Right) + " · only " + visible.Line(m.c.Right)
	case compare.Changed, compare.Noise:
		text += "  |  " + visible.Line(r.Right)
	case compare.Same:
	}
	return th.Text.Paint(visible.Line(r.Name)) + "  " + th.Muted.Paint(text), th.Muted.Paint(fmt.Sprintf("%d/%d", row+1, len(m.shown)))
}

// verdictLines is how many lines the verdict may take.
const verdictLines = 2

// verdict breaks the verdict to the pane's width.
func (m *Model) verdict() []string {
	lines := strings.Split(ansi.Wrap(visible.Line(m.c.Verdict), max(10, m.width-2), ""), "\n")
	if len(lines) > verdictLines {
		lines = append(lines[:verdictLines-1], strings.Join(lines[verdictLines-1:], " "))
	}
	return lines
}

// top is the lines above the rows: the verdict, the tabs, and whose column is which.
func (m *Model) top() int { return len(m.verdict()) + 2 }

// View draws the pane.
func (m *Model) View(width, height int, th *themes.Theme) string {
	if !m.any {
		return list.Words(width, th.Muted, "nothing is compared yet", th, "C compares the request of the account with another's")
	}
	var lines []string
	ink := th.Warn.Bold()
	if strings.HasPrefix(m.c.Verdict, "both work") {
		ink = th.Good.Bold()
	}
	for _, line := range m.verdict() {
		lines = append(lines, " "+ink.Paint(frame.Fit(line, width-2)))
	}
	lines = append(lines, m.tabLine(th), m.columns(width, th))
	lines = append(lines, strings.Split(m.list(width, height-len(lines), th), "\n")...)
	lines = lines[:max(0, min(len(lines), height))]
	for i, line := range lines {
		lines[i] = ansi.Truncate(line, width, "…")
	}
	return strings.Join(lines, "\n")
}

func (m *Model) tabLine(th *themes.Theme) string {
	names := [tabs]string{"Facts", "Body", "Headers"}
	counts := [tabs][]compare.Row{m.c.Facts, m.c.Body, m.c.Headers}
	var b strings.Builder
	for i, name := range names {
		ink := th.Muted
		if tab(i) == m.tab {
			ink = th.Active
		}
		b.WriteString(" " + ink.Paint(name) + th.Muted.Paint(" "+differ(compare.Differences(counts[i]))) + "  ")
	}
	return b.String()
}

func differ(n int) string {
	if n == 0 {
		return "="
	}
	return fmt.Sprintf("≠%s", list.Count(n))
}

// columns names the two sides above their columns.
func (m *Model) columns(width int, th *themes.Theme) string {
	name, value := measure(width)
	what := "only what differs"
	if m.all || m.tab == factsTab {
		what = ""
	}
	return "   " + th.Faint.Paint(frame.Fit(what, name)) + " " + th.Strong.Paint(frame.Fit(visible.Line(m.c.Left), value)) + th.Faint.Paint(" │ ") +
		th.Strong.Paint(frame.Fit(visible.Line(m.c.Right), value))
}

// measure gives the widths of the column of names and of those of values.
func measure(width int) (name, value int) {
	name = max(8, min(width*3/10, 40))
	return name, max(1, (width-name-8)/2)
}

func (m *Model) list(width, height int, th *themes.Theme) string {
	if len(m.shown) == 0 {
		return m.none(width, th)
	}
	name, value := measure(width)
	return m.cursor.Render(height, func(i int, chosen bool) string {
		return list.Chosen(row(m.shown[i], name, value, th), chosen, m.focused, width, th)
	})
}

// none says why no row shows.
func (m *Model) none(width int, th *themes.Theme) string {
	rows := m.rows()
	switch {
	case len(rows) == 0:
		return list.Words(width, th.Muted, "neither has any", th, "")
	case m.c.Cut != "" && m.tab == bodyTab:
		return list.Words(width, th.Muted, "nothing differs as far as it was compared: "+m.c.Cut, th, "f shows everything")
	}
	noise := 0
	for _, r := range rows {
		if r.Class == compare.Noise {
			noise++
		}
	}
	why := "nothing differs"
	if noise > 0 {
		why = fmt.Sprintf("nothing differs but %d values of the kind of ids and times", noise)
	}
	return list.Words(width, th.Muted, why, th, "f shows everything")
}

// row is a mark, the name, and the two values.
func row(r compare.Row, name, value int, th *themes.Theme) string {
	mark, ink, left, right := " ", th.Muted, th.Text, th.Text
	switch r.Class {
	case compare.Same:
	case compare.Noise:
		mark, ink, left, right = "~", th.Faint, th.Faint, th.Faint
	case compare.Changed:
		mark, ink, left, right = "≠", th.Warn, th.Warn, th.Warn
	case compare.OnlyLeft:
		mark, ink, left = "−", th.Bad, th.Bad
	case compare.OnlyRight:
		mark, ink, right = "+", th.Good, th.Good
	}
	return " " + ink.Paint(mark) + " " + th.Muted.Paint(frame.Fit(visible.Line(r.Name), name)) + " " + left.Paint(frame.Fit(visible.Line(r.Left), value)) +
		th.Faint.Paint(" │ ") + right.Paint(frame.Fit(visible.Line(r.Right), value))
}
