// Package environment is the pane that says, and switches, the world one works
// in: development or production.
package environment

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/list"
)

// Picked asks the root to switch.
type Picked struct{ Environment proxy.Environment }

// Model is the pane.
type Model struct {
	env     proxy.Environment
	chosen  proxy.Environment // under the cursor
	focused bool
}

// New returns a pane that stands on development.
func New() *Model { return &Model{env: proxy.Development, chosen: proxy.Development} }

// Init does nothing.
func (m *Model) Init() tea.Cmd { return nil }

// Set tells which environment is worked in.
func (m *Model) Set(env proxy.Environment) { m.env, m.chosen = env, env }

// Update takes a click for a choice.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if click, ok := msg.(tea.MouseClickMsg); ok && click.Y == 0 {
		m.chosen = proxy.Development
		if click.X > ansi.StringWidth(" ◉ development") {
			m.chosen = proxy.Production
		}
		return m.pick()
	}
	return nil
}

func (m *Model) pick() tea.Cmd {
	msg := Picked{m.chosen}
	return func() tea.Msg { return msg }
}

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	choose := func(env proxy.Environment) func() tea.Cmd {
		return func() tea.Cmd {
			m.chosen = env
			return nil
		}
	}
	return []action.Action{
		{ID: "environment.pick", Title: "Work in this environment", Hint: "switch", Keys: []string{"enter", "space"}, Run: m.pick},
		{ID: "environment.left", Title: "To development", Keys: []string{"left", "h", "up", "k"}, Run: choose(proxy.Development)},
		{ID: "environment.right", Title: "To production", Keys: []string{"right", "l", "down", "j"}, Run: choose(proxy.Production)},
	}
}

// Resize does nothing: two words fit everywhere.
func (m *Model) Resize(int, int) {}

// Editing reports false: nothing is typed here.
func (m *Model) Editing() bool { return false }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) {
	m.focused = on
	m.chosen = m.env
}

// Title adds nothing to the pane's name.
func (m *Model) Title(*themes.Theme) (state, right string) { return "", "" }

// Status says what the choice means.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	if m.chosen == proxy.Production {
		return th.Text.Paint("production: real users and their data"), ""
	}
	return th.Text.Paint("development: at most 10 users, to try things in"), ""
}

// View draws the two choices on one line.
func (m *Model) View(width, _ int, th *themes.Theme) string {
	line := " " + m.radio(proxy.Development, th.Good, th) + "   " + m.radio(proxy.Production, th.Bad, th)
	return ansi.Truncate(line, width, "…")
}

func (m *Model) radio(env proxy.Environment, on themes.Ink, th *themes.Theme) string {
	mark, ink := th.Muted.Paint("○"), th.Muted
	if env == m.env {
		mark, ink = on.Paint("◉"), th.Strong
	}
	text := mark + " " + ink.Paint(string(env))
	return list.Chosen(text, m.focused && env == m.chosen, true, ansi.StringWidth(text), th)
}
