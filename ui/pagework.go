package ui

import (
	"context"
	"io"
	"net/http"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/paging"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
)

// paged answers nextPage.
type paged struct {
	url, how string
	found    bool
}

// nextPage looks in the answer for how to get the page behind it, and gets it.
func (m *model) nextPage() tea.Cmd {
	x, doc := m.response.Exchange(), m.response.Document()
	switch {
	case m.session == nil || x.Response == nil || doc == nil:
		m.warn("there is no answer whose next page could be asked for", "")
		return nil
	case x.Request.Method != http.MethodGet:
		m.warn("pages are followed for GET only", "put the cursor into the body yourself")
		return nil
	}
	hint := ""
	if p, ok := m.session.Preset(x.Account.App); ok {
		hint = p.Paging
	}
	return job.Start("page", "looking for the next page", func(context.Context) tea.Msg {
		body, err := io.ReadAll(io.LimitReader(doc.Reader(), paging.MaxBody+1))
		if err != nil {
			return paged{}
		}
		next, how, found := paging.Next(x.Request.URL, x.Response.Headers, body, hint)
		return paged{next, how, found}
	})
}

func (m *model) paged(msg paged) tea.Cmd {
	if !msg.found {
		m.warn("the answer names no next page: it is the last, or pages by numbers", "change the URL (u) where it does")
		return nil
	}
	d := m.request.Compose()
	d.Method, d.URL = http.MethodGet, msg.url
	m.request.Load(d)
	cmd := m.send()
	m.say("The next page, by " + visible.Line(msg.how))
	return cmd
}
