package response

import (
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/ui/action"
)

// Actions are the pane's rows of the action table.
func (m *Model) Actions() []action.Action {
	do := func(fn func()) func() tea.Cmd {
		return func() tea.Cmd {
			m.word = ""
			fn()
			return nil
		}
	}
	body := func() bool { return m.doc != nil }
	text := func() bool { return m.doc != nil && m.tab == bodyTab }
	wide := func() bool { return text() && !m.wrap || m.shown && (m.tab == headersTab || m.tab == sentTab) }
	tabbed := func() bool { return !m.bare }
	looking := func() bool { return m.doc != nil && m.find.query != "" }
	tree := func() bool { return text() && m.view == document.Pretty && m.doc.State().Kind == document.JSON }
	actions := []action.Action{
		{ID: "response.find", Title: "Find in the body", Hint: "find", Keys: []string{"/"}, When: body, Run: m.openFind},
		{ID: "response.find-next", Title: "Next match", Keys: []string{"n"}, When: looking, Run: func() tea.Cmd { return m.search(false) }},
		{ID: "response.find-previous", Title: "Previous match", Keys: []string{"N"}, When: looking, Run: func() tea.Cmd { return m.search(true) }},
		{ID: "response.jq", Title: "Filter the body with jq", Hint: "jq", Keys: []string{"|"}, When: func() bool { return body() && m.done }, Run: m.openFilter},
		{ID: "response.copy", Title: "Copy: the body, a line, the URL, a report", Hint: "copy", Keys: []string{"y"}, When: func() bool { return m.shown }, Run: func() tea.Cmd { return tell(CopyAsked{}) }},
		{ID: "response.page", Title: "Ask for the next page", Keys: []string{">"}, When: func() bool { return body() && m.done && !m.bare }, Run: func() tea.Cmd { return tell(PageAsked{}) }},
		{ID: "response.pages", Title: "Join the pages behind it into one body", Keys: []string{"M"}, When: func() bool { return body() && m.done && !m.bare }, Run: func() tea.Cmd { return tell(PageAsked{All: true}) }},
		{ID: "response.save", Title: "Save the body to a file", Hint: "save", Keys: []string{"w"}, When: body, Run: m.openSave},
		{ID: "response.pipe", Title: "Pipe the body to a command", Keys: []string{"!"}, When: body, Run: func() tea.Cmd { return tell(PipeAsked{}) }},
		{ID: "response.next-tab", Title: "Next: body, headers, diagnosis, sent, timing", Hint: "tabs", Keys: []string{"]"}, When: tabbed, Run: do(func() { m.turnTo((m.tab + 1) % tab(tabs)) })},
		{ID: "response.previous-tab", Title: "Previous tab", Keys: []string{"["}, When: tabbed, Run: do(func() { m.turnTo((m.tab - 1 + tab(tabs)) % tab(tabs)) })},
		{ID: "response.view", Title: "The body pretty, as text, raw, or in hex", Keys: []string{"v"}, When: text, Run: m.cycleView},
		{ID: "response.read-as", Title: "Read the body as another kind, or charset", Keys: []string{"V"}, When: func() bool { return text() && m.done }, Run: func() tea.Cmd { return tell(ReadingAsked{}) }},
		{ID: "response.fold", Title: "Fold what opens here or is around, or open it", Hint: "fold", Keys: []string{"space"}, When: tree, Run: do(m.toggleFold)},
		{ID: "response.folds", Title: "Fold to a level, by a key, siblings; open all", Keys: []string{"F"}, When: tree, Run: func() tea.Cmd { return tell(FoldAsked{}) }},
		{ID: "response.partner", Title: "To the bracket that closes it, or opens it", Keys: []string{"%"}, When: tree, Run: do(m.toPartner)},
		{ID: "response.parent", Title: "To what is around it", Keys: []string{"("}, When: tree, Run: do(m.toParent)},
		{ID: "response.next-sibling", Title: "To the next value beside it", Keys: []string{"}"}, When: tree, Run: do(func() { m.toSibling(1) })},
		{ID: "response.previous-sibling", Title: "To the value before it", Keys: []string{"{"}, When: tree, Run: do(func() { m.toSibling(-1) })},
		{ID: "response.go-to", Title: "Go to a line or path", Keys: []string{"#"}, When: text, Run: m.openPlace},
		{ID: "response.right", Title: "To the right", Keys: []string{"right", "l"}, When: wide, Run: do(m.right)},
		{ID: "response.left", Title: "To the left", Keys: []string{"left", "h"}, When: wide, Run: do(m.left)},
		{ID: "response.wrap", Title: "Wrap long lines, or not", Keys: []string{"W"}, When: text, Run: do(m.toggleWrap)},
	}
	return append(actions, m.movement()...)
}

// movement are the keys that move the cursor of whichever tab shows.
func (m *Model) movement() []action.Action {
	var actions []action.Action
	side := m.side.Actions("response", nil)
	for i, a := range m.body.Actions("response", nil) {
		inBody, elsewhere := a.Run, side[i].Run
		a.Run = func() tea.Cmd {
			m.word = ""
			switch {
			case m.tab != bodyTab:
				return elsewhere()
			case m.tall() > 0 && m.within(m.step(a.ID)):
				return nil
			case m.wrap && m.doc != nil && (a.ID == pageDown || a.ID == pageUp):
				m.page(a.ID == pageUp)
				return nil
			}
			return inBody()
		}
		actions = append(actions, a)
	}
	return actions
}

// The keys that move by as much as shows.
const (
	pageDown = "response.page-down"
	pageUp   = "response.page-up"
)

// step is by how many rows a key moves within a line that has more than show.
func (m *Model) step(id string) int {
	switch id {
	case "response.down":
		return 1
	case "response.up":
		return -1
	case pageDown:
		return m.body.Height()
	case pageUp:
		return -m.body.Height()
	}
	return 0
}
