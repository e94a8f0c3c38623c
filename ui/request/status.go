package request

import (
	"fmt"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
)

// Title says nothing: the root names the key that sends.
func (m *Model) Title(*themes.Theme) (state, right string) { return "", "" }

// Status says what can be typed, and what is wrong with it.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	if t := m.text(); t != nil {
		right = th.Muted.Paint(t.Where())
	}
	switch m.edit {
	case urlField:
		left = "⏎ sends · esc leaves"
		if m.starts.current(m.url.Value()) != "" {
			left = "tab takes the completion · " + left
		} else if len(m.starts.match) > 0 {
			left = "↓ what it could be · " + left
		}
	case methodField:
		left = "type or ↑↓ · ⏎ takes"
	case nameField, valueField, pathField:
		return m.cellStatus(th), right
	case bulkField:
		left = "Name: value, one a line; # keeps one unsent · esc leaves"
	case bodyField:
		if left = "esc leaves · ^R sends"; m.body.fault() != nil {
			left = "not complete yet · " + left
		}
	case nothing:
		return m.browseStatus(th), right
	}
	if f := m.wrong(); f != nil && m.edit == bodyField {
		return th.Bad.Paint(f.text()) + th.Muted.Paint(" · esc leaves"), right
	}
	return th.Muted.Paint(left), right
}

func (m *Model) cellStatus(th *themes.Theme) string {
	name := m.row().name
	if m.edit == nameField {
		name = m.input.Value()
	}
	if r := m.remarkOn(name); m.tab == headersTab && r.text != "" {
		return r.ink(th).Paint(r.line())
	}
	if m.cell.current(m.input.Value()) != "" {
		return th.Muted.Paint("→ takes the completion · ⏎ next · esc leaves")
	}
	return th.Muted.Paint("⏎ next · esc leaves · ctrl+u empties")
}

func (m *Model) browseStatus(th *themes.Theme) string {
	f := m.wrong()
	switch {
	case m.lost != "" && m.height < roomy: // it has no line of its own
		return th.Warn.Paint("! " + visible.Line(m.lost))
	case f != nil && m.tab == bodyTab:
		return th.Bad.Paint(f.text())
	case m.tab == headersTab && m.onRow():
		r := m.remarkOn(m.row().name)
		return r.ink(th).Paint(r.line())
	case m.shortens() && m.app.Relative():
		return th.Warn.Paint("this app takes a path: its host differs by account") + th.Muted.Paint(" · r writes it as one")
	case m.app != nil && m.app.Relative():
		return th.Muted.Paint("this app takes a path, such as /api/…: its host differs by account")
	}
	return ""
}

// text says where the fault is, and what.
func (f *fault) text() string {
	return fmt.Sprintf("✗ line %d, column %d: %s", f.line, f.column, visible.Line(f.what))
}
