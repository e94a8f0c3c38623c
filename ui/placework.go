package ui

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/remember"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/response"
	"github.com/connectty/connectty/ui/users"
)

// whereabouts is what is remembered of where a person works.
type whereabouts struct {
	pinned, recent []string // external ids of the environment that is picked
	kept           spot     // that is on the disk
	ready          bool     // the last place was gone to, or need not be
}

// spot is a target by its ids.
type spot struct{ user, account string }

// mostRecent is how many users that were worked with are remembered.
const mostRecent = 20

// usersKey names the users of a project and environment.
func (m *model) usersKey() string { return m.projectKey() + " " + string(m.target.env) }

// placeRead answers readPlace.
type placeRead struct {
	users string // key of them
	top   remember.Project
	place remember.Project
	jq    map[string][]string // filters by app
	err   error
}

// readPlace reads who stands at the top of the users, and where connectty was left.
func (m *model) readPlace() tea.Cmd {
	if m.opts.DataDir == "" || m.session == nil {
		return nil
	}
	file, project, list := remember.In(m.opts.DataDir), m.projectKey(), m.usersKey()
	return job.Start("place", "", func(context.Context) tea.Msg {
		s, err := file.Read()
		return placeRead{list, s.Projects[list], s.Projects[project], s.Filters, err}
	})
}

func (msg placeRead) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(visible.Line(msg.err.Error()), "nothing is remembered until then")
	}
	m.response.SetFilters(msg.jq)
	if m.session == nil || msg.users != m.usersKey() {
		return nil
	}
	m.whereabouts.pinned, m.whereabouts.recent = msg.top.Pinned, msg.top.Recent
	m.users.SetTop(msg.top.Pinned, msg.top.Recent)
	m.feedPickers()
	if m.whereabouts.ready {
		return nil
	}
	m.whereabouts.kept = spot{msg.place.User, msg.place.Account}
	return m.goBack(msg.place)
}

// goBack goes where connectty was left, unless it was told where to open, or somebody
// went somewhere meanwhile.
func (m *model) goBack(p remember.Project) tea.Cmd {
	m.whereabouts.ready = true
	if m.wanted != (wanted{}) || m.target.user != "" || m.target.all || p.User == "" || p.Environment != m.target.env {
		return nil
	}
	if p.Account == "" {
		return m.pickUser(users.Picked{User: proxy.User{ExternalID: p.User}})
	}
	m.wanted = wanted{user: p.User, account: p.Account, again: true}
	return m.openWanted()
}

// keepPlace remembers whom one works for, once it has changed.
func (m *model) keepPlace() tea.Cmd {
	now := spot{m.target.user, m.target.account.ID}
	if m.session == nil || !m.whereabouts.ready || m.drafts() == nil || now == m.whereabouts.kept || now.user == "" {
		return nil
	}
	m.whereabouts.kept = now
	m.whereabouts.recent = remember.Newest(m.whereabouts.recent, now.user, mostRecent)
	env := m.target.env
	return m.remember(func(project, list *remember.Project) {
		list.Recent = remember.Newest(list.Recent, now.user, mostRecent)
		if env != proxy.Production { // nobody is to be there without having asked for it
			project.Environment, project.User, project.Account = env, now.user, now.account
		}
	})
}

// pinUser keeps a user at the top, or not any more.
func (m *model) pinUser(msg users.Pinned) tea.Cmd {
	change := func(ids []string) []string {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == msg.ExternalID })
		if msg.On {
			ids = append(ids, msg.ExternalID)
		}
		return ids
	}
	m.whereabouts.pinned = change(m.whereabouts.pinned)
	m.users.SetTop(m.whereabouts.pinned, m.whereabouts.recent)
	if m.session == nil {
		return nil
	}
	return m.remember(func(_, list *remember.Project) { list.Pinned = change(list.Pinned) })
}

// keepFilter remembers what an app's answer was filtered with, without secrets.
func (m *model) keepFilter(msg response.Filtered) tea.Cmd {
	clean, masked := masker(m.session).Text(msg.Query)
	if masked {
		return nil // with a hole in it, it would filter something else
	}
	return m.changeState("filter", func(s *remember.State) { s.Filter(msg.App, clean) })
}

// placeKept tells that something could not be remembered.
type placeKept struct{ err error }

// remember changes what is known of the project and of the environment's users.
func (m *model) remember(change func(project, list *remember.Project)) tea.Cmd {
	project, list := m.projectKey(), m.usersKey()
	return m.changeState("remember "+list, func(s *remember.State) {
		s.In(project, func(p *remember.Project) {
			s.In(list, func(l *remember.Project) { change(p, l) })
		})
	})
}

// changeState changes what is remembered behind the screen, where anything is.
func (m *model) changeState(key string, change func(s *remember.State)) tea.Cmd {
	if m.opts.DataDir == "" {
		return nil
	}
	file := remember.In(m.opts.DataDir)
	return job.Start(key, "", func(context.Context) tea.Msg { return placeKept{file.Change(change)} })
}

func (msg placeKept) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn("this is not remembered: "+visible.Line(msg.err.Error()), "")
	}
	return nil
}
