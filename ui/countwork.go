package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
)

// tally is how the accounts of users that show are looked up, one user after the
// other.
type tally struct {
	user   string      // whose accounts are asked for; empty for nobody's
	asked  []time.Time // calls of the last window
	paused time.Time   // none before: the last one failed
}

const (
	countShare = 10                     // the part of the limit that counting may use is one in so many
	countRest  = 250 * time.Millisecond // how long a row shows before it is asked about
	countAgain = 30 * time.Second       // after one that failed
	mostCounts = 100                    // accounts of a user that are counted
)

// counted answers countUsers.
type counted struct {
	env      proxy.Environment
	user     string
	accounts []proxy.Account
	err      error
}

// countUsers looks up the accounts of a user that shows and of whom nothing is known,
// within a tenth of the limit. It goes on with each answer and each key; nothing ticks.
func (m *model) countUsers() tea.Cmd {
	if m.session == nil || !m.layout.shows(usersPane) || m.users.Loading() || m.flying() {
		return nil
	}
	now := m.now()
	user := m.users.Uncounted(now)
	if user == "" || user == m.tally.user || now.Before(m.tally.paused) || !m.mayCount(now) {
		return nil
	}
	m.tally.user = user
	api, env := m.client(), m.target.env
	return job.Start("count", "", func(ctx context.Context) tea.Msg {
		c := counted{env: env, user: user}
		if !pause.For(ctx, countRest) {
			return nil
		}
		for a, err := range api.Accounts(ctx, proxy.AccountQuery{ExternalUserID: user, Limit: mostCounts}) {
			if err != nil {
				c.err = err
				break
			}
			c.accounts = append(c.accounts, a)
		}
		return c
	})
}

// mayCount reports that the share of the limit is not used up.
func (m *model) mayCount(now time.Time) bool {
	p := m.session.Profile()
	if p.RateLimit <= 0 {
		return true
	}
	m.tally.asked = slices.DeleteFunc(m.tally.asked, func(at time.Time) bool { return now.Sub(at) > p.RateWindow })
	return len(m.tally.asked) < max(1, p.RateLimit/countShare)
}

func (msg counted) land(m *model) tea.Cmd {
	m.tally.user = ""
	m.tally.asked = append(m.tally.asked, m.now())
	switch {
	case msg.err != nil:
		m.tally.paused = m.now().Add(countAgain)
	case msg.env == m.target.env:
		m.users.Counted(msg.user, msg.accounts, m.now())
	}
	return nil
}
