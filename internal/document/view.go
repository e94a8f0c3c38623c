package document

import (
	"io"
	"iter"
	"slices"
	"sort"
	"strings"

	"github.com/alecthomas/chroma/v2"

	"github.com/connectty/connectty/internal/visible"
)

// View is one way to show the same bytes. None of them copies the body.
type View int

// The views of a document.
const (
	Pretty View = iota // indented where the kind allows it, else as Raw, coloured; Hex where it is binary
	Raw                // lines as they came
	Hex                // offset, bytes, characters
)

// Line is one line of a view, safe to print: control characters, escape
// sequences and bidi marks are shown as symbols, tabs are spaces.
type Line struct {
	Spans []Span
	// Continued marks a line that goes on the one before: a source line too
	// long for one line of the view.
	Continued bool
}

// Span is a run of one token type.
type Span struct {
	Text string
	Type chroma.TokenType
}

// Text returns the line without its types.
func (l Line) Text() string {
	if len(l.Spans) == 1 {
		return l.Spans[0].Text
	}
	var b strings.Builder
	for _, s := range l.Spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Lines returns how many lines the view has now; it grows while bytes arrive.
func (d *Document) Lines(v View) int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return 0
	}
	x := d.index(v)
	if x == nil {
		return hexLines(d.size)
	}
	if d.ended {
		return x.lines
	}
	return x.provisional(d.tail[x.off-d.base:])
}

// index returns the index of a view; nil for Hex, which needs none.
func (d *Document) index(v View) *index {
	switch {
	case v == Hex, v == Pretty && d.kind.Bytes():
		return nil
	case v == Raw:
		return d.raw
	default:
		return d.pretty
	}
}

// Window returns at most count lines from first (0-based) on. Its cost follows
// count, not the size of the body, so a View may call it.
func (d *Document) Window(v View, first, count int) []Line {
	if count <= 0 {
		return nil
	}
	first = max(first, 0)
	var lines []Line
	for _, line := range d.snapshot(v).from(first) {
		lines = append(lines, line)
		if len(lines) == count {
			break
		}
	}
	return lines
}

// snapshot is a view of the bytes that were there at one moment.
type snapshot struct {
	src    io.ReaderAt
	size   int64
	marks  []mark // none in a hex view
	indent int    // the widest; 0 for any
}

func (d *Document) snapshot(v View) snapshot {
	d.mu.RLock()
	defer d.mu.RUnlock()
	s := snapshot{src: &d.spool, size: d.size}
	if x := d.index(v); x != nil {
		s = snapshot{d.text, d.length, slices.Clip(x.marks), int(d.indent.Load())}
	}
	if d.closed {
		s.size, s.marks = 0, s.marks[:min(len(s.marks), 1)] // none lies behind the end
	}
	return s
}

// from yields the lines from first on, with their numbers.
func (s snapshot) from(first int) iter.Seq2[int, Line] {
	if s.marks == nil {
		return hexFrom(s.src, s.size, first)
	}
	i := s.before(first)
	return s.between(i, len(s.marks), first)
}

// before returns the last mark that is not behind the line.
func (s snapshot) before(line int) int {
	return max(0, sort.Search(len(s.marks), func(i int) bool { return s.marks[i].line > line })-1)
}

// worthSkimming is how many lines must lie before a window to be skimmed.
const worthSkimming = 64

// between yields the lines from first on that begin in the blocks [from, to). A
// block lies between two marks, or the last one and the end.
func (s snapshot) between(from, to, first int) iter.Seq2[int, Line] {
	return func(yield func(int, Line) bool) {
		c := newCursor(s, s.marks[from], s.end(to))
		defer c.free()
		var line builder
		at := s.marks[from].line - 1
		for {
			if far := first - at; far > worthSkimming {
				at += c.skim(far - 1)
			}
			t, text, ok := c.next()
			if !ok {
				break
			}
			if t.breaks {
				if at >= first && !yield(at, line.end()) {
					return
				}
				at++
				line.continued = t.continued
			}
			if at >= first {
				if s.indent > 0 {
					t.indent = min(t.indent, s.indent)
				}
				line.add(t, text)
			}
		}
		if at >= first && at >= s.marks[from].line {
			yield(at, line.end())
		}
	}
}

// end returns where the block before mark i ends.
func (s snapshot) end(i int) int64 {
	if i < len(s.marks) {
		return s.marks[i].off
	}
	return s.size
}

// builder makes a line of tokens; those of one type that follow each other are one span.
type builder struct {
	spans     []Span
	newest    Span            // not among them yet
	more      strings.Builder // its text, where it has several tokens
	continued bool
}

// add puts a token behind what the line holds.
func (l *builder) add(t token, text []byte) {
	if t.breaks && t.indent > 0 {
		l.put(Span{strings.Repeat(" ", t.indent), chroma.TextWhitespace})
	}
	if len(text) == 0 {
		return
	}
	shown := visible.Line(string(text))
	if t.space {
		shown += " "
	}
	l.put(Span{shown, t.kind})
}

func (l *builder) put(s Span) {
	if s.Type != l.newest.Type || l.newest.Text == "" {
		l.flush()
		l.newest = s
		return
	}
	if l.more.Len() == 0 {
		l.more.WriteString(l.newest.Text)
	}
	l.more.WriteString(s.Text)
}

func (l *builder) flush() {
	if l.more.Len() > 0 {
		l.newest.Text = l.more.String()
		l.more.Reset()
	}
	if l.newest.Text != "" {
		l.spans = append(l.spans, l.newest)
	}
	l.newest = Span{}
}

// end returns the line, and begins another.
func (l *builder) end() Line {
	l.flush()
	line := Line{l.spans, l.continued}
	l.spans, l.continued = nil, false
	return line
}
