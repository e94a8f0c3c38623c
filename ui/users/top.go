package users

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/list"
)

// mostRecent is how many users that were worked with stand above the list.
const mostRecent = 5

// SetTop tells which users stand above all others: those that are pinned, and those that
// were worked with last, the newest first.
func (m *Model) SetTop(pinned, recent []string) {
	on := m.at(max(0, m.cursor.Row()))
	m.pinned, m.recent = slices.Clone(pinned), nil
	for _, id := range recent {
		if len(m.recent) < mostRecent && !m.above(id) {
			m.recent = append(m.recent, id)
		}
	}
	m.version++
	m.rest = m.rest[:0]
	for i, u := range m.rows {
		if !m.above(u.ExternalID) {
			m.rest = append(m.rest, i)
		}
	}
	m.cursor.Resize(m.count(), m.cursor.Height())
	for i := range m.count() {
		if m.at(i) == on && on != "" {
			m.cursor.Put(i)
			return
		}
	}
}

// Top returns the users that stand above all others.
func (m *Model) Top() []string { return slices.Concat(m.pinned, m.recent) }

func (m *Model) above(id string) bool {
	return slices.Contains(m.pinned, id) || slices.Contains(m.recent, id)
}

func (m *Model) pin() tea.Cmd {
	id := m.at(m.cursor.Row())
	msg := Pinned{id, !slices.Contains(m.pinned, id)}
	return func() tea.Msg { return msg }
}

// Count is what is known of a user's accounts.
type Count struct {
	Accounts int
	Worst    proxy.Health // of them; empty where there are none
	At       time.Time    // when Connect said so
}

// stale is the age from which a count is asked for anew.
const stale = 10 * time.Minute

// Counted takes in what is known of a user's accounts now.
func (m *Model) Counted(externalID string, accounts []proxy.Account, now time.Time) {
	c := Count{Accounts: len(accounts), At: now}
	for _, a := range accounts {
		if h := a.Health(); c.Worst == "" || h == proxy.Dead || h == proxy.Unhealthy && c.Worst == proxy.Healthy {
			c.Worst = h
		}
	}
	m.counts[externalID] = c
	m.version++
}

// Known returns what is known of a user's accounts.
func (m *Model) Known(externalID string) (Count, bool) {
	c, ok := m.counts[externalID]
	return c, ok
}

// Uncounted returns a user that shows and of whose accounts nothing is known, or nothing
// new: the one under the cursor first; empty for none.
func (m *Model) Uncounted(now time.Time) string {
	wanting := func(row int) bool {
		if row <= 0 { // that of all users
			return false
		}
		c, known := m.counts[m.at(row)]
		return !known || now.Sub(c.At) > stale
	}
	if row := m.cursor.Row(); wanting(row) {
		return m.at(row)
	}
	for row := m.cursor.Top(); row < min(m.cursor.Top()+m.cursor.Height(), m.count()); row++ {
		if wanting(row) {
			return m.at(row)
		}
	}
	return ""
}

// Signs is a count as a row shows it: how many, and whether one of them is not healthy.
func (c Count) Signs() string {
	text := list.Count(c.Accounts)
	switch c.Worst {
	case proxy.Dead:
		return text + " ✗"
	case proxy.Unhealthy:
		return text + " !"
	case proxy.Healthy:
	}
	return text
}
