// Package sweep is the pane of a sweep: the accounts that were listed, what each
// answered as it comes, and what they have in common.
package sweep

import (
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/input"
	"github.com/connectty/connectty/ui/list"
)

// Moved tells the root which account the cursor is on.
type Moved struct{ Row sweep.Row }

// Picked asks the root to work with an account.
type Picked struct{ Row sweep.Row }

// CopyAsked asks the root to copy the report.
type CopyAsked struct{}

// tab is one side of a sweep.
type tab int

const (
	accountsTab tab = iota
	groupsTab
	tabs int = iota
)

// Model is the pane.
type Model struct {
	rows    []sweep.Row
	at      map[string]int // row of an account's id
	planned map[string]bool
	asked   int
	failed  int
	alike   map[likeness]int // how many failed in one way
	perMin  float64
	running bool
	paused  time.Time // until when Connect wants no calls
	report  *sweep.Report

	tab     tab
	show    filter
	group   *likeness // only the accounts of a group
	find    textinput.Model
	typing  bool
	shown   []int // rows that pass the filters
	cursor  list.Cursor
	groups  list.Cursor
	focused bool
	width   int
	height  int
}

// likeness is one way to fail.
type likeness struct {
	who, code, app string
	status         int
}

func likenessOf(r sweep.Row) likeness {
	return likeness{string(r.Finding.Who), r.Finding.Code, r.App, r.Status}
}

// New returns an empty pane.
func New() *Model {
	return &Model{find: input.New()}
}

// Init does nothing: the root gives the pane its sweep.
func (m *Model) Init() tea.Cmd { return nil }

// Begin shows what a sweep is about to ask.
func (m *Model) Begin(plan sweep.Plan) tea.Cmd {
	kept := *m
	*m = *New()
	m.focused, m.width, m.height = kept.focused, kept.width, kept.height
	m.rows, m.running, m.perMin = slices.Clone(plan.Rows), true, plan.PerMin // the plan's are written while it runs
	m.at, m.planned, m.alike = make(map[string]int, len(plan.Rows)), make(map[string]bool, len(plan.Asks)), map[likeness]int{}
	for i, r := range plan.Rows {
		m.at[r.ID] = i
		if r.Asked {
			m.count(r)
		}
	}
	for _, i := range plan.Asks {
		m.planned[plan.Rows[i].ID] = true
	}
	m.filter()
	return m.moved()
}

// Take brings answers, and until when the sweep waits; the zero time where it
// does not.
func (m *Model) Take(rows []sweep.Row, paused time.Time) tea.Cmd {
	m.paused = paused
	was := m.current()
	for _, r := range rows {
		i, known := m.at[r.ID]
		if !known || !r.Asked || m.rows[i].Asked {
			continue
		}
		m.rows[i] = r
		m.count(r)
	}
	m.filter()
	if now := m.current(); now == nil || was != nil && now.ID == was.ID && now.Asked == was.Asked {
		return nil
	}
	return m.moved()
}

func (m *Model) count(r sweep.Row) {
	m.asked++
	if r.Failed() {
		m.failed++
		m.alike[likenessOf(r)]++
	}
}

// End brings the report, also of a sweep that was ended before its time.
func (m *Model) End(report sweep.Report) tea.Cmd {
	m.running, m.paused, m.report = false, time.Time{}, &report
	return m.Take(report.Rows, time.Time{})
}

// Report returns the report; nil while there is none.
func (m *Model) Report() *sweep.Report { return m.report }

// Any reports that there is a sweep, under way or ended.
func (m *Model) Any() bool { return m.running || m.report != nil }

// Refresh tells the root anew which account the cursor is on.
func (m *Model) Refresh() tea.Cmd { return m.moved() }

// Current returns the account under the cursor.
func (m *Model) Current() (sweep.Row, bool) {
	if r := m.current(); r != nil {
		return *r, true
	}
	return sweep.Row{}, false
}

// Working returns an account of an app that was asked and works.
func (m *Model) Working(app string) (sweep.Row, bool) {
	for _, r := range m.rows {
		if r.App == app && r.Asked && !r.Failed() {
			return r, true
		}
	}
	return sweep.Row{}, false
}

func (m *Model) current() *sweep.Row {
	if row := m.cursor.Row(); row >= 0 && row < len(m.shown) && m.tab == accountsTab {
		r := m.rows[m.shown[row]]
		return &r
	}
	return nil
}

// moved tells the root where the cursor is.
func (m *Model) moved() tea.Cmd {
	r := m.current()
	if r == nil {
		return nil
	}
	return tell(Moved{*r})
}

func tell(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }

// Update takes in one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		if m.typing {
			return m.search(msg)
		}
	case tea.MouseClickMsg:
		return m.click(msg)
	case tea.MouseWheelMsg:
		m.side().Wheel(msg)
		return m.moved()
	}
	return nil
}

// side is the cursor of the tab.
func (m *Model) side() *list.Cursor {
	if m.tab == groupsTab {
		return &m.groups
	}
	return &m.cursor
}

func (m *Model) click(msg tea.MouseClickMsg) tea.Cmd {
	row := m.side().Top() + msg.Y - m.top()
	switch {
	case msg.Y < m.top() || msg.Y >= m.top()+m.side().Height():
		return nil
	case m.tab == groupsTab:
		m.groups.Put(row)
		return nil
	}
	m.cursor.Put(row)
	return m.moved()
}

// press is one key in the field.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	if !m.typing {
		return nil
	}
	switch msg.String() {
	case "esc", "enter":
		m.leave()
		return nil
	case "ctrl+u":
		m.find.SetValue("")
		m.filter()
		return m.moved()
	}
	return m.search(msg)
}

func (m *Model) search(msg tea.Msg) tea.Cmd {
	m.find, _ = m.find.Update(msg) // its commands blink and read the clipboard: neither is wanted
	m.filter()
	return m.moved()
}

func (m *Model) leave() {
	m.typing = false
	m.find.Blur()
	m.resize()
}

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	some := func() bool { return len(m.rows) > 0 }
	turn := func() tea.Cmd {
		m.tab = (m.tab + 1) % tab(tabs)
		m.resize()
		return m.moved()
	}
	return append([]action.Action{
		{ID: "sweep.pick", Title: "Work on this account, or on this group's", Hint: "pick", Keys: []string{"enter"}, When: some, Run: m.pick},
		{ID: "sweep.find", Title: "Find accounts by user, name, id, app or finding", Hint: "find", Keys: []string{"/"}, When: some, Run: m.openFind},
		{ID: "sweep.filter", Title: "Only what failed, works, was not asked, or all", Hint: "filter", Keys: []string{"f"}, When: some, Run: m.cycle},
		{ID: "sweep.copy", Title: "Copy the sweep as a report", Hint: "copy", Keys: []string{"y"}, When: func() bool { return m.report != nil }, Run: func() tea.Cmd { return tell(CopyAsked{}) }},
		{ID: "sweep.next-tab", Title: "Next: accounts, groups", Hint: "tabs", Keys: []string{"]"}, When: some, Run: turn},
		{ID: "sweep.previous-tab", Title: "Previous tab", Keys: []string{"["}, When: some, Run: turn},
	}, m.movement()...)
}

// movement are the keys that move the cursor of whichever tab shows.
func (m *Model) movement() []action.Action {
	var actions []action.Action
	groups := m.groups.Actions("sweep", nil)
	for i, a := range m.cursor.Actions("sweep", m.moved) {
		inAccounts, inGroups := a.Run, groups[i].Run
		a.Run = func() tea.Cmd {
			if m.tab == groupsTab {
				return inGroups()
			}
			return inAccounts()
		}
		actions = append(actions, a)
	}
	return actions
}

// pick goes on with the account, or shows the accounts of the group.
func (m *Model) pick() tea.Cmd {
	if m.tab == accountsTab {
		if r := m.current(); r != nil {
			return tell(Picked{*r})
		}
		return nil
	}
	if row := m.groups.Row(); row >= 0 && m.report != nil {
		g := m.report.Groups[row]
		m.group = &likeness{string(g.Who), g.Code, g.App, g.Status}
		m.tab, m.show = accountsTab, all
		m.find.SetValue("")
		m.filter()
	}
	return m.moved()
}

func (m *Model) openFind() tea.Cmd {
	m.tab, m.typing = accountsTab, true
	m.find.Focus()
	m.find.CursorEnd()
	m.resize()
	return nil
}

// Resize tells the room inside the border.
func (m *Model) Resize(width, height int) {
	m.width, m.height = width, height
	m.resize()
}

func (m *Model) resize() {
	room := max(1, m.room(m.height))
	m.cursor.Resize(len(m.shown), room)
	groups := 0
	if m.report != nil {
		groups = len(m.report.Groups)
	}
	m.groups.Resize(groups, max(1, room-len(m.said())))
}

// Editing reports that letters are typed.
func (m *Model) Editing() bool { return m.typing }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) {
	m.focused = on
	if !on && m.typing {
		m.leave()
	}
}

// needle is what is looked for, as rows are compared with it.
func (m *Model) needle() string { return strings.ToLower(strings.TrimSpace(m.find.Value())) }
