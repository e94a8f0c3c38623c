package response

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
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
	top := m.first(height)
	gutter := m.gutter()
	var out []string
	for i, line := range m.window(top, height) {
		room := height - len(out)
		if room <= 0 {
			break
		}
		r := rows{width: max(1, width-gutter), shift: m.shift, skip: m.passed(top + i), most: room}
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

// bodiless is what stands in the place of a body that has no bytes.
func (m *Model) bodiless(width int, th *themes.Theme) string {
	switch r := m.exchange.Response; {
	case m.bare && m.err != nil:
		return list.Words(width, th.Bad, "it cannot be read: "+visible.Line(m.err.Error()), th, "")
	case m.bare && m.doc.State().Ended:
		return list.Words(width, th.Muted, "there is nothing in it", th, "")
	case m.bare:
		return list.Words(width, th.Muted, "nothing has come yet", th, "")
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
	marks, current := m.marks(line, n, r.shift+r.width*r.most)
	at, next := 0, 0 // next is the first mark that does not end before at
	for _, span := range line.Spans {
		if r.full {
			return
		}
		ink := th.Syntax(span.Type)
		for text := span.Text; text != ""; {
			for next < len(marks) && marks[next][1] <= at {
				next++
			}
			end, inside := split(marks[next:], at, at+len(text))
			piece := text[:end-at]
			switch {
			case !inside:
				r.put(ink, piece)
			case next == current:
				r.put(th.Current, piece)
			default:
				r.put(th.Match, piece)
			}
			text, at = text[end-at:], end
		}
	}
}

// marks are the places of what is looked for in the first cells of a line, in bytes, begin
// and end, and which of them is the one found last; -1 where none is.
func (m *Model) marks(line document.Line, n, cells int) (marks [][2]int, current int) {
	if m.find.pattern == nil {
		return nil, -1
	}
	text := line.Text()
	shown, _ := prefix(text, cells)
	marks = m.find.pattern.Places(text, shown)
	if !m.find.has || n != m.find.match.Line {
		return marks, -1
	}
	at, column := 0, 0
	for i, k := range marks {
		if column += ansi.StringWidth(text[at:k[0]]); column == m.find.match.Column {
			return marks, i
		}
		column += ansi.StringWidth(text[k[0]:k[1]])
		at = k[1]
	}
	return marks, -1
}

// split returns where the stretch that begins at at ends, and whether it lies in the first
// of marks, which ends behind at.
func split(marks [][2]int, at, limit int) (end int, inside bool) {
	switch {
	case len(marks) == 0:
		return limit, false
	case at >= marks[0][0]:
		return min(marks[0][1], limit), true
	}
	return min(marks[0][0], limit), false
}

// cycleView shows the same bytes in another way: a page of HTML also as text.
func (m *Model) cycleView() tea.Cmd {
	m.word = ""
	kind := m.doc.State().Kind
	switch {
	case m.reading.words:
		m.Unfilter()
		m.setView(document.Raw)
	case kind == document.HTML && m.view == document.Pretty && m.done && m.reading.whole == nil:
		return m.readWords()
	case kind.Bytes() && m.view == document.Pretty:
		m.setView(document.Hex)
	default:
		m.setView(map[document.View]document.View{
			document.Pretty: document.Raw, document.Raw: document.Hex, document.Hex: document.Pretty,
		}[m.view])
	}
	return nil
}

// setView shows the bytes in a way. What is looked for stays; its places are others there.
func (m *Model) setView(v document.View) {
	m.view, m.shift, m.deep = v, 0, depth{}
	m.folds.Clear()
	m.find.lose()
	m.Resize(m.width, m.height)
}
