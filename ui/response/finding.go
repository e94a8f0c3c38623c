package response

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/list"
)

// who names the party that failed, in words, never as a code.
func (m *Model) who() string {
	return m.exchange.Finding.Who.Words(m.host())
}

// host is the upstream as people know it.
func (m *Model) host() string { return visible.Line(m.exchange.Upstream()) }

// act says what to do next: who does it, unless it is the person here, and the
// key that does.
func act(s diagnose.Step) string {
	if !bound[s.Key] {
		s.Key = ""
	}
	return visible.Line(s.Words())
}

// steps joins what to do next.
func (m *Model) steps() string {
	var parts []string
	for _, s := range m.exchange.Finding.Next {
		parts = append(parts, act(s))
	}
	return strings.Join(parts, " · ")
}

// bound are the keys of findings that this explorer has.
var bound = map[string]bool{"L": true, "t": true, "u": true, "m": true, "E": true, "A": true, "U": true, "C": true}

// section is the lines of "Who failed" below the body: each point on one line
// where room is short, else on as many as it needs, within reason.
func (m *Model) section(height int) []list.Point {
	if !m.failed() || m.brief || m.tab != bodyTab || m.doc == nil {
		return nil
	}
	f := m.exchange.Finding
	why := list.Point{Label: "Why", Text: f.Summary}
	switch {
	case height < 6:
		return nil
	case height < 8:
		return []list.Point{why}
	}
	who := list.Point{Label: "Who", Text: m.who()}
	if f.Who != diagnose.Upstream && len(f.Evidence) > 0 {
		who.More = f.Evidence[0]
	}
	points := []list.Point{who, why}
	if act := m.steps(); act != "" && height >= 9 {
		points = append(points, list.Point{Label: "Act", Text: act})
	}
	if height < 18 {
		return points
	}
	return slices.Concat([]list.Point{who}, m.unfold(points[1:], 2))
}

// unfold breaks points that are longer than a line; each gets at most that many.
func (m *Model) unfold(points []list.Point, most int) []list.Point {
	var out []list.Point
	for _, p := range points {
		lines := strings.Split(ansi.Wrap(visible.Line(p.Text), max(10, m.width-list.Labelled-1), ""), "\n")
		if len(lines) > most { // what is too long is cut where it is drawn
			lines = append(lines[:most-1], strings.Join(lines[most-1:], " "))
		}
		for i, line := range lines {
			out = append(out, list.Point{Label: first(i, p.Label), Text: line})
		}
	}
	return out
}

// Rule returns the body line above which the section of who failed begins, and
// its title; 0 where there is none.
func (m *Model) Rule(height int, th *themes.Theme) (line int, title string) {
	if n := len(m.section(height)); n > 0 {
		ink := th.Warn.Bold()
		if m.faded {
			ink = th.Faint
		}
		return height - n - 1, ink.Paint("Who failed")
	}
	return 0, ""
}

// parts are what there is to say of an exchange, in the order of reading.
func (m *Model) parts() []list.Point {
	f := m.exchange.Finding
	var parts []list.Point
	if !m.cancelled() {
		parts = append(parts, list.Point{Label: "Who", Text: m.who()})
	}
	parts = append(parts, list.Point{Label: "Why", Text: f.Summary})
	for i, e := range f.Evidence {
		parts = append(parts, list.Point{Label: first(i, "Seen"), Text: e})
	}
	for i, s := range f.Next {
		parts = append(parts, list.Point{Label: first(i, "Act"), Text: act(s)})
	}
	for i, n := range m.notable() {
		parts = append(parts, list.Point{Label: first(i, "Note"), Text: n})
	}
	return parts
}

// notable is what was changed or noticed on the way, and what the history does
// not have as it was.
func (m *Model) notable() []string {
	notes := slices.Clone(m.notes)
	if m.wasCut() {
		r := m.exchange.Response
		notes = append(notes, fmt.Sprintf("the history kept %s of the body's %s", list.Bytes(int64(len(r.Body))), list.Bytes(r.Size)))
	}
	if m.stored && len(m.exchange.Redacted) > 0 {
		notes = append(notes, "masked when it was stored: "+strings.Join(m.exchange.Redacted, ", "))
	}
	return notes
}

// cancelled reports that the person ended the call: nobody failed.
func (m *Model) cancelled() bool { return m.exchange.Finding.Code == "cancelled" }

func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// diagnosis is the lines of its tab, unpainted: a label of six cells, then text.
func (m *Model) diagnosis(width int) []string {
	if !m.shown || !m.done {
		return nil
	}
	var lines []string
	for _, p := range m.parts() {
		for i, line := range strings.Split(ansi.Wrap(visible.Block(p.Text), max(10, width-list.Labelled-1), ""), "\n") {
			lines = append(lines, fmt.Sprintf("%-6s", first(i, p.Label))+line)
		}
	}
	return lines
}

// diagnosisLine paints a line of the diagnosis.
func (m *Model) diagnosisLine(line string, th *themes.Theme) string {
	label, text := line[:list.Labelled-1], line[list.Labelled-1:]
	ink := th.Text
	if strings.HasPrefix(label, "Who") {
		if ink = th.Warn; !m.failed() {
			ink = th.Good
		}
	}
	return " " + th.Muted.Paint(label) + ink.Paint(text)
}
