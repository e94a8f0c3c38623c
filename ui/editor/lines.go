package editor

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// A source line that is longer than longest is kept in pieces, so that no key
// costs more than one piece; a piece that shrinks below least joins its neighbour.
const (
	longest = 8 << 10
	least   = 1 << 10
)

// piece is a line, or a part of a very long one.
type piece struct {
	at     int // its first byte; behind the gap of the list, counted from the text's end
	soft   bool
	inside quoted
}

// quoted is what is known of where a piece begins: in a JSON string or not.
type quoted uint8

const (
	unknown quoted = iota
	outside
	within
)

// lines is where the pieces of a text begin. Like the text it has a gap: an edit
// changes the numbers around it and no others.
type lines struct {
	list      []piece
	gap, tail int
	size      int // of the text, in bytes
}

func (l *lines) count() int { return len(l.list) - (l.tail - l.gap) }

func (l *lines) ref(i int) *piece {
	if i >= l.gap {
		i += l.tail - l.gap
	}
	return &l.list[i]
}

// start is the first byte of piece i; that of the one behind the last is the
// text's end.
func (l *lines) start(i int) int {
	switch {
	case i >= l.count():
		return l.size
	case i >= l.gap:
		return l.size + l.ref(i).at
	}
	return l.list[i].at
}

// soft reports that piece i goes on a line.
func (l *lines) soft(i int) bool { return i > 0 && i < l.count() && l.ref(i).soft }

// of returns the piece that a byte belongs to; the text's end is the last one's.
func (l *lines) of(at int) int {
	return max(0, sort.Search(l.count(), func(i int) bool { return l.start(i) > at })-1)
}

// head returns the first piece of the line that piece i belongs to.
func (l *lines) head(i int) int {
	for l.soft(i) {
		i--
	}
	return i
}

// follow takes in that t has other bytes in the place of those from one place to
// another.
func (l *lines) follow(t *text, from, to int) {
	first, last := l.of(from), l.of(to)
	grown := t.size() - l.size
	if short := l.start(last+1) - l.start(first) + grown; short < least {
		if l.soft(first) {
			first--
		}
		if l.soft(last + 1) {
			last++
		}
	}
	l.moveGap(first + 1)
	l.tail += last - first
	l.size += grown
	end := l.start(l.gap)
	l.scan(t, l.list[first].at, end)
	for i := l.gap; l.soft(i) && l.ref(i).inside != unknown; i++ {
		l.ref(i).inside = unknown
	}
}

// scan adds the pieces of t[from:end] behind the one that begins at from.
func (l *lines) scan(t *text, from, end int) {
	b := t.slice(from, end)
	for at := 0; ; {
		n, soft := cut(b[at:])
		at += n
		if n == 0 || at == len(b) && (soft || l.gap < l.count()) {
			return
		}
		p := piece{at: from + at, soft: soft}
		if !soft {
			p.inside = outside
		}
		l.push(p)
	}
}

// cut returns how many bytes the first piece of b has, and whether it parts a
// line.
func cut(b []byte) (n int, soft bool) {
	if k := bytes.IndexByte(b[:min(len(b), longest)], '\n'); k >= 0 {
		return k + 1, false
	}
	if len(b) <= longest {
		return len(b), true
	}
	return parting(b, longest/2), true
}

// parting moves a cut between two letters of ASCII, none of which escapes the
// other; at least it parts no character.
func parting(b []byte, at int) int {
	const window = 64
	for i := at; i > at-window; i-- {
		if b[i-1] < utf8.RuneSelf && b[i] < utf8.RuneSelf && b[i-1] != '\\' && b[i-1] != '\r' {
			return i
		}
	}
	for i := at; i > at-utf8.UTFMax; i-- {
		if utf8.RuneStart(b[i]) {
			return i
		}
	}
	return at
}

func (l *lines) push(p piece) {
	if l.gap == l.tail {
		room := len(l.list)/2 + 16
		list := make([]piece, len(l.list)+room)
		copy(list, l.list[:l.gap])
		copy(list[l.tail+room:], l.list[l.tail:])
		l.list, l.tail = list, l.tail+room
	}
	l.list[l.gap] = p
	l.gap++
}

// moveGap makes piece i the first one behind the gap.
func (l *lines) moveGap(i int) {
	for l.gap > i {
		l.gap--
		l.tail--
		p := l.list[l.gap]
		p.at -= l.size
		l.list[l.tail] = p
	}
	for l.gap < i {
		p := l.list[l.tail]
		p.at += l.size
		l.list[l.gap] = p
		l.gap++
		l.tail++
	}
}

// newLines returns the pieces of a text.
func newLines(t *text) lines {
	l := lines{list: []piece{{inside: outside}}, gap: 1, tail: 1, size: t.size()}
	l.scan(t, 0, l.size)
	return l
}
