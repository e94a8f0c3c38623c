package ui

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/timeline"
)

// tickets answers chooseTicket.
type tickets struct{ ids []string }

// offeredTickets is how many tickets of the history are offered.
const offeredTickets = 20

// chooseTicket asks which ticket is worked on; those of late are offered.
func (m *model) chooseTicket() tea.Cmd {
	if m.session == nil {
		m.warn(m.missing(), "")
		return nil
	}
	store := m.session.History()
	if store == nil {
		return tickets{}.land(m)
	}
	return job.Start("tickets", "reading the history", func(ctx context.Context) tea.Msg {
		ids, _ := store.Tickets(ctx, offeredTickets) // without them one can still be typed
		return tickets{ids}
	})
}

func (msg tickets) land(m *model) tea.Cmd {
	none := overlay.Item{Label: "no ticket", Detail: "what is sent belongs to none"}
	items := []overlay.Item{none}
	for _, id := range msg.ids {
		items = append(items, overlay.Item{Label: visible.Line(id)})
	}
	p := &overlay.Picker{Title: "Work on a ticket", Items: items, Choose: func(i int) tea.Cmd {
		if i == 0 {
			return m.workOn("")
		}
		return m.workOn(msg.ids[i-1])
	}}
	m.overlays.Push(p)
	p.Allow(m.workOn)
	return nil
}

// workOn puts a ticket on everything that is sent from now on.
func (m *model) workOn(ticket string) tea.Cmd {
	m.session.WorkOn(ticket)
	if ticket == "" {
		m.say("What is sent from now on belongs to no ticket")
		return nil
	}
	m.say("What is sent from now on belongs to " + visible.Line(ticket) + " · ticket:" + visible.Line(ticket) + " finds it in the history")
	return nil
}

// annotate puts a star, a note or a ticket on an exchange of the history.
func (m *model) annotate(msg timeline.Annotate) tea.Cmd {
	if m.session == nil || m.session.History() == nil {
		m.warn("no history is kept", "")
		return nil
	}
	x := msg.Exchange
	switch msg.What {
	case timeline.Star:
		on := !x.Starred
		return m.write(x, history.Annotation{Starred: &on})
	case timeline.Note:
		m.overlays.Push(overlay.NewAsk("Note", x.Note, "an empty one takes it off", func(text string) tea.Cmd {
			return m.write(x, history.Annotation{Note: trimmed(text)})
		}))
	case timeline.Ticket:
		text := x.Ticket
		if text == "" {
			text = m.session.Ticket()
		}
		m.overlays.Push(overlay.NewAsk("Ticket", text, "an empty one takes it off", func(text string) tea.Cmd {
			return m.write(x, history.Annotation{Ticket: trimmed(text)})
		}))
	}
	return nil
}

func trimmed(text string) *string {
	text = strings.TrimSpace(text)
	return &text
}

// annotated answers write.
type annotated struct{ err error }

func (m *model) write(x history.Exchange, a history.Annotation) tea.Cmd {
	store := m.session.History()
	return job.Start("annotate", "writing to the history", func(ctx context.Context) tea.Msg {
		return annotated{store.Annotate(ctx, x.ID, a)}
	})
}

func (msg annotated) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(msg.err.Error(), "")
		return nil
	}
	return m.history.Reload()
}
