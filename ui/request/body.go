package request

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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

// tabMark stands for a tab in the editor, which would make spaces of one.
const tabMark = "␉"

// bytes returns the body; nil for none.
func (b *body) bytes() []byte {
	if b.big != nil {
		return b.big
	}
	if text := b.area.Value(); text != "" {
		return []byte(strings.ReplaceAll(text, tabMark, "\t"))
	}
	return nil
}

func (b *body) set(data []byte) {
	b.big = nil
	if len(data) > editable || !printable(string(data)) {
		b.big = data
		data = nil
	}
	b.area.SetValue(strings.ReplaceAll(string(data), "\t", tabMark))
	b.area.MoveToBegin()
}

// printable reports that the editor would give the text back as it was.
func printable(text string) bool {
	return !strings.Contains(text, tabMark) && !strings.ContainsFunc(text, func(r rune) bool {
		return r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t'
	})
}

// size is the body's length in bytes.
func (b *body) size() int {
	if b.big != nil {
		return len(b.big)
	}
	text := b.area.Value()
	return len(text) - strings.Count(text, tabMark)*(len(tabMark)-1)
}

// lineEnds are a paste's: a terminal sends a carriage return for each line.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// update gives a key or pasted text to the editor. A paste is one edit, however
// long: what is no text for the editor is kept as bytes.
func (b *body) update(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		text := lineEnds.Replace(paste.Content)
		if b.big != nil || b.size()+len(text) > editable || !printable(text) {
			b.big = slices.Concat(b.bytes(), []byte(text)) // what was composed may be on its way
			b.area.SetValue("")
			return nil
		}
		msg = tea.PasteMsg{Content: strings.ReplaceAll(text, "\t", tabMark)}
	}
	if b.big != nil {
		return nil
	}
	var cmd tea.Cmd
	b.area, cmd = b.area.Update(msg)
	return cmd
}
