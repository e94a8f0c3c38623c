package ui

import (
	"cmp"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/pasted"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
	"github.com/connectty/connectty/ui/users"
)

// paste gives pasted text to what is edited. In Browse it is never read as
// keys: the person says what it is.
func (m *model) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case !m.overlays.Empty():
		return tea.Batch(m.overlays.Update(msg), m.lookUp(), m.searchApps())
	case m.focus == requestPane && m.request.AtEmptyURL():
		if r, known, err := pasted.Read(msg.Content); known && err == nil && r.Kind != pasted.URL {
			return m.takeApart(r)
		}
		return m.request.Update(msg)
	case m.panes[m.focus].Editing():
		return m.panes[m.focus].Update(msg)
	}
	m.overlays.Push(m.pasteAnything(msg.Content))
	return nil
}

// pasteAnything shows what pasted text was taken for, and asks what it is for.
func (m *model) pasteAnything(text string) *overlay.Menu {
	menu := &overlay.Menu{Title: "What is the pasted text?"}
	add := func(key, label, detail string, run func() tea.Cmd) {
		menu.Choices = append(menu.Choices, overlay.Choice{Key: key, Label: label, Detail: detail, Run: run})
	}
	r, known, err := pasted.Read(text)
	switch {
	case err != nil:
		menu.Notes = []string{"It looks like " + string(r.Kind) + ", but: " + visible.Line(err.Error())}
	case known && r.Kind != pasted.URL:
		menu.Notes = preview(r)
		add("r", "Take it apart into the request", string(r.Kind), func() tea.Cmd { return m.takeApart(r) })
		if r.User != "" || r.Account != "" {
			add("t", "The same, and go to its user and account", visible.Line(cmp.Or(r.User, r.Account)), func() tea.Cmd {
				return tea.Batch(m.takeApart(r), m.goToPasted(r))
			})
		}
	}
	if trimmed := strings.TrimSpace(text); trimmed != "" && !strings.ContainsAny(trimmed, "\r\n") {
		add("u", "Use it as the URL", "", m.using(func(d *request.Draft) { d.URL = trimmed }))
	}
	add("b", "Use it as the body", "", m.using(func(d *request.Draft) { d.Body = []byte(text) }))
	return menu
}

// using puts a part of a pasted text into the request.
func (m *model) using(set func(d *request.Draft)) func() tea.Cmd {
	return func() tea.Cmd {
		d := m.request.Compose()
		set(&d)
		m.request.Load(d)
		m.moveFocus(requestPane)
		return nil
	}
}

// takeApart makes a pasted request the one that is composed.
func (m *model) takeApart(r pasted.Request) tea.Cmd {
	m.request.Load(request.Draft{Method: r.Method, URL: r.URL, Headers: r.Headers, Body: r.Body, Cut: r.Partial})
	m.naming.opened = nil
	m.moveFocus(requestPane)
	if len(r.Notices) > 0 {
		m.say(visible.Line(strings.Join(r.Notices, "; ")))
	}
	return nil
}

// goToPasted goes to whom a URL of the proxy names. Another project's is refused.
func (m *model) goToPasted(r pasted.Request) tea.Cmd {
	if m.session == nil {
		return nil
	}
	if id := m.session.Profile().ProjectID; r.Project != id {
		m.warn("it is of project "+visible.Line(r.Project)+", and this is "+visible.Line(id), "the request is taken over; the account is not")
		return nil
	}
	env := m.target.env
	if r.Environment != "" {
		env = r.Environment
	}
	if r.Account == "" {
		if env != m.target.env {
			return tea.Batch(m.pickEnvironment(env), m.pickUser(users.Picked{User: proxy.User{ExternalID: r.User}}))
		}
		return m.pickUser(users.Picked{User: proxy.User{ExternalID: r.User}})
	}
	return m.turnTo(env, proxy.Account{ID: r.Account, ExternalUserID: r.User})
}

// previewed is how much of a pasted request is shown before it is taken.
const previewed = 6

// preview tells in lines what a text was taken for.
func preview(r pasted.Request) []string {
	lines := []string{visible.Line(r.Method + " " + r.URL)}
	for i, h := range r.Headers {
		if i == previewed {
			lines = append(lines, fmt.Sprintf("… and %d more headers", len(r.Headers)-i))
			break
		}
		lines = append(lines, visible.Line(h.Name+": "+h.Value))
	}
	if r.Body != nil {
		lines = append(lines, fmt.Sprintf("body of %d B", len(r.Body)))
	}
	for _, n := range r.Notices {
		lines = append(lines, "! "+visible.Line(n))
	}
	return lines
}
