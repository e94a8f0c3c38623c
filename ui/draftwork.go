package ui

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/remember"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// draftEvery is how long an edit may be lost to a crash.
const draftEvery = time.Second

// drafting is what is known of the draft on disk.
type drafting struct {
	seen composed // when it was last looked at
	ours bool     // it was composed, or put back, in this run
	due  bool     // it will be kept soon
	told bool     // that it could not be kept
}

// composed is what was composed, and for whom.
type composed struct {
	mark                       uint64
	environment, user, account string
}

func (m *model) composed() composed {
	return composed{m.request.Mark(), string(m.target.env), m.target.user, m.target.account.ID}
}

// draftDue tells that it is time to keep what is composed; draftKept, how that went;
// draftRead brings what the run before left.
type (
	draftDue  struct{}
	draftKept struct{ err error }
	draftRead struct {
		draft remember.Draft
		found bool
		err   error
	}
)

func (draftDue) land(m *model) tea.Cmd { return m.keepDraft() }

// drafts is where drafts are kept; nil where nothing is.
func (m *model) drafts() *remember.File {
	if m.opts.DataDir == "" || m.opts.Session.NoHistory || m.session != nil && m.session.Paused() {
		return nil
	}
	return remember.In(m.opts.DataDir)
}

func (m *model) projectKey() string {
	p := m.session.Profile()
	if m.opts.Session.Embedded { // its port differs from run to run
		return remember.Key("sandbox", p.ProjectID)
	}
	return remember.Key(p.BaseURL, p.ProjectID)
}

// watchDraft sees to it that what is composed is kept soon after it changed. Nothing
// ticks while nothing is composed.
func (m *model) watchDraft() tea.Cmd {
	now := m.composed()
	if now == m.draft.seen || m.session == nil {
		return nil
	}
	m.draft.ours = m.draft.ours || now.mark != m.draft.seen.mark
	m.draft.seen = now
	if !m.draft.ours || m.draft.due || m.drafts() == nil {
		return nil
	}
	m.draft.due = true
	return tea.Tick(draftEvery, func(time.Time) tea.Msg { return draftDue{} })
}

// keepDraft writes what is composed to the disk.
func (m *model) keepDraft() tea.Cmd {
	m.draft.due = false
	save := m.saveDraft()
	if save == nil {
		return nil
	}
	return job.Start("draft", "", func(context.Context) tea.Msg { return draftKept{save()} })
}

// saveDraft returns what writes the draft as it is now; nil where none is kept.
func (m *model) saveDraft() func() error {
	file := m.drafts()
	if file == nil || m.session == nil || !m.draft.ours { // what another run left is not to be lost
		return nil
	}
	d, key, mask := m.request.Record(), m.projectKey(), masker(m.session)
	d.SavedAt, d.Environment, d.User, d.Account = m.now(), m.target.env, m.target.user, m.target.account.ID
	return func() error { return file.KeepDraft(key, d, mask) }
}

func (msg draftKept) land(m *model) tea.Cmd {
	if msg.err != nil && !m.draft.told {
		m.draft.told = true
		m.warn("what is composed is not kept: "+visible.Line(msg.err.Error()), "it is lost when connectty ends")
	}
	return nil
}

// readDraft looks for what another run left: for the account that connectty is opened
// on, or else for any of the project.
func (m *model) readDraft() tea.Cmd {
	file := m.drafts()
	if file == nil || m.draft.ours || m.wanted.account != "" && m.target.account.ID == "" {
		return nil // the account is being looked for
	}
	key, account := m.projectKey(), m.target.account.ID
	if m.wanted.account == "" {
		account = ""
	}
	return job.Start("draft", "", func(context.Context) tea.Msg {
		d, found, err := file.Draft(key, account)
		return draftRead{d, found, err}
	})
}

// land puts back what another run left. What one began to compose meanwhile wins.
func (msg draftRead) land(m *model) tea.Cmd {
	d := msg.draft
	switch {
	case msg.err != nil:
		m.warn(visible.Line(msg.err.Error()), "what is composed now replaces it")
		return nil
	case !msg.found, m.draft.ours, m.request.Editing(), m.wanted.user != "" && d.User != m.wanted.user:
		return nil
	}
	m.request.Recall(d)
	m.draft.ours, m.draft.seen = true, m.composed()
	text := "What you composed last is here again"
	if d.Holes > 0 {
		text += fmt.Sprintf(" · %s marks what was left out as a secret", redact.Mask)
	}
	if d.Omitted > 0 {
		text += " · its body of " + list.Bytes(int64(d.Omitted)) + " was too long to keep"
	}
	m.say(text)
	return nil
}

// flushDraft keeps what is composed when connectty ends.
func (m *model) flushDraft() error {
	m.request.Focus(false) // what is typed becomes part of it
	if m.session == nil || m.composed() == m.draft.seen && !m.draft.due {
		return nil
	}
	save := m.saveDraft()
	if save == nil {
		return nil
	}
	if err := save(); err != nil {
		return fmt.Errorf("keep the draft: %w", err)
	}
	return nil
}
