// Package request is the pane that composes a request: method, URL, parameters,
// headers and body, and a preview of what Connect will get.
package request

import (
	"errors"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
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
)

// table is rows with a cursor; behind the last one stands a place for a new one.
type table struct {
	rows   []row
	cursor list.Cursor
}

// Model is the pane.
type Model struct {
	target session.Target
	app    *proxy.App

	method  string
	url     textinput.Model
	params  table
	headers table
	body    body
	undo    *snapshot

	tab     tab
	inside  bool // the cursor is in the tab, not on the URL
	edit    field
	input   textinput.Model // of method, name and value
	chosen  bool            // ↓ moved into the completion of the URL
	err     *proxy.InputError
	focused bool
	width   int
	height  int
	preview list.Cursor
}

// New returns an empty GET.
func New() *Model {
	m := &Model{method: "GET", url: newInput(), input: newInput(), body: newBody()}
	m.url.ShowSuggestions = true
	m.url.KeyMap.AcceptSuggestion = key.NewBinding(key.WithDisabled()) // taken by keys of ours
	return m
}

// newInput returns a field for one line whose cursor does not blink: nothing
// ticks at rest.
func newInput() textinput.Model {
	in := textinput.New()
	in.Prompt = ""
	in.CharLimit = 0
	styles := in.Styles()
	styles.Cursor.Blink = false
	in.SetStyles(styles)
	return in
}

// Init does nothing.
func (m *Model) Init() tea.Cmd { return nil }

// SetTarget tells whom the request will act for, and what is known of the app.
// What was typed stays.
func (m *Model) SetTarget(t session.Target, app *proxy.App) tea.Cmd {
	m.target, m.app = t, app
	m.err = nil
	m.url.SetSuggestions(suggestions(app))
	return nil
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

// InBody reports that the cursor is in the body.
func (m *Model) InBody() bool { return m.inside && m.tab == bodyTab }

// InHeaders reports that the cursor is among the headers.
func (m *Model) InHeaders() bool { return m.inside && m.tab == headersTab }

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
	m.body.area.SetWidth(max(8, m.width-3))
	m.body.area.SetHeight(max(1, content))
	m.preview.Resize(len(m.previewLines()), content)
}

// current is the table of the tab; nil where it has none.
func (m *Model) current() *table {
	switch m.tab {
	case paramsTab:
		return &m.params
	case headersTab:
		return &m.headers
	case bodyTab, previewTab:
	}
	return nil
}
