package sweep

import (
	"fmt"
	"math"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// Title says how far the sweep is, and what is filtered.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	if len(m.rows) == 0 {
		return "", ""
	}
	parts := []string{fmt.Sprintf("%s of %s asked", list.Count(m.asked), list.Count(len(m.planned)))}
	if m.failed > 0 {
		parts = append(parts, list.Count(m.failed)+" fail")
	}
	if m.report == nil && !m.running || m.report != nil && m.asked < len(m.planned) {
		parts = append(parts, "ended early")
	}
	for _, by := range []string{m.show.words(), m.groupWords()} {
		if by != "" {
			right = th.Muted.Paint(list.Count(len(m.shown)) + " " + by)
		}
	}
	return th.Muted.Paint(strings.Join(parts, " · ")), right
}

func (m *Model) groupWords() string {
	if m.group == nil {
		return ""
	}
	return strings.ReplaceAll(visible.Line(m.group.code), "_", " ")
}

// Status names the account under the cursor.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	r := m.current()
	switch {
	case m.typing:
		return th.Muted.Paint("⏎ keeps what was found · ctrl+u shows all"), ""
	case r == nil:
		return "", ""
	}
	left = th.Text.Paint(visible.Line(r.User)) + th.Muted.Paint(" · "+visible.Line(r.ID)+" · "+visible.Line(r.App)+" · "+string(r.Health))
	return left, th.Muted.Paint("account " + list.Count(m.cursor.Row()+1) + "/" + list.Count(len(m.shown)))
}

// top is the lines above the rows: what holds for the set, then the tabs.
func (m *Model) top() int {
	if m.height < 8 && !m.typing {
		return 1
	}
	return 2
}

// room is the height that the rows have.
func (m *Model) room(height int) int {
	room := height - m.top()
	if n := len(m.section(height)); n > 0 {
		room -= n + 1
	}
	return max(1, room)
}

// View draws the pane, or in words why it is empty.
func (m *Model) View(width, height int, th *themes.Theme) string {
	if len(m.rows) == 0 {
		words := list.Words(width, th.Muted, "there are no such accounts in this environment", th, "E switches the environment · S sweeps others · esc goes back")
		return strings.Join(head(strings.Split(words, "\n"), height), "\n")
	}
	above := m.headline(width, th)
	if m.top() > 1 {
		above += "\n" + m.tabLine(width, th)
	}
	rows := m.accounts(width, m.room(height), th)
	if m.tab == groupsTab {
		rows = m.groupList(width, m.room(height), th)
	}
	lines := strings.Split(above+"\n"+rows, "\n")
	section := m.section(height)
	if len(section) == 0 {
		return strings.Join(head(lines, height), "\n")
	}
	body := height - len(section) - 1
	for len(lines) < body {
		lines = append(lines, "")
	}
	lines = lines[:body]
	for _, p := range section {
		lines = append(lines, p.Draw(width, th))
	}
	return strings.Join(lines, "\n")
}

func head(lines []string, n int) []string { return lines[:min(len(lines), n)] }

// headline says what holds for all of them, or how long it will take to know.
func (m *Model) headline(width int, th *themes.Theme) string {
	switch {
	case m.report != nil:
		ink := th.Good.Bold()
		if m.failed > 0 {
			ink = th.Warn.Bold()
		}
		return " " + ink.Paint(frame.Fit(visible.Line(m.report.Headline), width-2))
	case !m.paused.IsZero():
		return " " + th.Warn.Paint(frame.Fit("Connect wants no calls until "+m.paused.Local().Format("15:04:05")+"; it goes on by itself", width-2))
	}
	left := len(m.planned) - m.asked
	text := fmt.Sprintf("asking %s accounts who they are", list.Count(len(m.planned)))
	if m.perMin > 0 {
		text += fmt.Sprintf(", at most %.0f a minute: about %s left", m.perMin, words(float64(left)/m.perMin))
	}
	return " " + frame.Gauge(float64(m.asked), float64(len(m.planned)), th) + " " + th.Text.Paint(frame.Fit(text, max(0, width-frame.GaugeCells-3)))
}

// words is a time that is guessed, in minutes.
func words(minutes float64) string {
	if minutes < 2 {
		return fmt.Sprintf("%.0f s", math.Ceil(minutes*60))
	}
	return fmt.Sprintf("%.0f min", math.Ceil(minutes))
}

// tabLine names the sides of a sweep, or shows what is looked for.
func (m *Model) tabLine(width int, th *themes.Theme) string {
	if query := m.find.Value(); m.typing || query != "" && m.tab == accountsTab {
		line := " " + th.Accent.Paint("/") + " " + th.Strong.Paint(visible.Line(query))
		if m.typing {
			line += th.Accent.Paint("▏")
		}
		return ansi.Truncate(line, width, "…")
	}
	accounts, groups := "Accounts "+list.Count(len(m.rows)), "Groups"
	if m.report != nil {
		groups += " " + list.Count(len(m.report.Groups))
	}
	inks := [tabs]themes.Ink{th.Muted, th.Muted}
	inks[m.tab] = th.Active
	return " " + inks[accountsTab].Paint(accounts) + "   " + inks[groupsTab].Paint(groups)
}

func (m *Model) accounts(width, height int, th *themes.Theme) string {
	if len(m.shown) == 0 {
		return list.Words(width, th.Muted, "no account is left by the filter", th, "f changes it · / changes the words")
	}
	return m.cursor.Render(height, func(i int, chosen bool) string {
		return list.Chosen(m.row(m.rows[m.shown[i]], width, th), chosen, m.focused, width, th)
	})
}

// The widths of a row's columns, and from which width of the pane on a column
// shows.
const (
	userCells, nameCells, appCells, verdictCells = 16, 22, 12, 13

	timesFrom = 70
	namesFrom = 96
	appsFrom  = 110
)

// row is user, name, health, verdict, why, status and time.
func (m *Model) row(r sweep.Row, width int, th *themes.Theme) string {
	word, ink := m.verdict(r, th)
	why := th.Muted
	if r.Failed() {
		why = th.Text
	}
	left := " " + th.Text.Paint(frame.Fit(visible.Line(r.User), userCells)) + "  "
	if width >= namesFrom {
		left += th.Muted.Paint(frame.Fit(name(r), nameCells)) + "  "
	}
	if width >= appsFrom {
		left += th.Muted.Paint(frame.Fit(visible.Line(r.App), appCells)) + "  "
	}
	left += list.Health(r.Health, th) + " " + ink.Paint(frame.Fit(word, verdictCells)) + " " + why.Paint(visible.Line(m.why(r)))
	right := ""
	if r.Status > 0 {
		right = fmt.Sprintf("%d ", r.Status)
		if width >= timesFrom {
			right += fmt.Sprintf(" %7s ", took(r.TookMS))
		}
	}
	return frame.Columns(left, th.Muted.Paint(right), width)
}

func name(r sweep.Row) string {
	if r.Name == "" {
		return visible.Line(r.ID)
	}
	return visible.Line(r.Name)
}

func took(ms int64) string {
	switch {
	case ms < 1:
		return "<1 ms"
	case ms < 10_000:
		return fmt.Sprintf("%d ms", ms)
	}
	return fmt.Sprintf("%.1f s", float64(ms)/1000)
}

// said is the lines above the groups.
func (m *Model) said() []string {
	if m.report == nil {
		return nil
	}
	return m.report.Lines()
}

func (m *Model) groupList(width, height int, th *themes.Theme) string {
	if m.report == nil {
		return list.Words(width, th.Muted, "what they have in common comes when all were asked", th, "esc ends the sweep; S goes on from there")
	}
	var b strings.Builder
	for _, line := range m.said() {
		b.WriteString(" " + th.Muted.Paint(frame.Fit(visible.Line(line), width-2)) + "\n")
	}
	return b.String() + m.groups.Render(height-len(m.said()), func(i int, chosen bool) string {
		g := m.report.Groups[i]
		ink := th.Bad
		if g.Who == diagnose.None {
			ink = th.Good
		}
		left := fmt.Sprintf(" %6s  %s", list.Count(g.Count), ink.Paint(frame.Fit(visible.Line(g.Who.Words(g.App)), userCells))) + "  " + th.Text.Paint(visible.Line(g.Summary))
		return list.Chosen(frame.Columns(left, th.Muted.Paint(visible.Line(g.App)+" "), width), chosen, m.focused, width, th)
	})
}

// section is the lines of "Who failed" below the rows: as many for each account, so
// that nothing jumps while the cursor moves.
func (m *Model) section(height int) []list.Point {
	const least, roomy = 12, 16 // below, the rows have all the room, or most of it
	r := m.current()
	if r == nil || height < least {
		return nil
	}
	all := m.points(*r)
	points := all[:]
	if height < roomy { // why, and what to do
		points = []list.Point{all[1], all[3]}
	}
	out := make([]list.Point, 0, len(points))
	for _, p := range points {
		if p.Text != "" {
			out = append(out, p)
		}
	}
	return append(out, make([]list.Point, len(points)-len(out))...)
}

// points are who, why, how many alike, and what to do; the text of what cannot be
// said is empty.
func (m *Model) points(r sweep.Row) [4]list.Point {
	points := [4]list.Point{{Label: "Who"}, {Label: "Why", Text: m.why(r)}, {Label: "Also"}, {Label: "Act"}}
	if !r.Failed() {
		return points
	}
	points[0].Text = r.Finding.Who.Words(r.App)
	if n := m.alike[likenessOf(r)]; n > 1 {
		points[2].Text = fmt.Sprintf("%s of the %s that were asked fail the same way", list.Count(n), list.Count(m.asked))
	}
	var steps []string
	for _, s := range r.Finding.Next {
		steps = append(steps, s.Words())
	}
	points[3].Text = strings.Join(steps, " · ")
	return points
}

// Rule returns the body line above which the section of who failed begins, and
// its title; 0 where there is none.
func (m *Model) Rule(height int, th *themes.Theme) (line int, title string) {
	n := len(m.section(height))
	if n == 0 {
		return 0, ""
	}
	r := m.current()
	title, ink := "This account", th.Muted
	if r.Failed() {
		title, ink = "Who failed", th.Warn.Bold()
	}
	return height - n - 1, ink.Paint(title) + th.Muted.Paint("  "+visible.Line(r.User)+" · "+name(*r))
}
