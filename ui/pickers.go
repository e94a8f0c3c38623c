package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/response"
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

// offered is how many of the listed users a picker holds at most; Connect searches the
// others.
const offered = 20_000

// feedUsers offers all users, those at the top first, and who was found beside them.
func (m *model) feedUsers(p *overlay.Picker) {
	if now := m.feedOf(p); now != m.fed {
		m.fed = now
		m.offerUsers(p)
	}
	p.Why = m.users.Why()
	if m.search.err != nil {
		p.Why = visible.Line(m.search.err.Error())
	}
	if m.users.Failed() {
		p.Why += " · " + m.users.Next("esc, then "+m.key("target.user"))
	}
	m.allowWritten(p)
}

// fed is what a picker was filled from: it is filled again when that has changed.
type fed struct {
	picker          *overlay.Picker
	users, searches int
}

func (m *model) feedOf(p *overlay.Picker) fed { return fed{p, m.users.Version(), m.search.version} }

func (m *model) offerUsers(p *overlay.Picker) {
	rows := m.users.Rows()
	rows = rows[:min(len(rows), offered)]
	ids := make([]string, 0, len(rows)+1)
	ids = append(ids, "")
	ids = append(ids, m.users.Top()...)
	top := len(ids)
	items := make([]overlay.Item, 0, cap(ids))
	items = append(items, overlay.Item{Label: "all users", Detail: "accounts of the whole project"})
	found := m.search.ids()
	for _, id := range ids[1:] {
		items = append(items, m.userItem(id, "", found))
	}
	for _, u := range rows {
		if !slices.Contains(ids[:top], u.ExternalID) {
			ids = append(ids, u.ExternalID)
			items = append(items, m.userItem(u.ExternalID, u.ID, found))
		}
		delete(found, u.ExternalID)
	}
	for _, id := range ids[1:top] {
		delete(found, id)
	}
	more := m.search.beside(found)
	for _, f := range more {
		ids = append(ids, f.id)
		items = append(items, overlay.Item{Label: visible.Line(f.id), Detail: f.detail, Keywords: m.search.query})
	}
	p.Choose = func(i int) tea.Cmd {
		return m.pickUser(users.Picked{All: i == 0, User: proxy.User{ExternalID: ids[i]}})
	}
	p.SetItems(items)
}

// userItem is a user as a picker shows it.
func (m *model) userItem(id, connectID string, found map[string]bool) overlay.Item {
	item := overlay.Item{Label: visible.Line(id), Detail: m.users.Label(id), Keywords: connectID}
	if found[id] {
		item.Keywords += " " + m.search.query
	}
	if slices.Contains(m.whereabouts.pinned, id) {
		item.Mark = "★"
	}
	if c, known := m.users.Known(id); known {
		item.Detail = strings.TrimSpace(item.Detail + "  " + c.Signs())
	}
	return item
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
			Label: visible.Line(a.Label()), Detail: visible.Line(accountDetail(a, m.target.all, m.now())),
			Keywords: a.ID + " " + a.App.Slug + " " + string(a.Health()),
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
	if m.session != nil {
		p.Accepts = isAccountID
		p.Allow(m.seekAccount)
	}
}

// key is the key of an action as it is printed.
func (m *model) key(id string) string {
	a, _ := m.table.Find(id)
	return a.Key(false)
}

// accountDetail is an account's app, whose it is, and that its token ends or ended.
func accountDetail(a proxy.Account, all bool, now time.Time) string {
	text := cmp.Or(a.App.Name, a.App.Slug)
	if all {
		text += " · " + a.ExternalUserID
	}
	if a.ExpiresAt != nil && a.Health() != proxy.Healthy {
		text += " · expires " + ago(now, *a.ExpiresAt)
		if a.ExpiresAt.Before(now) {
			text = strings.Replace(text, " · expires ", " · expired ", 1)
		}
	}
	return text
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

// menuOf offers what a pane lists, each with a key of its own.
func menuOf[T ~struct {
	Key, Label, Detail string
	Run                func() tea.Cmd
}](title string, all []T) *overlay.Menu {
	menu := &overlay.Menu{Title: title}
	for _, c := range all {
		menu.Choices = append(menu.Choices, overlay.Choice(c))
	}
	return menu
}

// readings offers what the body can be read as, or in which charset.
func readings(pane *response.Model, asked response.ReadingAsked) *overlay.Menu {
	if asked.Charset {
		return menuOf("Read it in", pane.Charsets())
	}
	return menuOf("Read it as", pane.Readings())
}
