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
	input textinput.Model
	query string // what is marked; empty for nothing
	match document.Match
	has   bool // match is a place of this view
	count int
	sofar bool // it was counted while the body still arrived
}

const unknown = -1

// forget ends a search.
func (f *finder) forget() {
	f.query = ""
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
	query string
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

func (m *Model) place() place { return place{m.doc, m.view, m.find.query} }

// openFind begins to type what to look for.
func (m *Model) openFind() tea.Cmd {
	m.turnTo(bodyTab)
	m.typing = findField
	m.find.input.SetValue("")
	m.find.input.Focus()
	return nil
}

// beginFind looks for what was typed, from the line of the cursor on. Nothing
// typed ends the search.
func (m *Model) beginFind() tea.Cmd {
	m.find.forget()
	m.find.query = m.find.input.Value()
	return m.search(false)
}

// search goes to the next place of what is looked for, or the one before.
func (m *Model) search(backward bool) tea.Cmd {
	if m.find.query == "" || m.doc == nil {
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
	look := job.Start("response.find", "finding "+visible.Line(at.query), func(ctx context.Context) tea.Msg {
		match, ok, err := at.doc.Find(ctx, at.view, document.Query{Text: at.query}, from, backward)
		return found{at, match, ok, err}
	})
	if m.find.count != unknown && !m.find.sofar {
		return look
	}
	return tea.Batch(look, m.countMatches())
}

func (m *Model) countMatches() tea.Cmd {
	at := m.place()
	return job.Start("response.count", "counting "+visible.Line(at.query), func(ctx context.Context) tea.Msg {
		ended := at.doc.State().Ended
		n, err := at.doc.Count(ctx, at.view, document.Query{Text: at.query})
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
		m.word = "not found: " + visible.Line(msg.query)
		return
	}
	m.find.has, m.find.match = true, msg.match
	m.goTo(msg.match.Line)
	m.reveal(msg.match)
}

// reveal scrolls to the side only where a match would not show.
func (m *Model) reveal(at document.Match) {
	room := max(1, m.width-m.gutter()-1)
	end := at.Column + at.Width
	if m.wrap || at.Column >= m.shift && end <= m.shift+room {
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
