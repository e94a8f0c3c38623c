package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/accounts"
	comparepane "github.com/connectty/connectty/ui/compare"
	"github.com/connectty/connectty/ui/environment"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
	"github.com/connectty/connectty/ui/response"
	sweeppane "github.com/connectty/connectty/ui/sweep"
	"github.com/connectty/connectty/ui/timeline"
	"github.com/connectty/connectty/ui/users"
)

// Update routes one message: the terminal's to whom it concerns, a pane's
// request to those who carry it out, a job's answer to the pane that waits.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := tea.Batch(m.route(msg), m.advanceCoach())
	m.relayout() // what a pane shows may have changed its neighbours' places
	return m, tea.Batch(cmd, m.watchDraft(), m.readLast(), m.keepPlace(), m.countUsers(), m.response.Unpack(), m.history.Follow())
}

func (m *model) route(msg tea.Msg) tea.Cmd {
	if cmd, ok := m.jobs.Route(msg, m.route); ok {
		return cmd
	}
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		return tea.Batch(m.press(msg), m.readBudget(stale))
	case tea.PasteMsg:
		return m.paste(msg)
	case tea.MouseMsg:
		return m.mouse(msg)
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.overlays.Resize(m.width, m.height)
		return nil
	case tea.BackgroundColorMsg:
		if m.followsTerminal() && m.th != themes.Mono() {
			m.th = themes.For(msg.IsDark())
		}
		return nil
	case tea.ColorProfileMsg:
		m.profiled(msg)
		return nil
	case tea.KeyboardEnhancementsMsg:
		m.keys.unambiguous = msg.SupportsKeyDisambiguation()
		return nil
	}
	return m.carryOut(msg)
}

// lander is a message of the root's own: it knows what it changes.
type lander interface{ land(m *model) tea.Cmd }

// The messages that land.
var _ = []lander{
	piped{},
	annotated{},
	appFound{},
	appended{},
	appsFound{},
	budgetRead{},
	clipped{},
	collected{},
	compared{},
	counted{},
	deleted{},
	detailed{},
	draftDue{},
	draftKept{},
	draftRead{},
	elsewhere{},
	failed{},
	filled{},
	historyChanged{},
	inside{},
	joined{},
	lastRead{},
	linked{},
	looked{},
	opened{},
	outside{},
	paged{},
	placeKept{},
	placeRead{},
	planned{},
	progressed{},
	pruned{},
	recalled{},
	resolved{},
	restored{},
	rivals{},
	rowRead{},
	seen{},
	sent{},
	settled{},
	sought{},
	splitsRead{},
	standing{},
	sweeping{},
	swept{},
	switched{},
	tested{},
	ticked(time.Time{}),
	tickets{},
	twin{},
	valuesRead{},
	watches{},
	written{},
}

// carryOut lets the root's own messages land, does what panes ask for, and hands all
// else to all panes: each knows its own.
func (m *model) carryOut(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case lander:
		return msg.land(m)
	case users.ConnectAsked:
		return m.connectNew()
	case comparepane.CopyAsked:
		return m.copyComparison()
	case sweeppane.Moved:
		return m.readRow(msg.Row)
	case sweeppane.Picked:
		return m.pickRow(msg.Row)
	case sweeppane.CopyAsked:
		m.offerSweepCopies()
		return nil
	case response.Clip:
		return m.clip(msg.Text)
	case response.PageAsked:
		if msg.All {
			return m.askPages()
		}
		return m.nextPage()
	case response.PipeAsked:
		return m.pipeBody()
	case response.FoldAsked:
		m.overlays.Push(menuOf("Fold", m.response.FoldChoices()))
		return nil
	case response.Filtered:
		return m.keepFilter(msg)
	case response.ReadingAsked:
		m.overlays.Push(readings(m.response, msg))
		return nil
	case response.CopyAsked:
		m.overlays.Push(menuOf("Copy", m.response.Copies(m.reporter())))
		return nil
	case response.ReportShown:
		m.overlays.Push(&overlay.Message{Title: "Report", Text: msg.Text})
		return nil
	case environment.Picked:
		return m.pickEnvironment(msg.Environment)
	case users.Picked:
		return m.pickUser(msg)
	case accounts.Picked:
		return m.pickAccount(msg.Account)
	case accounts.Listed:
		return m.accountsListed(msg)
	case request.Sent:
		return m.send()
	case request.KindAsked:
		m.overlays.Push(menuOf("The body is", m.request.Kinds()))
		return nil
	case request.CopyAsked:
		m.offerCurl()
		return nil
	case request.OutsideAsked:
		return m.editOutside(request.Whole)
	case timeline.Loaded:
		m.moveFocus(requestPane)
		return m.loaded(msg.Exchange)
	case timeline.Annotate:
		return m.annotate(msg)
	case users.Pinned:
		return m.pinUser(msg)
	case timeline.Delete:
		return m.deleteExchange(msg)
	case timeline.Undo:
		return m.undelete()
	case timeline.Pause:
		return m.pauseHistory()
	case timeline.AllAsked:
		m.overlays.Push(menuOf("Show all of", m.history.Alls()))
		return nil
	case timeline.Resend:
		return m.resend(msg.Exchange)
	}
	return m.broadcast(msg)
}

func (m *model) broadcast(msg tea.Msg) tea.Cmd {
	cmds := []tea.Cmd{m.overlays.Update(msg)}
	failed := m.users.Failed()
	for _, p := range m.panes {
		cmds = append(cmds, p.Update(msg))
	}
	if !failed && m.users.Failed() && !m.layout.shows(usersPane) && m.overlays.Empty() { // nobody would see it there
		m.warn(m.users.Why(), m.users.Next("U tries again"))
	}
	m.feedPickers()
	return tea.Batch(append(cmds, m.lookAgain())...)
}

// press is one key: the dialog's, else an action's, else text.
func (m *model) press(msg tea.KeyPressMsg) tea.Cmd {
	if rest, ok := m.parted(msg); ok {
		return tea.Batch(m.press(tea.KeyPressMsg{Code: tea.KeyEscape}), m.press(rest))
	}
	again := m.leaving
	m.leaving, m.lender = false, nowhere
	m.notice = notice{}
	if !m.overlays.Empty() {
		return tea.Batch(m.overlays.Update(msg), m.lookUp(), m.searchApps())
	}
	focused := m.panes[m.focus]
	if a, ok := m.table.Match(m.focus.group(), msg, focused.Editing()); ok {
		m.leaving = again && a.ID == "app.cancel"
		return a.Run()
	}
	if focused.Editing() {
		return focused.Update(msg)
	}
	return nil
}

// relayout gives every pane its place, and tells it when that changed.
func (m *model) relayout() {
	if m.width < leastWidth || m.height < leastHeight {
		return
	}
	m.refocus()
	l := arrange(m.width, m.height-m.coachLines(), m.focus, m.zoom, m.scene, m.splits)
	for p := range place(places) {
		if b := l.boxes[p]; b.h > 0 && (b.w != m.layout.boxes[p].w || b.h != m.layout.boxes[p].h) {
			m.panes[p].Resize(m.inside(b))
		}
	}
	m.layout = l
}

// refocus lends the focus to the scene's own pane while the pane that has it has
// no place on the screen, and gives it back, if no key came in between.
func (m *model) refocus() {
	switch p := m.focus; {
	case !m.fits(p):
		m.moveFocus(m.scene.lead())
		m.lender = p
	case m.lender != nowhere && !m.zoom && m.fits(m.lender):
		m.moveFocus(m.lender)
	}
}

// fits reports that a pane has a place while it has the focus.
func (m *model) fits(p place) bool {
	l := arrange(m.width, m.height-m.coachLines(), p, m.zoom, m.scene, m.splits)
	return l.shows(p)
}

// inside is what a pane may draw in its box.
func (m *model) inside(b box) (width, height int) {
	if m.opts.Plain {
		return b.w, b.h - 1
	}
	return b.w - 2, b.h - 2
}
