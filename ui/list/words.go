package list

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
)

// Words draws what stands in place of rows: why there are none, and the next
// step.
func Words(width int, ink themes.Ink, why string, th *themes.Theme, next string) string {
	var b strings.Builder
	for _, part := range []struct {
		text string
		ink  themes.Ink
	}{{why, ink}, {next, th.Muted}} {
		if part.text == "" {
			continue
		}
		for line := range strings.SplitSeq(ansi.Wrap(part.text, max(1, width-3), ""), "\n") {
			b.WriteString(" " + part.ink.Paint(line) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Chosen lays the background of the cursor under its row.
func Chosen(line string, chosen, focused bool, width int, th *themes.Theme) string {
	switch {
	case !chosen:
		return line
	case focused:
		return frame.Row(line, width, th.Selected)
	}
	return frame.Row(line, width, th.Unfocused)
}

// Count prints a number with its thousands apart: 1,204.
func Count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Bytes prints a size as people say it: 1.9 kB.
func Bytes(n int64) string {
	const k = 1000
	if n < k {
		return strconv.FormatInt(n, 10) + " B"
	}
	value, unit := float64(n), ""
	for _, unit = range []string{"kB", "MB", "GB"} {
		if value /= k; value < k-0.5 { // as printed: never 1000 kB
			break
		}
	}
	digits := 1
	if value >= 99.95 {
		digits = 0
	}
	return strconv.FormatFloat(value, 'f', digits, 64) + " " + unit
}
