package ui

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
	"github.com/connectty/connectty/ui/users"
)

// sendJob is the key of the one request that is under way.
const sendJob = "send"

// progressed reports a growing answer, sent the end.
type (
	progressed struct{ result session.Result }
	sent       struct{ result session.Result }
)

func (msg progressed) land(m *model) tea.Cmd { return m.landed(msg.result) }

func (msg sent) land(m *model) tea.Cmd { return m.landed(msg.result) }

// send sends what is composed for the target that is picked.
func (m *model) send() tea.Cmd {
	if why := m.missing(); why != "" {
		m.warn(why, "")
		return nil
	}
	d := m.request.Compose()
	req := m.outgoing(d)
	req.App = m.target.app
	switch {
	case m.holed(req, d.Cut):
		return nil
	case req.Holds("{{"):
		return m.fillIn(m.withNames(req))
	}
	return m.dispatch(req)
}

// dispatch asks where a person must be asked, and sends.
func (m *model) dispatch(req session.Request) tea.Cmd {
	if m.flying() {
		m.warn("a request is still on its way", "esc cancels it")
		return nil
	}
	var confirm *session.ConfirmError
	if err := m.session.Check(req); errors.As(err, &confirm) {
		m.overlays.Push(m.productionGuard(req))
		return nil
	} else if err != nil {
		m.warn(err.Error(), "")
		return nil
	}
	label := "sending " + req.Method + " " + visible.Line(host(req.URL))
	m.response.Begin(label, m.now())
	s := m.session
	m.uploaded = new(atomic.Int64)
	req.Uploaded = m.uploaded
	fly := job.Stream(sendJob, label, func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		return sent{s.Send(ctx, req, func(r session.Result) { emit(progressed{r}) })}
	})
	return tea.Batch(fly, m.startClock())
}

// flying reports that a request is on its way.
func (m *model) flying() bool {
	for _, j := range m.jobs.Running() {
		if j.Key == sendJob {
			return true
		}
	}
	return false
}

// productionGuard asks before a write in production.
func (m *model) productionGuard(req session.Request) *overlay.Confirm {
	body := "none"
	switch {
	case req.File != "":
		body = "the file " + visible.Line(req.File)
	case len(req.Parts) > 0:
		body = fmt.Sprintf("a form of %d fields", len(req.Parts))
	case len(req.Body) > 0:
		body = fmt.Sprintf("%d B  %s", len(req.Body), visible.Line(string(req.Body[:min(len(req.Body), 80)])))
	}
	warning := "This changes a real user's data; there is no undo."
	if m.session.Demo() {
		warning = "With a project of yours this would change a real user's data."
	}
	req.Confirmed = true
	return &overlay.Confirm{
		Title: "Send to PRODUCTION?",
		Alarm: true,
		Lines: append(guardedURL(req),
			overlay.Line{},
			overlay.Line{Label: "user", Text: visible.Line(req.Target.ExternalUserID)},
			overlay.Line{Label: "account", Text: visible.Line(accountName(req.Target.Account))},
			overlay.Line{Label: "body", Text: body},
			overlay.Line{Label: "project", Text: visible.Line(m.session.Profile().ProjectID)},
			overlay.Line{},
			overlay.Line{Text: warning, Tone: overlay.Warn},
		),
		Yes: "Send", No: "Cancel",
		OnYes: func() tea.Cmd { return m.dispatch(req) },
	}
}

// guardedURL is method and URL, on as many lines as show all of it.
func guardedURL(req session.Request) []overlay.Line {
	const room, most = 48, 4 // cells behind the method; lines
	rest := []rune(visible.Line(req.URL))
	lines := []overlay.Line{{Label: req.Method, Text: string(rest[:min(len(rest), room)]), Tone: overlay.Bad}}
	for rest = rest[min(len(rest), room):]; len(rest) > 0 && len(lines) < most; rest = rest[min(len(rest), room):] {
		lines = append(lines, overlay.Line{Label: " ", Text: string(rest[:min(len(rest), room)])})
	}
	if len(rest) > 0 {
		lines[most-1].Text += "…"
	}
	return lines
}

// accountName is an account with its id, once.
func accountName(a proxy.Account) string {
	if label := accountLabel(a); !strings.Contains(label, a.ID) {
		return label + " · " + a.ID
	}
	return accountLabel(a)
}

// landed takes in how far a send is, or how it ended.
func (m *model) landed(r session.Result) tea.Cmd {
	if !r.Done {
		m.response.Show(r)
		return nil
	}
	spent := tea.Batch(m.spend(r.Budget), m.halted(r))
	if _, ok := errors.AsType[*proxy.InputError](r.Err); ok {
		m.request.Refuse(r.Err)
	}
	m.response.Show(r)
	switch {
	case r.SaveErr != nil:
		m.warn("this exchange is not in the history: "+r.SaveErr.Error(), "")
	case len(r.Notes) > 0:
		m.say(r.Notes[0])
	}
	return tea.Batch(m.history.Reload(), spent, m.askStanding(r))
}

// loaded shows an exchange of the history and puts its request back.
func (m *model) loaded(x history.Exchange) tea.Cmd {
	m.request.Load(draft(x))
	m.naming.opened = nil
	if x.Request.BodyTruncated {
		m.warn("the body of this request was cut when it was stored", "what stands here is not all of it")
	}
	return tea.Batch(m.response.Load(x), m.adopt(x))
}

// resend sends an exchange of the history again, for the account it acted for.
func (m *model) resend(x history.Exchange) tea.Cmd {
	if m.session == nil {
		m.warn(m.missing(), "")
		return nil
	}
	if why := m.unsendable(x); why != "" {
		m.warn(why, "enter loads it into the request; mend it and send that")
		return m.loaded(x)
	}
	again := func(confirmed bool) tea.Cmd {
		m.request.Load(draft(x))
		adopt := m.adopt(x) // before it is composed: it is sent for that account
		req := m.outgoing(draft(x))
		req.Confirmed = confirmed
		return tea.Batch(adopt, m.dispatch(req))
	}
	asked := m.outgoing(draft(x))
	asked.Target = session.Target{Environment: x.Environment, ExternalUserID: x.ExternalUserID, Account: storedAccount(x)}
	if _, confirm := errors.AsType[*session.ConfirmError](m.session.Check(asked)); !confirm {
		return again(false)
	}
	guard := m.productionGuard(asked) // who says no stays where they are
	guard.OnYes = func() tea.Cmd { return again(true) }
	m.overlays.Push(guard)
	return nil
}

// unsendable tells why an exchange cannot go out as it is stored.
func (m *model) unsendable(x history.Exchange) string {
	switch {
	case x.ProjectID != m.session.Profile().ProjectID:
		return "it was sent in project " + x.ProjectID + ", not in this one"
	case x.Request.BodyTruncated:
		return "its body was cut when it was stored"
	case maskedRequest(x.Redacted), m.outgoing(draft(x)).Holds(redact.Mask): // an import may not say
		return "a secret in it was masked when it was stored"
	}
	return ""
}

// maskedRequest reports that what was stored of a request is not what was sent.
func maskedRequest(redacted []string) bool {
	return slices.ContainsFunc(redacted, func(what string) bool { return strings.HasPrefix(what, "request.") })
}

// adopt makes the exchange's target the one that is picked.
func (m *model) adopt(x history.Exchange) tea.Cmd {
	if m.session == nil || x.ProjectID != m.session.Profile().ProjectID {
		return nil
	}
	return m.turnTo(x.Environment, storedAccount(x))
}

// storedAccount is what an exchange knows of its account.
func storedAccount(x history.Exchange) proxy.Account {
	return proxy.Account{
		ID: x.Account.ID, Name: x.Account.Name, ExternalUserID: x.ExternalUserID, App: proxy.App{Slug: x.Account.App},
	}
}

// turnTo makes an account the one that is picked. What is known of it may be old: its
// record comes with the list of accounts.
func (m *model) turnTo(env proxy.Environment, a proxy.Account) tea.Cmd {
	var cmds []tea.Cmd
	if env != m.target.env {
		cmds = append(cmds, m.pickEnvironment(env))
	}
	if a.ExternalUserID != m.target.user {
		cmds = append(cmds, m.pickUser(users.Picked{User: proxy.User{ExternalID: a.ExternalUserID}}))
	}
	if a.ID == m.target.account.ID {
		return tea.Batch(cmds...)
	}
	for _, known := range m.accounts.Rows() {
		if known.ID == a.ID {
			return tea.Batch(append(cmds, m.pickAccount(known))...)
		}
	}
	cmds = append(cmds, m.pickAccount(a))
	m.target.sure = false // until the list of accounts came
	return tea.Batch(cmds...)
}

func draft(x history.Exchange) request.Draft {
	return request.Draft{
		Method: x.Request.Method, URL: x.Request.URL, Headers: x.Request.Headers, Body: x.Request.Body, Cut: x.Request.BodyTruncated,
	}
}

// host is the short name of where a URL goes.
func host(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return u.Host
	}
	return raw
}

// ticked is the clock of what counts on the screen, once a second.
type ticked time.Time

func (ticked) land(m *model) tea.Cmd { return m.ticked() }

// startClock ticks while something counts: a person sees it wait.
func (m *model) startClock() tea.Cmd {
	if m.ticking {
		return nil
	}
	m.ticking = true
	return tick()
}

func tick() tea.Cmd {
	return tea.Tick(time.Second, func(t time.Time) tea.Msg { return ticked(t) })
}

func (m *model) ticked() tea.Cmd {
	if open := m.countDown(); !open && !m.counting() {
		m.ticking = false
		return nil
	}
	m.response.Tick(m.now())
	if m.spent.used() >= runsOut {
		return tea.Batch(tick(), m.readBudget(time.Second))
	}
	return tick()
}
