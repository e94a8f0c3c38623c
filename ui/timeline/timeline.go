// Package timeline is the History pane: what was sent, newest first, to be loaded
// and sent again.
package timeline

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/textinput"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/input"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// Lister is what the pane needs of the history.
type Lister interface {
	List(ctx context.Context, q history.Query) ([]history.Exchange, error)
	Load(ctx context.Context, id string) (history.Exchange, error)
}

// Loaded asks the root to show an exchange and put its request back.
type Loaded struct{ Exchange history.Exchange }

// Annotate asks the root to put a note, a ticket or a star on an exchange.
type Annotate struct {
	Exchange history.Exchange
	What     What
}

// What can be put on an exchange.
type What int

// The things that can be put on an exchange.
const (
	Star What = iota
	Note
	Ticket
)

// Delete asks the root to delete an exchange.
type Delete struct{ Exchange history.Exchange }

// Undo asks the root to put back what was deleted last.
type Undo struct{}

// Pause asks the root to keep nothing of what is sent, or to keep it again.
type Pause struct{}

// AllAsked asks the root to offer what all exchanges of can be shown.
type AllAsked struct{}

// Resend asks the root to send an exchange again.
type Resend struct{ Exchange history.Exchange }

// scope is how much of the history shows.
type scope int

const (
	thisAccount scope = iota
	thisUser
	everything
	scopes int = iota
)

// Model is the pane.
type Model struct {
	store   Lister
	target  session.Target
	project string
	scope   scope
	rows    []history.Exchange
	lines   []int // what shows: a row by its number, or the heading of its day, minus one minus it
	line    int   // of the cursor before its newest move
	more    bool  // there may be older ones
	paused  bool  // nothing is kept now
	loading bool
	off     bool     // there is no history to wait for
	words   []string // that are marked in the rows, in small letters
	asked   string   // words of the newest asking
	loads   int      // how often rows were asked for: those of an older asking are dropped
	err     error
	find    textinput.Model
	typing  bool
	focused bool
	width   int
	height  int
	cursor  list.Cursor
	preview preview
	known   known
}

// New returns a pane that waits for its source.
func New() *Model {
	return &Model{find: input.New(), known: known{}}
}

// Init does nothing: the root gives the pane its source.
func (m *Model) Init() tea.Cmd { return nil }

// SetSource takes the history to show.
func (m *Model) SetSource(store Lister) tea.Cmd {
	m.store, m.err = store, nil
	return m.Reload()
}

// Refuse tells that there is no history, and why; nil where none is wanted.
func (m *Model) Refuse(err error) { m.off, m.err = true, err }

// SetTarget tells whose exchanges "this account" and "this user" are.
func (m *Model) SetTarget(t session.Target, projectID string) tea.Cmd {
	if m.target.Account.ID == t.Account.ID && m.target.ExternalUserID == t.ExternalUserID &&
		m.target.Environment == t.Environment && m.project == projectID {
		return nil
	}
	m.target, m.project = t, projectID
	return m.Reload()
}

// pageRows is how many exchanges are read at once, and mostRows how many are read again.
const (
	pageRows = 200
	mostRows = 5000
)

// arrived answers load.
type arrived struct {
	load   int
	rows   []history.Exchange
	before string // the page goes behind this one; empty for the first
	more   bool
	err    error
}

// Reload lists the newest again, as far as was read.
func (m *Model) Reload() tea.Cmd { return m.load("") }

// Changed follows a change of the history by somebody else. What is on its way is not
// asked for twice.
func (m *Model) Changed() tea.Cmd {
	if m.loading {
		return nil
	}
	return m.Reload()
}

// SetPaused tells that nothing is kept of what is sent.
func (m *Model) SetPaused(on bool) { m.paused = on }

func (m *Model) load(before string) tea.Cmd {
	if m.store == nil {
		return nil
	}
	m.loading = true
	m.loads++
	q, store, load := m.query(), m.store, m.loads // the job must not touch m
	q.Before, q.Limit = before, pageRows
	if before == "" && m.asked == q.Text {
		q.Limit = min(max(pageRows, len(m.rows)), mostRows)
	}
	m.asked, m.words = q.Text, strings.Fields(strings.ToLower(q.Text))
	limit := q.Limit
	return job.Start("timeline", "reading the history", func(ctx context.Context) tea.Msg {
		rows, err := store.List(ctx, q)
		return arrived{load, rows, before, len(rows) == limit, err}
	})
}

func (m *Model) query() history.Query {
	q := history.ParseQuery(m.find.Value())
	q.ProjectID = m.project
	switch {
	case m.scope == thisAccount && m.target.Account.ID != "":
		q.AccountID, q.Environment = m.target.Account.ID, m.target.Environment
	case m.scope != everything && m.target.ExternalUserID != "":
		q.ExternalUserID, q.Environment = m.target.ExternalUserID, m.target.Environment
	}
	return q
}

// fetch reads the exchange under the cursor whole, and tells the root.
func (m *Model) fetch(tell func(history.Exchange) tea.Msg) func() tea.Cmd {
	return func() tea.Cmd {
		row := m.at()
		if row < 0 {
			return nil
		}
		id, store := m.rows[row].ID, m.store
		return job.Start("timeline.load", "reading an exchange", func(ctx context.Context) tea.Msg {
			x, err := store.Load(ctx, id)
			if err != nil {
				return failed{err}
			}
			return tell(x)
		})
	}
}

type failed struct{ err error }

// Update takes in one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case arrived:
		if msg.load == m.loads {
			m.take(msg)
		}
	case failed:
		m.err = msg.err
	case peeked:
		m.peeked(msg)
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		if m.typing {
			return m.search(msg)
		}
	case tea.MouseClickMsg:
		if line := m.cursor.Top() + msg.Y - m.headLines(); line >= 0 && line < len(m.lines) && m.lines[line] >= 0 {
			m.cursor.Put(line)
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
		return m.moved()
	}
	return nil
}

func (m *Model) take(msg arrived) {
	m.loading, m.err = false, msg.err
	if msg.err != nil {
		return
	}
	keep := ""
	if row := m.at(); row > 0 && row < len(m.rows) {
		keep = m.rows[row].ID
	}
	if msg.before == "" {
		m.rows = nil
	}
	m.rows = append(m.rows, msg.rows...)
	for _, x := range msg.rows {
		m.known.see(x)
	}
	m.preview.id = "" // a note or a star may be new
	m.more = msg.more
	m.arrange()
	m.resize()
	for line, row := range m.lines {
		if row >= 0 && m.rows[row].ID == keep {
			m.cursor.Put(line)
		}
	}
	m.offHeading()
}

// arrange puts a heading before the first exchange of each day but today.
func (m *Model) arrange() {
	m.lines = m.lines[:0]
	day := dayOf(time.Now())
	for i, x := range m.rows {
		if d := dayOf(x.StartedAt); d != day {
			day = d
			m.lines = append(m.lines, -1-i)
		}
		m.lines = append(m.lines, i)
	}
}

// dayOf is the day of a moment, here.
func dayOf(t time.Time) string { return t.Local().Format(time.DateOnly) }

// at is the number of the exchange under the cursor; -1 for none.
func (m *Model) at() int {
	line := m.cursor.Row()
	if line < 0 || line >= len(m.lines) {
		return -1
	}
	if row := m.lines[line]; row >= 0 {
		return row
	}
	return -1 - m.lines[line]
}

// offHeading moves the cursor on where it stands on a heading, in the way it went.
func (m *Model) offHeading() {
	line := m.cursor.Row()
	if line >= 0 && line < len(m.lines) && m.lines[line] < 0 {
		by := 1
		if line < m.line && line > 0 {
			by = -1
		}
		m.cursor.Move(by)
	}
	m.line = m.cursor.Row()
}

// Current returns the id of the exchange under the cursor; empty for none.
func (m *Model) Current() string {
	if row := m.at(); row >= 0 {
		return m.rows[row].ID
	}
	return ""
}

// moved reads older ones when the cursor comes near the end.
func (m *Model) moved() tea.Cmd {
	m.offHeading()
	if m.more && !m.loading && m.at() > len(m.rows)-pageRows/4 {
		return m.load(m.rows[len(m.rows)-1].ID)
	}
	return nil
}

// press is one key in the search field.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	if !m.typing {
		return nil
	}
	switch msg.String() {
	case "esc", "enter":
		m.typing = false
		m.find.Blur()
		m.resize()
		return nil
	case "tab", "right":
		if m.takeCompletion() {
			m.cursor.Put(0)
			return m.Reload()
		}
		if msg.String() == "tab" {
			return nil
		}
	case "ctrl+u":
		m.find.SetValue("")
		m.cursor.Put(0)
		return m.Reload()
	}
	return m.search(msg)
}

// search narrows the list as one types.
func (m *Model) search(msg tea.Msg) tea.Cmd {
	before := m.find.Value()
	m.find, _ = m.find.Update(msg) // its commands blink and read the clipboard: neither is wanted
	if m.find.Value() == before {
		return nil
	}
	m.cursor.Put(0)
	return m.Reload()
}

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	some := func() bool { return len(m.rows) > 0 }
	return append([]action.Action{
		{ID: "history.load", Title: "Load it: the request to edit, the response to read", Hint: "load", Keys: []string{"enter"}, When: some, Run: m.fetch(func(x history.Exchange) tea.Msg { return Loaded{x} })},
		{ID: "history.resend", Title: "Send it again", Hint: "resend", Keys: []string{"r"}, When: some, Run: m.fetch(func(x history.Exchange) tea.Msg { return Resend{x} })},
		{ID: "history.reload", Title: "Read the history again", Keys: []string{"R"}, Run: m.Reload},
		{ID: "history.find", Title: "Find by words, app:slack, status:5xx, after:7d …", Hint: "find", Keys: []string{"/"}, Run: m.openFind},
		{ID: "history.star", Title: "Star it, or take the star off", Keys: []string{"s"}, When: some, Run: m.annotate(Star)},
		{ID: "history.note", Title: "Put a note on it", Hint: "note", Keys: []string{"i"}, When: some, Run: m.annotate(Note)},
		{ID: "history.ticket", Title: "Put a ticket on it", Keys: []string{"#"}, When: some, Run: m.annotate(Ticket)},
		{ID: "history.all", Title: "All of this user, URL, app, answer", Keys: []string{"F"}, When: some, Run: func() tea.Cmd { return tell(AllAsked{}) }},
		{ID: "history.delete", Title: "Delete it", Keys: []string{"d", "delete"}, When: some, Run: m.delete},
		{ID: "history.undo", Title: "Put back what was deleted", Keys: []string{"ctrl+z", "alt+z"}, Run: func() tea.Cmd { return tell(Undo{}) }},
		{ID: "history.pause", Title: "Keep nothing of what is sent, or keep it again", Keys: []string{"X"}, Run: func() tea.Cmd { return tell(Pause{}) }},
		{ID: "history.scope", Title: "This account, this user, or everything", Hint: "scope", Keys: []string{"f"}, Run: m.cycle},
	}, m.cursor.Actions("history", m.moved)...)
}

// annotate asks the root to put something on the exchange under the cursor.
func (m *Model) annotate(what What) func() tea.Cmd {
	return func() tea.Cmd {
		row := m.at()
		if row < 0 {
			return nil
		}
		msg := Annotate{m.rows[row], what}
		return func() tea.Msg { return msg }
	}
}

func (m *Model) openFind() tea.Cmd {
	m.typing = true
	m.find.Focus()
	m.find.CursorEnd()
	m.resize()
	return nil
}

func (m *Model) cycle() tea.Cmd {
	m.scope = (m.scope + 1) % scope(scopes)
	return m.Reload()
}

// Resize tells the room inside the border.
func (m *Model) Resize(width, height int) {
	m.width, m.height = width, height
	m.resize()
}

func (m *Model) resize() { m.cursor.Resize(len(m.lines), m.height-m.headLines()) }

// Editing reports that letters are typed.
func (m *Model) Editing() bool { return m.typing }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) {
	m.focused = on
	if !on {
		m.typing = false
		m.find.Blur()
		m.resize()
	}
}
