package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

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
		return planned{w, plan, err}
	})
}

func (m *model) planned(msg planned) tea.Cmd {
	if msg.err != nil {
		if !errors.Is(msg.err, context.Canceled) {
			m.warn("no sweep: "+msg.err.Error(), "")
		}
		return nil
	}
	calls, takes := msg.plan.Cost()
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
			{Label: "calls", Text: fmt.Sprintf("%d, at most %.0f a minute: this profile's share of the limit", calls, msg.plan.PerMin)},
			{Label: "time", Text: "about " + takes.Round(time.Second).String() + "; esc ends it, and S goes on from there"},
		},
		OnYes: func() tea.Cmd { return m.runSweep(msg.sweep) },
	})
	return nil
}

// swept answers runSweep, sweeping reports on the way.
type (
	swept struct {
		headline, text, markdown string
		err                      error
	}
	sweeping struct{ progress sweep.Progress }
)

func (m *model) runSweep(w *sweep.Sweep) tea.Cmd {
	dir := m.opts.DataDir
	return job.Stream(sweepJob, "sweeping", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		var told time.Time
		report, err := w.Run(ctx, func(p sweep.Progress) {
			if time.Since(told) >= time.Second || !p.Paused.IsZero() { // a count that a person can read
				told = time.Now()
				emit(sweeping{p})
			}
		})
		return outcome(dir, report, err)
	})
}

// outcome renders a report, for people here and with stand-ins for others. It reads
// the disk: for jobs.
func outcome(dir string, report sweep.Report, err error) swept {
	var text, markdown strings.Builder
	key, _ := redact.Key(dir) // without one the stand-ins are this report's alone
	rendered := errors.Join(report.Write(&text, "text", nil), report.Write(&markdown, "markdown", redact.NewPseudonyms(key)))
	return swept{report.Headline, strings.TrimRight(text.String(), "\n"), markdown.String(), errors.Join(err, rendered)}
}

func (m *model) sweeping(msg sweeping) {
	p := msg.progress
	text := fmt.Sprintf("sweeping: %d of %d asked", p.Asked, p.Planned)
	if !p.Paused.IsZero() {
		text += "; Connect wants no calls until " + p.Paused.Local().Format("15:04:05")
	}
	m.say(text)
}

func (m *model) swept(msg swept) tea.Cmd {
	if msg.err != nil && !errors.Is(msg.err, context.Canceled) {
		m.warn("the sweep ended: "+msg.err.Error(), "S goes on from there")
		return nil
	}
	m.say(msg.headline)
	m.overlays.Push(&overlay.Menu{
		Title: "Sweep", Notes: strings.Split(msg.text, "\n"),
		Choices: []overlay.Choice{{Key: "y", Label: "copy it as a report", Detail: "ids are stand-ins", Run: m.copies(msg.markdown, "copied the report of the sweep")}},
	})
	return m.history.Reload()
}
