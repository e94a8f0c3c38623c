package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/accounts"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/users"
)

// client speaks for the environment that is picked; nil until the session is open.
func (m *model) client() *session.Source {
	if m.session == nil {
		return nil
	}
	return m.session.Source(m.target.env)
}

// pickEnvironment switches. Accounts are of one environment, so the account goes.
func (m *model) pickEnvironment(env proxy.Environment) tea.Cmd {
	if env == m.target.env {
		return nil
	}
	m.jump = nil
	m.target = target{env: env, user: m.target.user, all: m.target.all, asked: true}
	m.environment.Set(env)
	m.say("Now in " + string(env) + ": pick one of its accounts (A)")
	return m.followEnvironment()
}

// followEnvironment points the lists at the environment's client.
func (m *model) followEnvironment() tea.Cmd {
	api := m.client()
	if api == nil {
		return nil
	}
	cmds := []tea.Cmd{m.users.SetSource(api), m.accounts.SetSource(api), m.readPlace()}
	if m.target.user != "" || m.target.all {
		m.users.Pick(m.target.user)
		cmds = append(cmds, m.accounts.Show(m.target.user, m.target.all))
	}
	return tea.Batch(append(cmds, m.followTarget(), m.readValues())...)
}

// pickUser chooses whose accounts are listed.
func (m *model) pickUser(msg users.Picked) tea.Cmd {
	id := msg.User.ExternalID
	if m.target.user == id && m.target.all == msg.All {
		return nil
	}
	m.jump = nil
	m.target = target{env: m.target.env, user: id, all: msg.All}
	m.users.Pick(id)
	return tea.Batch(m.accounts.Show(id, msg.All), m.followTarget())
}

// pickAccount chooses whom the next request acts for.
func (m *model) pickAccount(a proxy.Account) tea.Cmd {
	if a.ExternalUserID != "" {
		m.target.user, m.target.all = a.ExternalUserID, false
		m.users.Pick(a.ExternalUserID)
	}
	m.target.account, m.target.app, m.target.sure = a, nil, true
	m.accounts.Pick(a.ID)
	return tea.Batch(m.followTarget(), m.lookUpApp())
}

// followTarget tells the panes that show or send for the target.
func (m *model) followTarget() tea.Cmd {
	t := m.sessionTarget()
	project := ""
	if m.session != nil {
		project = m.session.Profile().ProjectID
	}
	m.request.SetKnown(m.known())
	m.showNames()
	return tea.Batch(m.request.SetTarget(t, m.target.app), m.history.SetTarget(t, project))
}

func (m *model) sessionTarget() session.Target {
	return session.Target{Environment: m.target.env, ExternalUserID: m.target.user, Account: m.target.account}
}

// appFound answers lookUpApp.
type appFound struct {
	account string
	app     proxy.App
	err     error
}

// lookUpApp fetches what the account's own record may lack: the allowed domains
// and the base URL.
func (m *model) lookUpApp() tea.Cmd {
	api, account := m.client(), m.target.account
	ref := account.App.Ref()
	if api == nil || ref == "" {
		return nil
	}
	return job.Start("app", "reading about "+ref, func(ctx context.Context) tea.Msg {
		app, err := api.App(ctx, ref)
		return appFound{account.ID, app, err}
	})
}

func (msg appFound) land(m *model) tea.Cmd {
	if msg.account != m.target.account.ID || msg.err != nil {
		return nil // Connect judges the URL where we know nothing of the app
	}
	m.target.app = &msg.app
	return m.followTarget()
}

// wanted is the target that the command line named.
type wanted struct {
	user, account string
	again         bool // it is where connectty was left: it may be gone
}

// resolved answers openWanted.
type resolved struct {
	target session.Target
	err    error
}

// openWanted goes to the user and account the command line named.
func (m *model) openWanted() tea.Cmd {
	w := m.wanted
	switch {
	case w.account != "":
		s, env := m.session, m.target.env
		return job.Start("open", "finding account "+w.account, func(ctx context.Context) tea.Msg {
			t, err := s.Resolve(ctx, env, w.user, w.account)
			return resolved{t, err}
		})
	case w.user != "":
		return m.pickUser(users.Picked{User: proxy.User{ExternalID: w.user}})
	}
	return nil
}

func (msg resolved) land(m *model) tea.Cmd {
	if msg.err != nil && m.wanted.again {
		m.wanted = wanted{}
		return m.readDraft()
	}
	if msg.err != nil {
		m.warn(msg.err.Error(), "pick another with U and A")
		if m.wanted.user != "" {
			return m.pickUser(users.Picked{User: proxy.User{ExternalID: m.wanted.user}})
		}
		return nil
	}
	show := m.pickUser(users.Picked{User: proxy.User{ExternalID: msg.target.ExternalUserID}})
	return tea.Batch(show, m.pickAccount(msg.target.Account), m.readDraft())
}

// accountsListed picks the account of a user who has but one.
// One that came from the history gets its record.
func (m *model) accountsListed(msg accounts.Listed) tea.Cmd {
	m.users.Counted(msg.ExternalUserID, msg.Accounts, m.now())
	if len(msg.Accounts) == 0 && msg.ExternalUserID == m.target.user && !m.target.all {
		return m.lookElsewhere(msg.ExternalUserID)
	}
	for _, a := range msg.Accounts {
		if a.ID == m.target.account.ID && !m.target.sure {
			return m.pickAccount(a)
		}
	}
	if m.target.asked || msg.ExternalUserID != m.target.user || m.target.account.ID != "" || m.wanted.account != "" || len(msg.Accounts) != 1 {
		return nil
	}
	return m.pickAccount(msg.Accounts[0])
}

// missing names what must be picked before a request can go out.
func (m *model) missing() string {
	switch {
	case m.refused != nil:
		return "nothing can be sent: " + m.refused.Error()
	case m.session == nil:
		return "nothing to send through yet"
	case m.target.account.ID == "" && m.target.user == "":
		return "pick an external user (U) and an account (A) first"
	case m.target.account.ID == "":
		return "pick an account (A) first"
	}
	return ""
}

// accountLabel is the account as the context line names it: app and name.
func accountLabel(a proxy.Account) string {
	app := a.App.Name
	if app == "" {
		app = a.App.Slug
	}
	return strings.Trim(app+" · "+a.Label(), " ·")
}
