package response

import (
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
)

// deep is how far one is in a line that is taller than the pane when it is wrapped.
type deep struct {
	line int
	rows int // of it that lie above the window
}

// toggleWrap breaks long lines, or lets them run out to the side.
func (m *Model) toggleWrap() {
	m.wrap, m.shift, m.deep = !m.wrap, 0, deep{}
}

// rows is how many rows a line takes when it is wrapped.
func (l shownLine) rows(width int) int {
	pieces := make([]string, 0, len(l.Spans)+1)
	for _, span := range l.Spans {
		pieces = append(pieces, span.Text)
	}
	if l.fold != nil {
		pieces = append(pieces, folded(*l.fold))
	}
	return height(width, pieces...)
}

// textWidth is the room of the text beside the line numbers.
func (m *Model) textWidth(width int) int { return max(1, width-m.gutter()) }

// first is the row the window begins with. Wrapped lines take several rows of the screen
// each: it then moves down until the whole line of the cursor shows.
func (m *Model) first(width, rows int) int {
	top, cursor := m.body.Top(), m.body.Row()
	if !m.wrap || cursor <= top {
		return top
	}
	used := 0
	lines := m.window(top, cursor-top+1)
	for i, line := range slices.Backward(lines) {
		used += line.rows(m.textWidth(width))
		if used > rows {
			return min(top+i+1, cursor)
		}
	}
	return top
}

// aboveWindow is how many rows of the cursor's line lie above the window: none of one that the
// pane holds.
func (m *Model) aboveWindow(width, rows int) int {
	if !m.wrap || m.deep.line != m.at() || m.deep.rows == 0 {
		return 0
	}
	return max(0, min(m.deep.rows, m.tallness(width)-rows))
}

// tallness is how many rows the line of the cursor takes.
func (m *Model) tallness(width int) int {
	for _, line := range m.window(m.body.Row(), 1) {
		return line.rows(m.textWidth(width))
	}
	return 0
}

// within scrolls by rows in a line that is taller than the pane; false where that shows its
// end already.
func (m *Model) within(by int) bool {
	rows := m.room(m.height)
	now := m.aboveWindow(m.width, rows)
	to := max(0, min(now+by, m.tallness(m.width)-rows))
	m.deep = deep{m.at(), to}
	return to != now
}

// step moves the cursor by lines; upwards it comes to the end of a tall one.
func (m *Model) step(by int) {
	row := m.body.Row()
	m.put(row + by)
	if by < 0 && m.body.Row() != row {
		m.toLastRow()
	}
}

// put sets the cursor on a row of the body.
func (m *Model) put(row int) {
	if row != m.body.Row() {
		m.deep = deep{}
	}
	m.body.Put(row)
}

// toLastRow shows the end of the cursor's line.
func (m *Model) toLastRow() { m.deep = deep{m.at(), math.MaxInt} }

// page moves by as many lines, upwards by -1, as the pane shows at once.
func (m *Model) page(by int) {
	row, rows := m.body.Row(), m.room(m.height)
	if m.within(by * rows) {
		return
	}
	lines := m.window(row+1, rows)
	if by < 0 {
		from := max(0, row-rows)
		lines = m.window(from, row-from)
		slices.Reverse(lines)
	}
	used, far := 0, 0
	for _, line := range lines {
		if used += line.rows(m.textWidth(m.width)); used > rows && far > 0 {
			break
		}
		far++
	}
	m.step(by * far)
}

// moveWrapped are the keys that move otherwise while lines are wrapped, by their actions.
func (m *Model) moveWrapped(id string) bool {
	switch id {
	case "response.down":
		if !m.within(1) {
			m.step(1)
		}
	case "response.up":
		if !m.within(-1) {
			m.step(-1)
		}
	case "response.page-down":
		m.page(1)
	case "response.page-up":
		m.page(-1)
	case "response.first":
		m.body.Put(0)
		m.deep = deep{}
	case "response.last":
		m.body.Put(m.body.Last())
		m.toLastRow()
	default:
		return false
	}
	return true
}

// wheel scrolls, within a tall line by its rows.
func (m *Model) wheel(msg tea.MouseWheelMsg) {
	const rows = 3
	by := map[tea.MouseButton]int{tea.MouseWheelUp: -rows, tea.MouseWheelDown: rows}[msg.Button]
	if m.tab == bodyTab && m.doc != nil && m.wrap && by != 0 && m.within(by) {
		return
	}
	m.cursor().Wheel(msg)
}

// revealRow scrolls within the cursor's line to where a match shows.
func (m *Model) revealRow(at document.Match) {
	for _, line := range m.window(m.body.Row(), 1) {
		text := line.Text()
		n, _ := prefix(text, at.Column+1)
		row := height(m.textWidth(m.width), text[:n]) - 1
		rows := m.room(m.height)
		if above := m.aboveWindow(m.width, rows); row < above || row >= above+rows {
			m.deep = deep{m.at(), max(0, row-rows/2)}
		}
	}
}
