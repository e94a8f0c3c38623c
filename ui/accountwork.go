package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// tested answers ask.
type tested struct {
	test session.Test
	err  error
}

// ask sends the account's who-am-I call. What is composed stays as it is.
func (m *model) ask() tea.Cmd {
	if why := m.missing(); why != "" {
		m.warn(why, "")
		return nil
	}
	if m.flying() {
		m.warn("a request is still on its way", "esc cancels it")
		return nil
	}
	s, target := m.session, m.sessionTarget()
	label := "asking " + visible.Line(accountLabel(target.Account)) + " who it is"
	m.response.Begin(label, m.now())
	fly := job.Stream(sendJob, label, func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		t, err := s.Test(ctx, target, func(r session.Result) { emit(progressed{r}) })
		return tested{t, err}
	})
	return tea.Batch(fly, m.startClock())
}

func (m *model) tested(msg tested) tea.Cmd {
	if msg.err != nil {
		m.response.Forget()
		m.warn(msg.err.Error(), "send a request of your own instead")
		return nil
	}
	cmd := m.landed(msg.test.Result)
	if msg.test.Result.Err == nil {
		m.say(msg.test.Result.Exchange.Finding.Summary)
	}
	return cmd
}

// linked answers makeLink.
type linked struct {
	link    session.Link
	account proxy.Account
	err     error
}

// reconnect makes a link with which the end user connects the account anew; in
// production it asks first.
func (m *model) reconnect() tea.Cmd {
	if m.session == nil || m.target.user == "" {
		m.warn("pick an external user (U) first", "")
		return nil
	}
	if m.offer.ID != "" {
		m.offerSwitch()
		return nil
	}
	if m.target.env != proxy.Production {
		return m.makeLink()
	}
	m.overlays.Push(&overlay.Confirm{
		Title: "A reconnect link in PRODUCTION?", Alarm: true, Yes: "Make it", No: "Cancel",
		Lines: []overlay.Line{
			{Label: "user", Text: visible.Line(m.target.user)},
			{Label: "app", Text: visible.Line(m.appToLink())},
			{Label: "cost", Text: "one call; the link is good for one account and 4 hours"},
			{},
			{Text: "Whoever has the link can connect an account in this user's name.", Tone: overlay.Warn},
		},
		OnYes: m.makeLink,
	})
	return nil
}

// appToLink is the app of the account that is picked; empty without one.
func (m *model) appToLink() string { return m.target.account.App.Slug }

func (m *model) makeLink() tea.Cmd {
	s, env, user, app, account := m.session, m.target.env, m.target.user, m.appToLink(), m.target.account
	if !m.target.sure {
		account = proxy.Account{}
	}
	return job.Start("link", "making a link", func(ctx context.Context) tea.Msg {
		link, err := s.Link(ctx, env, user, app, account)
		return linked{link, account, err}
	})
}

func (m *model) linked(msg linked) tea.Cmd {
	switch {
	case errors.Is(msg.err, session.ErrReadOnly):
		m.warn("this profile is read-only: it makes no links", "")
		return nil
	case msg.err != nil:
		m.warn(msg.err.Error(), "")
		return nil
	}
	until := msg.link.ExpiresAt.Local().Format("15:04")
	app := visible.Line(msg.link.App)
	if app == "" {
		app = "your account"
	}
	url := visible.Line(msg.link.URL)
	note := fmt.Sprintf("Please connect %s again: %s (good until %s, once)", app, url, until)
	m.overlays.Push(&overlay.Menu{
		Title: "Reconnect link", Notes: []string{
			url, fmt.Sprintf("For %s in %s; good until %s, for one account. connectty watches for it until you leave or press esc.", visible.Line(msg.link.User), m.target.env, until),
		},
		Choices: []overlay.Choice{
			{Key: "y", Label: "copy a message with the link", Detail: "for the end user", Run: m.copies(note, "copied the message")},
			{Key: "u", Label: "copy the link alone", Run: m.copies(url, "copied the link")},
		},
	})
	return m.watch(msg.link)
}

// copies returns what puts a text on the clipboard.
func (m *model) copies(text, word string) func() tea.Cmd {
	return func() tea.Cmd {
		m.say(word)
		return tea.SetClipboard(text)
	}
}

// seen answers watch.
type seen struct {
	account proxy.Account
	err     error
}

// watchJob is the key of the one link that is watched.
const watchJob = "watch"

// watch waits for the end user to use the link.
func (m *model) watch(link session.Link) tea.Cmd {
	s, env := m.session, m.target.env
	label := "watching for " + visible.Line(strings.TrimSpace("a new "+link.App)+" account of "+link.User)
	return job.Start(watchJob, label, func(ctx context.Context) tea.Msg {
		limit, cancel := context.WithDeadline(ctx, link.ExpiresAt)
		defer cancel()
		a, err := s.Watch(limit, env, link.User, link.App)
		return seen{a, err}
	})
}

func (m *model) seen(msg seen) tea.Cmd {
	switch {
	case errors.Is(msg.err, context.Canceled):
		return nil
	case errors.Is(msg.err, context.DeadlineExceeded):
		m.warn("the link has expired, and nobody used it", "L makes another")
		return nil
	case msg.err != nil:
		m.warn("the link is not watched: "+msg.err.Error(), "R in the accounts reads them again")
		return nil
	}
	m.offer = msg.account
	m.say("Connected: " + accountName(msg.account) + " · L goes there, and sends again")
	if m.target.user == msg.account.ExternalUserID {
		return m.accounts.Show(m.target.user, m.target.all)
	}
	return nil
}

// offerSwitch asks whether to go to the account that was connected, and whether
// to send once more.
func (m *model) offerSwitch() {
	account := m.offer
	go1 := func() tea.Cmd {
		m.offer = proxy.Account{}
		return m.pickAccount(account)
	}
	m.overlays.Push(&overlay.Menu{
		Title: "Connected: " + visible.Line(accountName(account)),
		Choices: []overlay.Choice{
			{Key: "r", Label: "go there, and send the request again", Run: func() tea.Cmd { return tea.Batch(go1(), m.send()) }},
			{Key: "t", Label: "go there, and ask it who it is", Run: func() tea.Cmd { return tea.Batch(go1(), m.ask()) }},
			{Key: "g", Label: "go there", Run: go1},
			{Key: "l", Label: "stay, and make another link", Run: func() tea.Cmd {
				m.offer = proxy.Account{}
				return m.reconnect()
			}},
		},
	})
}

// offerCopies opens the copy menu.
func (m *model) offerCopies() {
	var choices []overlay.Choice
	for _, c := range m.response.Copies(m.reporter()) {
		choices = append(choices, overlay.Choice{Key: c.Key, Label: c.Label, Detail: c.Detail, Run: c.Run})
	}
	m.overlays.Push(&overlay.Menu{Title: "Copy", Choices: choices})
}

// reporter makes reports with this machine's stand-ins. It reads the disk: for
// jobs.
func (m *model) reporter() func() export.Report {
	s, dir := m.session, m.opts.DataDir
	labels := m.users.Labels()
	return func() export.Report {
		var secrets []string
		if s != nil {
			secrets = s.Client(proxy.Development).Secrets()
		}
		key, _ := redact.Key(dir) // without one the stand-ins are this report's alone
		stand := redact.NewPseudonyms(key)
		for _, label := range labels {
			stand.Give("name", label)
		}
		return export.Report{Mask: redact.New(secrets...), Stand: stand}
	}
}
