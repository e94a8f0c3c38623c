// Package nearest finds the valid name that was meant.
package nearest

import (
	"fmt"
	"strings"
)

// Hint returns `; did you mean "NAME"?` for the valid name that is near a word,
// else nothing.
func Hint(word string, valid []string) string {
	if name := Name(word, valid); name != "" {
		return fmt.Sprintf("; did you mean %q?", name)
	}
	return ""
}

// Name returns the valid name that differs from the word in a few letters; empty
// where none is near.
func Name(word string, valid []string) string {
	best, least := "", max(2, len(word)/3)+1
	for _, v := range valid {
		if d := distance(strings.ToLower(word), strings.ToLower(v)); d < least {
			best, least = v, d
		}
	}
	return best
}

// distance counts the letters to change, add or drop between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
