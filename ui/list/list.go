// Package list holds a cursor and a window over rows that somebody else keeps.
// Every list and every body on the screen moves by it, with the same keys.
package list

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/action"
)

// Cursor is a place in a list and the part of it that shows. The zero value
// stands on the first row.
type Cursor struct {
	row    int // of the cursor
	top    int // first row that shows
	home   int // top as the last move left it: a resize there and back returns to it
	count  int
	height int
}

// Resize tells how many rows there are and how many show. The cursor stays
// where it is, or on the last row where its own is gone.
func (c *Cursor) Resize(count, height int) {
	c.count, c.height = max(0, count), max(1, height)
	c.top = c.home
	c.put(c.row)
}

// Row returns the row of the cursor, 0-based; -1 in an empty list.
func (c *Cursor) Row() int {
	if c.count == 0 {
		return -1
	}
	return c.row
}

// Last returns the last row, 0-based; -1 in an empty list.
func (c *Cursor) Last() int { return c.count - 1 }

// Top returns the first row that shows.
func (c *Cursor) Top() int { return c.top }

// Height returns how many rows show.
func (c *Cursor) Height() int { return c.height }

// Move moves the cursor by rows, and the window after it.
func (c *Cursor) Move(by int) { c.Put(c.row + by) }

// Put sets the cursor on a row, or on the nearest there is.
func (c *Cursor) Put(row int) {
	c.put(row)
	c.home = c.top
}

func (c *Cursor) put(row int) {
	c.row = max(0, min(row, c.count-1))
	c.top = max(c.row-c.height+1, min(c.top, c.row))
	c.top = max(0, min(c.top, c.count-c.height))
}

// Scroll moves the window by rows; the cursor goes along when it would leave it.
func (c *Cursor) Scroll(by int) {
	c.top = max(0, min(c.top+by, c.count-c.height))
	c.row = max(c.top, min(c.row, min(c.top+c.height, c.count)-1))
	c.home = c.top
}

// Actions are the rows of the action table that move the cursor. prefix is the
// group's name, moved what the pane does after a move; it may be nil.
func (c *Cursor) Actions(prefix string, moved func() tea.Cmd) []action.Action {
	move := func(id, title string, keys []string, by func() int) action.Action {
		return action.Action{ID: prefix + "." + id, Title: title, Keys: keys, Run: func() tea.Cmd {
			c.Move(by())
			if moved == nil {
				return nil
			}
			return moved()
		}}
	}
	return []action.Action{
		move("down", "Down one line", []string{"j", "down"}, func() int { return 1 }),
		move("up", "Up one line", []string{"k", "up"}, func() int { return -1 }),
		move("page-down", "Down one page", []string{"pgdown", "ctrl+f"}, func() int { return c.height }),
		move("page-up", "Up one page", []string{"pgup", "ctrl+b"}, func() int { return -c.height }),
		move("first", "To the first line", []string{"g", "home"}, func() int { return -c.count }),
		move("last", "To the last line", []string{"G", "end"}, func() int { return c.count }),
	}
}

// Render draws the rows that show, one line each, and blank lines below them.
func (c *Cursor) Render(height int, row func(i int, chosen bool) string) string {
	var b strings.Builder
	for i := range height {
		if i > 0 {
			b.WriteByte('\n')
		}
		if n := c.top + i; n < c.count {
			b.WriteString(row(n, n == c.row))
		}
	}
	return b.String()
}

// Wheel moves the window by a turn of the mouse's wheel.
func (c *Cursor) Wheel(msg tea.MouseWheelMsg) {
	const rows = 3
	switch msg.Button {
	case tea.MouseWheelUp:
		c.Scroll(-rows)
	case tea.MouseWheelDown:
		c.Scroll(rows)
	default: // to the side: nothing moves there
	}
}
