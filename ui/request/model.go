// Package request is the pane that composes a request: method, URL, parameters,
// headers and body, and a preview of what Connect will get.
package request

import (
	"context"
	"errors"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/editor"
	"github.com/connectty/connectty/ui/input"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// Sent asks the root to send what is composed.
type Sent struct{}

// tab is one of the views below the URL.
type tab int

const (
	paramsTab tab = iota
	headersTab
	bodyTab
	previewTab
	tabs int = iota
)

// field is what is being typed into.
type field int

const (
	nothing field = iota
	methodField
	urlField
	nameField  // of the row under the cursor
	valueField // of the same
	bodyField
	bulkField // the headers as text
	pathField // of the body's file
)

// table is rows with a cursor; behind the last one stands a place for a new one.
type table struct {
	rows   []row
	cursor list.Cursor
}

// Source tells what was sent before.
type Source interface {
	// SentURLs returns URLs that were sent to an app, the newest first.
	SentURLs(ctx context.Context, app string) ([]string, error)
}

// Model is the pane.
type Model struct {
	target    session.Target
	app       *proxy.App
	known     Known
	names     variables.Set // the values of {{names}}
	namesLast bool          // one of them is of the last answer
	lost      string        // which of them has none, in words; empty where all have
	source    Source
	urls      []string // that were sent to the app before

	method  string
	url     textinput.Model
	starts  completer // of the URL
	params  table
	headers table
	bulk    *editor.Model // the headers as text
	body    body
	undo    *snapshot
	cut     uint64 // the sum of a body that was longer once; 0 for none

	tab       tab
	inside    bool // the cursor is in the tab, not on the URL
	edit      field
	input     textinput.Model // of method, name, value and path
	cell      completer       // of name, value and path
	paths     paths
	asked     field // that the terminal's clipboard was asked for
	err       *proxy.InputError
	focused   bool
	width     int
	height    int
	preview   list.Cursor
	previewed []previewed
}

// New returns an empty GET.
func New() *Model {
	return &Model{method: "GET", url: newInput(), input: newInput(), body: newBody(), bulk: editor.New()}
}

// newInput returns a field that can be completed, by keys of ours.
func newInput() textinput.Model {
	in := input.New()
	in.ShowSuggestions = true
	in.KeyMap.AcceptSuggestion = key.NewBinding(key.WithDisabled())
	in.KeyMap.Paste = key.NewBinding(key.WithDisabled()) // we ask the terminal
	return in
}

// Init does nothing.
func (m *Model) Init() tea.Cmd { return nil }

// SetTarget tells whom the request will act for, and what is known of the app.
// What was typed stays.
func (m *Model) SetTarget(t session.Target, app *proxy.App) tea.Cmd {
	another := t.Account.App.Slug != m.target.Account.App.Slug
	m.target, m.app = t, app
	m.err = nil
	if another {
		m.urls = nil
	}
	m.offerURLs()
	m.resize()
	if another {
		return m.recall()
	}
	return nil
}

// SetSource tells where what was sent before is to be read.
func (m *Model) SetSource(s Source) tea.Cmd {
	m.source = s
	return m.recall()
}

// recalled answers recall.
type recalled struct {
	app  string
	urls []string
}

// recall reads which URLs were sent to the app.
func (m *Model) recall() tea.Cmd {
	source, app := m.source, m.target.Account.App.Slug
	if source == nil || app == "" {
		return nil
	}
	return job.Start("request.urls", "", func(ctx context.Context) tea.Msg {
		urls, err := source.SentURLs(ctx, app)
		if err != nil {
			return nil // they are a help, no more
		}
		return recalled{app, urls}
	})
}

func (m *Model) recalled(msg recalled) {
	if msg.app == m.target.Account.App.Slug {
		chosen, at := m.starts.chosen, m.starts.at
		m.urls = msg.urls
		m.offerURLs()
		if chosen && at < len(m.starts.match) {
			m.starts.chosen, m.starts.at = chosen, at // what was sent before stands behind the rest
		}
	}
}

// suggestions are beginnings of URLs that Connect will take.
func suggestions(app *proxy.App) []string {
	if app == nil || app.Connect == nil {
		return nil
	}
	if app.Relative() {
		return []string{"/"}
	}
	var out []string
	if app.Connect.BaseURL != "" {
		out = append(out, app.Connect.BaseURL+"/")
	}
	for _, domain := range app.Connect.AllowedDomains {
		if start := "https://" + domain + "/"; len(out) == 0 || out[0] != start {
			out = append(out, start)
		}
	}
	return out
}

// Refuse shows what is wrong beside its field, until the next edit.
func (m *Model) Refuse(err error) {
	if input, ok := errors.AsType[*proxy.InputError](err); ok {
		m.err = input
	}
}

// Editing reports that letters are typed.
func (m *Model) Editing() bool { return m.edit != nothing }

// AtEmptyURL reports that the URL is typed, and nothing stands there yet.
func (m *Model) AtEmptyURL() bool { return m.edit == urlField && m.url.Value() == "" }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) {
	m.focused = on
	if !on {
		m.leave()
	}
}

// Resize tells the room inside the border.
func (m *Model) Resize(width, height int) {
	m.width, m.height = width, height
	m.resize()
}

func (m *Model) resize() {
	m.url.SetWidth(max(8, m.width-len(m.method)-8))
	content := m.contentHeight()
	m.params.cursor.Resize(len(m.params.rows)+1, content)
	m.headers.cursor.Resize(len(m.headers.rows)+1, content)
	if t := m.body.table(); t != nil {
		t.cursor.Resize(len(t.rows)+1, content)
	}
	m.body.text.Resize(max(8, m.width-2), max(1, content))
	m.bulk.Resize(max(8, m.width-2), max(1, content))
	m.lookForNames()
	m.previewed = m.previewLines()
	m.preview.Resize(len(m.previewed), content)
}

// current is the table of the tab; nil where it has none.
func (m *Model) current() *table {
	switch m.tab {
	case paramsTab:
		return &m.params
	case headersTab:
		return &m.headers
	case bodyTab:
		return m.body.table()
	case previewTab:
	}
	return nil
}

// text is the editor that is typed into; nil where none is.
func (m *Model) text() *editor.Model {
	switch m.edit {
	case bodyField:
		return m.body.text
	case bulkField:
		return m.bulk
	case nothing, methodField, urlField, nameField, valueField, pathField:
	}
	return nil
}
