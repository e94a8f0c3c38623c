package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// importBatch is how many exchanges an import stores at once.
const importBatch = 500

// Imported is what became of an import.
type Imported struct {
	Added int
	Known int // were there already, and stay as they are
}

// Import stores exchanges that next brings, until it returns [io.EOF]. One without an
// id gets one; one whose id is there already is counted and left alone. What was
// stored before an error stays.
func (s *Store) Import(ctx context.Context, next func() (Exchange, error)) (Imported, error) {
	done, err := s.take(ctx, next)
	if done.Added > 0 {
		err = errors.Join(err, s.fillRecent(context.WithoutCancel(ctx)))
	}
	return done, err
}

func (s *Store) take(ctx context.Context, next func() (Exchange, error)) (Imported, error) {
	var done Imported
	for {
		batch, end := collect(next)
		added, err := s.importBatch(ctx, batch)
		if err != nil {
			return done, fmt.Errorf("import into the history: %w", err)
		}
		done.Added += added
		done.Known += len(batch) - added
		switch {
		case errors.Is(end, io.EOF):
			return done, nil
		case end != nil:
			return done, end
		case ctx.Err() != nil:
			return done, ctx.Err()
		}
	}
}

// collect takes as many exchanges as are stored at once.
func collect(next func() (Exchange, error)) ([]Exchange, error) {
	var batch []Exchange
	for len(batch) < importBatch {
		x, err := next()
		if err != nil {
			return batch, err
		}
		if x.ID == "" {
			x.ID = idAt(x.StartedAt)
		}
		batch = append(batch, x)
	}
	return batch, nil
}

func (s *Store) importBatch(ctx context.Context, batch []Exchange) (added int, err error) {
	err = s.change(ctx, func(tx *sql.Tx) error {
		added = 0
		for _, x := range batch {
			var known int
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE id = ?", x.ID).Scan(&known); err != nil {
				return err
			}
			if known > 0 {
				continue
			}
			x = s.clean(x)
			if err := s.insert(ctx, tx, &x, one); err != nil {
				return err
			}
			added++
		}
		return nil
	})
	return added, err
}
