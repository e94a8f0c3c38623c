package jq

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// A filter that piles up without end is ended by its memory, long before its time.
func TestMemory(t *testing.T) {
	t.Parallel()
	err := run(t.Context(), 64<<20, "[range(1e9)] | length", strings.NewReader("{}"), io.Discard)
	if !errors.Is(err, ErrMemory) {
		t.Errorf("got %v", err)
	}
}
