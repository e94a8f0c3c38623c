package document

import (
	"encoding/json"
	"errors"
	"slices"
	"sort"

	"github.com/alecthomas/chroma/v2"
)

// Fold is an array or object of the pretty view that is shown as one line.
type Fold struct {
	From, To int // the lines on which it opens and closes, 0-based
	Items    int // elements of an array; 0 for an object
}

// ErrNoFold tells that nothing on or around a line can be folded.
var ErrNoFold = errors.New("nothing to fold here")

// folder walks the arrays and objects of a snapshot.
type folder struct {
	snapshot
	c     *cursor
	line  int          // of the newest token
	ahead int          // the first mark behind the cursor
	held  []frame      // room for what is around
	ended func() error // why to give up; nil for not yet
}

// folder begins where a line does; nil where the view is no JSON there.
func (d *Document) folder(line int) *folder {
	s := d.snapshot(Pretty)
	if line < 0 || s.marks == nil {
		return nil
	}
	f := s.folder(s.before(line))
	if f != nil && !f.seek(line) {
		f.c.free()
		return nil
	}
	return f
}

func (s snapshot) folder(mark int) *folder {
	m := s.marks[mark]
	if jsonOf(m.lex) == nil {
		return nil
	}
	return &folder{
		snapshot: s, c: newCursor(s, m, s.size), line: m.line - 1, ahead: mark + 1,
		ended: func() error { return nil },
	}
}

func (f *folder) lex() *jsonLexer { return jsonOf(f.c.lex) }

// jsonOf is the lexer that goes through the JSON of a view; nil where that holds none.
func jsonOf(l lexer) *jsonLexer {
	switch l := l.(type) {
	case *jsonLexer:
		return l
	case *eventLexer:
		return l.json
	}
	return nil
}

// depth is how many arrays and objects are open.
func (f *folder) depth() int { return len(f.lex().frames) }

// next takes one token.
func (f *folder) next() (t token, text []byte, ok bool) {
	t, text, ok = f.c.next()
	if ok && t.breaks {
		f.line++
	}
	return t, text, ok && f.lex().mode != inRest
}

// seek goes on to the end of the line before one.
func (f *folder) seek(line int) bool {
	for f.line < line-1 {
		if far := line - 1 - f.line; far > worthSkimming {
			f.line += f.c.skim(far - 1)
		}
		if _, _, ok := f.next(); !ok {
			return false
		}
	}
	return true
}

// close goes on to the end of the innermost array or object that is open, and returns
// it; false where it does not end. Blocks that lie within it are passed over.
func (f *folder) close(from int) (Fold, bool) {
	depth, doc := f.depth(), f.lex().docs
	f.held = append(f.held[:0], f.lex().frames[:depth-1]...)
	f.jump(doc, f.held)
	for n := 0; f.depth() >= depth && f.lex().docs == doc; n++ {
		if n%lookAfter == 0 && f.ended() != nil {
			return Fold{}, false
		}
		if !f.skim(depth-1, maxDepth) {
			if _, _, ok := f.next(); !ok {
				return Fold{}, false
			}
		}
	}
	fold := Fold{From: from, To: f.line}
	if f.lex().shutFrame.array() {
		fold.Items = int(-f.lex().shutFrame)
	}
	return fold, true
}

// skim passes plain tokens up to where no more than floor arrays and objects are open, or
// up to behind what opens deeper than ceiling; false where only next can go on.
func (f *folder) skim(floor, ceiling int) bool {
	c := f.c
	lex, plain := c.lex.(*jsonLexer)
	if !plain || c.off >= c.stop || !c.fill() {
		return false
	}
	n, lines := lex.skimTo(c.buf[:min(int64(len(c.buf)), c.stop-c.off)], floor, ceiling)
	c.buf = c.buf[n:]
	c.off += int64(n)
	f.line += lines
	return n > 0
}

// jump moves to the last mark that lies within those elements of a document: what is
// around it stands at the same place there.
func (f *folder) jump(doc int64, around []frame) {
	for f.ahead < len(f.marks) && f.marks[f.ahead].off <= f.c.off {
		f.ahead++
	}
	rest := f.marks[f.ahead:]
	if len(rest) == 0 || !rest[0].within(doc, around) {
		return
	}
	n := sort.Search(len(rest), func(i int) bool { return !rest[i].within(doc, around) })
	f.ahead += n
	f.c.free()
	f.c, f.line = newCursor(f.snapshot, rest[n-1], f.size), rest[n-1].line-1
}

// within reports that a mark lies inside of an element's array or object.
func (m mark) within(doc int64, around []frame) bool {
	lex := jsonOf(m.lex)
	return lex != nil && lex.mode != inRest && lex.docs == doc && len(lex.frames) > len(around) && slices.Equal(lex.frames[:len(around)], around)
}

// reached reports that a mark lies inside of an element's array or object, or behind it.
func (m mark) reached(doc int64, around []frame) bool {
	lex := jsonOf(m.lex)
	switch {
	case lex == nil || lex.mode == inRest:
		return true
	case lex.docs != doc:
		return lex.docs > doc
	}
	for i, f := range around {
		switch {
		case i >= len(lex.frames):
			return lex.mode == wantMore || lex.mode == wantDocument // its value is done
		case lex.frames[i] != f:
			return position(lex.frames[i]) > position(f)
		}
	}
	return len(lex.frames) > len(around) || lex.mode == wantMore || lex.mode == wantDocument
}

// position orders the elements of an array, and the keys of an object.
func position(f frame) int64 {
	if f.array() {
		return -int64(f)
	}
	return int64(f)
}

// FoldAt returns what opens on a line of the pretty view, or else what is around it. It
// fails with [ErrNoFold].
func (d *Document) FoldAt(line int) (Fold, error) {
	f := d.folder(line)
	if f == nil {
		return Fold{}, ErrNoFold
	}
	defer func() { f.c.free() }()
	return f.on(line)
}

// on finds the fold of the line that begins next, or behind the next tokens.
func (f *folder) on(line int) (Fold, error) {
	for {
		around, doc := append([]frame(nil), f.lex().frames...), f.lex().docs
		t, text, ok := f.next()
		switch {
		case !ok, f.line > line:
			return f.around(around, doc)
		case f.line < line:
			continue
		case f.depth() > len(around):
			if fold, ok := f.close(line); ok && fold.To > line {
				return fold, nil
			}
			return f.around(around, doc) // it is empty, or has no end
		case f.depth() < len(around) && t.breaks && len(text) == 1: // a line that only closes
			return f.around(around, doc)
		}
	}
}

// around returns the innermost of what is open, or was.
func (f *folder) around(open []frame, doc int64) (Fold, error) {
	if len(open) == 0 {
		return Fold{}, ErrNoFold
	}
	around := open[:len(open)-1]
	first := sort.Search(len(f.marks), func(i int) bool { return f.marks[i].reached(doc, around) })
	g := f.folder(max(0, first-1))
	if g == nil {
		return Fold{}, ErrNoFold
	}
	f.c.free()
	*f = *g
	for {
		if _, _, ok := f.next(); !ok {
			return Fold{}, ErrNoFold
		}
		if lex := f.lex(); lex.docs == doc && len(lex.frames) == len(open) && slices.Equal(lex.frames[:len(around)], around) {
			if fold, ok := f.close(f.line); ok && fold.To > fold.From {
				return fold, nil
			}
			return Fold{}, ErrNoFold
		}
	}
}

// Parent returns what is around the value, or the end, on a line of the pretty view.
func (d *Document) Parent(line int) (Fold, error) {
	fold, err := d.FoldAt(line)
	if err != nil || fold.From < line && fold.To > line {
		return fold, err // the line stands in it
	}
	f := d.folder(fold.From)
	if f == nil {
		return Fold{}, ErrNoFold
	}
	defer func() { f.c.free() }()
	for {
		around, doc := append([]frame(nil), f.lex().frames...), f.lex().docs
		if _, _, ok := f.next(); !ok {
			return Fold{}, ErrNoFold
		}
		if f.line == fold.From {
			return f.around(around, doc)
		}
	}
}

// KeyOf returns the key whose value opens, or stands, on a line; empty where it has none.
func (d *Document) KeyOf(line int) string {
	f := d.folder(line)
	if f == nil {
		return ""
	}
	defer func() { f.c.free() }()
	for {
		t, text, ok := f.next()
		if !ok || f.line > line {
			return ""
		}
		if f.line == line && t.kind == chroma.NameTag {
			var key string
			if json.Unmarshal(text, &key) != nil {
				return ""
			}
			return key
		}
	}
}
