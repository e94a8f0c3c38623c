package frame

import (
	"strings"

	"github.com/connectty/connectty/themes"
)

// GaugeCells is the width of a gauge.
const GaugeCells = 12

// Gauge draws how much of a whole is done.
func Gauge(done, whole float64, th *themes.Theme) string {
	full := 0
	if whole > 0 {
		full = max(0, min(GaugeCells, int(done*GaugeCells/whole)))
	}
	ink := th.Accent
	if done >= whole {
		ink = th.Warn
	}
	return ink.Paint(strings.Repeat("━", full)) + th.Faint.Paint(strings.Repeat("─", GaugeCells-full))
}
