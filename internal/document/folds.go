package document

import (
	"cmp"
	"slices"
	"sort"
)

// Folds is a set of folds of one view, and what shows of the view with them: a fold is
// one row. The zero value folds nothing. It is not safe for concurrent use.
type Folds struct {
	all  []Fold // by line; none lies within another
	gone []int  // lines that do not show before each of all
}

// Len is how many folds there are.
func (f *Folds) Len() int { return len(f.all) }

// Add folds more. What lies within a fold is no fold of its own any more; one that lies
// within another already changes nothing.
func (f *Folds) Add(more ...Fold) {
	all := slices.Concat(f.all, more)
	slices.SortFunc(all, func(a, b Fold) int { return cmp.Or(a.From-b.From, b.To-a.To) }) // the larger one first
	kept := all[:0]
	for _, fold := range all {
		if n := len(kept); n == 0 || fold.From > kept[n-1].To {
			kept = append(kept, fold)
		}
	}
	f.all = kept
	f.count()
}

// Clear opens all folds.
func (f *Folds) Clear() { f.all, f.gone = nil, nil }

// Open opens the fold that holds a line; false where it shows already.
func (f *Folds) Open(line int) bool {
	i, ok := f.find(line)
	if !ok {
		return false
	}
	f.all = slices.Delete(f.all, i, i+1)
	f.count()
	return true
}

// At returns the fold that holds a line.
func (f *Folds) At(line int) (Fold, bool) {
	i, ok := f.find(line)
	if !ok {
		return Fold{}, false
	}
	return f.all[i], true
}

// find returns the fold that holds a line, or else how many lie before it.
func (f *Folds) find(line int) (int, bool) {
	i := sort.Search(len(f.all), func(i int) bool { return f.all[i].To >= line })
	return i, i < len(f.all) && f.all[i].From <= line
}

func (f *Folds) count() {
	f.gone = slices.Grow(f.gone[:0], len(f.all))
	hidden := 0
	for _, fold := range f.all {
		f.gone = append(f.gone, hidden)
		hidden += fold.To - fold.From
	}
}

// Rows is how many rows a view of so many lines has.
func (f *Folds) Rows(lines int) int {
	if n := len(f.all); n > 0 {
		return lines - f.gone[n-1] - (f.all[n-1].To - f.all[n-1].From)
	}
	return lines
}

// Row is the row on which a line stands, or the fold that holds it.
func (f *Folds) Row(line int) int {
	i, inside := f.find(line)
	switch {
	case inside:
		return f.all[i].From - f.gone[i]
	case i == 0:
		return line
	}
	last := f.all[i-1]
	return line - f.gone[i-1] - (last.To - last.From)
}

// Line is the line of a row: of a fold the one on which it opens.
func (f *Folds) Line(row int) int {
	before := sort.Search(len(f.all), func(i int) bool { return f.all[i].From-f.gone[i] >= row }) // folds
	if before == 0 {
		return row
	}
	if before < len(f.all) && f.all[before].From-f.gone[before] == row {
		return f.all[before].From
	}
	last := f.all[before-1]
	return row + f.gone[before-1] + (last.To - last.From)
}
