package response

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/list"
)

// Title says how it ended: the status, or that none came.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	if m.flight != nil && !m.growing() {
		return th.Accent.Paint("…") + th.Muted.Paint(fmt.Sprintf(" %s %d s", m.flight.label, m.seconds())), ""
	}
	if !m.shown {
		return "", ""
	}
	r := m.exchange.Response
	if r == nil {
		if !m.done {
			return "", ""
		}
		if m.cancelled() {
			return th.Warn.Paint("cancelled"), ""
		}
		return th.Bad.Paint(m.noAnswer()), ""
	}
	text := strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
	state = statusInk(r.Status, th).Paint(text)
	switch {
	case m.done && m.cancelled():
		state += th.Warn.Paint(", cancelled")
	case m.done && (m.err != nil || m.exchange.Finding.Code == "cut_off"):
		state += th.Bad.Paint(", cut off")
	case m.failed() && r.Status < http.StatusMultipleChoices:
		state += th.Warn.Paint(", but failed")
	case m.growing() && m.flight != nil:
		state += th.Muted.Paint(fmt.Sprintf(", arriving · %d s", m.seconds()))
	}
	return state, m.facts(th)
}

// seconds is how long the request has been under way.
func (m *Model) seconds() int { return max(0, int(m.now.Sub(m.flight.since).Seconds())) }

// growing reports that the answer of the request under way arrives.
func (m *Model) growing() bool { return m.shown && !m.done && m.exchange.Response != nil }

// Arriving is how many bytes of the answer under way are here.
func (m *Model) Arriving() int64 {
	if m.flight == nil || !m.growing() {
		return 0
	}
	return m.exchange.Response.Size
}

func statusInk(status int, th *themes.Theme) themes.Ink {
	switch {
	case status == http.StatusTooManyRequests:
		return th.Warn
	case status >= http.StatusBadRequest:
		return th.Bad
	case status >= http.StatusMultipleChoices:
		return th.Warn
	}
	return th.Good
}

// noAnswer says in few words how a call ended without an answer.
func (m *Model) noAnswer() string {
	switch code := m.exchange.Finding.Code; {
	case code == "timeout":
		return "timed out"
	case code == "connect_unreachable", code == "connect_too_slow", code == "connect_failed":
		return "no answer through Connect"
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
	return th.Muted.Paint(strings.Join(parts, " · "))
}

// elapsed prints a duration with three digits or so.
func elapsed(d time.Duration) string {
	switch {
	case d <= 0:
		return "–"
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}

// remark says of an exchange of the history that it is one, and what is not as
// it was; the diagnosis says more.
func (m *Model) remark() string {
	if !m.shown || !m.stored {
		return ""
	}
	text := " from the history " + m.exchange.StartedAt.Local().Format("2006-01-02 15:04")
	if m.wasCut() {
		text += " · cut to " + list.Bytes(int64(len(m.exchange.Response.Body)))
	}
	if len(m.exchange.Redacted) > 0 {
		text += " · masked"
	}
	return text
}

// wasCut reports that the history kept only the beginning of a body.
func (m *Model) wasCut() bool {
	r := m.exchange.Response
	return m.stored && r != nil && len(r.Body) > 0 && int64(len(r.Body)) < r.Size
}

// Status says where the cursor is in the body, or what is typed.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	switch m.typing {
	case findField:
		return th.Accent.Paint("/") + m.field(m.find.input, th) + th.Muted.Paint(m.sofar()), th.Muted.Paint(m.find.manner() + " · esc leaves")
	case filterField:
		return th.Accent.Paint("| ") + m.field(m.filter.input, th), th.Muted.Paint(m.filterHint())
	case pathField:
		hint := th.Muted.Paint("⏎ saves · esc leaves")
		if m.save.exists {
			hint = th.Warn.Paint("this file is there: ⏎ once more replaces it")
		}
		return th.Accent.Paint("save to ") + m.field(m.save.input, th), hint
	case placeField:
		return th.Accent.Paint("go to ") + m.field(m.places, th), th.Muted.Paint("a line, or a path such as data[3].name · ⏎ goes")
	case nothing:
	}
	if m.word != "" {
		return th.Text.Paint(m.word), ""
	}
	if !m.shown {
		return "", ""
	}
	if m.doc == nil || m.tab != bodyTab {
		if n := m.lines(); n > 0 {
			right = th.Muted.Paint(fmt.Sprintf("line %s/%s", list.Count(m.side.Row()+1), list.Count(n)))
		}
		return "", right
	}
	return m.bodyStatus(th)
}

// sofar says what was found of what is being typed.
func (m *Model) sofar() string {
	switch {
	case m.word != "":
		return "  " + m.word
	case m.find.pattern == nil:
		return ""
	}
	return "  " + m.find.matches()
}

func (m *Model) bodyStatus(th *themes.Theme) (left, right string) {
	state := m.doc.State()
	switch {
	case m.find.query != "" && (m.find.has || m.find.count != unknown):
		left = th.Accent.Paint("/"+visible.Line(m.find.query)) + th.Muted.Paint(" "+m.find.matches()+" · n N next and previous")
	case m.reading.whole != nil:
		left = th.Text.Paint(visible.Line(m.reading.label)) + th.Muted.Paint(" · esc shows the whole body")
	case m.bare && m.err != nil:
		left = th.Bad.Paint("not all of it: " + visible.Line(m.err.Error()))
	case m.view != document.Pretty:
	case state.Fault != nil:
		left = th.Warn.Paint(fmt.Sprintf("line %s: %s; from there on it stands as it came", list.Count(state.Fault.Line+1), visible.Line(state.Fault.What)))
	default:
		left = th.Text.Paint(m.doc.Path(m.at()))
		if words := m.inWords(); words != "" {
			left += th.Muted.Paint(" · " + words)
		}
	}
	if state.Kind == document.Empty {
		return left, ""
	}
	if m.pictured() {
		return left, th.Muted.Paint(m.picture.words())
	}
	name := map[document.View]string{document.Pretty: "pretty", document.Raw: "raw", document.Hex: "hex"}[m.view]
	if m.view == document.Pretty && state.Kind.Bytes() {
		name = "hex"
	}
	parts := []string{fmt.Sprintf("line %s/%s", list.Count(m.at()+1), list.Count(m.doc.Lines(m.view))), name, string(state.Kind)}
	if state.Charset != "" && m.view != document.Hex {
		parts = append(parts, state.Charset)
	}
	if m.wrap {
		parts = append(parts, "wrapped")
	}
	if n := m.tall(); n > 0 {
		parts = append(parts, fmt.Sprintf("from row %s/%s", list.Count(m.passed(m.body.Row())+1), list.Count(n)))
	}
	if m.shift > 0 {
		parts = append(parts, "from column "+list.Count(m.shift+1))
	}
	return left, th.Muted.Paint(strings.Join(parts, " · "))
}

// field draws typed text with its cursor. Of a long one the end before the
// cursor shows.
func (m *Model) field(in textinput.Model, th *themes.Theme) string {
	runes := []rune(in.Value())
	at := min(in.Position(), len(runes))
	before, after := visible.Line(string(runes[:at])), visible.Line(string(runes[at:]))
	if over := ansi.StringWidth(before) - max(16, m.width-44); over > 0 {
		before = ansi.TruncateLeft(before, over+1, "…")
	}
	return th.Strong.Paint(before) + th.Accent.Paint("▏") + th.Strong.Paint(after)
}
