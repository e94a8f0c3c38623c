package ui

import (
	"context"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// appSearch is the picker of apps, whose rows Connect finds as one types: there are
// thousands.
type appSearch struct {
	picker *overlay.Picker // nil while it is closed
	user   string
	query  string // that was asked last
}

// unasked is a query that nobody can type.
const unasked = "\x00"

// connectNew asks for whom an account is connected: any id of the company's own will
// do.
func (m *model) connectNew() tea.Cmd {
	if m.session == nil {
		m.warn(m.missing(), "")
		return nil
	}
	m.overlays.Push(overlay.NewAsk("Connect an account for", m.target.user, "your own id of the end user: known to Connect, or new",
		func(text string) tea.Cmd {
			user := strings.TrimSpace(text)
			if user == "" {
				m.warn("an external user id is needed", "n asks again")
				return nil
			}
			return m.chooseApp(user)
		}))
	return nil
}

// chooseApp asks which app is connected.
func (m *model) chooseApp(user string) tea.Cmd {
	p := &overlay.Picker{Title: "Which app", Why: "loading…"}
	m.apps = appSearch{picker: p, user: user, query: unasked}
	m.overlays.Push(p)
	return m.searchApps()
}

// offeredApps is how many apps are offered at once.
const offeredApps = 100

// appsFound answers searchApps.
type appsFound struct {
	query string
	apps  []proxy.App
	err   error
}

// searchApps asks Connect for the apps that are typed, when that has changed. A key
// that comes meanwhile takes its place.
func (m *model) searchApps() tea.Cmd {
	p := m.apps.picker
	if p == nil || m.overlays.Top() != overlay.Dialog(p) {
		m.apps.picker = nil
		return nil
	}
	query := strings.TrimSpace(p.Query())
	if query == m.apps.query {
		return nil
	}
	first := m.apps.query == unasked
	m.apps.query = query
	api := m.client()
	return job.Start("apps", "", func(ctx context.Context) tea.Msg {
		if !first && !pause.For(ctx, typing) {
			return nil
		}
		out := appsFound{query: query}
		for app, err := range api.Apps(ctx, proxy.AppQuery{Text: query, Sort: "featured_weight", Descending: true, Limit: offeredApps}) {
			if err != nil {
				out.err = err
				break
			}
			out.apps = append(out.apps, app)
		}
		return out
	})
}

func (msg appsFound) land(m *model) tea.Cmd {
	p := m.apps.picker
	if p == nil || msg.query != m.apps.query || errors.Is(msg.err, context.Canceled) {
		return nil
	}
	items := make([]overlay.Item, len(msg.apps))
	for i, a := range msg.apps {
		items[i] = overlay.Item{Label: visible.Line(a.Name), Detail: visible.Line(a.Slug), Keywords: msg.query}
	}
	user := m.apps.user
	p.Choose = func(i int) tea.Cmd { return m.linkFor(user, msg.apps[i].Slug, proxy.Account{}) }
	p.Why = ""
	switch {
	case msg.err != nil:
		why, _ := diagnose.Explain(msg.err)
		p.Why = visible.Line(why)
	case len(items) == 0:
		p.Why = "Connect has no app of this name; ctrl+u clears what was typed"
	}
	p.SetItems(items)
	return nil
}
