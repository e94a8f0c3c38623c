package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// contextLine says whom the next request acts for. The environment stands in
// full at every width; the rest is shortened first.
func (m *model) contextLine() string {
	lead := " " + m.lead()
	right := m.standing()
	room := m.width - ansi.StringWidth(lead)
	left := lead + m.whom(room-1, true)
	if len(right) > 0 && ansi.StringWidth(left+right[0])+3 > m.width { // what people call the user gives way first
		left = lead + m.whom(room-1, false)
	}
	for len(right) > 0 && ansi.StringWidth(left)+ansi.StringWidth(strings.Join(right, "   "))+3 > m.width {
		right = right[:len(right)-1]
	}
	line := frame.Columns(left, strings.Join(right, "   "), m.width-1) + " "
	return frame.Row(line, m.width, m.th.Bar)
}

// profiledFrom is the width from which a profile's name stands before the environment,
// in its colour.
const profiledFrom = 72

// lead is what never gives way: that it is a sandbox, the environment, and that nothing is
// kept.
func (m *model) lead() string {
	var b strings.Builder
	if m.opts.Session.Embedded || m.session != nil && m.session.Sandbox() {
		b.WriteString(m.th.Sandbox.Paint("sandbox") + m.th.Faint.Paint(" · "))
	}
	if p := m.opts.Session.Profile; p.Color != nil && m.width >= profiledFrom {
		const cells = 12
		b.WriteString(m.th.Coloured(p.Color).Paint(frame.Clip(visible.Line(p.Name), cells)) + m.th.Faint.Paint(" · "))
	}
	if m.target.env == proxy.Production {
		b.WriteString(m.th.Alarm.Paint(" PRODUCTION "))
	} else {
		b.WriteString(m.th.Good.Paint("●") + " " + m.th.Text.Paint(string(m.target.env)))
	}
	switch {
	case m.session == nil:
	case m.session.History() == nil:
		b.WriteString(m.th.Faint.Paint(" · ") + m.th.Muted.Paint("no history"))
	case m.session.Paused():
		b.WriteString(m.th.Faint.Paint(" · ") + m.th.Warn.Paint("history paused"))
	}
	return b.String()
}

// whom is the picked user, with what people call them if called, and account in at
// most room cells: of the health its
// mark stays, then the account is shortened, then the user.
func (m *model) whom(room int, called bool) string {
	const arrow = "  ▸  "
	user := visible.Line(m.target.user)
	switch {
	case m.target.all && user == "":
		user = "all users"
	case user == "":
		return m.part(arrow, "no user: U picks one", m.th.Muted, room)
	}
	if label := m.users.Label(m.target.user); label != "" && called && m.width >= wideFrom {
		user += " · " + label
	}
	account, health := "no account: A picks one", ""
	ink := m.th.Muted
	if m.target.account.ID != "" {
		account, ink = visible.Line(accountLabel(m.target.account)), m.th.Text
		if m.target.sure {
			health = "  " + healthMark(m.target.account.Health(), m.th)
		}
	}
	need := func() int { return 2*ansi.StringWidth(arrow) + ansi.StringWidth(user+account+health) }
	const leastAccount = 14 // cells that say which one it is, before the word behind its sign gives way
	if over := need() - room; over > 0 && ansi.StringWidth(account)-over < leastAccount {
		health = ansi.Truncate(health, 3, "")
		if m.target.account.ID == "" {
			account = "no account: A"
		}
	}
	if over := need() - room; over > 0 {
		account = ansi.Truncate(account, max(8, ansi.StringWidth(account)-over), "…")
	}
	used := 2*ansi.StringWidth(arrow) + ansi.StringWidth(account) + ansi.StringWidth(health)
	if room-used < ansi.StringWidth(user) {
		user = ansi.Truncate(user, max(6, room-used), "…")
	}
	return m.part(arrow, user, m.th.Strong, room) + m.th.Faint.Paint(arrow) + ink.Paint(account) + health
}

func (m *model) part(arrow, text string, ink themes.Ink, room int) string {
	return m.th.Faint.Paint(arrow) + ink.Paint(ansi.Truncate(text, max(0, room-ansi.StringWidth(arrow)), "…"))
}

func healthMark(h proxy.Health, th *themes.Theme) string {
	switch h {
	case proxy.Healthy:
		return th.Good.Paint("●") + " " + th.Muted.Paint("healthy")
	case proxy.Dead:
		return th.Bad.Paint("✗ dead")
	default:
		return th.Warn.Paint("○ unhealthy")
	}
}

// standing is what the right end says, the most important first.
func (m *model) standing() []string {
	if m.session == nil {
		return nil
	}
	p := m.session.Profile()
	parts := m.allowance()
	if t := m.session.Ticket(); t != "" {
		const cells = 16
		parts = append([]string{m.th.Accent.Paint("#") + m.th.Text.Paint(frame.Clip(visible.Line(t), cells))}, parts...)
	}
	if m.session.Demo() {
		parts = append(parts, m.th.Muted.Paint("demo double"))
	}
	parts = append(parts, m.th.Muted.Paint(visible.Line(p.ProjectID)))
	if p.Name != "" && p.Color == nil {
		parts = append(parts, m.th.Muted.Paint(visible.Line(p.Name)))
	}
	return parts
}

// statusLine names the state, and what was said, is waited for, or shows.
func (m *model) statusLine() string {
	state := "Browse"
	left, right := m.panes[m.focus].Status(m.th)
	if m.panes[m.focus].Editing() {
		state = "Edit"
	}
	waiting := m.waiting()
	if waiting != "" {
		left = waiting
	}
	if m.notice.text != "" {
		ink := m.th.Text
		if m.notice.bad {
			ink = m.th.Bad
		}
		left = ink.Paint(m.notice.text)
		if m.notice.next != "" && !m.longNotice() {
			left += m.th.Muted.Paint(" · " + m.notice.next)
		}
	}
	left = " " + m.th.Accent.Bold().Paint(state) + "   " + left
	if said := m.notice.text + waiting; said != "" && ansi.StringWidth(left+right) > m.width-2 {
		right = "" // what was said, or is waited for, comes first
	}
	return frame.Columns(left, right+" ", m.width)
}

// waiting names the newest job under way; a send with its clock.
func (m *model) waiting() string {
	running := m.jobs.UnderWay()
	if len(running) == 0 {
		return ""
	}
	j := running[len(running)-1]
	for _, r := range running {
		if r.Key == sendJob {
			j = r
		}
	}
	text := m.th.Text.Paint(visible.Line(j.Label) + "…")
	if j.Key == sendJob {
		took := m.now().Sub(j.Since)
		text = m.th.Text.Paint(visible.Line(j.Label)) + "  " + frame.Gauge(took.Seconds(), deadline.Seconds(), m.th) +
			m.th.Text.Paint(fmt.Sprintf(" %d s", int(took.Seconds())))
		if m.width >= wideFrom {
			text += m.th.Muted.Paint(fmt.Sprintf(" of %.0f", deadline.Seconds()) + m.transferred())
		}
	}
	return text + cancels(m.th)
}

// cancels is how what is waited for is ended, behind its name.
func cancels(th *themes.Theme) string {
	return th.Muted.Paint(" · ") + th.Accent.Paint("esc") + th.Muted.Paint(" cancels")
}

// transferred says how much went out and came in of the send under way.
func (m *model) transferred() string {
	var text string
	if n := m.uploaded.Load(); n > 0 {
		text += " · " + list.Bytes(n) + " sent"
	}
	if n := m.response.Arriving(); n > 0 {
		text += " · " + list.Bytes(n) + " received"
	}
	return text
}

// deadline is how long Connect waits for an upstream (connect-api.md, section 8).
const deadline = 30 * time.Second

// longNotice reports a message whose next step has no room beside it: that then
// stands in the line below, in place of the keys.
func (m *model) longNotice() bool {
	const beside = 14 // the state's name, and what parts the two
	return m.notice.next != "" && ansi.StringWidth(m.notice.text+m.notice.next)+beside > m.width
}

// mostHints is how many keys the footer names.
const mostHints = 7

// hint is a key with its word in the footer, and the columns it takes.
type hint struct {
	id, text string
	from, to int
}

// hints are the keys of the moment, as many as fit; the last lead to all others.
func (m *model) hints() []hint {
	const gap = 3
	editing := m.panes[m.focus].Editing()
	last := []string{"app.palette", "app.help"} // the ways to all else never give way
	if editing {
		last = last[:1]
	}
	tail := 0
	for _, id := range last {
		tail += ansi.StringWidth(m.keyHint(id, editing)) + gap
	}
	var out []hint
	at := 1
	add := func(id string) {
		text := m.keyHint(id, editing)
		w := ansi.StringWidth(text)
		out = append(out, hint{id, text, at, at + w})
		at += w + gap
	}
	for _, a := range m.table.Hints(m.focus.group(), editing, 2*mostHints) {
		if slices.Contains(last, a.ID) || len(out)+len(last) == mostHints {
			continue
		}
		if at-1+ansi.StringWidth(m.keyHint(a.ID, editing))+tail > m.width-2 {
			break
		}
		add(a.ID)
	}
	for _, id := range last {
		add(id)
	}
	return out
}

// footer draws the hints.
func (m *model) footer() string {
	if m.longNotice() {
		return frame.Fit(" "+m.th.Muted.Paint(m.notice.next), m.width)
	}
	var texts []string
	for _, h := range m.hints() {
		texts = append(texts, h.text)
	}
	return frame.Fit(" "+strings.Join(texts, "   "), m.width)
}
