// Package timeline is the History pane: what was sent, newest first, to be loaded
// and sent again.
package timeline

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"charm.land/bubbles/v2/textinput"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/input"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

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
	scopes  int   = iota
	asTyped scope = iota // a filter says whose
)

func (s scope) words() string {
	return [...]string{thisAccount: "this account", thisUser: "this user", everything: "everything", asTyped: "as typed"}[s]
}

// Model is the pane.
type Model struct {
	store   Lister
	target  session.Target
	project string
	scope   scope
	win     window
	loading bool
	paging  int           // the page that is being read, or noPage
	asked   asking        // of the newest load
	sought  history.Query // and what it asks for
	quick   bool          // the rows are those that could be found at once
	toEnd   bool          // the cursor goes to the end as soon as that is known
	words   []string      // that are marked in the rows, in small letters
	loads   int           // how often the list was asked for: answers to an older asking are dropped
	counted int           // the load whose rows are counted, or were
	marked  []string      // ids of the one or two exchanges that are to be compared
	off     bool          // there is no history to wait for
	aside   string        // where a history lies that could not be read; empty for none
	paused  bool          // nothing is kept now
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
	return &Model{find: input.New(), known: known{}, win: newWindow(), paging: noPage}
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

// SetAside tells where a history lies that could not be read: this one begins anew.
func (m *Model) SetAside(path string) { m.aside = path }

// SetPaused tells that nothing is kept of what is sent.
func (m *Model) SetPaused(on bool) { m.paused = on }

// fetch reads the exchange under the cursor whole, and tells the root.
func (m *Model) fetch(tell func(history.Exchange) tea.Msg) func() tea.Cmd {
	return func() tea.Cmd {
		id, store := m.Current(), m.store
		if id == "" {
			return nil
		}
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
			return m.follow()
		}
	case turned:
		return m.turned(msg)
	case surveyed:
		return m.takeSurvey(msg)
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
		if lines, line := m.layout(m.room()), msg.Y-m.headLines(); line >= 0 && line < len(lines) && lines[line] >= 0 {
			m.cursor.Put(lines[line])
			m.settle()
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
		return m.moved()
	}
	return nil
}

// at is the number of the row under the cursor; -1 for none.
func (m *Model) at() int { return m.cursor.Row() }

// Exchange returns the one under the cursor as the list has it, without its bodies; false
// for none, and while it is read.
func (m *Model) Exchange() (history.Exchange, bool) {
	if m.at() < 0 {
		return history.Exchange{}, false
	}
	return m.win.row(m.at())
}

// Current returns the id of the exchange under the cursor; empty for none.
func (m *Model) Current() string {
	x, _ := m.Exchange()
	return x.ID
}

// moved follows the cursor.
func (m *Model) moved() tea.Cmd {
	m.settle()
	m.win.trim(max(0, m.at()))
	return m.follow()
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
	some := func() bool { return m.win.count > 0 }
	own := []action.Action{
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
		{ID: "history.mark", Title: "Mark it, to compare another with it", Keys: []string{"space"}, When: some, Run: m.mark},
	}
	moves := m.cursor.Actions("history", m.moved)
	for i, a := range moves {
		if a.ID == "history.last" {
			moves[i].Run = m.last
		}
	}
	return append(own, moves...)
}

// mark remembers the exchange under the cursor, or forgets it. Of more than two the first
// is forgotten.
func (m *Model) mark() tea.Cmd {
	id := m.Current()
	if i := slices.Index(m.marked, id); i >= 0 {
		m.marked = slices.Delete(m.marked, i, i+1)
		return nil
	}
	const most = 2
	if m.marked = append(m.marked, id); len(m.marked) > most {
		m.marked = m.marked[1:]
	}
	return nil
}

// Marked returns the ids of the two exchanges that are to be compared: those that are marked,
// or the one that is and that under the cursor; false where there are no two.
func (m *Model) Marked() (one, other string, both bool) {
	pair := slices.Clone(m.marked)
	if id := m.Current(); len(pair) == 1 && id != "" && id != pair[0] {
		pair = append(pair, id)
	}
	if len(pair) < 2 {
		return "", "", false
	}
	return pair[0], pair[1], true
}

// annotate asks the root to put something on the exchange under the cursor.
func (m *Model) annotate(what What) func() tea.Cmd {
	return func() tea.Cmd {
		x, ok := m.Exchange()
		if !ok {
			return nil
		}
		return tell(Annotate{x, what})
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
	for before, n := m.reach(), 0; n < scopes && m.reach() == before; n++ { // the next that is another
		m.scope = (m.scope + 1) % scope(scopes)
	}
	return m.Reload()
}

// Resize tells the room inside the border.
func (m *Model) Resize(width, height int) {
	m.width, m.height = width, height
	m.resize()
}

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
