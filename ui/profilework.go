package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// chooseProfile offers the profiles of config.toml, and the embedded sandbox.
func (m *model) chooseProfile() tea.Cmd {
	choices := append([]ProfileChoice{}, m.opts.Profiles...)
	choices = append(choices, ProfileChoice{Detail: "a Connect of its own, no account needed"})
	items := make([]overlay.Item, len(choices))
	for i, c := range choices {
		items[i] = overlay.Item{Label: visible.Line(profileName(c.Name)), Detail: visible.Line(c.Detail)}
		if m.session != nil && c.Name == m.session.Profile().Name && (c.Name != "" || m.opts.Session.Embedded) {
			items[i].Mark, items[i].Tone = "●", overlay.Good
		}
	}
	m.overlays.Push(&overlay.Picker{Title: "Profile", Items: items, Choose: func(i int) tea.Cmd { return m.switchProfile(choices[i].Name) }})
	return nil
}

func profileName(name string) string {
	if name == "" {
		return "the embedded sandbox"
	}
	return name
}

// switched answers switchProfile.
type switched struct {
	name    string
	opts    session.Options
	session *session.Session
	budget  session.Budget
	err     error
}

// switchProfile opens another profile behind the screen. Until that has worked the one
// before goes on.
func (m *model) switchProfile(name string) tea.Cmd {
	if m.flying() {
		m.warn("a request is still on its way", "esc cancels it")
		return nil
	}
	resolve, keep := m.opts.Resolve, m.saveDraft()
	return job.Start("session", "opening "+visible.Line(profileName(name)), func(ctx context.Context) tea.Msg {
		if keep != nil {
			if err := keep(); err != nil {
				return switched{name: name, err: err}
			}
		}
		opts, err := resolve(name)
		if err != nil {
			return switched{name: name, err: err}
		}
		s, err := session.Open(ctx, opts)
		if err != nil {
			return switched{name: name, err: err}
		}
		if ctx.Err() != nil { // nobody waits for it any more
			_ = s.Close()
			return nil
		}
		return switched{name: name, opts: opts, session: s, budget: s.Budget(ctx)}
	})
}

// land goes over to another profile: nothing of the former's users, accounts and
// answers stays on the screen, what is composed does.
func (msg switched) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(visible.Line(profileName(msg.name)+": "+msg.err.Error()), "the one before is in use; connectty doctor -p says more")
		return nil
	}
	former := m.session
	for _, j := range m.jobs.Running() {
		m.jobs.Cancel(j.Key)
	}
	m.opts.Session, m.opts.SettingsErr, m.refused = msg.opts, nil, nil
	m.target = target{env: msg.opts.Profile.Environment}
	if m.target.env == "" {
		m.target.env = proxy.Development
	}
	m.wanted, m.jump, m.whereabouts, m.tally, m.search, m.linking = wanted{}, nil, whereabouts{}, tally{}, search{}, linking{}
	m.users.SetTop(nil, nil)
	m.environment.Set(m.target.env)
	m.response.Clear("")
	m.draft = drafting{seen: m.composed()}
	m.naming.last = lastRead{}
	m.stage(bench)
	m.moveFocus(usersPane)
	cmd := opened{session: msg.session, budget: msg.budget}.land(m)
	m.say("Now in " + visible.Line(profileName(msg.name)))
	return tea.Batch(cmd, closeSession(former))
}

// closeSession frees a session behind the screen.
func closeSession(s *session.Session) tea.Cmd {
	if s == nil {
		return nil
	}
	return job.Start("former", "", func(context.Context) tea.Msg {
		if err := s.Close(); err != nil {
			return failed{err}
		}
		return nil
	})
}
