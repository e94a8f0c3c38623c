package sweep

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
)

// filter is which accounts show.
type filter int

const (
	all filter = iota
	failing
	working
	unasked
	filters int = iota
)

// words names the filter on the border; empty for all.
func (f filter) words() string {
	return [...]string{"", "failing", "working", "not asked"}[f]
}

func (f filter) passes(r sweep.Row) bool {
	switch f {
	case failing:
		return r.Failed()
	case working:
		return r.Asked && !r.Failed()
	case unasked:
		return !r.Asked
	case all:
	}
	return true
}

// cycle goes to the next filter; a group's is taken off first.
func (m *Model) cycle() tea.Cmd {
	if m.group != nil {
		m.group = nil
	} else {
		m.show = (m.show + 1) % filter(filters)
	}
	m.filter()
	return m.moved()
}

// filter chooses the rows that show. The cursor stays on its account while that
// one shows.
func (m *Model) filter() {
	id := ""
	if r := m.current(); r != nil && m.cursor.Row() > 0 {
		id = r.ID
	}
	needle, at := m.needle(), 0
	m.shown = m.shown[:0]
	for i, r := range m.rows {
		if !m.show.passes(r) || m.group != nil && (r.Finding == nil || likenessOf(r) != *m.group) || !holds(r, needle) {
			continue
		}
		if r.ID == id {
			at = len(m.shown)
		}
		m.shown = append(m.shown, i)
	}
	m.resize()
	m.cursor.Put(at)
}

// holds reports that a row has the words that are looked for.
func holds(r sweep.Row, needle string) bool {
	if needle == "" {
		return true
	}
	summary := ""
	if r.Finding != nil {
		summary = r.Finding.Summary
	}
	return strings.Contains(strings.ToLower(strings.Join([]string{r.User, r.Name, r.ID, r.App, r.Error, summary}, "\n")), needle)
}

// verdict is what came of an account in a word with its sign.
func (m *Model) verdict(r sweep.Row, th *themes.Theme) (word string, ink themes.Ink) {
	switch {
	case r.Asked && !r.Failed():
		return "✓ works", th.Good
	case r.Asked && r.Finding.Who == diagnose.Unknown:
		return "? can't tell", th.Warn
	case r.Asked:
		return "✗ " + string(r.Finding.Who), th.Bad
	case m.planned[r.ID] && m.running:
		return "… waits", th.Muted
	}
	return "– not asked", th.Faint
}

// why is what is known of an account in a sentence.
func (m *Model) why(r sweep.Row) string {
	switch {
	case r.Asked:
		return r.Finding.Summary
	case r.Error != "":
		return r.Error
	case r.Skipped != "":
		return r.Skipped
	case !m.planned[r.ID]:
		return "not in the sample"
	}
	return ""
}
