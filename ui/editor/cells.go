package editor

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
)

const (
	mostBytes = 64 // of one cell; what is stacked higher is shown beside it
	mostCells = 12 // that one character may take when it is spelt out
)

// cell is one character as it is shown.
type cell struct {
	text  string
	width int
	size  int // bytes of it
}

// first returns the first character of b as it stands in a column. What a terminal
// would obey, and what could not be seen, is spelt out.
func first(b []byte, column int) cell {
	c := b[0]
	switch {
	case c == '\t':
		n := visible.TabWidth - column%visible.TabWidth
		return cell{strings.Repeat(" ", n), n, 1}
	case c < ' ' || c == 0x7f:
		return cell{visible.Rune(rune(c)), 1, 1}
	case c < utf8.RuneSelf && (len(b) == 1 || b[1] < utf8.RuneSelf):
		return cell{string(b[:1]), 1, 1}
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n == 1 {
		return cell{fmt.Sprintf("<%02X>", c), 4, 1}
	}
	return cluster(b[:min(len(b), mostBytes)], n)
}

// cluster is what a reader takes for one character: a letter with its accents, an
// emoji of several. head is the size of its first code point.
func cluster(b []byte, head int) cell {
	whole, _ := ansi.FirstGraphemeCluster(b, ansi.GraphemeWidth)
	for len(whole) > head && !utf8.Valid(whole) { // it was cut, or ends in bytes that are none
		_, last := utf8.DecodeLastRune(whole)
		whole = whole[:len(whole)-last]
	}
	shown := visible.Line(string(whole))
	width := ansi.StringWidth(shown)
	if width == 0 || width > mostCells {
		r, n := utf8.DecodeRune(b)
		shown = fmt.Sprintf("<%04X>", r)
		return cell{shown, len(shown), n}
	}
	return cell{shown, width, len(whole)}
}

// lineEnd returns how many bytes at the end of b break the line.
func lineEnd(b []byte) int {
	switch {
	case bytes.HasSuffix(b, []byte("\r\n")):
		return 2
	case bytes.HasSuffix(b, []byte("\n")):
		return 1
	}
	return 0
}

// wrap returns where the rows of a piece begin; a row has at most width cells.
// Rows end behind a blank, where that leaves them at least half full.
func wrap(b []byte, width int) []int {
	starts := []int{0}
	column, blank := 0, 0 // blank: behind the row's last one
	for i := 0; i < len(b); {
		c := first(b[i:], column)
		if column+c.width > width && column > 0 {
			if blank > starts[len(starts)-1] {
				i = blank
			}
			starts = append(starts, i)
			column, blank = 0, 0
			continue
		}
		i += c.size
		column += c.width
		if c.text == " " && column*2 >= width {
			blank = i
		}
	}
	return starts
}

// row returns the row that a byte of a piece belongs to.
func row(starts []int, at int) int {
	r := len(starts) - 1
	for r > 0 && starts[r] > at {
		r--
	}
	return r
}

// columnOf is the column of a byte in a row that begins at from.
func columnOf(b []byte, from, at int) int {
	column := 0
	for from < at {
		c := first(b[from:], column)
		column += c.width
		from += c.size
	}
	return column
}

// under is the byte at a column of a row: of the character that is there, or the
// row's last place.
func under(b []byte, from, to, column int) int {
	for at := 0; from < to; {
		c := first(b[from:], at)
		if at+c.width > column {
			return from
		}
		at += c.width
		from += c.size
	}
	return from
}
