package timeline

import (
	"cmp"
	"slices"

	"github.com/connectty/connectty/history"
)

const (
	pageRows  = 200  // how many exchanges are read at once
	mostPages = 9    // and how many such pages are kept, those next to the cursor
	stride    = 1000 // how far the starts of an outline lie apart
	ahead     = 50   // how many rows beyond the screen are read before they show
)

// window is the part of a list that is in memory: pages near the cursor, however long the
// list is.
type window struct {
	pages   map[int][]history.Exchange
	starts  map[int]string  // Query.Before of pages that were come to one by one
	outline history.Outline // zero until the list was looked at as a whole
	count   int             // rows that can be gone to
	whole   bool            // there are no more than these
}

func newWindow() window {
	return window{pages: map[int][]history.Exchange{}, starts: map[int]string{0: ""}}
}

// row returns one row; false while its page is not here.
func (w *window) row(i int) (history.Exchange, bool) {
	rows := w.pages[i/pageRows]
	if i < 0 || i%pageRows >= len(rows) {
		return history.Exchange{}, false
	}
	return rows[i%pageRows], true
}

// put takes a page. One that is not full is the last.
func (w *window) put(page int, rows []history.Exchange) {
	w.pages[page] = rows
	end := page*pageRows + len(rows)
	switch {
	case len(rows) < pageRows && (len(rows) > 0 || page == 0):
		w.count, w.whole = end, true
	case len(rows) == 0: // the list ends with the page before, or was shortened
		w.count, w.whole = min(w.count, end), true
	default:
		w.starts[page+1] = rows[len(rows)-1].ID
		w.count = max(w.count, end)
	}
}

// survey takes what is known of the whole list.
func (w *window) survey(outline history.Outline) {
	w.outline, w.count, w.whole = outline, outline.Count, true
}

// missing returns the page that is to be read next for rows to show: those that show
// first, then those ahead.
func (w *window) missing(from, to int) (page int, is bool) {
	last := w.count - 1
	if !w.whole {
		last = w.count // and on
	}
	for _, span := range [][2]int{{from, to}, {from - ahead, to + ahead}} {
		for p := max(0, span[0]) / pageRows; p <= max(0, min(span[1], last))/pageRows; p++ {
			if _, here := w.pages[p]; !here {
				return p, true
			}
		}
	}
	return 0, false
}

// query is what reads a page.
func (w *window) query(q history.Query, page int) history.Query {
	q.Limit = pageRows
	if start, known := w.starts[page]; known {
		q.Before = start
		return q
	}
	return w.outline.At(q, page*pageRows)
}

// trim forgets the pages that are farthest from a row.
func (w *window) trim(row int) {
	if len(w.pages) <= mostPages {
		return
	}
	near := make([]int, 0, len(w.pages))
	for p := range w.pages {
		near = append(near, p)
	}
	slices.SortFunc(near, func(a, b int) int { return cmp.Compare(distance(a, row/pageRows), distance(b, row/pageRows)) })
	for _, p := range near[mostPages:] {
		delete(w.pages, p)
	}
}

func distance(a, b int) int { return max(a-b, b-a) }
