package response

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// top is the lines above what a tab shows: the tabs, then the remark or, where
// there is room, a blank one.
func (m *Model) top() int {
	if m.bare {
		return 0
	}
	if m.height >= 14 || m.height >= 8 && m.remark() != "" {
		return 2
	}
	return 1
}

// room is the height that the body has.
func (m *Model) room(height int) int {
	room := height - m.top()
	if n := len(m.section(height)); n > 0 {
		room -= n + 1
	}
	return max(1, room)
}

// View draws the pane.
func (m *Model) View(width, height int, th *themes.Theme) string {
	if width <= 0 || height <= 0 {
		return ""
	}
	if !m.shown {
		return cut(m.empty(width, th), width, height)
	}
	text := cut(m.above(th)+m.content(width, height, th), width, height)
	section := m.section(height)
	if len(section) > 0 {
		lines := strings.Split(text, "\n")
		for len(lines) < height-len(section)-1 {
			lines = append(lines, "")
		}
		lines = lines[:height-len(section)-1]
		for _, p := range section {
			lines = append(lines, p.Draw(width, th))
		}
		text = strings.Join(lines, "\n")
	}
	if m.faded {
		return fade(text, th)
	}
	return text
}

// above is the lines above the content.
func (m *Model) above(th *themes.Theme) string {
	switch m.top() {
	case 0:
		return ""
	case 1:
		return m.tabLine(th) + "\n"
	}
	return m.tabLine(th) + "\n" + th.Warn.Paint(m.remark()) + "\n"
}

// cut keeps a block within its room.
func cut(block string, width, height int) string {
	lines := strings.Split(block, "\n")
	lines = lines[:min(len(lines), height)]
	for i, line := range lines {
		if ansi.StringWidth(line) > width {
			lines[i] = ansi.Truncate(line, width, "…")
		}
	}
	return strings.Join(lines, "\n")
}

// fade draws what was there before the request that is under way: readable, but
// not the answer one waits for.
func fade(block string, th *themes.Theme) string {
	lines := strings.Split(ansi.Strip(block), "\n")
	for i, line := range lines {
		lines[i] = th.Faint.Paint(line)
	}
	return strings.Join(lines, "\n")
}

func (m *Model) empty(width int, th *themes.Theme) string {
	if m.flight != nil {
		return m.waiting(width, th)
	}
	if m.why != "" {
		return list.Words(width, th.Muted, visible.Line(m.why), th, "")
	}
	return list.Words(width, th.Muted, "nothing sent yet", th, "pick a user (U) and an account (A), write a URL (u), then ⏎ or ctrl+r")
}

// waiting stands where the answer will.
func (m *Model) waiting(width int, th *themes.Theme) string {
	what := "waiting for the answer"
	if m.growing() {
		what = "waiting for the body"
	}
	if m.flight != nil {
		what += fmt.Sprintf(" · %d s", m.seconds())
	}
	return list.Words(width, th.Muted, what, th, "esc cancels")
}

func (m *Model) labels() [tabs][2]string {
	headers, mark := "", ""
	if r := m.exchange.Response; r != nil {
		headers = fmt.Sprint(len(r.Headers))
	}
	if m.failed() {
		mark = "!"
	}
	return [tabs][2]string{{"Body", ""}, {"Headers", headers}, {"Diagnosis", mark}, {"Sent", ""}, {"Timing", ""}}
}

func (m *Model) tabLine(th *themes.Theme) string {
	var b strings.Builder
	for i, l := range m.labels() {
		b.WriteString(strings.Repeat(" ", min(3, 1+2*i)))
		ink := th.Muted
		if tab(i) == m.tab {
			ink = th.Active
		}
		b.WriteString(ink.Paint(l[0]))
		switch {
		case tab(i) == diagnosisTab && l[1] != "":
			b.WriteString(" " + th.Warn.Paint(l[1]))
		case l[1] != "":
			b.WriteString(" " + th.Faint.Paint(l[1]))
		}
	}
	return b.String()
}

// tabAt is the tab under a column of the tab line.
func (m *Model) tabAt(x int) tab {
	at := 1
	for i, l := range m.labels() {
		at += ansi.StringWidth(strings.TrimSpace(l[0]+" "+l[1])) + 3
		if x < at {
			return tab(i)
		}
	}
	return m.tab
}

func (m *Model) content(width, height int, th *themes.Theme) string {
	switch m.tab {
	case headersTab:
		return m.headers(width, height-m.top(), th)
	case diagnosisTab:
		return m.diagnosisView(width, height-m.top(), th)
	case sentTab:
		return m.side.Render(height-m.top(), func(i int, chosen bool) string {
			if i >= len(m.sent) {
				return ""
			}
			return list.Chosen(frame.Fit(" "+m.shifted(m.sent[i].text, width-2, th.Text), width), chosen, m.focused, width, th)
		})
	case timingTab:
		return m.timing(width, th)
	case bodyTab:
	}
	switch {
	case m.doc != nil:
		return m.bodyView(width, m.room(height), th)
	case !m.done:
		return m.waiting(width, th)
	}
	return m.diagnosisView(width, height-m.top(), th) // no answer came: why, and what to do
}

func (m *Model) headers(width, rows int, th *themes.Theme) string {
	r := m.exchange.Response
	switch {
	case r == nil && m.done:
		return list.Words(width, th.Muted, "no answer came, so there are no headers", th, "D says why")
	case r == nil:
		return m.waiting(width, th)
	case len(r.Headers) == 0:
		return list.Words(width, th.Muted, "the answer has no headers", th, "")
	}
	return m.side.Render(rows, func(i int, chosen bool) string {
		if i >= len(r.Headers) {
			return ""
		}
		return list.Chosen(m.headerLine(r.Headers[i], width, th), chosen, m.focused, width, th)
	})
}

func (m *Model) headerLine(h proxy.Field, width int, th *themes.Theme) string {
	names := nameWidth(width)
	name := frame.Fit(th.Muted.Paint(visible.Line(h.Name)), names)
	return frame.Fit(" "+name+" "+m.shifted(visible.Line(h.Value), width-names-3, th.Text), width)
}

// nameWidth is the cells of the column of header names.
func nameWidth(width int) int { return min(30, width/3) }

// diagnosisView is the diagnosis, or the same in the place of a body that never
// came.
func (m *Model) diagnosisView(width, rows int, th *themes.Theme) string {
	lines := m.diagnosis(width)
	if len(lines) == 0 {
		return m.waiting(width, th)
	}
	top := 0
	if m.tab == diagnosisTab {
		top = min(m.side.Top(), len(lines)-1)
	}
	var out []string
	for _, line := range lines[top:min(len(lines), top+max(1, rows))] {
		out = append(out, m.diagnosisLine(line, th))
	}
	return strings.Join(out, "\n")
}
