package response

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/list"
)

// gutter is the width of the line numbers.
func (m *Model) gutter() int { return max(3, len(list.Count(m.doc.Lines(m.view)))) + 3 }

// bodyView draws the lines that show, and only those.
func (m *Model) bodyView(width, height int, th *themes.Theme) string {
	if m.doc.State().Size == 0 {
		return m.bodiless(width, th)
	}
	if m.pictured() {
		return m.picture.view(width, height, th)
	}
	top := m.first(width, height)
	gutter := m.gutter()
	var out []string
	for i, line := range m.window(top, height) {
		room := height - len(out)
		if room <= 0 {
			break
		}
		r := rows{width: max(1, width-gutter), shift: m.shift, most: room}
		if !m.wrap {
			r.most = 1
		}
		m.paint(&r, line.Line, line.number, th)
		if line.fold != nil {
			r.put(th.Muted, folded(*line.fold))
		}
		number := list.Count(line.number + 1)
		if line.Continued {
			number = "↪"
		}
		chosen := top+i == m.body.Row()
		for _, row := range r.lines() {
			lead := th.Faint.Paint(strings.Repeat(" ", max(0, gutter-2-ansi.StringWidth(number))) + number + "  ")
			out = append(out, list.Chosen(lead+row, chosen, m.focused, width, th))
			number = ""
		}
	}
	return strings.Join(out, "\n")
}

// first is the line the window begins with. Wrapped lines take several rows
// each: it then moves down until the whole line of the cursor shows.
func (m *Model) first(width, rows int) int {
	top, cursor := m.body.Top(), m.body.Row()
	if !m.wrap || cursor <= top {
		return top
	}
	used := 0
	lines := m.window(top, cursor-top+1)
	for i, line := range slices.Backward(lines) {
		used += height(ansi.StringWidth(line.Text()), max(1, width-m.gutter()))
		if used > rows {
			return min(top+i+1, cursor)
		}
	}
	return top
}

// bodiless is what stands in the place of a body that has no bytes.
func (m *Model) bodiless(width int, th *themes.Theme) string {
	switch r := m.exchange.Response; {
	case m.stored && r != nil && r.Size > 0:
		return list.Words(width, th.Muted, "this body of "+list.Bytes(r.Size)+" was not kept", th,
			"bodies and production_bodies in the [history] part of config.toml decide what is kept · ctrl+r sends the request again")
	case m.doc.State().Ended:
		return list.Words(width, th.Muted, "the answer has no body", th, "] shows its headers")
	}
	return m.waiting(width, th)
}

// paint lays a line down in the inks of its tokens, and what is looked for over
// them.
func (m *Model) paint(r *rows, line document.Line, n int, th *themes.Theme) {
	if m.faded {
		r.put(th.Faint, line.Text())
		return
	}
	marks, current := m.marks(line, n)
	at := 0
	for _, span := range line.Spans {
		if r.full {
			return
		}
		ink := th.Syntax(span.Type)
		for text := span.Text; text != ""; {
			end, inside := split(marks, at, at+len(text))
			piece := text[:end-at]
			switch {
			case inside < 0:
				r.put(ink, piece)
			case inside == current:
				r.put(th.Current, piece)
			default:
				r.put(th.Match, piece)
			}
			text, at = text[end-at:], end
		}
	}
}

// marks are the places of what is looked for in a line, in bytes, begin and end,
// and which of them is the one found last; -1 where none is.
func (m *Model) marks(line document.Line, n int) (marks [][2]int, current int) {
	if m.find.pattern == nil {
		return nil, -1
	}
	text := line.Text()
	marks = m.find.pattern.Places(text)
	if !m.find.has || n != m.find.match.Line {
		return marks, -1
	}
	return marks, slices.IndexFunc(marks, func(k [2]int) bool {
		return ansi.StringWidth(text[:k[0]]) == m.find.match.Column
	})
}

// split returns where the stretch that begins at at ends, and in which mark it
// lies; -1 for none.
func split(marks [][2]int, at, limit int) (end, inside int) {
	for i, k := range marks {
		switch {
		case at >= k[0] && at < k[1]:
			return min(k[1], limit), i
		case at < k[0]:
			return min(k[0], limit), -1
		}
	}
	return limit, -1
}

// toggleWrap breaks long lines, or lets them run out to the side.
func (m *Model) toggleWrap() {
	m.wrap, m.shift = !m.wrap, 0
}

// cycleView shows the same bytes in another way: a page of HTML also as text. What is
// looked for is looked for anew: its places are others there.
func (m *Model) cycleView() tea.Cmd {
	m.word = ""
	kind := m.doc.State().Kind
	switch {
	case m.reading.words:
		m.Unfilter()
		m.view = document.Raw
	case kind == document.HTML && m.view == document.Pretty && m.done && m.reading.whole == nil:
		return m.readWords()
	case kind.Bytes() && m.view == document.Pretty:
		m.view = document.Hex
	default:
		m.view = map[document.View]document.View{
			document.Pretty: document.Raw, document.Raw: document.Hex, document.Hex: document.Pretty,
		}[m.view]
	}
	m.shift = 0
	m.folds.Clear()
	m.find.lose()
	m.Resize(m.width, m.height)
	return nil
}
