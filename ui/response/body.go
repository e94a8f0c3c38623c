package response

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// gutter is the width of the line numbers.
func (m *Model) gutter() int { return max(3, len(list.Count(m.doc.Lines(m.view)))) + 3 }

// bodyView draws the lines that show, and only those.
func (m *Model) bodyView(width, rows int, th *themes.Theme) string {
	state := m.doc.State()
	if state.Size == 0 {
		return list.Words(width, th.Muted, map[bool]string{true: "the answer has no body", false: "waiting for the body…"}[state.Ended], th, "")
	}
	top := m.body.Top()
	window := m.doc.Window(m.view, top, rows)
	gutter := m.gutter()
	var b strings.Builder
	for i, line := range window {
		if i > 0 {
			b.WriteByte('\n')
		}
		number := list.Count(top + i + 1)
		if line.Continued {
			number = "↪"
		}
		text := m.paint(line, top+i, th)
		if m.shift > 0 {
			text = ansi.TruncateLeft(text, m.shift, "")
		}
		row := th.Faint.Paint(strings.Repeat(" ", max(0, gutter-2-ansi.StringWidth(number)))+number+"  ") + text
		b.WriteString(list.Chosen(frame.Fit(row, width), top+i == m.body.Row(), m.focused, width, th))
	}
	return b.String()
}

// paint colours a line by its tokens, and what is looked for over them.
func (m *Model) paint(line document.Line, n int, th *themes.Theme) string {
	marks := m.marks(line)
	var b strings.Builder
	at := 0
	for _, span := range line.Spans {
		ink := th.Syntax(span.Type)
		for text := span.Text; text != ""; {
			end, inside := split(marks, at, at+len(text))
			piece := text[:end-at]
			switch {
			case !inside:
				b.WriteString(ink.Paint(piece))
			case m.isCurrent(line, n, at, marks):
				b.WriteString(th.Current.Paint(piece))
			default:
				b.WriteString(th.Match.Paint(piece))
			}
			text, at = text[end-at:], end
		}
	}
	return b.String()
}

// marks are the places of what is looked for in a line, in bytes, begin and end.
func (m *Model) marks(line document.Line) [][2]int {
	if m.find.query == "" || !m.find.has {
		return nil
	}
	text, query := strings.ToLower(line.Text()), strings.ToLower(m.find.query)
	if len(text) != len(line.Text()) {
		return nil // lower case is longer or shorter here: places would not fit
	}
	var marks [][2]int
	for from := 0; ; {
		i := strings.Index(text[from:], query)
		if i < 0 {
			return marks
		}
		marks = append(marks, [2]int{from + i, from + i + len(query)})
		from += i + len(query)
	}
}

// split returns where the stretch that begins at at ends, and whether it lies in
// a mark.
func split(marks [][2]int, at, limit int) (end int, inside bool) {
	for _, k := range marks {
		switch {
		case at >= k[0] && at < k[1]:
			return min(k[1], limit), true
		case at < k[0]:
			return min(k[0], limit), false
		}
	}
	return limit, false
}

// isCurrent reports that a place lies in the match under the cursor.
func (m *Model) isCurrent(line document.Line, n, at int, marks [][2]int) bool {
	if n != m.find.match.Line {
		return false
	}
	for _, k := range marks {
		if at >= k[0] && at < k[1] {
			return ansi.StringWidth(line.Text()[:k[0]]) == m.find.match.Column
		}
	}
	return false
}
