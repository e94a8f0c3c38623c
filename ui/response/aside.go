package response

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
)

// shiftBy is how far a tab scrolls to the side at once.
const shiftBy = 8

// right scrolls to the side, at most until the end of the longest line that
// shows.
func (m *Model) right() {
	switch {
	case m.tab != bodyTab:
		m.across = max(m.across, min(m.across+shiftBy, m.longest()-m.width+2), 0)
	case m.doc != nil:
		end := m.longest() - (m.width - m.gutter())
		m.shift = max(m.shift, min(m.shift+shiftBy, end), 0)
	}
}

func (m *Model) left() {
	if m.tab == bodyTab {
		m.shift = max(0, m.shift-shiftBy)
		return
	}
	m.across = max(0, m.across-shiftBy)
}

// longest is the cells of the longest line that shows.
func (m *Model) longest() int {
	longest := 0
	switch m.tab {
	case bodyTab:
		for _, line := range m.window(m.body.Top(), m.body.Height()) {
			longest = max(longest, ansi.StringWidth(line.Text()))
		}
	case headersTab:
		if r := m.exchange.Response; r != nil {
			for _, h := range r.Headers[m.side.Top():min(len(r.Headers), m.side.Top()+m.side.Height())] {
				longest = max(longest, nameWidth(m.width)+1+ansi.StringWidth(visible.Line(h.Value)))
			}
		}
	case sentTab:
		for _, line := range m.sent[m.side.Top():min(len(m.sent), m.side.Top()+m.side.Height())] {
			longest = max(longest, ansi.StringWidth(line.text))
		}
	case diagnosisTab, timingTab:
	}
	return longest
}

// shifted is a line in width cells, scrolled to the side as far as its tab is.
func (m *Model) shifted(text string, width int, ink themes.Ink) string {
	r := rows{width: max(1, width), shift: m.across, most: 1}
	r.put(ink, text)
	return r.lines()[0]
}
