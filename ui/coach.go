package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/remember"
	"github.com/connectty/connectty/ui/frame"
)

// coach is the strip that leads through the main job once. It takes no keys, goes on by
// what is done, and is gone for good when it was dismissed or has said all.
type coach struct {
	on   bool
	step int
}

// The room that the strip needs: where there is less, it does not show.
const (
	coachWidth  = 80
	coachHeight = 24
)

// lesson is one step: what to do, and how it is known that it was done.
type lesson struct {
	text string
	done func(m *model) bool
}

// lessons tell a story with the sandbox's people.
var lessons = []lesson{
	{"U picks the external user you act for: type jane, ⏎", func(m *model) bool { return m.target.user != "" }},
	{"A picks one of their accounts: slack, ⏎", func(m *model) bool { return m.target.account.ID != "" }},
	{"u writes the URL: /api/conversations.list, ⏎ sends it", func(m *model) bool { return m.response.Exchange().Response != nil }},
	{"4 goes to the answer: where it failed, who and why stand below it", func(m *model) bool { return m.focus == responsePane }},
	{"C compares with one that works · 5, the history: ⏎ loads, r resends", func(m *model) bool { return m.focus == historyPane || m.before == comparing }},
	{"U: user-1203 dead · prod-only@acme.io elsewhere · user-slow slow · user-5519 limited", func(m *model) bool { return m.lessonOver() }},
}

// lessonOver reports that another of the sandbox's people was called on.
func (m *model) lessonOver() bool { return m.target.user != "" && m.target.user != "jane@acme.io" }

// coached reports that the strip shows: on the bench, where its steps are.
func (m *model) coached() bool {
	return m.coach.on && m.scene == bench && m.opts.Session.Embedded && !m.opts.Plain && m.width >= coachWidth && m.height >= coachHeight
}

// beginCoach shows the strip to whom has not seen all of it.
func (m *model) beginCoach(done bool) { m.coach.on = !done }

// advanceCoach goes on with what was done.
func (m *model) advanceCoach() tea.Cmd {
	for m.coached() && lessons[m.coach.step].done(m) {
		if m.coach.step++; m.coach.step == len(lessons) {
			m.say("That was the main job. ? shows all keys, : all commands")
			return m.dismissCoach()
		}
	}
	return nil
}

// dismissCoach puts the strip away for good.
func (m *model) dismissCoach() tea.Cmd {
	m.coach = coach{}
	return m.changeState("coach", func(s *remember.State) { s.CoachDone = true })
}

// coachLine draws the strip.
func (m *model) coachLine() string {
	lead := m.th.Accent.Paint(fmt.Sprintf(" ▸ %d/%d ", m.coach.step+1, len(lessons)))
	text := m.th.Text.Paint(lessons[m.coach.step].text)
	right := m.th.Faint.Paint("× away ")
	if ansi.StringWidth(lead+text+right)+1 > m.width {
		right = m.th.Faint.Paint("× ")
	}
	return frame.Row(frame.Columns(lead+text, right, m.width), m.width, m.th.Bar)
}

// coachLines is the room of the strip.
func (m *model) coachLines() int {
	if m.coached() {
		return 1
	}
	return 0
}
