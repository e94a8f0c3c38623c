package document

import (
	"bytes"
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// lookAfter is how many steps pass between two looks at the context.
const lookAfter = 4096

// choice tells which arrays and objects are folded.
type choice interface {
	// folds reports that the array or object frames[i] is.
	folds(f *folder, i int) bool
	// ceiling is how many may be open around one that is folded, at least.
	ceiling() int
}

// byLevel folds what opens that many levels deep.
type byLevel int

func (c byLevel) folds(_ *folder, i int) bool { return i >= int(c) }

func (c byLevel) ceiling() int { return int(c) }

// byKey folds what is the value of a key.
type byKey struct {
	name   string
	quoted []byte // as it usually stands in the text
}

func (c byKey) folds(f *folder, i int) bool {
	if i == 0 {
		return false
	}
	at := f.lex().frames[i-1]
	return !at.array() && at > 0 && c.stands(f, int64(at)-1)
}

func (c byKey) ceiling() int { return 0 }

// stands reports that the key whose quote is at off is the one.
func (c byKey) stands(f *folder, off int64) bool {
	text := f.c.passed(off, len(c.quoted))
	if text == nil {
		text = make([]byte, len(c.quoted))
		n, _ := f.src.ReadAt(text, off) // a short read is the end of the document
		text = text[:n]
	}
	if bytes.IndexByte(text, '\\') >= 0 {
		return f.key(off) == c.name // it is written in another way
	}
	return bytes.Equal(text, c.quoted)
}

// FoldLevel returns all that opens that many levels deep; 1 is what stands in the
// outermost array or object. It may take long.
func (d *Document) FoldLevel(ctx context.Context, level int) ([]Fold, error) {
	return d.foldMany(ctx, byLevel(level))
}

// FoldKey returns all arrays and objects that are the value of a key. It may take long.
func (d *Document) FoldKey(ctx context.Context, key string) ([]Fold, error) {
	return d.foldMany(ctx, byKey{key, []byte(`"` + key + `"`)})
}

// FoldBeside returns all that opens beside what opens on a line, or is around it, that
// with it. It may take long.
func (d *Document) FoldBeside(ctx context.Context, line int) ([]Fold, error) {
	own, err := d.FoldAt(line)
	if err != nil {
		return nil, err
	}
	parent, err := d.Parent(own.From)
	if err != nil {
		return nil, err
	}
	f := d.folder(parent.From)
	if f == nil {
		return nil, ErrNoFold
	}
	defer func() { f.c.free() }()
	for {
		depth := f.depth()
		if _, _, ok := f.next(); !ok {
			return nil, ErrNoFold
		}
		if f.line == parent.From && f.depth() > depth {
			return f.inside(ctx)
		}
	}
}

// inside returns what opens in the array or object that has just opened.
func (f *folder) inside(ctx context.Context) ([]Fold, error) {
	depth := f.depth()
	var out []Fold
	for n := 0; f.depth() >= depth; n++ {
		if n%lookAfter == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !f.skim(depth-1, depth) {
			if _, _, ok := f.next(); !ok {
				break
			}
		}
		if f.depth() <= depth {
			continue
		}
		fold, ok := f.close(f.line)
		if !ok {
			break
		}
		if fold.To > fold.From {
			out = append(out, fold)
		}
	}
	return out, nil
}

// leastBlocks is how many blocks are worth a goroutine.
const leastBlocks = 64

// foldMany returns what is chosen; what is inside of it is passed over. Each processor
// takes a part of the document: a fold is of the part in which it opens.
func (d *Document) foldMany(ctx context.Context, c choice) ([]Fold, error) {
	s := d.snapshot(Pretty)
	if s.marks == nil || jsonOf(s.marks[0].lex) == nil {
		return nil, ErrNoFold
	}
	parts := max(1, min(runtime.GOMAXPROCS(0), len(s.marks)/leastBlocks))
	found := make([][]Fold, parts)
	group, ctx := errgroup.WithContext(ctx)
	for i := range parts {
		from, to := i*len(s.marks)/parts, (i+1)*len(s.marks)/parts
		group.Go(func() (err error) {
			found[i], err = s.foldPart(ctx, c, from, s.end(to))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(found...), nil
}

// foldPart returns what is chosen of what opens between a mark and an offset.
func (s snapshot) foldPart(ctx context.Context, c choice, from int, to int64) ([]Fold, error) {
	f := s.folder(from)
	if f == nil { // the text is no JSON any more
		return nil, nil
	}
	defer func() { f.c.free() }()
	f.leave(c)
	var out []Fold
	for n := 0; f.c.off < to; n++ {
		if n%lookAfter == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		opened, ok := f.open(c.ceiling())
		switch {
		case !ok, f.c.off > to: // what opened is of the next part
			return out, nil
		case !opened || !c.folds(f, f.depth()-1):
			continue
		}
		if fold, ok := f.close(f.line); ok && fold.To > fold.From {
			out = append(out, fold)
		}
	}
	return out, nil
}

// leave goes to the end of what is folded, where the folder begins within it.
func (f *folder) leave(c choice) {
	for i := range f.depth() {
		if !c.folds(f, i) {
			continue
		}
		for f.depth() > i {
			if _, ok := f.close(f.line); !ok {
				return
			}
		}
		return
	}
}

// open goes on to what opens next with at least so much around it, or as far as it comes
// at once; ok is false at the end.
func (f *folder) open(ceiling int) (opened, ok bool) {
	if f.skim(-1, ceiling) {
		mode := f.lex().mode
		return f.depth() > ceiling && (mode == wantFirst || mode == wantFirstKey), true
	}
	depth := f.depth()
	if _, _, ok = f.next(); !ok {
		return false, false
	}
	return f.depth() > max(ceiling, depth), true
}
