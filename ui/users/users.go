// Package users is the pane that lists external users: the company's own end
// users, as Connect knows them.
package users

import (
	"context"
	"iter"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// Lister is the one thing the pane needs of the Connect client.
type Lister interface {
	Users(ctx context.Context, q proxy.UserQuery) iter.Seq2[proxy.User, error]
}

// Picked tells the root whose accounts are wanted.
type Picked struct {
	User proxy.User
	All  bool // "all users": User is empty
}

// ConnectAsked asks the root to connect an account of a user, known or new.
type ConnectAsked struct{}

// Model is the pane. Its first row is "all users".
type Model struct {
	api     Lister
	rows    []proxy.User
	picked  string // external id
	all     bool   // "all users" is picked
	loading bool
	loads   int // how often a list was asked for: rows of an older asking are dropped
	err     error
	labels  map[string]string // by external id: how people know a user, where that was looked up
	focused bool
	cursor  list.Cursor
}

// New returns a pane that waits for its source.
func New() *Model { return &Model{labels: map[string]string{}} }

// Know takes in how people know a user. label must be safe to print.
func (m *Model) Know(externalID, label string) {
	if label != "" {
		m.labels[externalID] = label
	}
}

// Labels returns all names of users that are known.
func (m *Model) Labels() []string { return slices.Collect(maps.Values(m.labels)) }

// Label returns how people know a user; empty where that is not known.
func (m *Model) Label(externalID string) string { return m.labels[externalID] }

// Init does nothing: the root gives the pane its source.
func (m *Model) Init() tea.Cmd { return nil }

// arrived brings rows while more are on their way; loaded is the last of them.
type (
	arrived struct {
		load int
		rows []proxy.User
	}
	loaded struct {
		load int
		rows []proxy.User
		err  error
	}
)

// SetSource lists the users of another client. The rows of the former go.
func (m *Model) SetSource(api Lister) tea.Cmd {
	m.api, m.picked, m.all = api, "", false
	return m.load()
}

// firstRows is after how many rows a list is first shown; then the batches grow.
const firstRows = 100

func (m *Model) load() tea.Cmd {
	if m.api == nil {
		return nil
	}
	m.rows, m.err, m.loading = nil, nil, true
	m.loads++
	m.cursor.Resize(0, m.cursor.Height())
	api, load := m.api, m.loads // the job must not touch m
	return job.Stream("users", "loading users", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		var rows []proxy.User
		batch := firstRows
		for u, err := range api.Users(ctx, proxy.UserQuery{}) {
			if err != nil {
				return loaded{load, rows, err}
			}
			if rows = append(rows, u); len(rows) == batch {
				emit(arrived{load, rows})
				rows, batch = nil, 2*batch
			}
		}
		return loaded{load, rows, nil}
	})
}

// Update takes in one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case arrived:
		if msg.load == m.loads {
			m.take(msg.rows)
		}
	case loaded:
		if msg.load == m.loads {
			m.loading, m.err = false, msg.err
			m.take(msg.rows)
		}
	case tea.MouseClickMsg:
		if row := m.cursor.Top() + msg.Y; row < m.count() {
			m.cursor.Put(row)
			return m.pick()
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
	}
	return nil
}

func (m *Model) take(rows []proxy.User) {
	m.rows = append(m.rows, rows...)
	m.cursor.Resize(m.count(), m.cursor.Height())
	if m.cursor.Row() <= 0 {
		m.seek()
	}
}

// count is the rows of the list, "all users" included.
func (m *Model) count() int {
	if len(m.rows) == 0 {
		return 0
	}
	return len(m.rows) + 1
}

// Why tells why there are no rows, or not all; empty where they are all there.
func (m *Model) Why() string {
	switch {
	case m.err != nil:
		why, _ := diagnose.Explain(m.err)
		return visible.Line(why)
	case m.loading || m.api == nil:
		return "loading…"
	case len(m.rows) == 0:
		return "no users in this environment"
	}
	return ""
}

// Refuse tells why there will be no source.
func (m *Model) Refuse(err error) { m.err = err }

// Next is what to do about a list that could not be loaded; again says how to
// load it once more.
func (m *Model) Next(again string) string {
	if _, next := diagnose.Explain(m.err); next != "" {
		return visible.Line(next) + "; " + again
	}
	return again
}

// Reload lists the users again.
func (m *Model) Reload() tea.Cmd { return m.load() }

// Loading reports that more users may come.
func (m *Model) Loading() bool { return m.loading || m.api == nil }

// Failed reports that the list could not be loaded, or not whole.
func (m *Model) Failed() bool { return m.err != nil }

// Retry loads again what could not be loaded.
func (m *Model) Retry() tea.Cmd {
	if !m.Failed() {
		return nil
	}
	return m.load()
}

// Rows returns the users that are there. The caller must not change them.
func (m *Model) Rows() []proxy.User { return m.rows }

// Pick marks the user that is worked with; empty marks "all users".
func (m *Model) Pick(externalID string) {
	m.picked, m.all = externalID, externalID == ""
	m.seek()
}

// seek puts the cursor on the picked row.
func (m *Model) seek() {
	for i, u := range m.rows {
		if u.ExternalID == m.picked {
			m.cursor.Put(i + 1)
			return
		}
	}
}

// pick asks for the user under the cursor.
func (m *Model) pick() tea.Cmd {
	row := m.cursor.Row()
	if row < 0 {
		return nil
	}
	msg := Picked{All: row == 0}
	if row > 0 {
		msg.User = m.rows[row-1]
	}
	return func() tea.Msg { return msg }
}

// Actions are the pane's rows of the table that keys, footer, help and palette read.
func (m *Model) Actions() []action.Action {
	some := func() bool { return m.count() > 0 }
	return append([]action.Action{
		{ID: "users.pick", Title: "Act for this user", Hint: "pick", Keys: []string{"enter"}, When: some, Run: m.pick},
		{ID: "users.connect", Title: "Connect an account of a user, known or new", Hint: "new", Keys: []string{"n"}, Run: func() tea.Cmd { return func() tea.Msg { return ConnectAsked{} } }},
		{ID: "users.reload", Title: "Load the users again", Hint: "reload", Keys: []string{"r"}, Run: m.load},
	}, m.cursor.Actions("users", nil)...)
}

// Resize tells the room inside the border.
func (m *Model) Resize(_, height int) { m.cursor.Resize(m.count(), height) }

// Editing reports false: nothing is typed here.
func (m *Model) Editing() bool { return false }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) { m.focused = on }
