package response

import (
	"context"
	"io"

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
	of    *document.Document  // whose keys they are
	keys  []string            // that what is typed can be completed with
	past  map[string][]string // filters that gave a result, by app, the newest first
	back  int                 // which of past stands in the field; -1 for none
	draft string              // what stood there before
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
		result := document.New(document.Options{Kind: document.JSON})
		err := finish(ctx, result, filterInto(ctx, result, query, from))
		return filtered{from, query, result, err}
	})
}

// filterInto writes what jq makes of a body. A path is looked up in its index, which
// takes no more time and memory where the body is large.
func filterInto(ctx context.Context, result *document.Document, query string, from *document.Document) error {
	if at, end, ok := from.Lookup(ctx, query); ok {
		_, err := io.Copy(result, until{ctx.Err, from.Section(at, end)})
		return err
	}
	return jq.Run(ctx, query, from.Values(), result)
}

// filtered shows a result, as far as it came.
func (m *Model) filtered(msg filtered) tea.Cmd {
	switch {
	case !m.replace(msg.from, msg.result, "| "+msg.query, msg.err):
		if m.word != "" {
			m.word = "jq: " + m.word
		}
		return nil
	case msg.err != nil:
		m.word = "jq ended early: " + visible.Line(msg.err.Error())
	}
	return m.keep(msg.query)
}

// anew begins at the top of another text.
func (m *Model) anew() {
	m.body, m.shift, m.deep, m.word, m.folds = list.Cursor{}, 0, depth{}, "", document.Folds{}
	m.find.forget()
	m.Resize(m.width, m.height)
}
