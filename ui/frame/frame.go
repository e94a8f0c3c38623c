// Package frame draws the boxes that panes and dialogs stand in, and fits text
// into cells.
package frame

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
)

// Box is a border with a title. Title, State and Right may be painted; they must
// be safe to print.
type Box struct {
	Key   string // the key that reaches the pane
	Title string
	State string // what a pane says of itself, after the title
	Right string // what stands at the right end of the top border
	Ink   themes.Ink
	Body  string // lines; too long ones are cut, missing ones are blank
	// Rule, if > 0, draws a titled line across the box above this body line.
	Rule      int
	RuleTitle string
	// Heavy draws the border in thick lines: production, also without colour.
	Heavy bool
}

// strokes are the parts of a border.
type strokes struct{ topLeft, topRight, bottomLeft, bottomRight, across, down, ruleLeft, ruleRight string }

var (
	light = strokes{"╭", "╮", "╰", "╯", "─", "│", "├", "┤"}
	heavy = strokes{"┏", "┓", "┗", "┛", "━", "┃", "┣", "┫"}
)

func (b Box) strokes() strokes {
	if b.Heavy {
		return heavy
	}
	return light
}

// Draw returns exactly height lines of exactly width cells.
func Draw(width, height int, b Box, th *themes.Theme) string {
	if width < 2 || height < 2 {
		return Fill("", width, height)
	}
	lines := strings.Split(b.Body, "\n")
	var out strings.Builder
	out.WriteString(top(width, b, th))
	s := b.strokes()
	left, right := b.Ink.Paint(s.down), b.Ink.Paint(s.down)
	for i := range height - 2 {
		out.WriteByte('\n')
		if b.Rule > 0 && i == b.Rule {
			out.WriteString(rule(width, b))
			continue
		}
		n := i
		if b.Rule > 0 && i > b.Rule {
			n--
		}
		line := ""
		if n < len(lines) {
			line = lines[n]
		}
		out.WriteString(left)
		out.WriteString(Fit(line, width-2))
		out.WriteString(right)
	}
	out.WriteByte('\n')
	out.WriteString(b.Ink.Paint(s.bottomLeft + strings.Repeat(s.across, width-2) + s.bottomRight))
	return out.String()
}

// titled is the width from which a border has room for a title.
const titled = 12

func top(width int, b Box, th *themes.Theme) string {
	s := b.strokes()
	if width < titled {
		return b.Ink.Paint(s.topLeft + strings.Repeat(s.across, width-2) + s.topRight)
	}
	var title strings.Builder
	if b.Key != "" {
		title.WriteString(th.Faint.Paint(b.Key) + " ")
	}
	title.WriteString(th.Strong.Paint(b.Title))
	if b.State != "" {
		title.WriteString("  " + b.State)
	}
	right := b.Right
	room := width - 6 // corners, one dash and a space on either side of the title
	if ansi.StringWidth(right) > room/2 {
		right = ansi.Truncate(right, room/2, "…")
	}
	rw := ansi.StringWidth(right)
	if rw > 0 {
		rw += 3 // spaces around it and the dash behind
	}
	left := ansi.Truncate(title.String(), max(0, room-rw), "…")
	dashes := max(0, width-2-ansi.StringWidth(left)-3-rw)
	line := b.Ink.Paint(s.topLeft+s.across) + " " + left + " " + b.Ink.Paint(strings.Repeat(s.across, dashes))
	if rw > 0 {
		line += " " + right + " " + b.Ink.Paint(s.across)
	}
	return line + b.Ink.Paint(s.topRight)
}

func rule(width int, b Box) string {
	s := b.strokes()
	if width < titled {
		return b.Ink.Paint(s.ruleLeft + strings.Repeat(s.across, width-2) + s.ruleRight)
	}
	title := ansi.Truncate(b.RuleTitle, max(0, width-6), "…")
	dashes := max(0, width-2-ansi.StringWidth(title)-3)
	return b.Ink.Paint(s.ruleLeft+s.across) + " " + title + " " + b.Ink.Paint(strings.Repeat(s.across, dashes)+s.ruleRight)
}

// Fit cuts or pads one line, painted or not, to exactly width cells. A cut
// shows as an ellipsis.
func Fit(line string, width int) string {
	if width <= 0 {
		return ""
	}
	w := ansi.StringWidth(line)
	if w > width {
		line = ansi.Truncate(line, width, "…")
		w = ansi.StringWidth(line) // a wide character may leave one cell
	}
	if w == width {
		return line
	}
	return line + strings.Repeat(" ", width-w)
}

// Clip cuts one line to at most width cells. A cut shows as an ellipsis.
func Clip(line string, width int) string { return ansi.Truncate(line, max(0, width), "…") }

// Fill fits a block into exactly height lines of exactly width cells.
func Fill(block string, width, height int) string {
	lines := strings.Split(block, "\n")
	var b strings.Builder
	for i := range max(0, height) {
		if i > 0 {
			b.WriteByte('\n')
		}
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		b.WriteString(Fit(line, width))
	}
	return b.String()
}

// Columns puts left and right at the two ends of a line of width cells; left is
// cut first, down to half of the line.
func Columns(left, right string, width int) string {
	if room := max(width/2, width-ansi.StringWidth(left)-1); ansi.StringWidth(right) > room {
		right = ansi.Truncate(right, room, "…")
	}
	rw := ansi.StringWidth(right)
	if rw == 0 || rw >= width {
		return Fit(left, width)
	}
	return Fit(left, width-rw-1) + " " + right
}

// Row paints a chosen line's background over its whole width. Text that is
// painted already keeps its colours.
func Row(line string, width int, ink themes.Ink) string {
	return Over(Fit(line, width), ink)
}

// Over lays the background of ink under a painted line: it is set again behind
// each reset within.
func Over(line string, ink themes.Ink) string {
	open := ink.Open()
	if open == "" {
		return line
	}
	for _, reset := range []string{"\x1b[m", "\x1b[0m"} {
		line = strings.ReplaceAll(line, reset, reset+open)
	}
	return open + line + "\x1b[m"
}
