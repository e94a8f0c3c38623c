package ui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/editor"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/request"
)

// editShown hands what shows of the request to the person's own editor: the body, the
// headers, or all of it.
func (m *model) editShown() tea.Cmd {
	m.moveFocus(requestPane)
	return m.editOutside(m.request.Shown())
}

// editOutside hands a part of the request to the person's own editor.
func (m *model) editOutside(what request.What) tea.Cmd {
	text, suffix := m.request.Outside(what)
	return job.Start("editor", "opening your editor", func(ctx context.Context) tea.Msg {
		file, err := editor.Write(string(text), suffix)
		if err == nil && ctx.Err() != nil { // nobody waits for it any more
			file.Discard()
			return nil
		}
		return outside{file, what, err}
	})
}

// outside answers editOutside: the file is there; inside, that the editor was left.
type (
	outside struct {
		file *editor.File
		what request.What
		err  error
	}
	inside struct {
		what request.What
		text string
		err  error
	}
)

func (msg outside) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn("your editor was not opened: "+msg.err.Error(), "")
		return nil
	}
	cmd, err := msg.file.Command(m.secrets())
	if err != nil {
		msg.file.Discard()
		m.warn(visible.Line(err.Error()), "")
		return nil
	}
	return tea.ExecProcess(cmd, func(err error) tea.Msg {
		defer msg.file.Discard()
		if err != nil {
			return inside{err: errors.New("your editor ended with " + err.Error() + "; what it left is not taken")}
		}
		text, err := msg.file.Text()
		return inside{msg.what, text, err}
	})
}

// secrets are what no other program gets to see.
func (m *model) secrets() []string {
	if m.session == nil {
		return nil
	}
	return m.session.Client(proxy.Development).Secrets()
}

// masker masks them, and what the person's rules name; s may be nil.
func masker(s *session.Session) *redact.Masker {
	if s == nil {
		return redact.New()
	}
	return s.Masker()
}

func (msg inside) land(m *model) tea.Cmd {
	switch {
	case errors.Is(msg.err, editor.ErrUnchanged):
		m.say("Nothing was changed")
		return nil
	case msg.err != nil:
		m.warn(visible.Line(msg.err.Error()), "what is composed is as it was")
		return nil
	}
	cmd, err := m.request.TakeOutside(msg.what, []byte(msg.text))
	if err != nil {
		m.warn("this is no request: "+visible.Line(err.Error()), "what is composed is as it was")
		return nil
	}
	m.say("Taken over · ctrl+z brings back what was there")
	return cmd
}
