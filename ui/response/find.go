package response

import (
	"context"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// finder is what is looked for in the body.
type finder struct {
	input   textinput.Model
	query   string            // what is marked; empty for nothing
	pattern *document.Pattern // of query; nil for nothing
	exact   bool              // case counts
	regexp  bool              // query is a regular expression
	origin  int               // the line on which one began to type
	match   document.Match
	has     bool // match is a place of this view
	count   int
	sofar   bool // it was counted while the body still arrived
}

const unknown = -1

// forget ends a search.
func (f *finder) forget() {
	f.query, f.pattern = "", nil
	f.lose()
}

// lose keeps what is looked for, not where it was found.
func (f *finder) lose() {
	f.match, f.has, f.count, f.sofar = document.Match{}, false, unknown, false
}

// place is where a search ran: its answer counts only while that still shows.
type place struct {
	doc   *document.Document
	view  document.View
	query document.Query
}

// found and counted answer search.
type (
	found struct {
		place
		match document.Match
		ok    bool
		err   error
	}
	counted struct {
		place
		count int
		sofar bool
	}
)

func (m *Model) place() place { return place{m.doc, m.view, m.find.asked()} }

// asked is what is looked for, as the document is asked for it.
func (f *finder) asked() document.Query {
	return document.Query{Text: f.query, Case: f.exact, Regexp: f.regexp}
}

// openFind begins to type what to look for.
func (m *Model) openFind() tea.Cmd {
	m.turnTo(bodyTab)
	m.typing = findField
	m.find.origin = m.at()
	m.find.input.SetValue("")
	m.find.input.Focus()
	return nil
}

// beginFind looks for what was typed, from the line of the cursor on. Nothing
// typed ends the search.
func (m *Model) beginFind() tea.Cmd {
	if m.find.pattern != nil && m.find.has && m.find.query == m.find.input.Value() {
		return nil // it was found while it was typed
	}
	return m.look()
}

// look begins to look for what stands in the field.
func (m *Model) look() tea.Cmd {
	m.find.forget()
	m.find.query = m.find.input.Value()
	if m.find.query == "" || m.doc == nil {
		return nil
	}
	pattern, err := m.find.asked().Compile()
	if err != nil {
		m.word = visible.Line(err.Error())
		m.find.forget()
		return nil
	}
	m.find.pattern = pattern
	return m.search(false)
}

// follow looks for what is being typed, from where one began.
func (m *Model) follow() tea.Cmd {
	m.word = ""
	m.goTo(m.find.origin)
	return m.look()
}

// toggle changes how what is typed is read, and looks again.
func (f *finder) toggle(key string) bool {
	switch key {
	case "alt+c":
		f.exact = !f.exact
	case "alt+r":
		f.regexp = !f.regexp
	default:
		return false
	}
	return true
}

// manner says how what is typed is read.
func (f *finder) manner() string {
	text := "alt+c case"
	if f.exact {
		text = "alt+c: case counts"
	}
	if f.regexp {
		return text + " · alt+r: an expression"
	}
	return text + " · alt+r expression"
}

// search goes to the next place of what is looked for, or the one before.
func (m *Model) search(backward bool) tea.Cmd {
	if m.find.pattern == nil || m.doc == nil {
		return nil
	}
	m.word = ""
	if m.tab != bodyTab {
		m.turnTo(bodyTab)
	}
	from := m.find.match
	if line := m.at(); !m.find.has || m.folds.Row(from.Line) != m.body.Row() {
		from = document.Match{Line: line}
	}
	at := m.place() // the job must not touch m
	look := job.Start("response.find", "finding "+visible.Line(at.query.Text), func(ctx context.Context) tea.Msg {
		match, ok, err := at.doc.Find(ctx, at.view, at.query, from, backward)
		return found{at, match, ok, err}
	})
	if m.find.count != unknown && !m.find.sofar {
		return look
	}
	return tea.Batch(look, m.countMatches())
}

func (m *Model) countMatches() tea.Cmd {
	at := m.place()
	return job.Start("response.count", "counting "+visible.Line(at.query.Text), func(ctx context.Context) tea.Msg {
		ended := at.doc.State().Ended
		n, err := at.doc.Count(ctx, at.view, at.query)
		if err != nil {
			n = unknown
		}
		return counted{at, n, !ended}
	})
}

func (m *Model) found(msg found) {
	if msg.place != m.place() {
		return
	}
	switch {
	case msg.err != nil:
		m.word = "search stopped: " + visible.Line(msg.err.Error()) + " · n goes on"
		return
	case !msg.ok:
		m.find.has = false
		m.word = "not found: " + visible.Line(msg.query.Text)
		return
	}
	m.find.has, m.find.match = true, msg.match
	m.goTo(msg.match.Line)
	m.reveal(msg.match)
}

// reveal scrolls to the side, or within a wrapped line, only where a match would not show.
func (m *Model) reveal(at document.Match) {
	if m.wrap {
		m.revealRow(at)
		return
	}
	room := max(1, m.width-m.gutter()-1)
	end := at.Column + at.Width
	if at.Column >= m.shift && end <= m.shift+room {
		return
	}
	m.shift = max(0, end-room)
}

func (m *Model) counted(msg counted) {
	if msg.place == m.place() {
		m.find.count, m.find.sofar = msg.count, msg.sofar
	}
}

// matches says how many there are.
func (f *finder) matches() string {
	text := list.Count(f.count) + " matches"
	switch f.count {
	case unknown:
		return "…"
	case 1:
		text = "1 match"
	}
	if f.sofar {
		text += " so far"
	}
	return text
}
