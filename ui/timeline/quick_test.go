package timeline

import (
	"fmt"
	"testing"

	"github.com/connectty/connectty/history"
)

// rows are exchanges by their numbers.
func rows(numbers ...int) []history.Exchange {
	var out []history.Exchange
	for _, n := range numbers {
		out = append(out, history.Exchange{ID: fmt.Sprint(n)})
	}
	return out
}

// What can be found at once shows, and what else there is comes in between: the cursor stays
// on its exchange where somebody moved it, and else on the newest.
func TestWholeFollowsQuick(t *testing.T) {
	t.Parallel()
	for moved, want := range map[int]string{0: "9", 1: "6", 2: "5"} {
		m := New()
		m.Resize(58, 20)
		m.loading = true
		m.Update(arrived{first: rows(8, 6, 5), quick: true})
		if m.Current() != "8" || !m.loading {
			t.Errorf("at once: on %s, loading %t", m.Current(), m.loading)
		}
		m.cursor.Move(moved)
		m.Update(arrived{first: rows(9, 8, 7, 6, 5)})
		if m.Current() != want || m.loading || m.win.count != 5 {
			t.Errorf("moved by %d: on %s, want %s, of %d, loading %t", moved, m.Current(), want, m.win.count, m.loading)
		}
	}
}
