package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// linking is what is known of links: the dialog of one, and the account that another
// has led to.
type linking struct {
	menu  *overlay.Menu // of the link that was made last; nil once it is closed
	link  session.Link
	offer offer
}

// offer is an account that was connected by a link that was watched. The zero value
// is none.
type offer struct {
	account  proxy.Account
	env      proxy.Environment
	exchange string // the call that had failed; empty for what is composed
}

// reconnect makes a link with which the end user connects the account anew; in
// production it asks first.
func (m *model) reconnect() tea.Cmd {
	switch {
	case m.session == nil:
		m.warn(m.missing(), "")
		return nil
	case m.linking.offer.account.ID != "":
		m.offerSwitch()
		return nil
	case m.target.user == "":
		m.warn("pick an external user (U) first", "n, in the users, connects an account of a new one")
		return nil
	}
	account := m.target.account
	if !m.target.sure {
		account = proxy.Account{ID: account.ID}
	}
	return m.linkFor(m.target.user, m.target.account.App.Slug, account)
}

// linkFor makes a link for a user and an app; account is one to reconnect.
func (m *model) linkFor(user, app string, account proxy.Account) tea.Cmd {
	if m.target.env != proxy.Production {
		return m.makeLink(user, app, account)
	}
	m.overlays.Push(&overlay.Confirm{
		Title: "A reconnect link in PRODUCTION?", Alarm: true, Yes: "Make it", No: "Cancel",
		Lines: []overlay.Line{
			{Label: "user", Text: visible.Line(user)},
			{Label: "app", Text: visible.Line(app)},
			{Label: "cost", Text: "one call; the link is good for one account and 4 hours"},
			{},
			{Text: "Whoever has the link can connect an account in this user's name.", Tone: overlay.Warn},
		},
		OnYes: func() tea.Cmd { return m.makeLink(user, app, account) },
	})
	return nil
}

// linked answers makeLink.
type linked struct {
	link session.Link
	env  proxy.Environment
	err  error
}

func (m *model) makeLink(user, app string, account proxy.Account) tea.Cmd {
	s, env := m.session, m.target.env
	return job.Start("link", "making a link", func(ctx context.Context) tea.Msg {
		link, err := s.Link(ctx, env, user, app, account)
		return linked{link, env, err}
	})
}

func (msg linked) land(m *model) tea.Cmd {
	switch {
	case errors.Is(msg.err, session.ErrReadOnly):
		m.warn("this profile is read-only: it makes no links", "")
		return nil
	case msg.err != nil:
		m.warn(msg.err.Error(), "")
		return nil
	}
	app := visible.Line(msg.link.App)
	if app == "" {
		app = "your account"
	}
	url := visible.Line(msg.link.URL)
	note := fmt.Sprintf("Please connect %s: %s (good until %s, once)", app, url, msg.link.ExpiresAt.Local().Format("15:04"))
	m.linking.menu = &overlay.Menu{
		Title: "Reconnect link",
		Choices: []overlay.Choice{
			{Key: "y", Label: "copy a message with the link", Detail: "for the end user", Run: m.copies(note, "copied the message")},
			{Key: "u", Label: "copy the link alone", Run: m.copies(url, "copied the link")},
		},
	}
	m.linking.link = msg.link
	m.overlays.Push(m.linking.menu)
	m.countDown()
	return tea.Batch(m.beginWatch(msg.env, msg.link), m.startClock())
}

// countDown writes how long the link in the open dialog is good; it reports whether
// there is one.
func (m *model) countDown() bool {
	if m.linking.menu == nil || m.overlays.Top() != overlay.Dialog(m.linking.menu) {
		m.linking.menu = nil
		return false
	}
	l := m.linking.link
	left := "expired: esc, then L makes another"
	if d := l.ExpiresAt.Sub(m.now()); d > 0 {
		left = fmt.Sprintf("good for %s more, for one account", clock(d))
	}
	stays := "connectty watches for it, also after it was quit and started again; esc ends that once this is closed."
	if m.session.Demo() {
		stays = "connectty watches for it until it is quit; esc ends that once this is closed."
	}
	m.linking.menu.Say(visible.Line(l.URL), fmt.Sprintf("For %s in %s; %s.", visible.Line(l.User), m.target.env, left), stays)
	return true
}

// clock is a time that is left: 3:59:07, or 12:05 within the hour.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// watching begins the keys of jobs that wait for an end user.
const watching = "watch "

// beginWatch notes which accounts are there, and waits for another.
func (m *model) beginWatch(env proxy.Environment, link session.Link) tea.Cmd {
	s, failed := m.session, ""
	if x := m.response.Exchange(); x.ExternalUserID == link.User && x.Environment == env && m.response.Failed() {
		failed = x.ID
	}
	return job.Start(watching+link.User+link.App, watchLabel(link.User, link.App, link.ExpiresAt), func(ctx context.Context) tea.Msg {
		w, err := s.BeginWatch(ctx, env, link, failed)
		if err != nil {
			return seen{w, proxy.Account{}, err}
		}
		a, err := s.Await(ctx, w)
		return seen{w, a, err}
	})
}

func watchLabel(user, app string, until time.Time) string {
	what := strings.TrimSpace(visible.Line(app) + " account")
	return fmt.Sprintf("watching until %s for a new %s of %s", until.Local().Format("15:04"), what, visible.Line(user))
}

// watches answers resumeWatches.
type watches struct {
	open, expired []session.Watch
	err           error
}

// resumeWatches looks for links that a former run was watching.
func (m *model) resumeWatches() tea.Cmd {
	s := m.session
	return job.Start("watches", "", func(context.Context) tea.Msg {
		open, expired, err := s.Watches()
		return watches{open, expired, err}
	})
}

func (msg watches) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn("links that were watched cannot be read: "+msg.err.Error(), "")
	}
	for _, w := range msg.expired {
		m.warn("the link for "+visible.Line(w.User)+" has expired, and nobody was seen to use it", "L makes another")
	}
	var cmds []tea.Cmd
	s := m.session
	for _, w := range msg.open {
		cmds = append(cmds, job.Start(watching+w.ID, watchLabel(w.User, w.App, w.ExpiresAt), func(ctx context.Context) tea.Msg {
			a, err := s.Await(ctx, w)
			return seen{w, a, err}
		}))
	}
	return tea.Batch(cmds...)
}

// seen ends a watch.
type seen struct {
	watch   session.Watch
	account proxy.Account
	err     error
}

func (msg seen) land(m *model) tea.Cmd {
	s := m.session
	return job.Start("watch ended", "", func(context.Context) tea.Msg { return settled{msg, s.EndWatch(msg.watch)} })
}

// settled tells that a watch is forgotten; ours, that no other process goes on with it.
type settled struct {
	seen

	ours bool
}

func (msg settled) land(m *model) tea.Cmd {
	switch {
	case !msg.ours, errors.Is(msg.err, context.Canceled):
		return nil
	case errors.Is(msg.err, context.DeadlineExceeded):
		m.warn("the link for "+visible.Line(msg.watch.User)+" has expired, and nobody used it", "L makes another")
		return nil
	case msg.err != nil:
		m.warn("the link is not watched: "+msg.err.Error(), "R in the accounts reads them again")
		return nil
	}
	m.linking.offer = offer{msg.account, msg.watch.Environment, msg.watch.Exchange}
	m.say("Connected: " + accountName(msg.account) + " · L goes there, and sends again")
	cmds := []tea.Cmd{m.users.Reload()}
	if m.target.user == msg.account.ExternalUserID && m.target.env == msg.watch.Environment {
		cmds = append(cmds, m.accounts.Show(m.target.user, m.target.all))
	}
	return tea.Batch(cmds...)
}

// offerSwitch asks whether to go to the account that was connected, and whether to
// send once more.
func (m *model) offerSwitch() {
	o := m.linking.offer
	move := func() tea.Cmd {
		m.linking.offer = offer{}
		return tea.Batch(m.turnTo(o.env, o.account), m.pickAccount(o.account))
	}
	m.overlays.Push(&overlay.Menu{
		Title: "Connected: " + visible.Line(accountName(o.account)),
		Choices: []overlay.Choice{
			{Key: "r", Label: "go there, and send the request again", Run: func() tea.Cmd { return tea.Batch(move(), m.sendAgain(o)) }},
			{Key: "t", Label: "go there, and ask it who it is", Run: func() tea.Cmd { return tea.Batch(move(), m.ask()) }},
			{Key: "g", Label: "go there", Run: move},
			{Key: "l", Label: "stay, and make another link", Run: func() tea.Cmd {
				m.linking.offer = offer{}
				return m.reconnect()
			}},
		},
	})
}

// recalled answers sendAgain: the call that had failed.
type recalled struct {
	exchange history.Exchange
	err      error
}

// sendAgain sends what is composed, or, where nothing is, the call that had failed.
func (m *model) sendAgain(o offer) tea.Cmd {
	store := m.session.History()
	if strings.TrimSpace(m.request.Compose().URL) != "" || o.exchange == "" || store == nil {
		return m.send()
	}
	return job.Start("recall", "reading the call that failed", func(ctx context.Context) tea.Msg {
		x, err := store.Load(ctx, o.exchange)
		return recalled{x, err}
	})
}

func (msg recalled) land(m *model) tea.Cmd {
	if msg.err == nil {
		if why := m.unsendable(msg.exchange); why != "" {
			msg.err = errors.New(why)
		}
	}
	if msg.err != nil {
		m.warn("the call that failed cannot be sent again: "+msg.err.Error(), "compose it, and send that")
		return nil
	}
	m.request.Load(draft(msg.exchange))
	return m.send()
}
