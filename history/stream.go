package history

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
)

// streamPage is how many rows of a stream are in memory at a time.
const streamPage = 200

// All hands out what a query finds with headers and bodies, oldest first, one at a time. A
// limit keeps the newest. It ends after an error. What is stored or deleted meanwhile may be
// among them or not.
func (s *Store) All(ctx context.Context, q Query) iter.Seq2[Exchange, error] {
	return func(yield func(Exchange, error) bool) {
		if err := s.stream(ctx, q, yield); err != nil && !errors.Is(err, errEnough) {
			yield(Exchange{}, fmt.Errorf("read the history: %w", err))
		}
	}
}

// errEnough ends a stream that nobody reads any more.
var errEnough = errors.New("enough was read")

func (s *Store) stream(ctx context.Context, q Query, yield func(Exchange, error) bool) error {
	most := q.Limit
	if most <= 0 {
		most = math.MaxInt
	}
	newest, err := s.List(ctx, Query{Limit: 1})
	if err != nil || len(newest) == 0 {
		return err
	}
	q.upTo = newest[0].ID // those that come meanwhile push none out
	outline, err := s.Outline(ctx, q, streamPage)
	if err != nil {
		return err
	}
	count := min(outline.Count, most)
	for page := (count - 1) / streamPage; page >= 0 && count > 0; page-- {
		at := outline.At(q, page*streamPage)
		at.Limit = min(streamPage, count-page*streamPage)
		if page+1 < len(outline.Starts) {
			at.from = outline.Starts[page+1] // where others are deleted, the next page is not begun
		}
		rows, err := s.List(ctx, at)
		if err != nil {
			return err
		}
		for _, row := range slices.Backward(rows) {
			x, err := s.Load(ctx, row.ID)
			if errors.Is(err, ErrNotFound) {
				continue // deleted meanwhile
			}
			if err != nil {
				return err
			}
			if !yield(x, nil) {
				return errEnough
			}
		}
	}
	return nil
}
