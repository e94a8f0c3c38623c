package response

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
)

// who names the party that failed, in words, never as a code.
func (m *Model) who() string {
	switch m.exchange.Finding.Who {
	case diagnose.None:
		return "works"
	case diagnose.Request:
		return "your request"
	case diagnose.Setup:
		return "your setup"
	case diagnose.Network:
		return "the network"
	case diagnose.Connect:
		return "Pipedream Connect"
	case diagnose.Account:
		return "this account"
	case diagnose.Upstream:
		return m.host()
	case diagnose.Unknown:
	}
	return "can't tell"
}

// host is the upstream as people know it.
func (m *Model) host() string {
	if u, err := url.Parse(m.exchange.Request.URL); err == nil && u.Hostname() != "" {
		return visible.Line(u.Hostname())
	}
	return visible.Line(cmp.Or(m.exchange.Account.App, "the third party"))
}

// steps joins what to do next, with who does it and the key.
func (m *Model) steps() string {
	var parts []string
	for _, s := range m.exchange.Finding.Next {
		text := visible.Line(s.Text)
		if s.Actor != "" && s.Actor != diagnose.You {
			text = string(s.Actor) + ": " + text
		}
		if bound[s.Key] {
			text += " (" + s.Key + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " · ")
}

// bound are the keys of findings that this explorer has.
var bound = map[string]bool{"u": true, "m": true, "E": true, "A": true, "U": true}

// section is the lines of "Who failed" that fit below the body.
func (m *Model) section(height int) int {
	switch {
	case !m.failed() || m.tab != bodyTab || m.doc == nil:
		return 0
	case height >= 11:
		return 3
	case height >= 6:
		return 1
	}
	return 0
}

func (m *Model) sectionLines(n, width int, th *themes.Theme) []string {
	f := m.exchange.Finding
	label := func(s string) string { return " " + th.Muted.Paint(fmt.Sprintf("%-5s ", s)) }
	why := ansi.Truncate(label("Why")+th.Text.Paint(visible.Line(f.Summary)), width-1, "…")
	if n == 1 {
		return []string{why}
	}
	who := label("Who") + th.Warn.Paint(m.who())
	if f.Who != diagnose.Upstream && len(f.Evidence) > 0 {
		who += th.Muted.Paint(" — " + visible.Line(f.Evidence[0]))
	}
	return []string{
		ansi.Truncate(who, width-1, "…"), why,
		ansi.Truncate(label("Act")+th.Text.Paint(m.steps()), width-1, "…"),
	}
}

// Rule returns the body line above which the section of who failed begins, and
// its title; 0 where there is none.
func (m *Model) Rule(height int, th *themes.Theme) (line int, title string) {
	if n := m.section(height); n > 0 {
		return height - n - 1, th.Warn.Paint("Who failed")
	}
	return 0, ""
}

// part is a piece of the diagnosis: a word before it, and its ink.
type part struct {
	label, text string
	good        bool
}

func (m *Model) parts() []part {
	f := m.exchange.Finding
	parts := []part{{label: "Who", text: m.who(), good: f.Who == diagnose.None}, {label: "Why", text: f.Summary}}
	for i, e := range f.Evidence {
		parts = append(parts, part{label: first(i, "Seen"), text: e})
	}
	for i, s := range f.Next {
		text := s.Text
		if s.Actor != "" {
			text = string(s.Actor) + ": " + s.Text
		}
		parts = append(parts, part{label: first(i, "Act"), text: text})
	}
	for i, n := range m.notes {
		parts = append(parts, part{label: first(i, "Note"), text: n})
	}
	return parts
}

func first(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// diagnosis is the lines of its tab, unpainted: a label of seven cells, then text.
func (m *Model) diagnosis(width int) []string {
	if !m.shown {
		return nil
	}
	var lines []string
	for _, p := range m.parts() {
		for i, line := range strings.Split(ansi.Wrap(visible.Block(p.text), max(10, width-10), ""), "\n") {
			lines = append(lines, fmt.Sprintf("%-7s%s", first(i, p.label), line))
		}
	}
	return lines
}
