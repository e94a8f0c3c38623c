package timeline

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/visible"
)

// All is what all exchanges of can be shown.
type All struct {
	Key, Label, Detail string
	Run                func() tea.Cmd
}

// Alls lists what the exchange under the cursor has in common with others.
func (m *Model) Alls() []All {
	x, ok := m.Exchange()
	if !ok {
		return nil
	}
	_, path := place(x.Request.URL)
	path, _, _ = strings.Cut(path, "?")
	status := "none"
	if x.Response != nil {
		status = fmt.Sprint(x.Response.Status)
	}
	var out []All
	for _, c := range []struct{ key, label, name, value string }{
		{"u", "this user", "user:", x.ExternalUserID},
		{"a", "this account", "account:", x.Account.ID},
		{"p", "this app", "app:", x.Account.App},
		{"h", "this path", "", path},
		{"s", "this status", "status:", status},
		{"t", "this ticket", "ticket:", x.Ticket},
	} {
		if c.value == "" {
			continue
		}
		text := c.name + c.value
		if strings.ContainsAny(c.value, " \t") {
			text = c.name + `"` + c.value + `"`
		}
		out = append(out, All{c.key, c.label, visible.Line(c.value), func() tea.Cmd { return m.Show(text) }})
	}
	return out
}

// Show finds everything for a text.
func (m *Model) Show(text string) tea.Cmd {
	m.scope = everything
	m.find.SetValue(text)
	m.find.CursorEnd()
	m.cursor.Put(0)
	return m.Reload()
}

// delete asks the root to delete the exchange under the cursor.
func (m *Model) delete() tea.Cmd {
	x, ok := m.Exchange()
	if !ok {
		return nil
	}
	return tell(Delete{x})
}

func tell(msg tea.Msg) tea.Cmd { return func() tea.Msg { return msg } }
