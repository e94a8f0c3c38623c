package response

import (
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/themes"
)

// depth is how far one scrolled within a line that has more rows than show.
type depth struct {
	line int // a row of the body
	rows int // of the line that lie above the pane
}

// toggleWrap breaks long lines, or lets them run out to the side.
func (m *Model) toggleWrap() {
	m.wrap, m.shift, m.deep = !m.wrap, 0, depth{}
}

// passed is how many rows of a line lie above the pane: only of the cursor's any do.
func (m *Model) passed(line int) int {
	if !m.wrap || m.deep.line != line || m.body.Row() != line {
		return 0
	}
	return m.deep.rows
}

// rowsOf is how many rows a line takes when it is wrapped.
func (m *Model) rowsOf(line shownLine) int {
	r := rows{width: max(1, m.width-m.gutter()), most: math.MaxInt}
	for _, span := range line.Spans {
		r.put(themes.Ink{}, span.Text)
	}
	if line.fold != nil {
		r.put(themes.Ink{}, folded(*line.fold))
	}
	return len(r.lines())
}

// first is the line the window begins with. Wrapped lines take several rows
// each: it then moves down until the whole line of the cursor shows.
func (m *Model) first(rows int) int {
	top, cursor := m.body.Top(), m.body.Row()
	if !m.wrap || cursor <= top {
		return top
	}
	used := 0
	for i, line := range slices.Backward(m.window(top, cursor-top+1)) {
		used += m.rowsOf(line)
		if used > rows {
			return min(top+i+1, cursor)
		}
	}
	return top
}

// lineAt is the row of the body that shows on a row of the pane.
func (m *Model) lineAt(row int) int {
	rows := m.room(m.height)
	top := m.first(rows)
	if !m.wrap {
		return top + row
	}
	for i, line := range m.window(top, rows) {
		if row -= m.rowsOf(line) - m.passed(top+i); row < 0 {
			return top + i
		}
	}
	return m.body.Last()
}

// page moves the window of wrapped lines so that it begins where it ended, or ends where
// it began: behind the cursor.
func (m *Model) page(up bool) {
	room := m.room(m.height)
	first := m.first(room)
	switch {
	case !up:
		next := first + m.fitting(first, room)
		m.body.Put(next + m.fitting(next, room) - 1)
	case first > m.body.Top():
		m.body.Put(first - 1) // the last line that shows then
	default:
		begin, used := first, 0
		for _, line := range slices.Backward(m.window(max(0, first-room), min(first, room))) {
			if used += m.rowsOf(line); used > room {
				break
			}
			begin--
		}
		m.body.Put(min(begin, first-1))
	}
}

// fitting is how many lines from one on show whole; at least one.
func (m *Model) fitting(line, room int) int {
	lines, used := 0, 0
	for _, line := range m.window(line, room) {
		if used += m.rowsOf(line); used > room {
			break
		}
		lines++
	}
	return max(1, lines)
}

// tall is how many rows the line of the cursor takes, where those are more than show; 0
// where all of it shows.
func (m *Model) tall() int {
	if !m.wrap || m.tab != bodyTab || m.doc == nil {
		return 0
	}
	for _, line := range m.window(m.body.Row(), 1) {
		if n := m.rowsOf(line); n > m.body.Height() {
			return n
		}
	}
	return 0
}

// within scrolls by rows within the line of the cursor; false where nothing more of it is
// there.
func (m *Model) within(by int) bool {
	at := m.passed(m.body.Row())
	to := max(0, min(at+by, m.tall()-m.body.Height()))
	m.deep = depth{m.body.Row(), to}
	return to != at
}

// revealRow scrolls within the line of the cursor to where a match shows.
func (m *Model) revealRow(at document.Match) {
	for _, line := range m.window(m.body.Row(), 1) {
		n, _ := prefix(line.Text(), at.Column)
		before := shownLine{Line: document.Line{Spans: []document.Span{{Text: line.Text()[:n]}}}}
		row := m.rowsOf(before) - 1 - m.passed(m.body.Row())
		if row < 0 || row >= m.body.Height() {
			m.within(row - m.body.Height()/2)
		}
	}
}

// wheel moves the window; of wrapped lines the cursor, as few of them may fill the pane.
func (m *Model) wheel(msg tea.MouseWheelMsg) {
	const rows = 3
	by := map[tea.MouseButton]int{tea.MouseWheelUp: -rows, tea.MouseWheelDown: rows}[msg.Button]
	switch {
	case !m.wrap || m.tab != bodyTab:
		m.cursor().Wheel(msg)
	case m.tall() == 0:
		m.body.Move(by)
	case !m.within(by):
		m.body.Move(by / rows)
	}
}
