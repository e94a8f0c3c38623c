package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
)

// View draws the whole screen from what is there; it changes nothing.
func (m *model) View() tea.View {
	v := tea.NewView(m.screen())
	v.AltScreen = !m.opts.Plain
	if !m.opts.Plain {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

func (m *model) screen() string {
	switch {
	case m.width == 0:
		return ""
	case m.width < leastWidth || m.height < leastHeight:
		return frame.Fit(fmt.Sprintf("connectty needs %d×%d cells; this is %d×%d",
			leastWidth, leastHeight, m.width, m.height), m.width)
	case m.opts.Plain:
		return m.plain()
	}
	base := m.contextLine() + "\n" + m.body() + "\n"
	if m.coached() {
		base += m.coachLine() + "\n"
	}
	base += m.statusLine() + "\n" + m.footer()
	if m.overlays.Empty() {
		return base
	}
	return m.overlays.View(base, m.th)
}

// body joins the panes' boxes: one column, or two side by side.
func (m *model) body() string {
	var left, right []string
	split := 0
	for _, p := range m.layout.shown {
		b := m.layout.boxes[p]
		lines := m.box(p, b)
		if b.x == 0 {
			left, split = append(left, lines), b.w
		} else {
			right = append(right, lines)
		}
	}
	if len(right) == 0 {
		return strings.Join(left, "\n")
	}
	return beside(strings.Join(left, "\n"), strings.Join(right, "\n"), split)
}

// beside puts two blocks next to each other; the left one is width cells wide.
func beside(left, right string, width int) string {
	ls, rs := strings.Split(left, "\n"), strings.Split(right, "\n")
	var b strings.Builder
	for i := range max(len(ls), len(rs)) {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i < len(ls) {
			b.WriteString(ls[i])
		} else {
			b.WriteString(strings.Repeat(" ", width))
		}
		if i < len(rs) {
			b.WriteString(rs[i])
		}
	}
	return b.String()
}

// box draws one pane in its border.
func (m *model) box(p place, b box) string {
	w, h := m.inside(b)
	state, right := m.panes[p].Title(m.th)
	if p == requestPane && right == "" {
		right = m.keyHint("request.send", false)
	}
	f := frame.Box{
		Key: p.key(), Title: p.title(), State: state, Right: right, Ink: m.borderInk(p),
		Body: m.panes[p].View(w, h, m.th), Heavy: m.target.env == proxy.Production,
	}
	if r, ok := m.panes[p].(ruled); ok {
		f.Rule, f.RuleTitle = r.Rule(h, m.th)
	}
	return frame.Draw(b.w, b.h, f, m.th)
}

// ruled is a pane with a titled line across it.
type ruled interface {
	Rule(height int, th *themes.Theme) (line int, title string)
}

func (m *model) borderInk(p place) themes.Ink {
	switch {
	case p == m.focus && m.overlays.Empty():
		return m.th.Focus
	case p == requestPane && m.target.env == proxy.Production && m.th != themes.Mono(): // which underlines it
		return m.th.Bad
	}
	return m.th.Border
}

// keyHint is an action's key with its word, as they stand in the footer.
func (m *model) keyHint(id string, editing bool) string {
	a, ok := m.table.Find(id)
	if !ok || a.Key(editing) == "" {
		return ""
	}
	return m.th.Accent.Paint(a.Key(editing)) + " " + m.th.Muted.Paint(a.Hint)
}

// plain is the linear screen: no borders, the focused pane only, in words.
func (m *model) plain() string {
	state, right := m.panes[m.focus].Title(m.th)
	w, h := m.width, m.height-topLines-bottomLines-1
	title := fmt.Sprintf("%s pane, key %s. %s %s", m.focus.title(), m.focus.key(), state, right)
	body := m.panes[m.focus].View(w, h, m.th)
	if !m.overlays.Empty() {
		return m.overlays.View(frame.Fill("", m.width, m.height), m.th)
	}
	return strings.Join([]string{
		m.contextLine(), frame.Fit(title, w), frame.Fill(body, w, h), m.statusLine(), m.footer(),
	}, "\n")
}
