package request

import (
	"bytes"
	"slices"
	"strings"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
)

// SetNames tells which values the {{names}} in a request have.
func (m *Model) SetNames(set variables.Set) {
	m.names = set
	m.resize()
}

// NamesLast reports that a name is of the last answer.
func (m *Model) NamesLast() bool { return m.namesLast }

// lookedThrough is how much of a body is searched for names while one types; all of it
// is when it is sent.
const lookedThrough = 64 << 10

// lookForNames looks through what is composed for names, and notes those without a
// value.
func (m *Model) lookForNames() {
	m.lost, m.namesLast = "", false
	texts := []string{m.url.Value()}
	if head := m.body.text.Head(lookedThrough); bytes.Contains(head, []byte("{{")) {
		texts = append(texts, string(head))
	}
	for _, r := range slices.Concat(active(m.headers.rows), active(m.body.form.rows), active(m.body.parts.rows)) {
		texts = append(texts, r.name, r.value)
	}
	text := strings.Join(texts, "\n")
	if !strings.Contains(text, "{{") {
		return
	}
	m.namesLast = strings.Contains(text, "last.")
	if names, hint := m.names.Missing(text); len(names) > 0 {
		m.lost = "no value for {{" + strings.Join(names, "}}, {{") + "}}" + hint
	}
}

// named paints a text, and the names in it by whether they have a value.
func (m *Model) named(text string, ink themes.Ink, th *themes.Theme) string {
	var b strings.Builder
	at := 0
	for _, place := range variables.Names(text) {
		name := text[place[0]:place[1]]
		filled := th.Accent
		if missing, _ := m.names.Missing(name); len(missing) > 0 {
			filled = th.Warn
		}
		b.WriteString(ink.Paint(visible.Line(text[at:place[0]])) + filled.Paint(name))
		at = place[1]
	}
	return b.String() + ink.Paint(visible.Line(text[at:]))
}

// filled returns a draft with values in the place of names, as it would go out now.
func (m *Model) filled(d Draft) Draft {
	set := m.names
	set.Loose = true
	req, err := session.FillWith(session.Request{URL: d.URL, Headers: d.Headers, Parts: d.Parts, Body: d.Body}, set)
	if err == nil {
		d.URL, d.Headers, d.Parts, d.Body = req.URL, req.Headers, req.Parts, req.Body
	}
	return d
}
