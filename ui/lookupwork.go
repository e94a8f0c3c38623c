package ui

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/lookup"
	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/users"
)

// search is what the user picker looks up beside the users that Connect lists.
type search struct {
	query   string // that was asked last
	pending bool   // and has no answer yet
	people  []lookup.Person
	err     error
}

// ids are the external users that were found.
func (s *search) ids() map[string]bool {
	out := make(map[string]bool, len(s.people))
	for _, p := range s.people {
		out[p.ID] = true
	}
	return out
}

// looked answers lookUp.
type looked struct {
	query  string
	people []lookup.Person
	err    error
}

// typing is how long a lookup waits for the next key.
const typing = 150 * time.Millisecond

// lookUp asks the company's own records for what is typed into the user picker, when
// that has changed. A key that comes meanwhile takes its place.
func (m *model) lookUp() tea.Cmd {
	if m.userPicker == nil || m.session == nil || !m.session.CanLookUp() {
		return nil
	}
	query := strings.TrimSpace(m.userPicker.Query())
	if query == m.search.query {
		return nil
	}
	m.search.query, m.search.pending = query, true
	m.allowWritten(m.userPicker)
	s := m.session
	return job.Start("lookup", "", func(ctx context.Context) tea.Msg {
		if !pause.For(ctx, typing) {
			return nil
		}
		people, err := s.LookUp(ctx, query)
		return looked{query, people, err}
	})
}

func (m *model) looked(msg looked) {
	if msg.query != m.search.query {
		return
	}
	m.search.people, m.search.err, m.search.pending = msg.people, msg.err, false
	for _, p := range msg.people {
		m.users.Know(p.ID, visible.Line(p.Label))
	}
	m.feedPickers()
}

// lookedUp are the rows of the user picker that the lookup found and Connect does
// not list, and what picks one of them.
func (m *model) lookedUp(known map[string]bool) (items []overlay.Item, pick func(i int) tea.Cmd) {
	var people []lookup.Person
	for _, p := range m.search.people {
		if known[p.ID] {
			continue
		}
		people = append(people, p)
		items = append(items, overlay.Item{
			Label: visible.Line(p.ID), Detail: strings.TrimSpace(visible.Line(p.Label) + " · by lookup"), Keywords: m.search.query,
		})
	}
	return items, func(i int) tea.Cmd {
		return m.pickUser(users.Picked{User: proxy.User{ExternalID: people[i].ID}})
	}
}
