package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/action"
)

// groups is everything a person can do: what works everywhere, then each pane.
func (m *model) groups() []action.Group {
	groups := []action.Group{{Name: action.Everywhere, Title: "Everywhere", Actions: m.everywhere()}}
	for p := range place(places) {
		actions := m.panes[p].Actions()
		for i := range actions {
			actions[i].When = m.staged(p, actions[i].When)
		}
		groups = append(groups, action.Group{Name: p.group(), Title: p.title(), Actions: actions})
	}
	return groups
}

// staged lets a pane's actions be done only in scenes that have the pane; the bench
// can be gone back to from everywhere.
func (m *model) staged(p place, when func() bool) func() bool {
	if bench.has(p) {
		return when
	}
	return func() bool { return m.scene.has(p) && (when == nil || when()) }
}

func (m *model) everywhere() []action.Action {
	actions := []action.Action{
		{
			ID: "request.send", Title: "Send the request", Hint: "send", Edit: true,
			Keys: []string{"ctrl+r", "f5", "ctrl+enter", "alt+enter"}, Run: m.send,
		},
		{ID: "target.environment", Title: "Pick the environment", Hint: "env", Keys: []string{"E"}, Run: m.chooseEnvironment},
		{ID: "target.user", Title: "Pick the external user", Hint: "user", Keys: []string{"U"}, Run: m.chooseUser},
		{ID: "target.account", Title: "Pick the account", Hint: "account", Keys: []string{"A"}, Run: m.chooseAccount},
		{ID: "target.jump", Title: "Go where the user or account was found", Keys: []string{"J"}, When: func() bool { return m.jump != nil }, Run: m.goThere},
		{ID: "app.profile", Title: "Work in another profile", Keys: []string{"P"}, When: func() bool { return len(m.opts.Profiles) > 0 }, Run: m.chooseProfile},
		{ID: "request.method", Title: "Change the method", Keys: []string{"m"}, Run: m.editing(m.request.EditMethod)},
		{ID: "request.url", Title: "Change the URL", Keys: []string{"u"}, Run: m.editing(m.request.EditURL)},
		{ID: "request.body", Title: "Change the body", Keys: []string{"b"}, Run: m.editing(m.request.EditBody)},
		{ID: "request.open", Title: "Open a request of a .http file", Keys: []string{"o"}, Run: m.openCollection},
		{ID: "request.save", Title: "Save the request to a .http file", Keys: []string{"ctrl+o"}, Run: m.saveRequest},
		{ID: "request.editor", Title: "Edit it in your own editor: body, headers or all", Edit: true, Keys: []string{"e", "alt+e"}, Run: m.editShown},
		{ID: "account.test", Title: "Ask the account who it is", Keys: []string{"t"}, Run: m.aimed(m.ask)},
		{ID: "account.link", Title: "Make a link to reconnect the account", Keys: []string{"L"}, Run: m.aimed(m.reconnect)},
		{ID: "account.compare", Title: "Compare with another account, environment or time", Keys: []string{"C"}, Run: m.chooseCompare},
		{ID: "account.details", Title: "What Connect says of the account", Keys: []string{"I"}, Run: m.aimed(m.details)},
		{ID: "account.sweep", Title: "Ask many accounts who they are", Keys: []string{"S"}, Run: m.chooseSweep},
		{ID: "app.ticket", Title: "Work on a ticket", Keys: []string{"T"}, Run: m.chooseTicket},
		{ID: "response.diagnosis", Title: "Who failed, and why", Keys: []string{"D"}, Run: m.showDiagnosis},
	}
	actions = append(actions, m.goTo()...)
	return append(actions,
		action.Action{ID: "app.palette", Title: "All commands", Hint: "all commands", Edit: true, Keys: []string{":", "ctrl+p"}, Run: m.openPalette},
		action.Action{ID: "app.help", Title: "All keys", Hint: "help", Keys: []string{"?", "f1"}, Run: m.openHelp},
		action.Action{ID: "app.zoom", Title: "Give the pane the whole screen, or take it back", Keys: []string{"z"}, Run: m.toggleZoom},
		action.Action{ID: "layout.grow", Title: "Give the pane more room", Keys: []string{"+"}, Run: m.grow(2)},
		action.Action{ID: "layout.shrink", Title: "Give the pane less room", Keys: []string{"-"}, Run: m.grow(-2)},
		action.Action{ID: "layout.even", Title: "Bring the usual layout back", Keys: []string{"="}, Run: m.evenOut},
		action.Action{ID: "app.coach", Title: "Put the first steps away for good", When: m.coached, Run: m.dismissCoach},
		action.Action{ID: "app.back", Title: "One step back: leave the text, cancel, unzoom", Edit: true, Keys: []string{"esc", "alt+esc"}, Run: m.back},
		action.Action{ID: "app.cancel", Title: "Cancel what is under way; when idle, twice quits", Edit: true, Keys: []string{"ctrl+c"}, Run: m.cancelOrLeave},
		action.Action{ID: "app.quit", Title: "Quit", Hint: "quit", Keys: []string{"q"}, Run: m.quit},
	)
}

// goTo are the keys that reach the panes.
func (m *model) goTo() []action.Action {
	var actions []action.Action
	for i, p := range []place{usersPane, accountsPane, requestPane, responsePane, historyPane} {
		n := fmt.Sprint(i + 1)
		actions = append(actions, action.Action{
			ID: "pane." + p.group(), Title: "Go to " + p.title(), Edit: true,
			Keys: []string{n, "alt+" + n}, Run: func() tea.Cmd { return m.reach(p) },
		})
	}
	return append(actions,
		action.Action{ID: "pane.next", Title: "Next pane", Keys: []string{"tab"}, Run: func() tea.Cmd { return m.cycle(1) }},
		action.Action{ID: "pane.previous", Title: "Previous pane", Keys: []string{"shift+tab"}, Run: func() tea.Cmd { return m.cycle(-1) }},
	)
}

// editing goes to the request and opens one of its fields.
func (m *model) editing(open func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		m.moveFocus(requestPane)
		return open()
	}
}

func (m *model) showDiagnosis() tea.Cmd {
	m.moveFocus(responsePane)
	m.response.ShowDiagnosis()
	return nil
}

// reach goes to a pane; one that has no place on a narrow screen opens as a
// picker.
func (m *model) reach(p place) tea.Cmd {
	if !m.zoom && m.width < wideFrom {
		switch p {
		case usersPane:
			return m.chooseUser()
		case accountsPane:
			return m.chooseAccount()
		default: // it has a place
		}
	}
	m.moveFocus(p)
	return nil
}

// cycle moves the focus among the panes that have a place.
func (m *model) cycle(by int) tea.Cmd {
	p := m.focus
	for range places {
		p = (p + place(by) + place(places)) % place(places)
		if m.scene.has(p) && m.fits(p) {
			break
		}
	}
	m.moveFocus(p)
	return nil
}

// moveFocus goes to a pane; one that the scene has no use for ends the scene.
func (m *model) moveFocus(p place) {
	m.lender = nowhere
	if !m.scene.has(p) {
		m.setScene(bench)
	}
	if p == m.focus {
		return
	}
	m.leaveEdit()
	m.panes[m.focus].Focus(false)
	m.focus = p
	m.panes[p].Focus(true)
	m.relayout()
}

// leaveEdit ends typing; the text stays.
func (m *model) leaveEdit() {
	if m.panes[m.focus].Editing() {
		m.panes[m.focus].Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	}
}

func (m *model) toggleZoom() tea.Cmd {
	m.zoom = !m.zoom
	m.relayout()
	return nil
}

// back goes one step back. Nothing is lost on the way.
func (m *model) back() tea.Cmd {
	switch {
	case m.panes[m.focus].Editing():
		return m.panes[m.focus].Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	case m.cancel():
	case m.focus == responsePane && m.response.Unfilter():
	case m.zoom:
		return m.toggleZoom()
	case m.scene == comparing && m.before == desk:
		m.stage(desk)
		return m.sweep.Refresh()
	case m.scene != bench:
		m.stage(bench)
	}
	return nil
}

func (m *model) setScene(s scene) {
	if s != m.scene {
		m.before, m.scene = m.scene, s
	}
	m.response.Brief(s == desk)
}

// stage changes to a scene and the pane it is about; back on the bench that is the
// answer.
func (m *model) stage(s scene) {
	m.setScene(s)
	m.zoom = false
	if s == bench {
		m.moveFocus(responsePane)
		return
	}
	m.moveFocus(s.lead())
}

// cancel ends what is under way: the send before all else.
func (m *model) cancel() bool {
	running := m.jobs.UnderWay()
	if len(running) == 0 {
		return false
	}
	key := running[len(running)-1].Key
	if m.flying() {
		key = sendJob
	}
	return m.jobs.Cancel(key)
}

func (m *model) cancelOrLeave() tea.Cmd {
	if m.cancel() {
		return nil
	}
	if m.leaving {
		return tea.Quit
	}
	m.leaving = true
	m.say("Press ctrl+c again to quit")
	return nil
}

func (m *model) quit() tea.Cmd { return tea.Quit }
