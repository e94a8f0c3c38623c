package response

import (
	"context"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/jq"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// filter is what jq makes of the body.
type filter struct {
	input textinput.Model
	query string             // whose result shows; empty for the body itself
	whole *document.Document // the body, while a result shows in its place; nil else
	of    *document.Document // whose keys they are
	keys  []string           // that what is typed can be completed with
	past  []string           // filters that gave a result, the newest first
	back  int                // which of past stands in the field; -1 for none
}

// filtered answers runFilter.
type filtered struct {
	from   *document.Document
	query  string
	result *document.Document
	err    error
}

// openFilter begins to type a filter; the last one stands there to be changed.
func (m *Model) openFilter() tea.Cmd {
	m.turnTo(bodyTab)
	m.typing = filterField
	m.filter.input.Focus()
	m.filter.input.CursorEnd()
	m.filter.back = -1
	return m.readKeys()
}

// runFilter shows what jq makes of the body; nothing typed shows the body again.
func (m *Model) runFilter() tea.Cmd {
	query := m.filter.input.Value()
	if query == "" {
		m.Unfilter()
		return nil
	}
	from := m.original()
	return job.Start("response.jq", "filtering with jq", func(ctx context.Context) tea.Msg {
		result := document.New(document.Options{MediaType: "application/json"})
		err := jq.Run(ctx, query, from.Reader(), result)
		result.End(nil)
		return filtered{from, query, result, err}
	})
}

// filtered shows a result, as far as it came; one of another body is dropped.
func (m *Model) filtered(msg filtered) {
	if m.original() != msg.from || msg.err != nil && msg.result.State().Size == 0 {
		_ = msg.result.Close() // a spool that is the system's to clean up
		if m.original() == msg.from {
			m.word = "jq: " + visible.Line(msg.err.Error())
		}
		return
	}
	m.filter.remember(msg.query)
	m.Unfilter()
	m.filter.whole, m.doc, m.filter.query = m.doc, msg.result, msg.query
	m.anew()
	if msg.err != nil {
		m.word = "jq ended early: " + visible.Line(msg.err.Error())
	}
}

// original is the body itself, whatever shows of it.
func (m *Model) original() *document.Document {
	if m.filter.whole != nil {
		return m.filter.whole
	}
	return m.doc
}

// Unfilter shows the body itself again; it reports whether something else showed.
func (m *Model) Unfilter() bool {
	if m.filter.whole == nil {
		return false
	}
	if !m.save.holds(m.doc) {
		_ = m.doc.Close() // a spool that is the system's to clean up
	}
	m.doc, m.filter.whole, m.filter.query = m.filter.whole, nil, ""
	m.anew()
	return true
}

// anew begins at the top of another text.
func (m *Model) anew() {
	m.body, m.shift, m.word, m.folds = list.Cursor{}, 0, "", document.Folds{}
	m.find.forget()
	m.Resize(m.width, m.height)
}
