package ui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/users"
)

// elsewhere answers lookElsewhere.
type elsewhere struct {
	user     string
	env      proxy.Environment // the other one
	accounts int               // that the user has there; -1 where that could not be read
	alike    string            // a listed user whose id is written a little differently; empty for none
	partial  bool              // the list of users was not whole when it was looked through
}

// lookAgain looks once more for a user without accounts when the list of users is
// whole.
func (m *model) lookAgain() tea.Cmd {
	if m.lost == "" || m.users.Loading() {
		return nil
	}
	user := m.lost
	m.lost = ""
	return m.lookElsewhere(user)
}

// lookElsewhere tells, of a user without accounts, whether they are in the other
// environment or stand under an id that is written a little differently: environments
// are separate, and support engineers are told the wrong one.
func (m *model) lookElsewhere(user string) tea.Cmd {
	if m.session == nil || user == "" {
		return nil
	}
	here, env := m.client(), m.otherEnvironment()
	api, listed, partial, whole := m.session.Source(env), m.users.Rows(), m.users.Loading(), m.users.Whole()
	return job.Start("elsewhere", "", func(ctx context.Context) tea.Msg {
		found := elsewhere{user: user, env: env, alike: alike(listed, user), partial: partial}
		if words := strings.Fields(user); found.alike == "" && !whole && !partial && len(words) > 0 {
			page, err := here.UserPage(ctx, proxy.UserQuery{Text: words[0], Limit: mostFound}, "")
			if err == nil { // what cannot be asked is not known
				found.alike = alike(page.Items, user)
			}
		}
		for _, err := range api.Accounts(ctx, proxy.AccountQuery{ExternalUserID: user}) {
			if err != nil {
				found.accounts = -1
				break
			}
			found.accounts++
		}
		return found
	})
}

// otherEnvironment is the one that is not picked.
func (m *model) otherEnvironment() proxy.Environment {
	if m.target.env == proxy.Production {
		return proxy.Development
	}
	return proxy.Production
}

func (msg elsewhere) land(m *model) tea.Cmd {
	if msg.user != m.target.user || m.target.env == msg.env || len(m.accounts.Rows()) > 0 {
		return nil
	}
	if msg.partial && msg.alike == "" {
		m.lost = msg.user
		return m.lookAgain()
	}
	user := visible.Line(msg.user)
	there := m.key("target.jump") + " goes there"
	switch {
	case msg.alike != "":
		m.jump = func() tea.Cmd { return m.pickUser(users.Picked{User: proxy.User{ExternalID: msg.alike}}) }
		m.warn(fmt.Sprintf("%s has no accounts in %s; there is a user %q", user, m.target.env, visible.Line(msg.alike)), there)
	case msg.accounts > 0:
		m.jump = func() tea.Cmd { return m.pickEnvironment(msg.env) }
		m.warn(fmt.Sprintf("%s has no accounts in %s, but %s in %s", user, m.target.env, plural(msg.accounts, "account"), msg.env), there)
	case msg.accounts == 0:
		m.warn(fmt.Sprintf("%s has no accounts, neither in %s nor in %s", user, m.target.env, msg.env), "n, in the users, connects a first one")
	}
	return nil
}

// isAccountID reports that a text could be an account's id.
func isAccountID(text string) bool { return strings.HasPrefix(text, "apn_") }

// sought answers seekAccount.
type sought struct {
	id      string
	account proxy.Account
	env     proxy.Environment
	err     error
}

// seekAccount looks for an account by its id, in both environments.
func (m *model) seekAccount(id string) tea.Cmd {
	s, envs := m.session, []proxy.Environment{m.target.env, m.otherEnvironment()}
	return job.Start("seek", "finding account "+visible.Line(id), func(ctx context.Context) tea.Msg {
		found := sought{id: id}
		for _, env := range envs {
			found.env = env
			if found.account, found.err = s.Client(env).Account(ctx, id); found.err == nil {
				break
			}
			if api, ok := errors.AsType[*proxy.APIError](found.err); !ok || api.Status != http.StatusNotFound {
				break
			}
		}
		return found
	})
}

func (msg sought) land(m *model) tea.Cmd {
	switch {
	case msg.err != nil:
		why, next := diagnose.Explain(msg.err)
		m.warn("account "+visible.Line(msg.id)+": "+visible.Line(why), visible.Line(next))
		return nil
	case msg.env == m.target.env:
		return m.turnTo(msg.env, msg.account)
	}
	m.jump = func() tea.Cmd { return m.turnTo(msg.env, msg.account) }
	m.warn(fmt.Sprintf("account %s is in %s: %s of %s", visible.Line(msg.id), msg.env, visible.Line(accountLabel(msg.account)), visible.Line(msg.account.ExternalUserID)),
		m.key("target.jump")+" goes there")
	return nil
}

// goThere goes where somebody was found.
func (m *model) goThere() tea.Cmd {
	there := m.jump
	m.jump = nil
	return there()
}

// alike is a listed user whose id differs by case and blanks alone; one that differs
// by a letter may be somebody else.
func alike(users []proxy.User, id string) string {
	plain := plainID(id)
	for _, u := range users {
		if u.ExternalID != id && plainID(u.ExternalID) == plain {
			return u.ExternalID
		}
	}
	return ""
}

func plainID(id string) string { return strings.ToLower(strings.Join(strings.Fields(id), "")) }
