// Package users is the pane that lists external users: the company's own end
// users, as Connect knows them.
package users

import (
	"context"
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
	// UserPage returns one page of users behind a cursor; empty for the first.
	UserPage(ctx context.Context, q proxy.UserQuery, after string) (proxy.Page[proxy.User], error)
}

// Picked tells the root whose accounts are wanted.
type Picked struct {
	User proxy.User
	All  bool // "all users": User is empty
}

// ConnectAsked asks the root to connect an account of a user, known or new.
type ConnectAsked struct{}

// Pinned asks the root to keep a user at the top of the list, or not any more.
type Pinned struct {
	ExternalID string
	On         bool
}

// Model is the pane. Its first row is "all users"; then come those that are pinned, those
// that were worked with last, and all others as Connect lists them. Of a long list only
// as much is there as was scrolled to.
type Model struct {
	api     Lister
	rows    []proxy.User // as Connect lists them
	rest    []int        // those of rows that do not stand above the others
	pinned  []string     // external ids
	recent  []string     // external ids, none of them pinned
	next    string       // cursor of the page behind rows; empty where they are all
	total   int          // as Connect says; 0 where it does not
	picked  string       // external id
	all     bool         // "all users" is picked
	loading bool
	loads   int // how often a list was asked for: rows of an older asking are dropped
	err     error
	labels  map[string]string // by external id: how people know a user, where that was looked up
	counts  map[string]Count  // by external id
	version int               // changes with what Rows, Top, Label and Known return
	focused bool
	cursor  list.Cursor
}

// New returns a pane that waits for its source.
func New() *Model { return &Model{labels: map[string]string{}, counts: map[string]Count{}} }

// Know takes in how people know a user. label must be safe to print.
func (m *Model) Know(externalID, label string) {
	if label != "" {
		m.labels[externalID] = label
		m.version++
	}
}

// Labels returns all names of users that are known.
func (m *Model) Labels() []string { return slices.Collect(maps.Values(m.labels)) }

// Label returns how people know a user; empty where that is not known.
func (m *Model) Label(externalID string) string { return m.labels[externalID] }

// Version changes with what is known of users.
func (m *Model) Version() int { return m.version }

// Init does nothing: the root gives the pane its source.
func (m *Model) Init() tea.Cmd { return nil }

// arrived brings rows of a list.
type arrived struct {
	load  int
	rows  []proxy.User
	next  string // cursor of the page behind them; empty where there is none
	total int
	last  bool // no more are on their way
	err   error
}

// SetSource lists the users of another client. The rows of the former go.
func (m *Model) SetSource(api Lister) tea.Cmd {
	m.api, m.picked, m.all = api, "", false
	clear(m.counts)
	return m.load()
}

const (
	chunk = 500 // rows that are loaded at once
	ahead = 150 // rows below the cursor before which more are loaded
)

// load lists the users from the first on.
func (m *Model) load() tea.Cmd {
	if m.api == nil {
		return nil
	}
	m.rows, m.rest, m.next, m.total, m.err = nil, nil, "", 0, nil
	m.loads++
	m.version++
	m.cursor.Resize(0, m.cursor.Height())
	return m.fetch("loading users", "")
}

// fetch lists the users behind a cursor, a page at a time.
func (m *Model) fetch(label, after string) tea.Cmd {
	m.loading = true
	api, load, came := m.api, m.loads, len(m.rows) // the job must not touch m
	return job.Stream("users", label, func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		for got := 0; ; {
			page, err := api.UserPage(ctx, proxy.UserQuery{}, after)
			if err != nil {
				return arrived{load: load, next: after, last: true, err: err}
			}
			got += len(page.Items)
			a := arrived{load: load, rows: page.Items, next: page.Next, total: page.Total}
			if len(page.Items) == 0 || page.Next == after || page.Total > 0 && came+got >= page.Total {
				a.next = "" // a cursor can stand on the last page too
			}
			if a.last = a.next == "" || got >= chunk; a.last {
				return a
			}
			emit(a)
			after = a.next
		}
	})
}

// more loads on where the cursor comes near the end of what is there.
func (m *Model) more() tea.Cmd {
	if m.loading || m.next == "" || m.err != nil || m.cursor.Row() < m.count()-ahead {
		return nil
	}
	return m.fetch("", m.next)
}

// Update takes in one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case arrived:
		if msg.load != m.loads {
			return nil
		}
		m.err, m.next = msg.err, msg.next
		m.total = max(m.total, msg.total)
		m.loading = !msg.last
		m.take(msg.rows)
		if msg.last {
			return m.more()
		}
	case tea.MouseClickMsg:
		if row := m.cursor.Top() + msg.Y; row < m.count() {
			m.cursor.Put(row)
			return m.pick()
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
		return m.more()
	}
	return nil
}

func (m *Model) take(rows []proxy.User) {
	for i, u := range rows {
		rows[i].Raw = nil // of very many users that would be most of the memory
		if !m.above(u.ExternalID) {
			m.rest = append(m.rest, len(m.rows)+i)
		}
	}
	m.rows = append(m.rows, rows...)
	m.version++
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
	return 1 + len(m.pinned) + len(m.recent) + len(m.rest)
}

// at is the external id of a row; empty for "all users".
func (m *Model) at(row int) string {
	row--
	switch {
	case row < 0:
		return ""
	case row < len(m.pinned):
		return m.pinned[row]
	case row < len(m.pinned)+len(m.recent):
		return m.recent[row-len(m.pinned)]
	}
	return m.rows[m.rest[row-len(m.pinned)-len(m.recent)]].ExternalID
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

// Whole reports that all users are there.
func (m *Model) Whole() bool { return m.api != nil && !m.loading && m.next == "" && m.err == nil }

// Loading reports that users are on their way.
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
	for i := range m.count() {
		if m.at(i) == m.picked && (i > 0) != m.all {
			m.cursor.Put(i)
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
	msg := Picked{All: row == 0, User: proxy.User{ExternalID: m.at(row)}}
	return func() tea.Msg { return msg }
}

// Actions are the pane's rows of the table that keys, footer, help and palette read.
func (m *Model) Actions() []action.Action {
	some := func() bool { return m.count() > 0 }
	return append([]action.Action{
		{ID: "users.pick", Title: "Act for this user", Hint: "pick", Keys: []string{"enter"}, When: some, Run: m.pick},
		{ID: "users.connect", Title: "Connect an account of a user, known or new", Hint: "new", Keys: []string{"n"}, Run: func() tea.Cmd { return func() tea.Msg { return ConnectAsked{} } }},
		{ID: "users.reload", Title: "Load the users again", Hint: "reload", Keys: []string{"r"}, Run: m.load},
		{ID: "users.pin", Title: "Keep this user at the top, or not any more", Hint: "pin", Keys: []string{"p"}, When: func() bool { return m.cursor.Row() > 0 }, Run: m.pin},
	}, m.cursor.Actions("users", m.more)...)
}

// Resize tells the room inside the border.
func (m *Model) Resize(_, height int) { m.cursor.Resize(m.count(), height) }

// Editing reports false: nothing is typed here.
func (m *Model) Editing() bool { return false }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) { m.focused = on }
