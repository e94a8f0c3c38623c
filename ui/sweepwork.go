package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// sweepJob is the key of the one sweep that runs.
const sweepJob = "sweep"

// chooseSweep asks what to sweep. Nothing is sent before cost and time were shown.
func (m *model) chooseSweep() tea.Cmd {
	if m.session == nil {
		m.warn(m.missing(), "")
		return nil
	}
	var choices []overlay.Choice
	if m.scene != desk && m.sweep.Any() {
		choices = append(choices, overlay.Choice{Key: "s", Label: "back to the sweep", Run: func() tea.Cmd {
			m.stage(desk)
			return m.sweep.Refresh()
		}})
	}
	add := func(key, label string, opts sweep.Options) {
		opts.Environment = m.target.env
		opts.StateDir = filepath.Join(m.opts.DataDir, "sweeps")
		choices = append(choices, overlay.Choice{Key: key, Label: label, Run: func() tea.Cmd { return m.planSweep(opts) }})
	}
	if app := m.target.account.App.Slug; app != "" {
		name := visible.Line(app)
		add("a", fmt.Sprintf("a sample of %d %s accounts", sweep.DefaultSample, name), sweep.Options{App: app})
		add("A", "every "+name+" account", sweep.Options{App: app, All: true})
	}
	if user := m.target.user; user != "" {
		add("u", "every account of "+visible.Line(user), sweep.Options{User: user, All: true})
	}
	add("p", fmt.Sprintf("a sample of %d accounts of the project", sweep.DefaultSample), sweep.Options{})
	add("P", "every account of the project", sweep.Options{All: true})
	m.overlays.Push(&overlay.Menu{
		Title: "Sweep " + string(m.target.env), Choices: choices,
		Notes: []string{"Asks many accounts who they are, with calls that change nothing, inside the budget. Count, cost and time come first."},
	})
	return nil
}

// planned answers planSweep.
type planned struct {
	sweep *sweep.Sweep
	env   proxy.Environment
	plan  sweep.Plan
	err   error
}

func (m *model) planSweep(opts sweep.Options) tea.Cmd {
	s := m.session
	return job.Start(sweepJob, "reading the accounts", func(ctx context.Context) tea.Msg {
		w, err := sweep.New(s, opts)
		if err != nil {
			return planned{err: err}
		}
		plan, err := w.List(ctx, nil)
		return planned{w, opts.Environment, plan, err}
	})
}

func (msg planned) land(m *model) tea.Cmd {
	if msg.err != nil {
		if !errors.Is(msg.err, context.Canceled) {
			m.warn("no sweep: "+msg.err.Error(), "")
		}
		return nil
	}
	unhealthy, dead := 0, 0
	for _, r := range msg.plan.Rows {
		switch r.Health {
		case proxy.Healthy:
		case proxy.Unhealthy:
			unhealthy++
		case proxy.Dead:
			dead++
		}
	}
	m.overlays.Push(&overlay.Confirm{
		Title: "Sweep?", Yes: "Ask them", No: "Cancel",
		Lines: []overlay.Line{
			{Label: "listed", Text: fmt.Sprintf("%d accounts: %d unhealthy, %d dead, without a call", len(msg.plan.Rows), unhealthy, dead)},
			{Label: "cost", Text: msg.plan.Words()},
			{Label: "limit", Text: "it stays inside this profile's share"},
			{Label: "end", Text: "esc ends it, and S goes on from there"},
		},
		OnYes: func() tea.Cmd { return m.runSweep(msg) },
	})
	return nil
}

// sweeping brings what came on the way, swept the end.
type (
	sweeping struct {
		rows   []sweep.Row
		paused time.Time
	}
	swept struct {
		report sweep.Report
		err    error
	}
)

// often is how often a sweep reports: as fast as a person can follow.
const often = 100 * time.Millisecond

// runSweep goes to the desk and asks.
func (m *model) runSweep(msg planned) tea.Cmd {
	m.stage(desk)
	m.sweepEnv = msg.env
	w := msg.sweep
	ask := job.Stream(sweepJob, "sweeping", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		var told time.Time
		var rows []sweep.Row
		report, err := w.Run(ctx, func(p sweep.Progress) {
			if p.Row != nil {
				rows = append(rows, *p.Row)
			}
			if time.Since(told) >= often || !p.Paused.IsZero() {
				told = time.Now()
				emit(sweeping{rows, p.Paused})
				rows = nil
			}
		})
		return swept{report, err}
	})
	return tea.Batch(m.sweep.Begin(msg.plan), ask)
}

func (msg sweeping) land(m *model) tea.Cmd {
	show := m.sweep.Take(msg.rows, msg.paused)
	if m.scene != desk {
		show = nil
	}
	return tea.Batch(show, m.readBudget(time.Second))
}

func (msg swept) land(m *model) tea.Cmd {
	show := m.sweep.End(msg.report)
	switch {
	case msg.err == nil:
		m.say(msg.report.Headline)
	case errors.Is(msg.err, context.Canceled):
		m.say("the sweep was ended; S goes on from there")
	default:
		m.warn("the sweep ended: "+msg.err.Error(), "S goes on from there")
	}
	if m.scene != desk {
		show = nil
	}
	return tea.Batch(show, m.history.Reload(), m.readBudget(0))
}

// rowRead answers readRow: the exchange of an account of the sweep.
type rowRead struct {
	row      sweep.Row
	exchange *history.Exchange // nil where there is none
}

// readRow shows what an account answered, or its last answer of an earlier day.
func (m *model) readRow(row sweep.Row) tea.Cmd {
	store := m.session.History()
	if store == nil {
		return rowRead{row: row}.land(m)
	}
	q := history.Query{ProjectID: m.session.Profile().ProjectID, AccountID: row.ID, Limit: 1}
	return job.Start("sweep.row", "", func(ctx context.Context) tea.Msg {
		id := row.Exchange
		if id == "" {
			if last, err := store.List(ctx, q); err == nil && len(last) > 0 {
				id = last[0].ID
			}
		}
		x, err := store.Load(ctx, id)
		if id == "" || err != nil {
			return rowRead{row, nil}
		}
		return rowRead{row, &x}
	})
}

func (msg rowRead) land(m *model) tea.Cmd {
	switch now, ok := m.sweep.Current(); {
	case m.scene != desk || !ok || now.ID != msg.row.ID:
		return nil
	case msg.exchange == nil:
		m.response.Clear("nothing of this account is in the history")
		return nil
	}
	return m.response.Load(*msg.exchange)
}

// pickRow leaves the desk for one of its accounts.
func (m *model) pickRow(row sweep.Row) tea.Cmd {
	m.stage(bench)
	return m.turnTo(m.sweepEnv, rowAccount(row))
}

// rowAccount is what a sweep knows of an account.
func rowAccount(row sweep.Row) proxy.Account {
	return proxy.Account{
		ID: row.ID, Name: row.Name, ExternalUserID: row.User, App: proxy.App{Slug: row.App},
		Healthy: row.Health == proxy.Healthy, Dead: row.Health == proxy.Dead, Error: row.Error,
	}
}

// aimed does something for the account under the sweep's cursor, where that has the
// focus, else for the one that is picked.
func (m *model) aimed(do func() tea.Cmd) func() tea.Cmd {
	return func() tea.Cmd {
		row, ok := m.sweep.Current()
		if m.focus != sweepPane || !ok {
			return do()
		}
		turn := m.turnTo(m.sweepEnv, rowAccount(row))
		return tea.Batch(turn, do())
	}
}

// offerSweepCopies opens the menu of what can be copied of a sweep.
func (m *model) offerSweepCopies() {
	report := m.sweep.Report()
	if report == nil {
		return
	}
	copies := func(format, word string) func() tea.Cmd {
		dir, r := m.opts.DataDir, *report
		return func() tea.Cmd {
			return job.Start("sweep.copy", "writing the report", func(context.Context) tea.Msg {
				var b strings.Builder
				key, _ := redact.Key(dir) // without one the stand-ins are this report's alone
				if err := r.Write(&b, format, redact.NewPseudonyms(key)); err != nil {
					return failed{err}
				}
				return written{b.String(), word}
			})
		}
	}
	m.overlays.Push(&overlay.Menu{Title: "Copy the sweep", Choices: []overlay.Choice{
		{Key: "y", Label: "as a report", Detail: "Markdown; ids are stand-ins", Run: copies("markdown", "copied the report of the sweep")},
		{Key: "t", Label: "as text", Detail: "ids as they are", Run: copies("text", "copied the sweep as text")},
		{Key: "c", Label: "as a table", Detail: "CSV; ids as they are", Run: copies("csv", "copied the sweep as CSV")},
	}})
}

// written brings a text for the clipboard, failed why there is none.
type (
	written struct{ text, word string }
	failed  struct{ err error }
)

func (msg failed) land(m *model) tea.Cmd {
	m.warn(msg.err.Error(), "")
	return nil
}

func (msg written) land(m *model) tea.Cmd { return m.copies(msg.text, msg.word)() }
