package ui

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/timeline"
)

// historyChanged tells that somebody wrote to the history.
type historyChanged struct{}

// watchHistory follows what this and other connecttys write, for as long as the screen
// is there. Nothing ticks: the system tells.
func watchHistory(store *history.Store) tea.Cmd {
	return job.Stream("history.watch", "", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		_ = store.Watch(ctx, func() { emit(historyChanged{}) }) // without it, R reads the history again
		return nil
	})
}

func (historyChanged) land(m *model) tea.Cmd { return m.history.Changed() }

// deleted answers deleteExchange.
type deleted struct {
	exchange history.Exchange
	err      error
}

// deleteExchange deletes at once: it can be put back while this screen is open.
func (m *model) deleteExchange(msg timeline.Delete) tea.Cmd {
	if m.session == nil || m.session.History() == nil {
		return nil
	}
	store := m.session.History()
	return job.Start("history.delete", "deleting", func(ctx context.Context) tea.Msg {
		x, err := store.Load(ctx, msg.Exchange.ID)
		if err == nil {
			err = store.Delete(ctx, x.ID)
		}
		return deleted{x, err}
	})
}

// mostUndone is how many deleted exchanges can be put back, one after the other.
const mostUndone = 50

func (msg deleted) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(msg.err.Error(), "")
		return nil
	}
	m.bin = append(m.bin, msg.exchange)
	m.bin = m.bin[max(0, len(m.bin)-mostUndone):]
	m.say("Deleted " + visible.Line(msg.exchange.Request.Method+" "+msg.exchange.Request.URL) + " · ctrl+z puts it back")
	return m.history.Reload()
}

// restored answers undelete.
type restored struct {
	exchange history.Exchange
	err      error
}

// undelete puts back what was deleted last.
func (m *model) undelete() tea.Cmd {
	n := len(m.bin)
	if n == 0 || m.session == nil || m.session.History() == nil {
		m.say("Nothing was deleted here")
		return nil
	}
	x, store := m.bin[n-1], m.session.History()
	m.bin = m.bin[:n-1]
	return job.Start("history.undo", "putting it back", func(ctx context.Context) tea.Msg {
		return restored{x, store.Restore(ctx, []history.Exchange{x})}
	})
}

func (msg restored) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.bin = append(m.bin, msg.exchange)
		m.warn(msg.err.Error(), "")
		return nil
	}
	m.say(fmt.Sprintf("Put back %s %s", msg.exchange.Request.Method, visible.Line(msg.exchange.Request.URL)))
	return m.history.GoTo(msg.exchange.ID)
}

// pauseHistory keeps nothing of what is sent from now on, or keeps it again.
func (m *model) pauseHistory() tea.Cmd {
	if m.session == nil || m.session.History() == nil {
		m.say("No history is kept anyway")
		return nil
	}
	on := !m.session.Paused()
	m.session.Pause(on)
	m.history.SetPaused(on)
	if on {
		m.say("The history is paused: nothing is kept of what is sent · X in the history goes on")
		return nil
	}
	m.say("What is sent is kept again")
	return nil
}
