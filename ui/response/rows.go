package response

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
)

// rows lays painted pieces into rows of cells: one row that begins shift cells
// into the line, or, wrapped, as many as the line needs. It looks at no more of
// a line than shows, as a line can be thousands of cells long.
type rows struct {
	width int // of a row
	shift int // cells that are still to be left out
	skip  int // rows that are still to be left out
	most  int // rows; what does not fit is dropped

	done []string
	row  strings.Builder
	used int
	full bool
}

// put adds a piece in one ink.
func (r *rows) put(ink themes.Ink, text string) {
	for text != "" && !r.full {
		if r.shift > 0 {
			n, cells := prefix(text, r.shift)
			if n == 0 { // a wide character lies across the edge: its other half is blank
				n, cells = cluster(text)
				r.row.WriteString(strings.Repeat(" ", cells-r.shift))
				r.used = cells - r.shift
				cells = r.shift
			}
			r.shift -= cells
			text = text[n:]
			continue
		}
		n, cells := prefix(text, r.width-r.used)
		if n == 0 && r.used == 0 { // it is wider than a row
			n, _ = cluster(text)
			text, r.used = text[n:], r.width
			r.row.WriteString(strings.Repeat(" ", r.width))
			continue
		}
		r.row.WriteString(ink.Paint(text[:n]))
		r.used += cells
		if text = text[n:]; text != "" {
			r.breakRow()
		}
	}
}

// breakRow begins the next row, where there is one.
func (r *rows) breakRow() {
	if r.skip > 0 {
		r.skip--
		r.row.Reset()
		r.used = 0
		return
	}
	if len(r.done)+1 >= r.most {
		r.full = true
		return
	}
	r.done = append(r.done, r.row.String()+strings.Repeat(" ", max(0, r.width-r.used)))
	r.row.Reset()
	r.used = 0
}

// lines returns the rows, each padded to the width. A line that is cut ends in
// an ellipsis.
func (r *rows) lines() []string {
	last := r.row.String() + strings.Repeat(" ", max(0, r.width-r.used))
	if r.full && r.most == 1 {
		last = ansi.Truncate(last, r.width-1, "") + "…"
		last += strings.Repeat(" ", max(0, r.width-ansi.StringWidth(last)))
	}
	return append(r.done, last)
}

// prefix returns how many bytes of text take at most that many cells, and how
// many cells they take.
func prefix(text string, cells int) (bytes, width int) {
	n := 0
	for n < len(text) && n < cells && text[n] < utf8.RuneSelf {
		n++
	}
	if n == len(text) || n == cells && text[n] < utf8.RuneSelf {
		return n, n
	}
	if n > 0 {
		n-- // what follows may be a mark upon it
	}
	bytes, width = n, n
	for bytes < len(text) {
		size, wide := cluster(text[bytes:])
		if width+wide > cells {
			break
		}
		bytes, width = bytes+size, width+wide
	}
	return bytes, width
}

// cluster returns the bytes and cells of the first character with its marks.
func cluster(text string) (bytes, cells int) {
	_, cells, bytes, _ = ansi.DecodeSequence(text, ansi.NormalState, nil)
	return max(1, bytes), cells
}
