package document

import "github.com/alecthomas/chroma/v2"

// runner cuts one line of source into runs of one type. It keeps what it must know of
// the lines before.
type runner interface {
	// run returns the size and type of the first run of b, a line or the rest of one,
	// and never of none.
	run(b []byte) (int, chroma.TokenType)
	// newline tells that the line ended.
	newline()
	// clone returns an independent copy.
	clone() runner
}

// breaker is a runner whose lines end elsewhere, too.
type breaker interface {
	// ends reports that a line ends behind a run.
	ends(run []byte) bool
}

// sourceLexer colours text whose lines stay as they came.
type sourceLexer struct {
	runner

	sourceLine
}

func newSourceLexer(r runner) *sourceLexer { return &sourceLexer{r, sourceLine{fresh: true}} }

func (x *sourceLexer) clone() lexer { return &sourceLexer{x.runner.clone(), x.sourceLine} }

func (x *sourceLexer) next(b []byte) token {
	if t, n := x.feed(b); n > 0 {
		x.newline()
		return t
	}
	size, kind := x.run(x.room(b))
	t := x.place(token{size: size, kind: kind})
	if r, ok := x.runner.(breaker); ok && r.ends(b[:size]) {
		x.fresh = true
	}
	return t
}

// sourceLine keeps count of the line that a lexer of whole source lines is on.
type sourceLine struct {
	fresh bool // the next token begins a line
	col   int  // source bytes on the line so far
}

// place puts t behind what the line holds and returns it.
func (l *sourceLine) place(t token) token {
	if l.fresh {
		t.breaks = true
		l.col = 0
	} else if l.col > maxLine-leastRoom {
		t.breaks, t.continued = true, true
		l.col = 0
	}
	l.fresh = false
	l.col += t.size
	return t
}

// feed takes a line break at the beginning of b; n is 0 where there is none.
func (l *sourceLine) feed(b []byte) (t token, n int) {
	switch {
	case b[0] == '\n':
		n = 1
	case len(b) > 1 && b[0] == '\r' && b[1] == '\n':
		n = 2
	default:
		return token{}, 0
	}
	t = token{trail: n, kind: chroma.Text, breaks: l.fresh}
	l.fresh, l.col = true, 0
	return t, n
}

// room returns the part of b that fits the line, up to its line break.
func (l *sourceLine) room(b []byte) []byte {
	used := l.col
	if l.fresh || used > maxLine-leastRoom {
		used = 0
	}
	size, _, _ := cutLine(b, maxLine-used)
	return b[:max(size, 1)]
}
