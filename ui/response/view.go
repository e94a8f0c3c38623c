package response

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// top is the lines above what a tab shows: the tabs, and where there is room a
// blank one.
func (m *Model) top() int {
	if m.height >= 14 {
		return 2
	}
	return 1
}

// room is the height that the body has.
func (m *Model) room(height int) int {
	room := height - m.top()
	if n := m.section(height); n > 0 {
		room -= n + 1
	}
	return room
}

// Title says how it ended: the status, or that none came.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	if m.flight != nil && !m.growing() {
		return th.Accent.Paint("…") + th.Muted.Paint(fmt.Sprintf(" %s %d s", m.flight.label, int(m.now.Sub(m.flight.since).Seconds()))), ""
	}
	if !m.shown {
		return "", ""
	}
	r := m.exchange.Response
	if r == nil {
		return th.Bad.Paint(m.noAnswer()), ""
	}
	text := strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
	ink := statusInk(r.Status, th)
	switch {
	case m.err != nil && m.done:
		state = ink.Paint(text) + th.Bad.Paint(", cut off")
	case m.failed() && r.Status < http.StatusMultipleChoices:
		state = ink.Paint(text) + th.Warn.Paint(", but failed")
	default:
		state = ink.Paint(text)
	}
	return state, m.facts(th)
}

// growing reports that the answer of the request under way arrives.
func (m *Model) growing() bool { return m.shown && !m.done && m.exchange.Response != nil }

func statusInk(status int, th *themes.Theme) themes.Ink {
	switch {
	case status >= http.StatusBadRequest:
		return th.Bad
	case status >= http.StatusMultipleChoices:
		return th.Warn
	}
	return th.Good
}

// noAnswer says in two words how a call ended without an answer.
func (m *Model) noAnswer() string {
	switch code := m.exchange.Finding.Code; {
	case code == "cancelled":
		return "cancelled"
	case strings.HasPrefix(code, "connect_"):
		return "refused by Connect"
	case code == "refused_here":
		return "not sent"
	}
	return "no answer"
}

// facts are host, time and size.
func (m *Model) facts(th *themes.Theme) string {
	parts := []string{m.host(), elapsed(m.exchange.Timing.Total), list.Bytes(m.exchange.Response.Size)}
	if m.stored {
		parts = append([]string{"from " + m.exchange.StartedAt.Local().Format("15:04")}, parts...)
	}
	return th.Muted.Paint(strings.Join(parts, " · "))
}

func elapsed(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// Status says where the cursor is in the body, or what is typed.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	switch m.typing {
	case findField:
		return th.Accent.Paint("/") + m.field(m.find.input.Value(), m.find.input.Position(), th), th.Muted.Paint("⏎ finds")
	case pathField:
		hint := "⏎ saves"
		if m.save.exists {
			hint = "this file is there: ⏎ once more replaces it"
		}
		return th.Accent.Paint("save to ") + m.field(m.save.input.Value(), m.save.input.Position(), th), th.Warn.Paint(hint)
	case nothing:
	}
	if m.word != "" {
		return th.Text.Paint(m.word), ""
	}
	if m.doc == nil || m.tab != bodyTab {
		return "", ""
	}
	state := m.doc.State()
	left = th.Text.Paint(m.doc.Path(max(0, m.body.Row())))
	if m.find.has {
		left = th.Accent.Paint("/"+visible.Line(m.find.query)) + th.Muted.Paint(m.matches()+" · n next")
	}
	if state.Fault != nil && m.view == document.Pretty {
		left = th.Warn.Paint(fmt.Sprintf("line %d: %s; below it stands as it came", state.Fault.Line+1, visible.Line(state.Fault.What)))
	}
	name := map[document.View]string{document.Pretty: "pretty", document.Raw: "raw", document.Hex: "hex"}[m.view]
	return left, th.Muted.Paint(fmt.Sprintf("line %s/%s · %s · %s", list.Count(m.body.Row()+1), list.Count(m.doc.Lines(m.view)), name, state.Kind))
}

func (m *Model) matches() string {
	switch m.find.count {
	case unknown:
		return " …"
	case 1:
		return " 1 match"
	}
	return " " + list.Count(m.find.count) + " matches"
}

// field draws typed text with its cursor.
func (m *Model) field(text string, at int, th *themes.Theme) string {
	runes := []rune(text)
	at = min(at, len(runes))
	return th.Strong.Paint(visible.Line(string(runes[:at]))) + th.Accent.Paint("▏") + th.Strong.Paint(visible.Line(string(runes[at:])))
}

// View draws the pane.
func (m *Model) View(width, height int, th *themes.Theme) string {
	if !m.shown {
		return m.empty(width, th)
	}
	lines := []string{m.tabLine(th)}
	for len(lines) < m.top() {
		lines = append(lines, "")
	}
	lines = append(lines, strings.Split(m.content(width, height, th), "\n")...)
	n := m.section(height)
	if n == 0 {
		return strings.Join(lines[:min(len(lines), height)], "\n")
	}
	for len(lines) < height-n-1 {
		lines = append(lines, "")
	}
	lines = append(lines[:max(0, height-n-1)], m.sectionLines(n, width, th)...)
	return strings.Join(lines, "\n")
}

func (m *Model) empty(width int, th *themes.Theme) string {
	if m.flight != nil {
		return list.Words(width, th.Muted, "waiting for the answer…", th, "esc cancels")
	}
	return list.Words(width, th.Muted, "nothing sent yet", th, "pick a user (U) and an account (A), write a URL (u), then ⏎ or ctrl+r")
}

func (m *Model) labels() [tabs][2]string {
	headers, mark := "", ""
	if r := m.exchange.Response; r != nil {
		headers = fmt.Sprint(len(r.Headers))
	}
	if m.failed() {
		mark = "!"
	}
	return [tabs][2]string{{"Body", ""}, {"Headers", headers}, {"Diagnosis", mark}, {"Sent", ""}, {"Timing", ""}}
}

func (m *Model) tabLine(th *themes.Theme) string {
	var b strings.Builder
	for i, l := range m.labels() {
		b.WriteString(strings.Repeat(" ", min(3, 1+2*i)))
		ink := th.Muted
		if tab(i) == m.tab {
			ink = th.Active
		}
		b.WriteString(ink.Paint(l[0]))
		switch {
		case tab(i) == diagnosisTab && l[1] != "":
			b.WriteString(" " + th.Warn.Paint(l[1]))
		case l[1] != "":
			b.WriteString(" " + th.Faint.Paint(l[1]))
		}
	}
	return b.String()
}

// tabAt is the tab under a column of the tab line.
func (m *Model) tabAt(x int) tab {
	at := 1
	for i, l := range m.labels() {
		at += ansi.StringWidth(strings.TrimSpace(l[0]+" "+l[1])) + 3
		if x < at {
			return tab(i)
		}
	}
	return m.tab
}

func (m *Model) content(width, height int, th *themes.Theme) string {
	rows := max(1, height-m.top())
	switch m.tab {
	case headersTab:
		if m.exchange.Response == nil {
			return list.Words(width, th.Muted, "no answer came, so there are no headers", th, "")
		}
		return m.side.Render(rows, func(i int, chosen bool) string {
			return list.Chosen(headerLine(m.exchange.Response.Headers[i], width, th), chosen, m.focused, width, th)
		})
	case diagnosisTab:
		lines := m.diagnosis(width)
		return m.side.Render(rows, func(i int, _ bool) string {
			label, text := lines[i][:7], lines[i][7:]
			ink := th.Text
			if label == "Who    " {
				ink = th.Warn
				if !m.failed() {
					ink = th.Good
				}
			}
			return " " + th.Muted.Paint(label) + ink.Paint(text)
		})
	case sentTab:
		return m.side.Render(rows, func(i int, chosen bool) string {
			return list.Chosen(frame.Fit(" "+th.Text.Paint(m.sent[i]), width), chosen, m.focused, width, th)
		})
	case timingTab:
		return m.timing(width, th)
	case bodyTab:
	}
	if m.doc == nil {
		return m.wordless(width, th)
	}
	return m.bodyView(width, max(1, m.room(height)), th)
}

// wordless is what stands in the body's place where no answer came.
func (m *Model) wordless(width int, th *themes.Theme) string {
	if !m.done {
		return list.Words(width, th.Muted, "waiting for the answer…", th, "esc cancels")
	}
	why := m.exchange.Finding.Summary
	if m.stored && m.exchange.Response != nil {
		why = "this body was not kept"
	}
	text := list.Words(width, th.Bad, visible.Line(why), th, visible.Line(m.steps()))
	if len(m.exchange.Finding.Evidence) > 0 {
		text += "\n\n" + list.Words(width, th.Muted, visible.Line(m.exchange.Finding.Evidence[0]), th, "")
	}
	return text
}

func headerLine(h proxy.Field, width int, th *themes.Theme) string {
	name := frame.Fit(th.Muted.Paint(visible.Line(h.Name)), min(30, width/3))
	return frame.Fit(" "+name+" "+th.Text.Paint(visible.Line(h.Value)), width)
}

// longestSent is how much of a sent body the tab shows.
const longestSent = 64 << 10

// sentLines is the request as the upstream got it, made once per exchange.
func sentLines(x history.Exchange) []string {
	lines := []string{
		visible.Line(x.Request.Method + " " + x.Request.URL),
		visible.Line(fmt.Sprintf("as %s, account %s (%s), %s", x.ExternalUserID, cmp.Or(x.Account.Name, x.Account.ID), x.Account.ID, x.Environment)),
	}
	if len(x.Request.Headers) > 0 {
		lines = append(lines, "")
	}
	for _, h := range x.Request.Headers {
		lines = append(lines, visible.Line(h.Name+": "+h.Value))
	}
	if len(x.Request.Body) == 0 {
		return lines
	}
	shown := x.Request.Body[:min(len(x.Request.Body), longestSent)]
	lines = append(append(lines, ""), strings.Split(visible.Block(string(shown)), "\n")...)
	if len(shown) < len(x.Request.Body) {
		lines = append(lines, "… "+list.Bytes(int64(len(x.Request.Body)))+" in all")
	}
	return lines
}

// timing draws what each phase took, as bars in their order.
func (m *Model) timing(width int, th *themes.Theme) string {
	t := m.exchange.Timing
	phases := []struct {
		name string
		took time.Duration
	}{
		{"name lookup", t.DNS},
		{"connect", t.Connect},
		{"TLS", t.TLS},
		{"sending", t.Sent},
		{"waiting", t.FirstByte},
		{"receiving", t.Body},
		{"total", t.Total},
	}
	room := max(8, width-30)
	var b strings.Builder
	for _, p := range phases {
		bar := 0
		if t.Total > 0 {
			bar = int(int64(room) * int64(p.took) / int64(t.Total))
		}
		ink := th.Accent
		if p.name == "total" {
			ink = th.Muted
		}
		b.WriteString(" " + th.Muted.Paint(frame.Fit(p.name, 12)) + th.Text.Paint(fmt.Sprintf("%10s  ", elapsed(p.took))) +
			ink.Paint(strings.Repeat("▇", min(room, bar))) + "\n")
	}
	kept := "a new connection"
	if t.Reused {
		kept = "a kept connection"
	}
	if t.Remote != "" {
		b.WriteString("\n " + th.Muted.Paint(kept+" to "+visible.Line(t.Remote)))
	}
	return b.String()
}
