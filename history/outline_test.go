package history_test

import (
	"fmt"
	"testing"

	"github.com/connectty/connectty/history"
)

// From an outline, any part of a list is read as if it had been scrolled to.
func TestOutline(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	generate(t, s, 1000, 100)
	for _, text := range []string{"", "lorem", "app:slack", "status:404 lorem", "l", "wor", "user:user-7", "nosuchword"} {
		for _, every := range []int{1, 7, 100, 5000} {
			t.Run(fmt.Sprintf("%s by %d", text, every), func(t *testing.T) {
				q := history.ParseQuery(text)
				q.Limit = 5000
				all, err := s.List(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				outline, err := s.Outline(t.Context(), q, every)
				if err != nil || outline.Count != len(all) {
					t.Fatalf("counted %d of %d, %v", outline.Count, len(all), err)
				}
				q.Limit = 10
				for row := 0; row < len(all); row += 1 + len(all)/23 {
					part, err := s.List(t.Context(), outline.At(q, row))
					if err != nil || len(part) != min(10, len(all)-row) || part[0].ID != all[row].ID {
						t.Fatalf("row %d: got %d rows, %v", row, len(part), err)
					}
					if rank, err := s.Rank(t.Context(), q, all[row].ID); err != nil || rank != row {
						t.Fatalf("row %d has the rank %d, %v", row, rank, err)
					}
				}
			})
		}
	}
}
