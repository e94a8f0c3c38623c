package response

import (
	"strings"
	"time"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// phase is one part of a call.
type phase struct {
	name string
	took time.Duration
}

// phases are those of a call in the order they happen.
func phases(t proxy.Timing) []phase {
	return []phase{
		{"name lookup", t.DNS},
		{"connect", t.Connect},
		{"TLS", t.TLS},
		{"send", t.Sent},
		{"wait", t.FirstByte},
		{"receive", t.Body},
	}
}

// timing draws what each phase took, each bar where the one before ends.
func (m *Model) timing(width int, th *themes.Theme) string {
	t := m.exchange.Timing
	if t.Total <= 0 {
		if !m.done {
			return m.waiting(width, th)
		}
		return list.Words(width, th.Muted, "nothing was measured", th, "it was not sent")
	}
	const figures = 26 // cells before the bars
	room := max(8, width-figures-1)
	var b strings.Builder
	var begun time.Duration
	for _, p := range phases(t) {
		b.WriteString(figure(p.name, elapsed(p.took), th) + bar(begun, p.took, t.Total, room, th.Accent) + "\n")
		begun += p.took
	}
	b.WriteString(figure("total", elapsed(t.Total), th) + bar(0, t.Total, t.Total, room, th.Muted))
	if t.Remote != "" {
		kept := "a new connection"
		if t.Reused {
			kept = "a kept connection: no lookup, connect or TLS"
		}
		b.WriteString("\n\n " + th.Muted.Paint(kept+" · to "+visible.Line(t.Remote)))
	}
	if m.demo {
		b.WriteString("\n " + th.Sandbox.Paint("demo double") + th.Muted.Paint(" · a stand-in on this machine answered, not "+m.host()))
	}
	return b.String()
}

func figure(name, took string, th *themes.Theme) string {
	return " " + th.Muted.Paint(frame.Fit(name, 12)) + th.Text.Paint(right(took, 10)) + "   "
}

func right(s string, width int) string {
	return strings.Repeat(" ", max(0, width-len([]rune(s)))) + s
}

// bar is a stretch of the whole in cells. What happened shows as a cell at
// least.
func bar(from, took, whole time.Duration, room int, ink themes.Ink) string {
	if took <= 0 {
		return ""
	}
	cells := func(d time.Duration) int { return int(float64(room) * min(1, float64(d)/float64(whole))) }
	begin := min(cells(from), room-1)
	end := min(room, max(begin+1, cells(from+took)))
	return strings.Repeat(" ", begin) + ink.Paint(strings.Repeat("▇", end-begin))
}
