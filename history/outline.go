package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Outline is a long list seen from afar.
type Outline struct {
	Count  int
	Every  int      // how many rows lie between two starts
	Starts []string // Query.Before of the rows from i*Every on; the first is empty
}

// At returns a query for the rows from row on.
func (o Outline) At(q Query, row int) Query {
	q.Before, q.Skip, q.Quick = "", row, false
	if o.Every > 0 && len(o.Starts) > 0 {
		i := min(row/o.Every, len(o.Starts)-1)
		q.Before, q.Skip = o.Starts[i], row-i*o.Every
	}
	return q
}

// Outline counts what a query finds, and says where every so many rows begin: from there,
// rows in the midst of a long list are read as fast as the first.
func (s *Store) Outline(ctx context.Context, q Query, every int) (Outline, error) {
	q.Before, q.Skip, q.Limit = "", 0, 0
	out := Outline{Every: every, Starts: []string{""}}
	terms := q.terms()
	var err error
	if len(terms) == 0 {
		err = s.stride(ctx, q, &out)
	} else {
		err = s.each(ctx, q, terms, everywhere, func(x *numbered) bool {
			if out.Count++; out.Count%every == 0 {
				out.Starts = append(out.Starts, x.ID)
			}
			return true
		})
	}
	if err != nil {
		return Outline{}, fmt.Errorf("count the history: %w", err)
	}
	return out, nil
}

// stride walks through a list without words in large steps.
func (s *Store) stride(ctx context.Context, q Query, out *Outline) error {
	for {
		where, args := q.conditions("x.n")
		var id string
		err := s.db.QueryRowContext(ctx, "SELECT x.id FROM exchange x WHERE "+where+" ORDER BY x.n DESC LIMIT 1 OFFSET ?", append(args, out.Every-1)...).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			rest := 0
			err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM exchange x WHERE "+where, args...).Scan(&rest)
			out.Count += rest
			return err
		}
		if err != nil {
			return err
		}
		q.Before = id
		out.Count += out.Every
		out.Starts = append(out.Starts, id)
	}
}

// Rank returns how many of what a query finds are newer than an exchange.
func (s *Store) Rank(ctx context.Context, q Query, id string) (int, error) {
	q.since = id
	return s.Count(ctx, q)
}
