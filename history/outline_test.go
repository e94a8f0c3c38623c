package history_test

import (
	"fmt"
	"testing"

	"github.com/connectty/connectty/history"
)

// All hands out each once, oldest first, and goes on where others are deleted.
func TestAll(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	generate(t, s, 1000, 100)
	list, err := s.List(t.Context(), history.Query{Limit: 2000})
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[int]int{0: 1000, 1: 1, 200: 200, 201: 201, 999: 999, 5000: 1000} {
		n := 0
		for x, err := range s.All(t.Context(), history.Query{Limit: limit}) {
			if n++; err != nil || n > want || x.ID != list[want-n].ID || len(x.Response.Body) == 0 {
				t.Fatalf("limit %d: %d is %s, %v", limit, n, x.ID, err)
			}
		}
		if n != want {
			t.Errorf("limit %d: %d of %d", limit, n, want)
		}
	}
	n := 0
	for _, err := range s.All(t.Context(), history.ParseQuery("lorem")) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 1 { // those behind which the next pages begin
			for _, i := range []int{199, 399, 599, 799} {
				if err := s.Delete(t.Context(), list[i].ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if n > 1000 {
			break
		}
	}
	if n != 996 {
		t.Errorf("%d of 996 that are left", n)
	}
}

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
