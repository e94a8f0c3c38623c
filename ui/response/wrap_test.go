package response_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
)

// flat is what the pane draws without its gutter's blanks and breaks.
func (p *pane) flat(width, height int) string {
	return strings.Join(strings.Fields(p.body(width, height)), "")
}

// numbered are lines of so many characters, the last of which say which they are.
func numbered(lines int, char string, chars int) string {
	var b strings.Builder
	for i := range lines {
		fmt.Fprintf(&b, "%s<%d>\n", strings.Repeat(char, chars), i)
	}
	return b.String()
}

// wrapped shows a text with its long lines broken, without tabs.
func wrapped(t *testing.T, width, height int, text string) *pane {
	t.Helper()
	p := bare(t, "text/plain", text, true, nil)
	p.Resize(width, height)
	return p.do("W")
}

// body are the rows that the pane draws.
func (p *pane) body(width, height int) string {
	return ansi.Strip(p.View(width, height, themes.For(true)))
}

// A wide character that does not fit leaves a blank: such rows are counted as they are
// drawn.
func TestWrapWide(t *testing.T) {
	t.Parallel()
	p := wrapped(t, 81, 20, numbered(60, "日", 73)).do("G")
	if got := p.flat(81, 20); !strings.Contains(got, "<59>") {
		t.Errorf("the last line does not show:\n%s", p.body(81, 20))
	}
	for y, row := range strings.Split(p.body(81, 20), "\n") {
		p.run(p.Update(tea.MouseClickMsg{X: 20, Y: y}))
		if number := strings.Fields(row)[0]; number[0] >= '0' && number[0] <= '9' && !strings.Contains(p.status(), "line "+number+"/") {
			t.Errorf("a click on line %s leads to %q", number, p.status())
		}
		p.do("G")
	}
}

// The words of a fold take rows, too.
func TestWrapFold(t *testing.T) {
	t.Parallel()
	p := newPane(t, 40, 12)
	showBody(t, p, `{"`+strings.Repeat("k", 25)+`":[1,2,3],"a":[`+strings.Repeat("1,", 30)+`1],"last":1}`)
	p.do("W", "j", "space", "G")
	if got := p.body(40, 12); !strings.Contains(got, `}`) {
		t.Errorf("the last line does not show:\n%s", got)
	}
	p.do("g", "j")
	for y, row := range strings.Split(p.body(40, 12), "\n") {
		if strings.Contains(row, `"a": [`) {
			if p.run(p.Update(tea.MouseClickMsg{X: 20, Y: y})); !strings.HasPrefix(p.status(), "$.a ") {
				t.Errorf("a click leads to %q", p.status())
			}
			return
		}
	}
	t.Errorf("not there:\n%s", p.body(40, 12))
}

// A line taller than the pane is read to its end, with each key that moves.
func TestWrapTallLine(t *testing.T) {
	t.Parallel()
	var tall strings.Builder // no line of the view is longer than 4,096 bytes
	for i := range 50 {
		fmt.Fprintf(&tall, "%s<%02d>", strings.Repeat("x", 70), i) // a row
	}
	text := "first\n" + tall.String() + "\nlast\n"
	for name, keys := range map[string][2]string{"by rows": {"j", "k"}, "by pages": {"pgdown", "pgup"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := wrapped(t, 80, 12, text)
			seen := map[string]bool{}
			look := func() {
				flat := p.flat(80, 12)
				for i := range 50 {
					if mark := fmt.Sprintf("<%02d>", i); strings.Contains(flat, mark) {
						seen[mark] = true
					}
				}
			}
			for range 200 {
				look()
				p.do(keys[0])
			}
			if len(seen) != 50 || !strings.Contains(p.status(), "line 3/3") {
				t.Fatalf("on the way down %d of 50 were seen; %s", len(seen), p.status())
			}
			clear(seen)
			for range 200 {
				look()
				p.do(keys[1])
			}
			if len(seen) != 50 || !strings.Contains(p.status(), "line 1/3") {
				t.Errorf("on the way up %d of 50 were seen; %s", len(seen), p.status())
			}
		})
	}
}

// Pages of lines that take several rows leave none out.
func TestWrapPages(t *testing.T) {
	t.Parallel()
	p := wrapped(t, 80, 20, numbered(80, "x", 200))
	for _, keys := range [][2]string{{"pgdown", "line 80/"}, {"pgup", "line 1/"}} {
		seen := map[string]bool{}
		for range 80 {
			for i := range 80 {
				if mark := fmt.Sprintf("<%d>", i); strings.Contains(p.body(80, 20), mark) {
					seen[mark] = true
				}
			}
			if strings.Contains(p.status(), keys[1]) {
				break
			}
			p.do(keys[0])
		}
		if len(seen) != 80 || !strings.Contains(p.status(), keys[1]) {
			t.Errorf("%s: %d of 80 lines were seen; %s", keys[0], len(seen), p.status())
		}
	}
}

// What is found in a line taller than the pane shows.
func TestWrapFind(t *testing.T) {
	t.Parallel()
	p := wrapped(t, 80, 12, strings.Repeat("日x", 600)+"needle"+strings.Repeat("y", 900)+"\nlast\n")
	p.do("/").typed("needle").enter()
	if got := p.flat(80, 12); !strings.Contains(got, "needle") {
		t.Errorf("it does not show:\n%s", got)
	}
	p.do("W", "W")
	if got := p.body(80, 12); !strings.Contains(got, "日x日x") {
		t.Errorf("wrapped anew, its beginning does not show:\n%s", got)
	}
}
