// Package compare is the pane that shows two exchanges side by side.
package compare

import (
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/compare"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/list"
)

// CopyAsked asks the root to copy the comparison.
type CopyAsked struct{}

// tab is one side of a comparison.
type tab int

const (
	factsTab tab = iota
	bodyTab
	headersTab
	tabs int = iota
)

// Model is the pane.
type Model struct {
	c       compare.Comparison
	any     bool // there is a comparison
	tab     tab
	all     bool // also what is the same
	shown   []compare.Row
	cursor  list.Cursor
	focused bool
	width   int
	height  int
}

// New returns an empty pane.
func New() *Model { return &Model{} }

// Init does nothing: the root gives the pane its comparison.
func (m *Model) Init() tea.Cmd { return nil }

// Show takes in a comparison.
func (m *Model) Show(c compare.Comparison) {
	m.c, m.any, m.tab, m.all = c, true, factsTab, false
	m.cursor = list.Cursor{}
	m.filter()
}

// Any reports that there is a comparison.
func (m *Model) Any() bool { return m.any }

// Comparison returns what is shown, with its sides as they are.
func (m *Model) Comparison() compare.Comparison { return m.c }

// rows are those of the tab.
func (m *Model) rows() []compare.Row {
	switch m.tab {
	case bodyTab:
		return m.c.Body
	case headersTab:
		return m.c.Headers
	case factsTab:
	}
	return m.c.Facts
}

// filter chooses the rows that show. The facts are few: all of them do.
func (m *Model) filter() {
	m.shown = nil
	for _, r := range m.rows() {
		if m.all || m.tab == factsTab || r.Class > compare.Noise {
			m.shown = append(m.shown, r)
		}
	}
	m.resize()
}

// Update takes in one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		if row := msg.Y - m.top(); row >= 0 {
			m.cursor.Put(m.cursor.Top() + row)
		}
	case tea.MouseWheelMsg:
		m.cursor.Wheel(msg)
	}
	return nil
}

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	some := func() bool { return m.any }
	do := func(fn func()) func() tea.Cmd {
		return func() tea.Cmd {
			fn()
			m.filter()
			return nil
		}
	}
	turn := func(by tab) func() tea.Cmd {
		return do(func() { m.tab, m.cursor = (m.tab+by+tab(tabs))%tab(tabs), list.Cursor{} })
	}
	return append([]action.Action{
		{ID: "compare.next-tab", Title: "Next: facts, body, headers", Hint: "tabs", Keys: []string{"]"}, When: some, Run: turn(1)},
		{ID: "compare.previous-tab", Title: "Previous tab", Keys: []string{"["}, When: some, Run: turn(-1)},
		{ID: "compare.all", Title: "Only what differs, or everything", Hint: "all", Keys: []string{"f"}, When: some, Run: do(func() { m.all = !m.all })},
		{ID: "compare.swap", Title: "Exchange the sides", Hint: "swap", Keys: []string{"x"}, When: some, Run: do(func() { m.c = m.c.Swapped() })},
		{ID: "compare.copy", Title: "Copy the comparison as a report", Hint: "copy", Keys: []string{"y"}, When: some, Run: func() tea.Cmd { return func() tea.Msg { return CopyAsked{} } }},
	}, m.cursor.Actions("compare", nil)...)
}

// Resize tells the room inside the border.
func (m *Model) Resize(width, height int) {
	m.width, m.height = width, height
	m.resize()
}

func (m *Model) resize() { m.cursor.Resize(len(m.shown), max(1, m.height-m.top())) }

// Editing reports false: nothing is typed here.
func (m *Model) Editing() bool { return false }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) { m.focused = on }
