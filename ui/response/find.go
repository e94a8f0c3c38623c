package response

import (
	"context"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
)

// finder is what is looked for in the body.
type finder struct {
	input textinput.Model
	query string // what is found now; empty for nothing
	match document.Match
	has   bool // match is a place
	count int
}

const unknown = -1

func (f *finder) forget() {
	f.query, f.has, f.count = "", false, unknown
	f.match = document.Match{}
}

// found and counted answer search.
type (
	found struct {
		query string
		match document.Match
		ok    bool
		err   error
	}
	counted struct {
		query string
		count int
	}
)

// openFind begins to type what to look for.
func (m *Model) openFind() tea.Cmd {
	m.turnTo(bodyTab)
	m.typing = findField
	m.find.input.SetValue("")
	m.find.input.Focus()
	return nil
}

// search looks for what was typed, from the cursor on.
func (m *Model) search(backward bool) tea.Cmd {
	query := m.find.input.Value()
	if query == "" || m.doc == nil {
		m.find.forget()
		return nil
	}
	var count tea.Cmd
	if query != m.find.query {
		m.find.forget()
		m.find.query = query
		m.find.match = document.Match{Line: max(0, m.body.Row())}
		count = m.countMatches(query)
	}
	doc, view, from := m.doc, m.view, m.find.match // the job must not touch m
	look := job.Start("response.find", "finding "+visible.Line(query), func(ctx context.Context) tea.Msg {
		match, ok, err := doc.Find(ctx, view, document.Query{Text: query}, from, backward)
		return found{query, match, ok, err}
	})
	return tea.Batch(look, count)
}

func (m *Model) countMatches(query string) tea.Cmd {
	doc, view := m.doc, m.view
	return job.Start("response.count", "counting "+visible.Line(query), func(ctx context.Context) tea.Msg {
		n, err := doc.Count(ctx, view, document.Query{Text: query})
		if err != nil {
			n = unknown
		}
		return counted{query, n}
	})
}

func (m *Model) found(msg found) {
	if msg.query != m.find.query || msg.err != nil {
		return
	}
	m.find.has = msg.ok
	if !msg.ok {
		m.word = "not found: " + visible.Line(msg.query)
		return
	}
	m.find.match = msg.match
	m.body.Put(msg.match.Line)
	m.shift = max(0, msg.match.Column+msg.match.Width-max(10, m.width-m.gutter()-4))
}

func (m *Model) counted(msg counted) {
	if msg.query == m.find.query {
		m.find.count = msg.count
	}
}
