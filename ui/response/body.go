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
	top := m.first(width, height)
	above := m.aboveWindow(width, height) // only where the line of the cursor is the first
	gutter := m.gutter()
	var out []string
	lines := m.window(top, height)
	m.markHex(lines)
	for i, line := range lines {
		room := height - len(out) + above
		if room <= above {
			break
		}
		r := rows{width: max(1, width-gutter), shift: m.shift, most: room}
		if !m.wrap {
			r.most = 1
		}
		m.paint(&r, line, th)
		if line.fold != nil {
			r.put(th.Muted, folded(*line.fold))
		}
		number := list.Count(line.number + 1)
		if line.Continued {
			number = "↪"
		}
		chosen := top+i == m.body.Row()
		for _, row := range r.lines()[above:] {
			lead := th.Faint.Paint(strings.Repeat(" ", max(0, gutter-2-ansi.StringWidth(number))) + number + "  ")
			out = append(out, list.Chosen(lead+row, chosen, m.focused, width, th))
			number = ""
		}
		above = 0
	}
	return strings.Join(out, "\n")
}

// bodiless is what stands in the place of a body that has no bytes.
func (m *Model) bodiless(width int, th *themes.Theme) string {
	if m.bare {
		return m.blank(width, th)
	}
	switch r := m.exchange.Response; {
	case m.stored && r != nil && r.Size > 0:
		return list.Words(width, th.Muted, "this body of "+list.Bytes(r.Size)+" was not kept", th,
			"bodies and production_bodies in the [history] part of config.toml decide what is kept · ctrl+r sends the request again")
	case m.doc.State().Ended:
		return list.Words(width, th.Muted, "the answer has no body", th, "] shows its headers")
	}
	return m.waiting(width, th)
}

// blank is the same where the body is no answer's.
func (m *Model) blank(width int, th *themes.Theme) string {
	switch {
	case m.err != nil:
		return list.Words(width, th.Bad, "it could not be read", th, visible.Line(m.err.Error()))
	case m.doc.State().Ended:
		return list.Words(width, th.Muted, "it is empty", th, "")
	}
	return list.Words(width, th.Muted, "nothing to read yet", th, "")
}

// cycleView shows the same bytes in another way: a page of HTML also as text.
func (m *Model) cycleView() tea.Cmd {
	m.word = ""
	kind := m.doc.State().Kind
	switch {
	case m.picture.of == m.doc && m.picture.cancelled() && m.view == document.Pretty:
		m.picture = picture{} // it is unpacked anew
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

// setView turns to another view. What is looked for is looked for anew: its places are
// others there.
func (m *Model) setView(v document.View) {
	m.view, m.shift, m.deep = v, 0, deep{}
	m.folds.Clear()
	m.find.lose()
	m.Resize(m.width, m.height)
}
