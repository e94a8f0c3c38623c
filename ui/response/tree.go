package response

import "github.com/connectty/connectty/internal/document"

// toParent goes to where what is around the line opens.
func (m *Model) toParent() {
	if fold, err := m.doc.Parent(m.at()); err == nil {
		m.goTo(fold.From)
	}
}

// toPartner goes from where something opens to where it closes, and back.
func (m *Model) toPartner() {
	line := m.at()
	switch fold, err := m.doc.FoldAt(line); {
	case err != nil:
	case fold.From == line:
		m.goTo(fold.To)
	default:
		m.goTo(fold.From)
	}
}

// toSibling goes to the next value of what is around the line, or to the one before.
func (m *Model) toSibling(by int) {
	line := m.valueAt(m.at())
	parent, err := m.doc.Parent(line)
	if err != nil {
		return
	}
	next := m.valueAt(line - 1)
	if by > 0 {
		next = m.endOf(line) + 1
	}
	if next > parent.From && next < parent.To {
		m.goTo(next)
	}
}

// valueAt is the line on which the value begins that a line closes or goes on; else the
// line itself.
func (m *Model) valueAt(line int) int {
	if m.goesOn(line) {
		return m.farthest(line, -1) - 1
	}
	if fold, err := m.doc.FoldAt(line); err == nil && fold.To == line {
		return fold.From
	}
	return line
}

// endOf is the last line of the value that begins on one.
func (m *Model) endOf(line int) int {
	if fold, err := m.doc.FoldAt(line); err == nil && fold.From == line {
		return fold.To
	}
	return m.farthest(line, 1)
}

// goesOn reports a line of the pretty view that goes on the one before.
func (m *Model) goesOn(line int) bool {
	lines := m.doc.Window(document.Pretty, line, 1)
	return line >= 0 && len(lines) == 1 && lines[0].Continued
}

// farthest is the last line, or the first by a step of -1, up to which a plain value goes
// on. It looks at few lines: a value can have thousands.
func (m *Model) farthest(line, step int) int {
	path := m.doc.Path(line)
	within := func(line int) bool { return m.goesOn(line) && m.doc.Path(line) == path }
	for within(line + step) {
		line += step
		step *= 2
	}
	for ; step != 0; step /= 2 {
		if within(line + step) {
			line += step
		}
	}
	return line
}
