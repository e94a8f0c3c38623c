package editor

import (
	"unicode"
	"unicode/utf8"
)

// ahead is how many bytes are looked at for the next character.
const ahead = 2 * mostBytes

// content returns piece i without its line break, and where it begins.
func (m *Model) content(i int) (b []byte, start int) {
	start = m.lines.start(i)
	b = m.text.slice(start, m.lines.start(i+1))
	return b[:len(b)-lineEnd(b)], start
}

// next returns the place behind the character at a place.
func (m *Model) next(at int) int {
	if at >= m.Len() {
		return m.Len()
	}
	end := m.lines.start(m.lines.of(at) + 1)
	b := m.text.slice(at, min(end, at+ahead))
	if n := lineEnd(b); n == len(b) {
		return at + n
	}
	return at + first(b, 0).size
}

// previous returns the place of the character before a place.
func (m *Model) previous(at int) int {
	if at <= 0 {
		return 0
	}
	i := m.lines.of(at - 1)
	start := m.lines.start(i)
	b := m.text.slice(start, at)
	if n := lineEnd(b); n > 0 && at == m.lines.start(i+1) {
		return at - n
	}
	from := certain(b)
	for from < len(b) {
		n := first(m.text.slice(start+from, min(m.lines.start(i+1), start+from+ahead)), 0).size
		if from+n >= len(b) {
			break
		}
		from += n
	}
	return start + from
}

// certain returns a place near the end of b where a character begins.
func certain(b []byte) int {
	for i := len(b) - 1; i > 0; i-- {
		if b[i-1] < utf8.RuneSelf && b[i] < utf8.RuneSelf {
			return i
		}
	}
	return 0
}

// whole moves a place within a character to where that begins.
func (m *Model) whole(at int) int {
	at = max(0, min(at, m.Len()))
	if at == 0 || at == m.Len() {
		return at
	}
	if before := m.previous(at); m.next(before) > at {
		return before
	}
	return at
}

// put moves the caret. With keep what lies between is selected.
func (m *Model) put(at int, keep bool) {
	m.caret.at = at
	if !keep {
		m.caret.mark = at
	}
	m.goal = -1
	m.history.part()
	m.settle()
}

// lineStart and lineEnd are the ends of the source line of a place.
func (m *Model) lineStart(at int) int { return m.lines.start(m.lines.head(m.lines.of(at))) }

func (m *Model) lineEnd(at int) int {
	i := m.lines.of(at)
	for m.lines.soft(i + 1) {
		i++
	}
	b, start := m.content(i)
	return start + len(b)
}

// home is the first character of a line that is no blank; once more, the line's
// start.
func (m *Model) home(at int) int {
	start := m.lineStart(at)
	indent := start + len(m.indentOf(at))
	if at == indent {
		return start
	}
	return indent
}

// spot is a place as it shows: a row of a piece, and the column there.
type spot struct{ piece, row, column int }

// room is how many cells a row has: one more is the caret's behind the last.
func (m *Model) room() int { return max(mostCells, m.width-1) }

// folds remembers where the rows of pieces begin, until something changes.
type folds struct {
	version, room int
	starts        map[int][]int
}

// starts returns where the rows of piece i begin.
func (m *Model) starts(i int) []int {
	const most = 512 // pieces
	f := &m.folds
	if f.version != m.version || f.room != m.room() || len(f.starts) > most {
		*f = folds{m.version, m.room(), map[int][]int{}}
	}
	starts, known := f.starts[i]
	if !known {
		b, _ := m.content(i)
		starts = wrap(b, m.room())
		f.starts[i] = starts
	}
	return starts
}

func (m *Model) spot(at int) spot {
	i := m.lines.of(at)
	b, start := m.content(i)
	starts := m.starts(i)
	r := row(starts, at-start)
	return spot{i, r, columnOf(b, starts[r], min(at-start, len(b)))}
}

// shift returns the start of the row so many rows further on, or the last there
// is, and how many rows it went.
func (m *Model) shift(s spot, by int) (spot, int) {
	s.column = 0
	gone := 0
	for ; gone < by; gone++ {
		switch {
		case s.row+1 < len(m.starts(s.piece)):
			s.row++
		case s.piece+1 < m.lines.count():
			s.piece, s.row = s.piece+1, 0
		default:
			return s, gone
		}
	}
	for ; gone > by; gone-- {
		switch {
		case s.row > 0:
			s.row--
		case s.piece > 0:
			s.piece--
			s.row = len(m.starts(s.piece)) - 1
		default:
			return s, gone
		}
	}
	return s, gone
}

// at is the byte of a spot.
func (m *Model) at(s spot) int {
	b, start := m.content(s.piece)
	starts := m.starts(s.piece)
	r := min(s.row, len(starts)-1)
	if r+1 == len(starts) {
		return start + under(b, starts[r], len(b), s.column)
	}
	end := starts[r+1]
	at := under(b, starts[r], end, s.column)
	if at == end { // the row's end is the next one's start
		return max(m.previous(start+end), start+starts[r])
	}
	return start + at
}

// climb moves the caret by rows, and keeps the column it began in.
func (m *Model) climb(by int, keep bool) {
	here := m.spot(m.caret.at)
	goal := m.goal
	if goal < 0 {
		goal = here.column
	}
	there, gone := m.shift(here, by)
	there.column = goal
	switch {
	case gone == 0 && by < 0:
		m.put(0, keep)
	case gone == 0 && by > 0:
		m.put(m.Len(), keep)
	default:
		m.put(m.at(there), keep)
	}
	m.goal = goal
}

// show scrolls as little as brings the caret into view.
func (m *Model) show() {
	m.top = min(m.top, m.Len())
	top, here := m.spot(m.top), m.spot(m.caret.at)
	if before(here, top) {
		top = here
	}
	last, _ := m.shift(top, m.height-1)
	if before(last, here) {
		top, _ = m.shift(here, 1-m.height)
	}
	top.column = 0
	m.top = m.at(top)
}

func before(a, b spot) bool { return a.piece < b.piece || a.piece == b.piece && a.row < b.row }

// Scroll moves the window by rows, and leaves the caret. It reports whether there
// was anywhere to go.
func (m *Model) Scroll(by int) bool {
	const leap = 1000 // rows: from there on it is to an end
	was := m.top
	end, _ := m.shift(m.spot(m.Len()), 1-m.height)
	top := spot{}
	switch {
	case by >= leap:
		top = end
	case by > -leap:
		top, _ = m.shift(m.spot(m.top), by)
	}
	if by > 0 && before(end, top) {
		top = end // the last row stays at the window's end
	}
	m.top = m.at(top)
	return m.top != was
}

// mostWord bounds how far a word goes.
const mostWord = 4 << 10

// class tells letters, blanks and the rest apart.
func class(r rune) int {
	switch {
	case unicode.IsSpace(r):
		return 0
	case r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
		return 1
	}
	return 2
}

func (m *Model) classAt(at int) int {
	r, _ := utf8.DecodeRune(m.text.slice(at, min(m.Len(), at+utf8.UTFMax)))
	return class(r)
}

// wordRight is behind the next word.
func (m *Model) wordRight(at int) int {
	end := min(m.Len(), at+mostWord)
	for at < end && m.classAt(at) == 0 {
		at = m.next(at)
	}
	for kind := 0; at < end; at = m.next(at) {
		if k := m.classAt(at); kind != 0 && k != kind {
			break
		} else if kind = k; kind == 0 {
			break
		}
	}
	return at
}

// wordLeft is where the word before begins.
func (m *Model) wordLeft(at int) int {
	end := max(0, at-mostWord)
	for at > end && m.classAt(m.previous(at)) == 0 {
		at = m.previous(at)
	}
	for kind := 0; at > end; {
		p := m.previous(at)
		if k := m.classAt(p); kind != 0 && k != kind {
			break
		} else if kind = k; kind == 0 {
			break
		}
		at = p
	}
	return at
}

// indentOf is the blanks that a line begins with.
func (m *Model) indentOf(at int) []byte {
	b, _ := m.content(m.lines.head(m.lines.of(at)))
	n := 0
	for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
		n++
	}
	return b[:n:n]
}
