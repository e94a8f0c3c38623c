package editor

import "slices"

// edit is bytes that stand in the place of others.
type edit struct {
	at       int
	old, new []byte
}

func (e edit) bytes() int { return len(e.old) + len(e.new) }

// step is what one undo takes back: a word that was typed, a paste.
type step struct {
	edit
	before, after caret
	kind          kind
}

// kind tells which edits go together.
type kind int

const (
	alone    kind = iota
	typing        // one character behind the other
	erasing       // one before the other
	removing      // those behind the caret
)

// history is what can be undone and done again.
type history struct {
	done, undone []step
	bytes        int  // of done
	parted       bool // the next edit begins a step of its own
}

// mostHistory is how many bytes of edits are kept; the oldest go first.
const mostHistory = 64 << 20

// part ends the step: what is typed from here on is undone by itself.
func (h *history) part() { h.parted = true }

// add keeps an edit; one that goes on with the last step joins it.
func (h *history) add(e edit, k kind, before, after caret) {
	h.undone = nil
	h.bytes += e.bytes()
	if n := len(h.done); n > 0 && !h.parted && h.done[n-1].join(e, k, after) {
		return
	}
	h.parted = false
	h.done = append(h.done, step{edit: e, before: before, after: after, kind: k})
	for h.bytes > mostHistory && len(h.done) > 1 {
		h.bytes -= h.done[0].bytes()
		h.done = slices.Delete(h.done, 0, 1)
	}
}

// join takes an edit into a step, if it goes on with it. A word ends where the
// next one begins.
func (s *step) join(e edit, k kind, after caret) bool {
	last := &s.edit
	if k == alone || k != s.kind {
		return false
	}
	switch k {
	case typing:
		if len(e.old) > 0 || e.at != last.at+len(last.new) || begins(last.new, e.new) {
			return false
		}
		last.new = append(last.new, e.new...)
	case erasing:
		if len(e.new) > 0 || e.at+len(e.old) != last.at || begins(e.old, last.old) {
			return false
		}
		last.at, last.old = e.at, slices.Concat(e.old, last.old)
	case removing:
		if len(e.new) > 0 || e.at != last.at || begins(last.old, e.old) {
			return false
		}
		last.old = append(last.old, e.old...)
	case alone:
	}
	s.after = after
	return true
}

// begins reports that b begins a word behind a.
func begins(a, b []byte) bool {
	blank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
	return len(a) > 0 && len(b) > 0 && blank(a[len(a)-1]) && !blank(b[0])
}

// replace puts other bytes in the place of those from one place to another, and
// the caret behind them.
func (m *Model) replace(from, to int, with []byte, k kind) {
	if from == to && len(with) == 0 {
		return
	}
	e := edit{from, slices.Clone(m.text.slice(from, to)), slices.Clone(with)}
	before := m.caret
	m.apply(e)
	m.caret = caret{from + len(with), from + len(with)}
	m.history.add(e, k, before, m.caret)
	m.goal = -1
	m.settle()
}

func (m *Model) apply(e edit) {
	to := e.at + len(e.old)
	m.text.replace(e.at, to, e.new)
	m.lines.follow(&m.text, e.at, to)
	switch {
	case m.top <= e.at:
	case m.top >= to:
		m.top += len(e.new) - len(e.old)
	default:
		m.top = e.at
	}
	m.version++
}

// CanUndo reports that something can be taken back.
func (m *Model) CanUndo() bool { return len(m.history.done) > 0 }

// CanRedo reports that something taken back can be done again.
func (m *Model) CanRedo() bool { return len(m.history.undone) > 0 }

// Undo takes the last step back.
func (m *Model) Undo() {
	n := len(m.history.done)
	if n == 0 {
		return
	}
	s := m.history.done[n-1]
	m.history.done = m.history.done[:n-1]
	m.history.undone = append(m.history.undone, s)
	m.history.bytes -= s.bytes()
	m.apply(edit{s.at, s.new, s.old})
	m.returnTo(s.before)
}

// Redo does again what was taken back last.
func (m *Model) Redo() {
	n := len(m.history.undone)
	if n == 0 {
		return
	}
	s := m.history.undone[n-1]
	m.history.undone = m.history.undone[:n-1]
	m.history.done = append(m.history.done, s)
	m.history.bytes += s.bytes()
	m.apply(s.edit)
	m.returnTo(s.after)
}

func (m *Model) returnTo(c caret) {
	m.caret, m.goal = c, -1
	m.history.part()
	m.settle()
}

// Replace puts another text in the place of the whole; it can be undone.
func (m *Model) Replace(b []byte) {
	line, column := m.Place()
	m.history.part()
	m.replace(0, m.Len(), b, alone)
	m.GoTo(line, column)
}

// insert puts text in the place of what is selected.
func (m *Model) insert(b []byte, k kind) {
	from, to := m.caret.span()
	if from < to {
		k = alone
	}
	m.replace(from, to, b, k)
}

// remove deletes what is selected, or what lies between the caret and a place.
func (m *Model) remove(to int, k kind) {
	if m.Selected() > 0 {
		m.insert(nil, alone)
		return
	}
	m.replace(min(m.caret.at, to), max(m.caret.at, to), nil, k)
}
