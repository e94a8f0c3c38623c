package ui

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/clipboard"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
)

// tested answers ask.
type tested struct {
	test session.Test
	err  error
}

// ask sends the account's who-am-I call. What is composed stays as it is.
func (m *model) ask() tea.Cmd {
	if why := m.missing(); why != "" {
		m.warn(why, "")
		return nil
	}
	if m.flying() {
		m.warn("a request is still on its way", "esc cancels it")
		return nil
	}
	s, target := m.session, m.sessionTarget()
	label := "asking " + visible.Line(accountLabel(target.Account)) + " who it is"
	m.response.Begin(label, m.now())
	fly := job.Stream(sendJob, label, func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		t, err := s.Test(ctx, target, func(r session.Result) { emit(progressed{r}) })
		return tested{t, err}
	})
	return tea.Batch(fly, m.startClock())
}

func (msg tested) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.response.Forget()
		m.warn(msg.err.Error(), "send a request of your own instead")
		return nil
	}
	cmd := m.landed(msg.test.Result)
	if msg.test.Result.Err == nil {
		m.say(msg.test.Result.Exchange.Finding.Summary)
	}
	return cmd
}

// copies returns what puts a text on the clipboard.
func (m *model) copies(text, word string) func() tea.Cmd {
	return func() tea.Cmd {
		m.say(word)
		return m.clip(text)
	}
}

// clipped answers clip.
type clipped struct {
	text string
	way  clipboard.Way
	err  error
}

// clip puts a text on the clipboard, on the way that there is.
func (m *model) clip(text string) tea.Cmd { return clip(text, m.opts.DataDir) }

// clip copies a text on the way that leads to the person's clipboard.
func clip(text, dir string) tea.Cmd {
	return job.Start("clip", "", func(ctx context.Context) tea.Msg {
		way, err := clipboard.Copy(ctx, text, dir)
		return clipped{text, way, err}
	})
}

// done tells the terminal where that is the way, and says in words what was done where it
// is not.
func (c clipped) done() (words string, cmd tea.Cmd) {
	switch {
	case c.err != nil:
		return visible.Line(c.err.Error()) + ": nothing was copied", nil
	case c.way.OSC52:
		return "", tea.SetClipboard(c.text)
	}
	return "Copied: " + visible.Line(c.way.Words), nil
}

func (msg clipped) land(m *model) tea.Cmd {
	words, cmd := msg.done()
	switch {
	case msg.err != nil:
		m.warn(words, "")
	case words != "":
		m.say(words)
	}
	return cmd
}

// reporter makes reports with this machine's stand-ins. It reads the disk: for
// jobs.
func (m *model) reporter() func() export.Report {
	s, dir := m.session, m.opts.DataDir
	labels := m.users.Labels()
	return func() export.Report {
		key, _ := redact.Key(dir) // without one the stand-ins are this report's alone
		stand := redact.NewPseudonyms(key)
		for _, label := range labels {
			stand.Give("name", label)
		}
		return export.Report{Mask: masker(s), Stand: stand}
	}
}
