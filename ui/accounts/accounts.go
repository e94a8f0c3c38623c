// Package accounts is the pane that lists connected accounts: one app of one
// external user each.
package accounts

import (
	"context"
	"iter"
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
	Accounts(ctx context.Context, q proxy.AccountQuery) iter.Seq2[proxy.Account, error]
}

// Picked tells the root whom the next request acts for.
type Picked struct{ Account proxy.Account }

// Listed tells the root that all accounts of one user came.
type Listed struct {
	ExternalUserID string
	Accounts       []proxy.Account
}

// Model is the pane.
type Model struct {
	api     Lister
	user    string // whose accounts they are
	all     bool   // the whole project's
	asked   bool   // Show was called
	rows    []proxy.Account
	shown   []int        // rows that pass the filters
	health  proxy.Health // empty for any
	app     string       // slug; empty for all
	picked  string       // id
	loading bool
	loads   int // how often a list was asked for: rows of an older asking are dropped
	err     error
	focused bool
	cursor  list.Cursor
}

// New returns a pane that waits for its source.
func New() *Model { return &Model{} }

// Init does nothing: the root gives the pane its source.
func (m *Model) Init() tea.Cmd { return nil }

// arrived brings rows while more are on their way; loaded is the last of them.
type (
	arrived struct {
		load int
		rows []proxy.Account
	}
	loaded struct {
		load int
		user string
		rows []proxy.Account
		err  error
	}
)

// SetSource takes another client. The rows of the former go.
func (m *Model) SetSource(api Lister) tea.Cmd {
	*m = Model{api: api, focused: m.focused, cursor: m.cursor, loads: m.loads + 1}
	m.filter()
	return nil
}

// Show lists the accounts of one user, or of the whole project.
func (m *Model) Show(externalUserID string, all bool) tea.Cmd {
	m.user, m.all, m.asked = externalUserID, all, true
	m.health, m.app, m.picked = "", "", ""
	return m.load()
}

const firstRows = 100

func (m *Model) load() tea.Cmd {
	if m.api == nil || !m.asked {
		return nil
	}
	m.rows, m.err, m.loading = nil, nil, true
	m.loads++
	m.filter()
	api, load, q := m.api, m.loads, proxy.AccountQuery{} // the job must not touch m
	if !m.all {
		q.ExternalUserID = m.user
	}
	return job.Stream("accounts", "loading accounts", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		var rows []proxy.Account
		batch := firstRows
		for a, err := range api.Accounts(ctx, q) {
			if err != nil {
				return loaded{load, q.ExternalUserID, rows, err}
			}
			if rows = append(rows, a); len(rows) == batch {
				emit(arrived{load, rows})
				rows, batch = nil, 2*batch
			}
		}
		return loaded{load, q.ExternalUserID, rows, nil}
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
		if msg.load != m.loads {
			return nil
		}
		m.loading, m.err = false, msg.err
		m.take(msg.rows)
		if msg.err == nil && !m.all {
			listed := Listed{msg.user, m.rows}
			return func() tea.Msg { return listed }
		}
	case tea.MouseClickMsg:
		if row := m.cursor.Top() + msg.Y; row < len(m.shown) {
			m.cursor.Put(row)
			return m.pick()
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
	}
	return nil
}

func (m *Model) take(rows []proxy.Account) {
	m.rows = append(m.rows, rows...)
	m.filter()
	if m.cursor.Row() <= 0 {
		m.seek()
	}
}

// filter chooses the rows that show.
func (m *Model) filter() {
	m.shown = m.shown[:0]
	for i, a := range m.rows {
		if (m.health == "" || a.Health() == m.health) && (m.app == "" || a.App.Slug == m.app) {
			m.shown = append(m.shown, i)
		}
	}
	m.cursor.Resize(len(m.shown), m.cursor.Height())
}

// Why tells why there are no rows, or not all; empty where they are all there.
func (m *Model) Why() string {
	switch {
	case m.err != nil:
		why, _ := diagnose.Explain(m.err)
		return visible.Line(why)
	case !m.asked:
		return "pick a user first"
	case m.loading || m.api == nil:
		return "loading…"
	case len(m.rows) == 0:
		return "no accounts in this environment"
	}
	return ""
}

// Next is what to do about a list that could not be loaded; again says how to
// load it once more.
func (m *Model) Next(again string) string {
	if _, next := diagnose.Explain(m.err); next != "" {
		return visible.Line(next) + "; " + again
	}
	return again
}

// Failed reports that the list could not be loaded, or not whole.
func (m *Model) Failed() bool { return m.err != nil }

// Retry loads again what could not be loaded.
func (m *Model) Retry() tea.Cmd {
	if !m.Failed() {
		return nil
	}
	return m.load()
}

// Rows returns the accounts that are there, filtered or not. The caller must not
// change them.
func (m *Model) Rows() []proxy.Account { return m.rows }

// Pick marks the account that is worked with.
func (m *Model) Pick(id string) {
	m.picked = id
	m.seek()
}

// seek puts the cursor on the picked row.
func (m *Model) seek() {
	for at, i := range m.shown {
		if m.rows[i].ID == m.picked {
			m.cursor.Put(at)
			return
		}
	}
}

func (m *Model) pick() tea.Cmd {
	row := m.cursor.Row()
	if row < 0 {
		return nil
	}
	msg := Picked{m.rows[m.shown[row]]}
	return func() tea.Msg { return msg }
}

// cycleHealth goes to the next state to filter by.
func (m *Model) cycleHealth() tea.Cmd {
	states := []proxy.Health{"", proxy.Healthy, proxy.Unhealthy, proxy.Dead}
	m.health = states[(slices.Index(states, m.health)+1)%len(states)]
	m.filter()
	return nil
}

// cycleApp goes to the next app to filter by, in the order of their slugs.
func (m *Model) cycleApp() tea.Cmd {
	slugs := []string{""}
	for _, a := range m.rows {
		slugs = append(slugs, a.App.Slug)
	}
	slices.Sort(slugs)
	slugs = slices.Compact(slugs)
	m.app = slugs[(slices.Index(slugs, m.app)+1)%len(slugs)]
	m.filter()
	return nil
}

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	some := func() bool { return len(m.shown) > 0 }
	many := func() bool { return len(m.rows) > 1 }
	return append([]action.Action{
		{ID: "accounts.pick", Title: "Act for this account", Hint: "pick", Keys: []string{"enter"}, When: some, Run: m.pick},
		{ID: "accounts.health", Title: "Only healthy, unhealthy, dead, or all", Hint: "health", Keys: []string{"f"}, When: many, Run: m.cycleHealth},
		{ID: "accounts.app", Title: "Only one app, or all", Hint: "app", Keys: []string{"p"}, When: many, Run: m.cycleApp},
		{ID: "accounts.reload", Title: "Load the accounts again", Hint: "reload", Keys: []string{"r"}, Run: m.load},
	}, m.cursor.Actions("accounts", nil)...)
}

// Resize tells the room inside the border.
func (m *Model) Resize(_, height int) { m.cursor.Resize(len(m.shown), height) }

// Editing reports false: nothing is typed here.
func (m *Model) Editing() bool { return false }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) { m.focused = on }
