package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/users"
)

// chooseEnvironment opens the environment picker.
func (m *model) chooseEnvironment() tea.Cmd {
	all := []proxy.Environment{proxy.Development, proxy.Production}
	items := []overlay.Item{
		{Label: "development", Detail: "at most 10 users; yours to try things in"},
		{Label: "production", Detail: "real users and their data"},
	}
	m.overlays.Push(&overlay.Picker{
		Title: "Environment", Items: items,
		Choose: func(i int) tea.Cmd { return m.pickEnvironment(all[i]) },
	})
	return nil
}

// chooseUser opens the user picker.
func (m *model) chooseUser() tea.Cmd {
	p := &overlay.Picker{Title: "External user"}
	m.overlays.Push(p)
	m.userPicker, m.accountPicker = p, nil
	m.search = search{}
	retry := m.users.Retry()
	m.feedPickers()
	return retry
}

// chooseAccount opens the account picker.
func (m *model) chooseAccount() tea.Cmd {
	p := &overlay.Picker{Title: "Account"}
	m.overlays.Push(p)
	m.userPicker, m.accountPicker = nil, p
	retry := m.accounts.Retry()
	m.feedPickers()
	return retry
}

// feedPickers keeps an open picker on the rows of its pane while they load.
func (m *model) feedPickers() {
	if m.overlays.Empty() {
		m.userPicker, m.accountPicker = nil, nil
		return
	}
	if m.userPicker != nil {
		m.feedUsers(m.userPicker)
	}
	if m.accountPicker != nil {
		m.feedAccounts(m.accountPicker)
	}
}

func (m *model) feedUsers(p *overlay.Picker) {
	rows := m.users.Rows()
	items := make([]overlay.Item, 0, len(rows)+1)
	items = append(items, overlay.Item{Label: "all users", Detail: "accounts of the whole project"})
	known := make(map[string]bool, len(rows))
	found := m.search.ids()
	for _, u := range rows {
		item := overlay.Item{Label: visible.Line(u.ExternalID), Detail: m.users.Label(u.ExternalID), Keywords: u.ID}
		if known[u.ExternalID] = true; found[u.ExternalID] {
			item.Keywords += " " + m.search.query
		}
		items = append(items, item)
	}
	more, pick := m.lookedUp(known)
	items = append(items, more...)
	p.Choose = func(i int) tea.Cmd {
		switch {
		case i == 0:
			return m.pickUser(users.Picked{All: true})
		case i > len(rows):
			return pick(i - len(rows) - 1)
		}
		return m.pickUser(users.Picked{User: rows[i-1]})
	}
	p.Why = m.users.Why()
	if m.search.err != nil {
		p.Why = visible.Line(m.search.err.Error())
	}
	if m.users.Failed() {
		p.Why += " · " + m.users.Next("esc, then "+m.key("target.user"))
	}
	p.SetItems(items)
	m.allowWritten(p)
}

// allowWritten lets an id be picked as it is written, once all that could answer to it
// is known.
func (m *model) allowWritten(p *overlay.Picker) {
	if m.users.Loading() || m.search.pending {
		p.Allow(nil)
		return
	}
	p.Allow(func(id string) tea.Cmd { return m.pickUser(users.Picked{User: proxy.User{ExternalID: id}}) })
}

func (m *model) feedAccounts(p *overlay.Picker) {
	rows := m.accounts.Rows()
	items := make([]overlay.Item, len(rows))
	for i, a := range rows {
		items[i] = overlay.Item{
			Label: visible.Line(a.Label()), Detail: visible.Line(accountDetail(a, m.target.all)),
			Keywords: a.ID + " " + a.App.Slug,
		}
		items[i].Mark, items[i].Tone = healthItem(a.Health())
	}
	p.Choose = func(i int) tea.Cmd { return m.pickAccount(rows[i]) }
	p.Why = m.accounts.Why()
	switch {
	case m.accounts.Failed():
		p.Why += " · " + m.accounts.Next("esc, then "+m.key("target.account"))
	case m.target.user == "" && !m.target.all:
		p.Why += ": esc, then " + m.key("target.user")
	}
	p.SetItems(items)
}

// key is the key of an action as it is printed.
func (m *model) key(id string) string {
	a, _ := m.table.Find(id)
	return a.Key(false)
}

func accountDetail(a proxy.Account, all bool) string {
	app := a.App.Name
	if app == "" {
		app = a.App.Slug
	}
	if all {
		return app + " · " + a.ExternalUserID
	}
	return app
}

// openPalette offers every action that can be done now.
func (m *model) openPalette() tea.Cmd {
	m.overlays.Push(overlay.NewPalette(m.table, m.focus.group()))
	return nil
}

// openHelp shows every key, the focused pane's first.
func (m *model) openHelp() tea.Cmd {
	m.overlays.Push(overlay.NewHelp(m.table, m.focus.group()))
	return nil
}

// healthItem is an account's state as a picker's row shows it.
func healthItem(h proxy.Health) (mark string, tone overlay.Tone) {
	switch h {
	case proxy.Healthy:
		return "●", overlay.Good
	case proxy.Dead:
		return "✗", overlay.Bad
	default:
		return "○", overlay.Warn
	}
}
