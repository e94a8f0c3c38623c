package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
)

// paste gives pasted text to what is edited. In Browse it is never read as
// keys: the person says what it is.
func (m *model) paste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case !m.overlays.Empty():
		return tea.Batch(m.overlays.Update(msg), m.lookUp(), m.searchApps())
	case m.panes[m.focus].Editing():
		return m.panes[m.focus].Update(msg)
	}
	m.overlays.Push(m.pasteAnything(msg.Content))
	return nil
}

// pasteAnything asks what pasted text is for.
func (m *model) pasteAnything(text string) *overlay.Picker {
	trimmed := strings.TrimSpace(text)
	type use struct {
		label string
		set   func(d *request.Draft)
	}
	uses := []use{{"Use it as the body", func(d *request.Draft) { d.Body = []byte(text) }}}
	if trimmed != "" && !strings.ContainsAny(trimmed, "\r\n") {
		uses = append([]use{{"Use it as the URL", func(d *request.Draft) { d.URL = trimmed }}}, uses...)
	}
	items := make([]overlay.Item, len(uses))
	for i, u := range uses {
		items[i] = overlay.Item{Label: u.label}
	}
	return &overlay.Picker{
		Title: "What is the pasted text?",
		Items: items,
		Choose: func(i int) tea.Cmd {
			d := m.request.Compose()
			uses[i].set(&d)
			m.request.Load(d)
			m.moveFocus(requestPane)
			return nil
		},
	}
}
