// Package editor is the one editor of texts of several lines: bodies, headers as
// text. It takes any bytes and gives them back as they were; what a terminal would
// obey is spelt out. No key costs more than the lines that show.
package editor

import (
	"bytes"
	"unicode/utf8"
)

// Language is what a text is written in.
type Language int

// The languages.
const (
	Plain Language = iota
	JSON
)

// Model is an editor. Make one with [New].
type Model struct {
	language Language
	text     text
	lines    lines
	caret    caret
	goal     int // the column that up and down keep; -1: the caret's own
	top      int // the first byte of the first row that shows
	version  int
	history  history
	folds    folds
	pair     [2]int // brackets that belong together; both 0 for none
	register []byte // what was copied or cut last
	place    []byte // of a line and column, while it is typed; nil otherwise
	asked    bool   // the terminal's clipboard was asked for

	width, height int
	focused       bool
}

// caret is where one types, and where the selection begins: where both are the
// same, nothing is selected.
type caret struct{ at, mark int }

func (c caret) span() (from, to int) { return min(c.at, c.mark), max(c.at, c.mark) }

// New returns an empty editor.
func New() *Model {
	m := &Model{width: 80, height: 24}
	m.SetText(nil)
	return m
}

// SetText begins with another text. What was done to the one before cannot be
// undone here.
func (m *Model) SetText(b []byte) {
	m.text = text{buf: bytes.Clone(b), gap: len(b), tail: len(b)}
	m.lines = newLines(&m.text)
	m.caret, m.goal, m.top = caret{}, -1, 0
	m.history = history{}
	m.place = nil
	m.version++
	m.settle()
}

// Text returns a copy of the text; nil for none.
func (m *Model) Text() []byte {
	if m.Len() == 0 {
		return nil
	}
	return bytes.Clone(m.text.slice(0, m.Len()))
}

// Len is the text's length in bytes.
func (m *Model) Len() int { return m.text.size() }

// Version changes with every change of the text.
func (m *Model) Version() int { return m.version }

// SetLanguage tells what the text is written in.
func (m *Model) SetLanguage(l Language) {
	if l == m.language {
		return
	}
	m.language = l
	m.match()
}

// Resize tells the room. What shows stays in view.
func (m *Model) Resize(width, height int) {
	if width == m.width && height == m.height {
		return
	}
	m.width, m.height = max(1, width), max(1, height)
	m.show()
}

// Focus tells whether one types here. What was selected is so no longer: whoever
// comes back and types replaces nothing.
func (m *Model) Focus(on bool) {
	m.focused = on
	if !on {
		m.place = nil
		m.caret.mark = m.caret.at
		m.history.part()
	}
}

// Place returns the caret's line and column, in characters, both from 1.
func (m *Model) Place() (line, column int) {
	i := m.lines.of(m.caret.at)
	head := m.lines.start(m.lines.head(i))
	return 1 + bytes.Count(m.text.slice(0, head), []byte("\n")), 1 + utf8.RuneCount(m.text.slice(head, m.caret.at))
}

// PlaceOf returns line and column of a byte, as [Model.Place] counts them.
func PlaceOf(b []byte, at int) (line, column int) {
	at = max(0, min(at, len(b)))
	head := bytes.LastIndexByte(b[:at], '\n') + 1
	return 1 + bytes.Count(b[:head], []byte("\n")), 1 + utf8.RuneCount(b[head:at])
}

// Selected is how many bytes are selected.
func (m *Model) Selected() int {
	from, to := m.caret.span()
	return to - from
}

// head returns the first byte of line n, counted from 1, or of the last one.
func (m *Model) head(n int) int {
	at := 0
	for b := m.text.slice(0, m.Len()); n > 1; n-- {
		k := bytes.IndexByte(b[at:], '\n')
		if k < 0 {
			return at
		}
		at += k + 1
	}
	return at
}

// GoTo puts the caret on a line and column, or on the nearest there are.
func (m *Model) GoTo(line, column int) {
	at := m.head(line)
	for ; column > 1 && at < m.lineEnd(at); column-- {
		at += utf8Size(m.text.slice(at, m.lineEnd(at)))
	}
	m.put(m.whole(at), false)
}

func utf8Size(b []byte) int {
	_, n := utf8.DecodeRune(b)
	return n
}

// settle follows a change of text or caret.
func (m *Model) settle() {
	m.show()
	m.match()
}

// Head returns the first bytes of the text, at most n; they hold until the next
// change.
func (m *Model) Head(n int) []byte { return m.text.slice(0, min(n, m.Len())) }
