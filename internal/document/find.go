package document

import (
	"context"
	"fmt"
	"iter"

	"github.com/charmbracelet/x/ansi"
)

// Query is what to look for. The number that stands for an invisible character, such as
// <202E>, is found only near where the body itself says such a number.
type Query struct {
	Text string
	// Case makes it case-sensitive.
	Case bool
	// Regexp makes Text a regular expression, in the syntax of package regexp.
	Regexp bool
}

// Match is a place in a view. Column and Width are in cells.
type Match struct {
	Line, Column, Width int
}

// before reports whether m stands before o.
func (m Match) before(o Match) bool {
	return m.Line < o.Line || m.Line == o.Line && m.Column < o.Column
}

// Find returns the first match after (or, backward, before) the given place,
// going round at the end once. ok is false where there is none. It may take
// long: run it in a job. From a match the search begins behind it, from a mere
// place, whose Width is 0, with it. A match lies within one line of the view, but for a
// word in the hex view, which may go on: its Width is what stands on the first line.
func (d *Document) Find(ctx context.Context, v View, q Query, from Match, backward bool) (m Match, ok bool, err error) {
	s, err := d.search(v, q)
	if err != nil || s.needle.empty() || s.blocks() == 0 {
		return Match{}, false, err
	}
	start := s.block(from.Line)
	if backward {
		return s.backward(ctx, start, from)
	}
	return s.forward(ctx, start, from)
}

// Count returns how many matches the view holds. It may take long.
func (d *Document) Count(ctx context.Context, v View, q Query) (int, error) {
	s, err := d.search(v, q)
	if err != nil || s.needle.empty() {
		return 0, err
	}
	n := 0
	for i := range s.blocks() {
		for _, err := range s.matches(ctx, i) {
			if err != nil {
				return n, err
			}
			n++
		}
	}
	return n, nil
}

// search looks for a needle in the blocks of a snapshot. A block whose bytes
// cannot hold the needle is passed over; the lines of the others are printed and
// searched, so that a match is a place on the screen.
type search struct {
	snapshot
	needle needle
	sieve  sieve
	buf    []byte
}

func (d *Document) search(v View, q Query) (*search, error) {
	n, err := newNeedle(q)
	if err != nil {
		return nil, err
	}
	s := &search{snapshot: d.snapshot(v), needle: n}
	if s.marks != nil {
		s.sieve = newSieve(q)
	}
	return s, nil
}

func (s *search) blocks() int {
	if s.marks != nil {
		return len(s.marks)
	}
	return (hexLines(s.size) + hexBlock - 1) / hexBlock
}

// block returns the block that holds a line.
func (s *search) block(line int) int {
	if s.marks != nil {
		return s.before(line)
	}
	return min(max(line, 0)/hexBlock, s.blocks()-1)
}

// matches yields the matches of block i in their order; an error is the last.
func (s *search) matches(ctx context.Context, i int) iter.Seq2[Match, error] {
	return func(yield func(Match, error) bool) {
		hit, err := false, ctx.Err()
		if err == nil {
			hit, err = s.mayHold(i)
		}
		switch {
		case err != nil:
			yield(Match{}, err)
			return
		case !hit:
			return
		}
		if s.marks == nil {
			s.hexMatches(i, yield)
			return
		}
		for n, line := range s.between(i, i+1, 0) {
			if err := ctx.Err(); err != nil {
				yield(Match{}, err)
				return
			}
			for m := range s.needle.on(n, line.Text()) {
				if !yield(m, nil) {
					return
				}
			}
		}
	}
}

// on yields the matches on a line.
func (n needle) on(number int, line string) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		at, column := 0, 0
		for _, p := range n.places(line, len(line)) {
			m := Match{number, column + ansi.StringWidth(line[at:p[0]]), ansi.StringWidth(line[p[0]:p[1]])}
			if !yield(m) {
				return
			}
			at, column = p[1], m.Column+m.Width
		}
	}
}

// mayHold reads the bytes of a block and reports whether its lines are worth
// printing.
func (s *search) mayHold(i int) (bool, error) {
	if !s.sieve.works() {
		return true, nil
	}
	from, to := s.marks[i].off, s.end(i+1)
	if n := int(to - from); n > cap(s.buf) {
		s.buf = make([]byte, n)
	}
	b := s.buf[:to-from]
	if n, err := s.src.ReadAt(b, from); n < len(b) {
		return false, fmt.Errorf("search the body at %d: %w", from, err)
	}
	return s.sieve.passes(b), nil
}

func (s *search) forward(ctx context.Context, start int, from Match) (Match, bool, error) {
	n := s.blocks()
	for step := range n + 1 { // the first block again at the end: what lies before from
		for m, err := range s.matches(ctx, (start+step)%n) {
			if err != nil {
				return Match{}, false, err
			}
			if step > 0 || from.before(m) || from.Width == 0 && !m.before(from) {
				return m, true, nil
			}
		}
	}
	return Match{}, false, nil
}

func (s *search) backward(ctx context.Context, start int, from Match) (Match, bool, error) {
	n := s.blocks()
	for step := range n + 1 {
		var last Match
		ok := false
		for m, err := range s.matches(ctx, ((start-step)%n+n)%n) {
			if err != nil {
				return Match{}, false, err
			}
			if step > 0 || m.before(from) {
				last, ok = m, true
			}
		}
		if ok {
			return last, true, nil
		}
	}
	return Match{}, false, nil
}
