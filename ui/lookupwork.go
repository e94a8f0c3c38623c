package ui

import (
	"cmp"
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/lookup"
	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
)

// search is what the user picker looks up beside the users that are listed.
type search struct {
	query   string // that was asked last
	pending bool   // and has no answer yet
	people  []lookup.Person
	users   []proxy.User // that Connect finds, where its list is not whole here
	err     error
	version int // changes with each answer
}

// ids are the external users that were found.
func (s *search) ids() map[string]bool {
	out := make(map[string]bool, len(s.people)+len(s.users))
	for _, p := range s.people {
		out[p.ID] = true
	}
	for _, u := range s.users {
		out[u.ExternalID] = true
	}
	return out
}

// foundUser is a user beside those that are listed.
type foundUser struct{ id, detail string }

// beside are those of the found users that are wanted, in the order they were found.
func (s *search) beside(wanted map[string]bool) []foundUser {
	var out []foundUser
	add := func(id, detail string) {
		if wanted[id] {
			delete(wanted, id)
			out = append(out, foundUser{id, detail})
		}
	}
	for _, p := range s.people {
		add(p.ID, strings.TrimSpace(visible.Line(p.Label)+" · by lookup"))
	}
	for _, u := range s.users {
		add(u.ExternalID, "")
	}
	return out
}

// looked answers lookUp.
type looked struct {
	query  string
	people []lookup.Person
	users  []proxy.User
	err    error
}

// typing is how long a lookup waits for the next key.
const typing = 150 * time.Millisecond

// mostFound is how many users Connect is asked for.
const mostFound = 50

// lookUp asks the company's own records, and Connect where its list is not whole here,
// for what is typed into the user picker, when that has changed. A key that comes
// meanwhile takes its place.
func (m *model) lookUp() tea.Cmd {
	if m.userPicker == nil || m.session == nil {
		return nil
	}
	records, connect := m.session.CanLookUp(), !m.users.Whole() || len(m.users.Rows()) > offered
	query := strings.TrimSpace(m.userPicker.Query())
	if query == m.search.query || !records && !connect {
		return nil
	}
	m.search.query, m.search.pending = query, true
	m.allowWritten(m.userPicker)
	s, api := m.session, m.client()
	return job.Start("lookup", "", func(ctx context.Context) tea.Msg {
		found := looked{query: query}
		if query == "" {
			return found
		}
		if !pause.For(ctx, typing) {
			return nil
		}
		var err error
		if records {
			found.people, found.err = s.LookUp(ctx, query)
		}
		if connect {
			var page proxy.Page[proxy.User]
			page, err = api.UserPage(ctx, proxy.UserQuery{Text: query, Limit: mostFound}, "")
			found.users = page.Items
		}
		found.err = cmp.Or(found.err, err)
		return found
	})
}

func (msg looked) land(m *model) tea.Cmd {
	if msg.query != m.search.query {
		return nil
	}
	m.search.people, m.search.users, m.search.err, m.search.pending = msg.people, msg.users, msg.err, false
	m.search.version++
	for _, p := range msg.people {
		m.users.Know(p.ID, visible.Line(p.Label))
	}
	m.feedPickers()
	return nil
}
