package editor

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
)

// inks are how the characters of one view are painted.
type inks struct {
	plain, selected [len(kinds)]themes.Ink
	caret, pair     themes.Ink
	caretSelected   themes.Ink // the caret at the start of what is selected
}

func (m *Model) inks(th *themes.Theme) inks {
	var k inks
	for i, kind := range kinds {
		k.plain[i] = th.Text
		if m.language == JSON {
			k.plain[i] = th.Syntax(kind)
		}
		k.selected[i] = k.plain[i].On(th.Selected)
	}
	k.caret = themes.NewInk(th.Accent.Style().Reverse(true))
	k.caretSelected = k.caret.On(th.Selected)
	k.pair = th.Match
	return k
}

// View draws the rows that show: at most so many lines of at most so many cells as
// Resize told.
func (m *Model) View(th *themes.Theme) string {
	k := m.inks(th)
	at, _ := m.shift(m.spot(m.top), 0)
	var rows []string
	for len(rows) < m.height && at.piece < m.lines.count() {
		rows = m.draw(rows, at, &k)
		at = spot{piece: at.piece + 1}
	}
	if m.place != nil {
		prompt := th.Muted.Paint("go to line ") + th.Text.Paint(string(m.place)) + k.caret.Paint(" ") + th.Muted.Paint("  ⏎ goes · 12:5 is line 12, column 5")
		rows = append(rows[:min(len(rows), m.height-1)], ansi.Truncate(prompt, m.width, "…"))
	}
	return strings.Join(rows, "\n")
}

// draw adds the rows of a piece from a row on.
func (m *Model) draw(rows []string, from spot, k *inks) []string {
	b, start := m.content(from.piece)
	starts := m.starts(from.piece)
	tokens := []uint8(nil)
	if m.language == JSON {
		tokens = lex(b, m.inside(from.piece))
	}
	for r := from.row; r < len(starts) && len(rows) < m.height; r++ {
		end, last := len(b), !m.lines.soft(from.piece+1)
		if r+1 < len(starts) {
			end, last = starts[r+1], false
		}
		rows = append(rows, m.row(b, tokens, start, starts[r], end, last, k))
	}
	return rows
}

// row draws b[from:end], which begins at start in the text. last tells that the
// line ends there.
func (m *Model) row(b []byte, tokens []uint8, start, from, end int, last bool, k *inks) string {
	p := painter{}
	column := 0
	for i := from; i < end; {
		c := first(b[i:], column)
		token := blankToken
		if tokens != nil {
			token = tokens[i]
		}
		p.add(c.text, m.ink(start+i, start+i+c.size, token, k))
		column += c.width
		i += c.size
	}
	if behind := start + end; last && (m.holds(behind, m.next(behind)) || m.covers(behind)) {
		p.add(" ", m.ink(behind, m.next(behind), blankToken, k))
	}
	return ansi.Truncate(p.String(), m.width, "")
}

// covers reports that a place is selected.
func (m *Model) covers(at int) bool {
	from, to := m.caret.span()
	return at >= from && at < to
}

// holds reports that the caret shows on the character of those bytes, or behind
// the text.
func (m *Model) holds(from, to int) bool {
	at := m.caret.at
	return m.focused && m.place == nil && (at >= from && at < to || at == from)
}

func (m *Model) ink(at, to int, token uint8, k *inks) themes.Ink {
	switch {
	case m.holds(at, to) && m.covers(at):
		return k.caretSelected
	case m.holds(at, to):
		return k.caret
	case m.covers(at):
		return k.selected[token]
	case m.focused && m.pair != [2]int{} && (at == m.pair[0] || at == m.pair[1]):
		return k.pair
	}
	return k.plain[token]
}

// painter joins characters of one ink.
type painter struct {
	out, run strings.Builder
	ink      themes.Ink
}

func (p *painter) add(text string, ink themes.Ink) {
	if ink.Open() != p.ink.Open() {
		p.flush()
		p.ink = ink
	}
	p.run.WriteString(text)
}

func (p *painter) flush() {
	p.out.WriteString(p.ink.Paint(p.run.String()))
	p.run.Reset()
}

// String ends the row.
func (p *painter) String() string {
	p.flush()
	return p.out.String()
}
