package list

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
)

// Labelled is the cells before the text of a [Point].
const Labelled = 7

// Point is one line of a finding: Who, Why, Act.
type Point struct {
	Label, Text string
	More        string // what explains the text, behind it
}

// Draw returns the point on one line of at most width cells.
func (p Point) Draw(width int, th *themes.Theme) string {
	ink := th.Text
	if p.Label == "Who" {
		ink = th.Warn.Bold()
	}
	line := " " + th.Muted.Paint(fmt.Sprintf("%-6s", p.Label)) + ink.Paint(visible.Line(p.Text))
	if p.More != "" {
		line += th.Muted.Paint(" — " + visible.Line(p.More))
	}
	return ansi.Truncate(line, max(0, width-1), "…")
}
