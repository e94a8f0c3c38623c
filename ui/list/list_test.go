package list_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/list"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// cursor stands in a list of a hundred rows, ten of which show.
func cursor() *list.Cursor {
	c := &list.Cursor{}
	c.Resize(100, 10)
	return c
}

// do runs what keys are bound to.
func do(t *testing.T, c *list.Cursor, keys ...string) {
	t.Helper()
	for _, key := range keys {
		done := false
		for _, a := range c.Actions("x", nil) {
			for _, k := range a.Keys {
				if k == key {
					a.Run()
					done = true
				}
			}
		}
		if !done {
			t.Fatalf("no action on %q", key)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys     []string
		row, top int
	}{
		"first row":           {nil, 0, 0},
		"down":                {[]string{"j", "down"}, 2, 0},
		"up at the top":       {[]string{"k", "up"}, 0, 0},
		"up":                  {[]string{"j", "j", "k"}, 1, 0},
		"page down":           {[]string{"pgdown"}, 10, 1},
		"two pages":           {[]string{"pgdown", "ctrl+f"}, 20, 11},
		"page back":           {[]string{"pgdown", "pgdown", "pgup"}, 10, 10},
		"page back by ctrl+b": {[]string{"pgdown", "ctrl+b"}, 0, 0},
		"last":                {[]string{"G"}, 99, 90},
		"last by end":         {[]string{"end", "j"}, 99, 90},
		"first":               {[]string{"G", "g"}, 0, 0},
		"first by home":       {[]string{"G", "home"}, 0, 0},
		"window stays":        {[]string{"G", "k", "k"}, 97, 90},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cursor()
			do(t, c, tt.keys...)
			if c.Row() != tt.row || c.Top() != tt.top {
				t.Errorf("%q: got row %d top %d, want %d %d", tt.keys, c.Row(), c.Top(), tt.row, tt.top)
			}
		})
	}
}

func TestKeysInSmallLists(t *testing.T) {
	t.Parallel()
	for count := range 4 {
		c := &list.Cursor{}
		c.Resize(count, 10)
		for _, key := range []string{"j", "pgdown", "G", "k", "pgup", "g", "end", "home"} {
			do(t, c, key)
			if c.Row() < -1 || c.Row() >= count || c.Top() != 0 {
				t.Errorf("%d rows, %s: row %d, top %d", count, key, c.Row(), c.Top())
			}
		}
		if got := c.Row(); count == 0 && got != -1 {
			t.Errorf("an empty list has row %d", got)
		}
	}
}

// The cursor is in the window whatever happens, and a window is never emptier
// than it must be.
func TestCursorIsInTheWindow(t *testing.T) {
	t.Parallel()
	c := &list.Cursor{}
	steps := []func(n int){
		c.Move, c.Put, c.Scroll, func(n int) { c.Resize(n, 1+n%13) }, func(n int) { c.Resize(200-n, 20) },
		func(int) { c.Wheel(tea.MouseWheelMsg{Button: tea.MouseWheelDown}) }, func(int) { c.Wheel(tea.MouseWheelMsg{Button: tea.MouseWheelUp}) },
	}
	for i := range 2000 {
		n := (i*37)%120 - 40
		steps[(i*11+i/7)%len(steps)](n)
		if c.Row() >= 0 && (c.Row() < c.Top() || c.Row() >= c.Top()+c.Height()) || c.Top() < 0 {
			t.Fatalf("step %d by %d: row %d, window %d+%d", i, n, c.Row(), c.Top(), c.Height())
		}
	}
}

// A resize there and back shows the same rows.
func TestResizeThereAndBack(t *testing.T) {
	t.Parallel()
	for row := range 100 {
		for _, small := range []int{1, 3, 9, 15, 60} {
			c := cursor()
			c.Put(70)
			c.Put(row)
			top := c.Top()
			c.Resize(100, small)
			c.Resize(100, 10)
			if c.Row() != row || c.Top() != top {
				t.Fatalf("row %d, over %d rows: got row %d top %d, had top %d", row, small, c.Row(), c.Top(), top)
			}
		}
	}
}

func TestResize(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		count, height int
		row, top      int
	}{
		"smaller window":   {100, 4, 50, 47},
		"larger window":    {100, 30, 50, 41},
		"all rows show":    {100, 100, 50, 0},
		"rows gone":        {20, 10, 19, 10},
		"no rows":          {0, 10, -1, 0},
		"no height":        {100, 0, 50, 50},
		"negative numbers": {-1, -1, -1, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := cursor()
			c.Put(50)
			c.Resize(tt.count, tt.height)
			if c.Row() != tt.row || c.Top() != tt.top {
				t.Errorf("%d rows, %d show: got row %d top %d, want %d %d", tt.count, tt.height, c.Row(), c.Top(), tt.row, tt.top)
			}
		})
	}
}

func TestWheel(t *testing.T) {
	t.Parallel()
	c := cursor()
	c.Wheel(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if c.Row() != 3 || c.Top() != 3 {
		t.Errorf("down: row %d, top %d", c.Row(), c.Top())
	}
	c.Wheel(tea.MouseWheelMsg{Button: tea.MouseWheelLeft})
	if c.Top() != 3 {
		t.Errorf("to the side: top %d", c.Top())
	}
	c.Wheel(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if c.Row() != 3 || c.Top() != 0 {
		t.Errorf("up: row %d, top %d", c.Row(), c.Top())
	}
}

func TestMovedIsTold(t *testing.T) {
	t.Parallel()
	c, told := cursor(), 0
	for _, a := range c.Actions("x", func() tea.Cmd { told++; return nil }) {
		if !strings.HasPrefix(a.ID, "x.") {
			t.Errorf("%s is not named after its group", a.ID)
		}
		a.Run()
	}
	if told != len(c.Actions("x", nil)) {
		t.Errorf("told %d times of %d moves", told, len(c.Actions("x", nil)))
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	c := &list.Cursor{}
	c.Resize(5, 3)
	c.Put(3)
	row := func(i int, chosen bool) string { return fmt.Sprint(i, chosen) }
	if got, want := c.Render(5, row), "1 false\n2 false\n3 true\n4 false\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := c.Render(0, row); got != "" {
		t.Errorf("without room: got %q", got)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	th := themes.For(true)
	got := ansi.Strip(list.Words(20, th.Bad, "the network cannot be reached", th, "r loads them again"))
	if want := " the network\n cannot be reached\n r loads them\n again"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for width := 10; width < 60; width++ {
		for line := range strings.SplitSeq(list.Words(width, th.Bad, "日本語 "+strings.Repeat("x", 50), th, ""), "\n") {
			if w := ansi.StringWidth(line); w > width {
				t.Errorf("%d cells: %d in %q", width, w, ansi.Strip(line))
			}
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1204: "1,204", 123456: "123,456", 1234567: "1,234,567"} {
		if got := list.Count(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	tests := map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 1949: "1.9 kB", 1950: "1.9 kB", 99_940: "99.9 kB", 99_960: "100 kB", 412_345: "412 kB",
		999_400: "999 kB", 999_600: "1.0 MB", 1_000_000: "1.0 MB", 9_990_000: "10.0 MB", 2_500_000_000: "2.5 GB", 7_000_000_000_000: "7000 GB",
	}
	for n, want := range tests {
		if got := list.Bytes(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}
