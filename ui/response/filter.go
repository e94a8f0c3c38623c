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
)

// filter is what jq makes of the body.
type filter struct {
	input textinput.Model
	of    *document.Document  // whose keys they are
	keys  []string            // that what is typed can be completed with
	past  map[string][]string // filters that gave a result, by app, the newest first
	back  int                 // which of past stands in the field; -1 for none
	draft string              // what was typed before one of past came into the field
}

// filtered answers runFilter.
type filtered struct {
	made

	query string
	as    document.Options // how the bytes were read
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
	from, as := m.original(), m.reading.as
	return job.Start("response.jq", "filtering with jq", func(ctx context.Context) tea.Msg {
		result := document.New(document.Options{Kind: document.JSON})
		err := filterAs(ctx, result, query, from, as)
		result.End(nil)
		return filtered{made{from, "| " + query, result, err}, query, as}
	})
}

// filterAs is filterInto for a body that is read in another way than it seems.
func filterAs(ctx context.Context, result *document.Document, query string, from *document.Document, as document.Options) error {
	if as == (document.Options{}) {
		return filterInto(ctx, result, query, from)
	}
	read, err := again(ctx, from, as)
	defer func() { _ = read.Close() }() // a spool that is the system's to clean up
	if err != nil {
		return err
	}
	return filterInto(ctx, result, query, read)
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
	if !m.replace(msg.made) {
		if m.word != "" {
			m.word = "jq: " + m.word
		}
		return nil
	}
	m.reading.as = msg.as
	if msg.err != nil {
		m.word = "jq ended early: " + visible.Line(msg.err.Error())
	}
	return m.keep(msg.query)
}
