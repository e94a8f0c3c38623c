package ui

import "github.com/connectty/connectty/internal/visible"

// notice is what stands in the status line until the next key.
type notice struct {
	text string
	next string // what to do about it
	bad  bool
}

// say puts a word in the status line.
func (m *model) say(text string) { m.notice = notice{text: visible.Line(text)} }

// warn puts a mistake in the status line, and what to do next.
func (m *model) warn(text, next string) {
	m.notice = notice{text: visible.Line(text), next: next, bad: true}
}
