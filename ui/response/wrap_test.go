package response_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
)

// seen is what the pane shows of the body.
func (p *pane) seen(width, height int) string {
	p.tb.Helper()
	return ansi.Strip(p.View(width, height, themes.For(true)))
}

// All rows of a line that has more of them than show can be reached, there and back.
func TestWrapReachesTheWholeLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ down, up string }{"by rows": {"j", "k"}, "by pages": {"pgdown", "pgup"}}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 80, 12)
			text := "START" + strings.Repeat("日本x", 500) + "END"
			p.Show(answered(t, 200, "text/plain", text+"\nnext\n"))
			p.do("W")
			var all string // the first row that shows, time after time
			for range 200 {
				view := p.seen(80, 12)
				if strings.Contains(view, "END") {
					break
				}
				all += view
				p.do(tt.down)
			}
			if view := p.seen(80, 12); !strings.Contains(view, "END") || strings.Contains(view, "START") {
				t.Fatalf("its end does not show:\n%s\nbefore:\n%s", view, all)
			}
			if p.do(tt.down); !strings.Contains(p.status(), "line 2/2") {
				t.Errorf("then: %s", p.status())
			}
			for range 200 {
				p.do(tt.up)
			}
			if view := p.seen(80, 12); !strings.Contains(view, "START") {
				t.Errorf("its beginning does not show:\n%s", view)
			}
			for range 200 {
				p.Update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
				if strings.Contains(p.seen(80, 12), "END") {
					return
				}
			}
			t.Errorf("the wheel does not lead to its end:\n%s", p.seen(80, 12))
		})
	}
}

// What is found far behind on a wrapped line shows.
func TestWrapShowsWhatIsFound(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 12)
	p.Show(answered(t, 200, "text/plain", strings.Repeat("x", 3000)+"needle"+strings.Repeat("日", 300)+"needle"+strings.Repeat("x", 100)))
	p.do("W", "/").typed("needle").enter()
	for range 4 {
		if view := p.seen(80, 12); !strings.Contains(view, "needle") {
			t.Errorf("%s:\n%s", p.status(), view)
		}
		p.do("n")
	}
}

// Wide characters that do not fit a row's end make more rows: the cursor shows all the same,
// and a click is on the line that it points at.
func TestWrapOfWideCharacters(t *testing.T) {
	t.Parallel()
	for _, width := range []int{7, 40, 80, 81} {
		p := newPane(t, width, 20)
		p.Bare()
		var body strings.Builder
		for i := range 60 {
			fmt.Fprintf(&body, "<%d>%s\n", i, strings.Repeat("日", 75))
		}
		p.Show(answered(t, 200, "text/plain", body.String()))
		p.do("W", "G")
		if view := p.seen(width, 20); width > 7 && !strings.Contains(view, "<59>") {
			t.Errorf("%d cells: the last line does not show:\n%s", width, view)
		}
		for row, line := range strings.Split(p.seen(width, 20), "\n") {
			if _, rest, ok := strings.Cut(line, "<"); ok && width > 7 {
				number, _, _ := strings.Cut(rest, ">")
				p.Update(tea.MouseClickMsg{X: 10, Y: row, Button: tea.MouseLeft})
				var n int
				if _, err := fmt.Sscan(number, &n); err != nil {
					t.Fatal(err)
				}
				if want := fmt.Sprintf("line %d/60", n+1); !strings.Contains(p.status(), want) {
					t.Errorf("%d cells, a click on row %d: %s, want %s", width, row, p.status(), want)
				}
				p.do("G")
			}
		}
	}
}
