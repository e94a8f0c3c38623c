package uitest

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
)

// Screened is a pane that can be looked at: in tests, a pane with its [Driver].
type Screened interface {
	Screen(width, height int) string
	Fits(width, height int)
}

// Views draws each state of a pane at each size, and compares the whole with the
// golden file of the state's name.
func Views[P Screened](t *testing.T, open func(tb testing.TB, width, height int) P, states map[string]func(P), sizes ...[2]int) {
	t.Helper()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, size := range sizes {
				p := open(t, size[0], size[1])
				reach(p)
				all.WriteString(p.Screen(size[0], size[1]) + "\n")
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

// Steps are the numbers between two, so far apart.
func Steps(from, to, step int) []int {
	var out []int
	for n := from; n <= to; n += step {
		out = append(out, n)
	}
	return out
}

// Sizes draws each state of a pane at many sizes, and checks that it keeps to its
// room and says nothing that a terminal would obey.
func Sizes[P Screened](t *testing.T, open func(tb testing.TB, width, height int) P, states map[string]func(P), widths, heights []int) {
	t.Helper()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			for _, width := range widths {
				for _, height := range heights {
					p := open(t, width, height)
					reach(p)
					p.Fits(width, height)
				}
			}
		})
	}
}
