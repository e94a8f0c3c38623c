package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
)

// What an editor knows with alt, and with alt and shift: over words, and to the
// ends.
const (
	editorKeys      = "bfd<>"
	editorShiftKeys = "bf"
)

// parted takes a key with alt apart into esc and the key, as a slow line brings
// the two in one read: a terminal that cannot tell them apart sends the same
// bytes. What an action or an editor knows with alt stays whole, but for
// alt+enter: that esc leaves the text before enter does anything is the safe
// reading.
func (m *model) parted(msg tea.KeyPressMsg) (tea.KeyPressMsg, bool) {
	editing := m.panes[m.focus].Editing()
	if m.keys.unambiguous || !msg.Mod.Contains(tea.ModAlt) || m.overlays.Empty() && !editing && msg.Code != tea.KeyEnter {
		return msg, false
	}
	rest := msg
	rest.Mod &^= tea.ModAlt
	printable := msg.Code > ' ' && msg.Code < 0x7f
	kept := editorKeys
	if msg.Mod.Contains(tea.ModShift) {
		kept = editorShiftKeys
	}
	switch {
	case msg.Code == tea.KeyEnter, rest.Mod.Contains(tea.ModCtrl):
		return rest, true
	case !printable, strings.ContainsRune(kept, msg.Code):
		return msg, false
	}
	if _, known := m.table.Match(m.focus.group(), msg, editing); known && m.overlays.Empty() {
		return msg, false
	}
	if rest.Text = string(msg.Code); msg.Mod.Contains(tea.ModShift) {
		rest.Text = strings.ToUpper(rest.Text)
	}
	return rest, true
}
