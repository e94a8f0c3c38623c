package ui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
)

// outgoing is a draft as the session sends it.
func (m *model) outgoing(d request.Draft) session.Request {
	return session.Request{
		Target: m.sessionTarget(), Method: d.Method, URL: d.URL, Headers: d.Headers,
		Body: d.Body, File: d.File, Parts: d.Parts, Boundary: d.Boundary,
		AnyDomain: m.opts.AnyDomain,
	}
}

// offerCurl opens the choice of what is copied of the request.
func (m *model) offerCurl() {
	m.overlays.Push(&overlay.Menu{
		Title: "Copy the request", Choices: []overlay.Choice{
			{Key: "c", Label: "as curl, through Connect", Detail: "token: $PIPEDREAM_ACCESS_TOKEN", Run: func() tea.Cmd {
				return m.copies(m.request.Curl(), "copied curl through Connect")()
			}},
			{Key: "d", Label: "as curl, to the API itself", Detail: "the credential is a variable", Run: func() tea.Cmd {
				return m.copies(m.request.DirectCurl(), "copied curl to the API")()
			}},
			{Key: "u", Label: "the URL", Run: func() tea.Cmd { return m.copies(m.request.Compose().URL, "copied the URL")() }},
		},
	})
}

// known gathers what is known of the picked account's app.
func (m *model) known() request.Known {
	if m.session == nil {
		return request.Known{}
	}
	app := m.target.account.App.Slug
	p := m.session.Profile()
	k := request.Known{BaseURL: p.BaseURL, ProjectID: p.ProjectID}
	inserts, exact := m.session.Inserts(app)
	k.Exact = exact
	for _, i := range inserts {
		k.Inserts = append(k.Inserts, request.Insert(i))
	}
	preset, _ := m.session.Preset(app)
	if preset.WhoAmI != nil {
		k.Examples = append(k.Examples, request.Example{Title: "who am I", URL: preset.WhoAmI.URL})
	}
	k.Examples = append(k.Examples, m.collection...)
	for _, call := range preset.Reads {
		k.Examples = append(k.Examples, request.Example{Title: call.Title, URL: call.URL})
	}
	return k
}
