package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
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
	other := proxy.Production
	if m.target.env == proxy.Production {
		other = proxy.Development
	}
	api, listed, partial := m.session.Source(other), m.users.Rows(), m.users.Loading()
	return job.Start("elsewhere", "", func(ctx context.Context) tea.Msg {
		found := elsewhere{user: user, env: other, alike: alike(listed, user), partial: partial}
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

func (m *model) elsewhere(msg elsewhere) tea.Cmd {
	if msg.user != m.target.user || m.target.env == msg.env || len(m.accounts.Rows()) > 0 {
		return nil
	}
	if msg.partial && msg.alike == "" {
		m.lost = msg.user
		return m.lookAgain()
	}
	user := visible.Line(msg.user)
	switch {
	case msg.alike != "":
		m.warn(fmt.Sprintf("%s has no accounts in %s; there is a user %q", user, m.target.env, visible.Line(msg.alike)), m.key("target.user")+" picks it")
	case msg.accounts > 0:
		m.warn(fmt.Sprintf("%s has no accounts in %s, but %s in %s", user, m.target.env, plural(msg.accounts, "account"), msg.env), m.key("target.environment")+" switches")
	case msg.accounts == 0:
		m.warn(fmt.Sprintf("%s has no accounts, neither in %s nor in %s", user, m.target.env, msg.env), "n, in the users, connects a first one")
	}
	return nil
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
