package request

import (
	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
)

// editable is the longest body that is edited in the pane. A longer one, pasted
// or loaded, is kept as it is and sent whole.
const editable = 256 << 10

// body is the request's body: text in an editor, or bytes too many for one.
type body struct {
	area textarea.Model
	big  []byte
}

func newBody() body {
	area := textarea.New()
	area.Prompt = ""
	area.ShowLineNumbers = false
	area.CharLimit, area.MaxHeight, area.MaxWidth = 0, 0, 0
	area.Placeholder = ""
	styles := area.Styles()
	styles.Cursor.Blink = false
	area.SetStyles(styles)
	return body{area: area}
}

// bytes returns the body; nil for none.
func (b *body) bytes() []byte {
	if b.big != nil {
		return b.big
	}
	if text := b.area.Value(); text != "" {
		return []byte(text)
	}
	return nil
}

func (b *body) set(data []byte) {
	b.big = nil
	if len(data) > editable || !printable(data) {
		b.big = data
		data = nil
	}
	b.area.SetValue(string(data))
	b.area.MoveToBegin()
}

// printable reports that an editor would give the bytes back as they were.
func printable(data []byte) bool {
	for _, r := range string(data) {
		if r == '\uFFFD' || r < ' ' && r != '\n' && r != '\t' {
			return false
		}
	}
	return true
}

// size is the body's length in bytes.
func (b *body) size() int {
	if b.big != nil {
		return len(b.big)
	}
	return len(b.area.Value())
}

// update gives a key or pasted text to the editor. A paste is one edit, however
// long: what is too long for the editor is kept as bytes.
func (b *body) update(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && (b.big != nil || b.size()+len(paste.Content) > editable) {
		b.big = append(b.bytes(), paste.Content...)
		b.area.SetValue("")
		return nil
	}
	if b.big != nil {
		return nil
	}
	var cmd tea.Cmd
	b.area, cmd = b.area.Update(msg)
	return cmd
}
