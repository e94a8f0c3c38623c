package editor

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Update takes in a key, pasted text, or the mouse with places counted from the
// editor's own corner. What keys do beyond typing and moving are calls of the
// pane's actions.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		if m.place != nil {
			m.pressPlace(msg)
			return nil
		}
		return m.press(msg)
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.ClipboardMsg:
		if m.asked && m.focused {
			m.paste(msg.Content)
		}
		m.asked = false
	case tea.MouseClickMsg:
		m.put(m.pointed(msg.X, msg.Y), msg.Mod.Contains(tea.ModShift))
	case tea.MouseMotionMsg:
		if msg.Button == tea.MouseLeft {
			m.put(m.pointed(msg.X, msg.Y), true)
		}
	case tea.MouseWheelMsg:
		m.wheel(msg)
	}
	return nil
}

func (m *Model) wheel(msg tea.MouseWheelMsg) {
	const rows = 3
	switch msg.Button {
	case tea.MouseWheelUp:
		m.Scroll(-rows)
	case tea.MouseWheelDown:
		m.Scroll(rows)
	default: // to the side: nothing moves there
	}
}

// pointed is the place under the pointer.
func (m *Model) pointed(x, y int) int {
	s, gone := m.shift(m.spot(m.top), y)
	if gone < y {
		return m.Len()
	}
	s.column = max(0, x)
	return m.at(s)
}

// lineEnds are a paste's: a terminal sends a carriage return for each line.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// paste puts text in as one edit, however long it is.
func (m *Model) paste(text string) {
	m.history.part()
	m.insert([]byte(lineEnds.Replace(text)), alone)
	m.history.part()
}

// press is one key.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	if move, ok := moves[strings.Replace(name, "shift+", "", 1)]; ok {
		move(m, msg.Mod.Contains(tea.ModShift))
		return nil
	}
	if edit, ok := edits[name]; ok {
		return edit(m)
	}
	if msg.Text != "" {
		m.typed(msg.Text)
	}
	return nil
}

// to moves the caret to a place that is worked out from where it is.
func to(where func(m *Model, at int) int) func(m *Model, keep bool) {
	return func(m *Model, keep bool) { m.put(where(m, m.caret.at), keep) }
}

// moves are the keys that move the caret; with shift they select.
var moves = map[string]func(m *Model, keep bool){
	"left":       func(m *Model, keep bool) { m.step(-1, keep) },
	"right":      func(m *Model, keep bool) { m.step(1, keep) },
	"ctrl+b":     func(m *Model, keep bool) { m.step(-1, keep) },
	"ctrl+f":     func(m *Model, keep bool) { m.step(1, keep) },
	"ctrl+n":     func(m *Model, keep bool) { m.climb(1, keep) },
	"up":         func(m *Model, keep bool) { m.climb(-1, keep) },
	"down":       func(m *Model, keep bool) { m.climb(1, keep) },
	"pgup":       func(m *Model, keep bool) { m.climb(-m.height, keep) },
	"pgdown":     func(m *Model, keep bool) { m.climb(m.height, keep) },
	"home":       to((*Model).home),
	"ctrl+a":     to((*Model).home),
	"end":        to((*Model).lineEnd),
	"ctrl+e":     to((*Model).lineEnd),
	"ctrl+home":  to(func(*Model, int) int { return 0 }),
	"alt+<":      to(func(*Model, int) int { return 0 }),
	"ctrl+end":   to(func(m *Model, _ int) int { return m.Len() }),
	"alt+>":      to(func(m *Model, _ int) int { return m.Len() }),
	"ctrl+left":  to((*Model).wordLeft),
	"alt+left":   to((*Model).wordLeft),
	"alt+b":      to((*Model).wordLeft),
	"ctrl+right": to((*Model).wordRight),
	"alt+right":  to((*Model).wordRight),
	"alt+f":      to((*Model).wordRight),
}

// edits are the keys that change the text.
var edits = map[string]func(m *Model) tea.Cmd{
	"enter":          (*Model).breakLine,
	"shift+enter":    (*Model).breakLine,
	"ctrl+j":         (*Model).breakLine,
	"tab":            (*Model).indent,
	"backspace":      func(m *Model) tea.Cmd { m.remove(m.previous(m.caret.at), erasing); return nil },
	"ctrl+h":         func(m *Model) tea.Cmd { m.remove(m.previous(m.caret.at), erasing); return nil },
	"delete":         func(m *Model) tea.Cmd { m.remove(m.next(m.caret.at), removing); return nil },
	"ctrl+d":         func(m *Model) tea.Cmd { m.remove(m.next(m.caret.at), removing); return nil },
	"ctrl+w":         func(m *Model) tea.Cmd { m.remove(m.wordLeft(m.caret.at), alone); return nil },
	"alt+backspace":  func(m *Model) tea.Cmd { m.remove(m.wordLeft(m.caret.at), alone); return nil },
	"ctrl+backspace": func(m *Model) tea.Cmd { m.remove(m.wordLeft(m.caret.at), alone); return nil },
	"alt+d":          func(m *Model) tea.Cmd { m.remove(m.wordRight(m.caret.at), alone); return nil },
	"alt+delete":     func(m *Model) tea.Cmd { m.remove(m.wordRight(m.caret.at), alone); return nil },
	"ctrl+delete":    func(m *Model) tea.Cmd { m.remove(m.wordRight(m.caret.at), alone); return nil },
	"ctrl+u":         func(m *Model) tea.Cmd { m.remove(m.lineStart(m.caret.at), alone); return nil },
	"ctrl+k":         (*Model).cutRest,
	"ctrl+v":         (*Model).Paste,
}

// step goes over one character; out of a selection it goes to its end.
func (m *Model) step(by int, keep bool) {
	from, end := m.caret.span()
	switch {
	case from < end && !keep && by < 0:
		m.put(from, false)
	case from < end && !keep:
		m.put(end, false)
	case by < 0:
		m.put(m.previous(m.caret.at), keep)
	default:
		m.put(m.next(m.caret.at), keep)
	}
}

// cutRest deletes to the end of the line, or its break where it stands there.
func (m *Model) cutRest() tea.Cmd {
	end := m.lineEnd(m.caret.at)
	if end <= m.caret.at {
		end = m.next(m.caret.at)
	}
	m.remove(end, alone)
	return nil
}

// indentation is one level of JSON.
const indentation = "  "

// typed puts typed text in. A bracket that closes on a line of its own goes back
// one level.
func (m *Model) typed(text string) {
	if m.language == JSON && (text == "}" || text == "]") && m.Selected() == 0 {
		start, indent := m.lineStart(m.caret.at), m.indentOf(m.caret.at)
		if start+len(indent) == m.caret.at && bytes.HasSuffix(indent, []byte(indentation)) {
			m.replace(m.caret.at-len(indentation), m.caret.at, []byte(text), alone)
			return
		}
	}
	m.insert([]byte(text), typing)
}

// breakLine begins a line as far in as this one; in JSON, behind an open bracket,
// one level more, with the bracket that closes it on a line of its own.
func (m *Model) breakLine() tea.Cmd {
	from, end := m.caret.span()
	indent := m.indentOf(from)
	indent = bytes.Clone(indent[:min(len(indent), from-m.lineStart(from))])
	ending := m.ending(from)
	with := append([]byte(ending), indent...)
	at := len(with)
	if m.language == JSON && from > 0 && (m.text.at(from-1) == '{' || m.text.at(from-1) == '[') {
		with = append(with, indentation...)
		at = len(with)
		if end < m.Len() && m.text.at(from-1)^m.text.at(end) == '{'^'}' {
			with = append(append(with, ending...), indent...)
		}
	}
	m.replace(from, end, with, alone)
	if at < len(with) {
		m.put(from+at, false)
	}
	return nil
}

// ending is how the lines around a place are broken.
func (m *Model) ending(at int) string {
	start := m.lineStart(at)
	if end := m.lineEnd(at); end < m.Len() && m.text.at(end) == '\r' || start > 1 && m.text.at(start-2) == '\r' {
		return "\r\n"
	}
	return "\n"
}

func (m *Model) indent() tea.Cmd {
	if m.language == JSON {
		m.insert([]byte(indentation), alone)
	} else {
		m.insert([]byte("\t"), alone)
	}
	return nil
}

// SelectAll selects the whole text.
func (m *Model) SelectAll() {
	m.put(0, false)
	m.put(m.Len(), true)
}

// Copy puts what is selected on the clipboard.
func (m *Model) Copy() tea.Cmd {
	from, end := m.caret.span()
	if from == end {
		return nil
	}
	m.register = bytes.Clone(m.text.slice(from, end))
	return tea.SetClipboard(string(m.register))
}

// Cut is Copy, and deletes what is selected.
func (m *Model) Cut() tea.Cmd {
	cmd := m.Copy()
	if cmd != nil {
		m.insert(nil, alone)
	}
	return cmd
}

// Paste puts in what was copied here last, byte for byte; if nothing was, it asks
// the terminal for its clipboard.
func (m *Model) Paste() tea.Cmd {
	if m.register == nil {
		m.asked = true
		return tea.ReadClipboard
	}
	m.history.part()
	m.insert(m.register, alone)
	return nil
}

// AskPlace begins to type where to go.
func (m *Model) AskPlace() { m.place = []byte{} }

// AskingPlace reports that a line and column are typed.
func (m *Model) AskingPlace() bool { return m.place != nil }

// StopAsking leaves the caret where it is.
func (m *Model) StopAsking() { m.place = nil }

func (m *Model) pressPlace(msg tea.KeyPressMsg) {
	switch name := msg.String(); {
	case name == "enter":
		line, column, _ := strings.Cut(string(m.place), ":")
		m.place = nil
		if n, err := strconv.Atoi(line); err == nil {
			c, _ := strconv.Atoi(column) // none: the line's beginning
			m.GoTo(n, c)
		}
	case name == "backspace" && len(m.place) > 0:
		m.place = m.place[:len(m.place)-1]
	case name == "ctrl+u":
		m.place = m.place[:0]
	case len(msg.Text) == 1 && strings.Contains("0123456789:", msg.Text) && len(m.place) < 15:
		m.place = append(m.place, msg.Text...)
	}
}

// Where says where the caret is, and how much is selected.
func (m *Model) Where() string {
	line, column := m.Place()
	text := fmt.Sprintf("%d:%d", line, column)
	if n := m.Selected(); n > 0 {
		text += fmt.Sprintf(" · %d B selected", n)
	}
	return text
}
