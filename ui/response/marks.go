package response

import (
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/themes"
)

// paint lays a line down in the inks of its tokens, and what is looked for over
// them.
func (m *Model) paint(r *rows, line shownLine, th *themes.Theme) {
	if m.faded {
		r.put(th.Faint, line.Text())
		return
	}
	marks, current := m.marks(line, r.shift+r.width*r.most)
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
func (m *Model) marks(line shownLine, cells int) (marks [][2]int, current int) {
	if m.find.pattern == nil {
		return nil, -1
	}
	text := line.Text()
	shown, _ := prefix(text, cells)
	if marks = line.places; !m.hex() {
		marks = m.find.pattern.Places(text, shown)
	}
	if !m.find.has || line.number != m.find.match.Line {
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

// markHex finds what is looked for in lines of the hex view, where it may go on from one to
// the next.
func (m *Model) markHex(lines []shownLine) {
	if m.find.pattern == nil || !m.hex() || len(lines) == 0 {
		return
	}
	first := lines[0].number
	around := len(m.find.query) // lines that may hold a part of it, and more
	before := min(first, around)
	all := m.doc.Window(m.view, first-before, before+len(lines)+around)
	places := m.find.pattern.HexPlaces(all)
	for i := range lines {
		if before+i < len(places) {
			lines[i].places = places[before+i]
		}
	}
}

// hex reports that the bytes show, not text.
func (m *Model) hex() bool {
	return m.view == document.Hex || m.view == document.Pretty && m.doc.State().Kind.Bytes()
}
