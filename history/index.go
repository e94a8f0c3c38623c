package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// reindex puts the words of a stored exchange into the index.
func (s *Store) reindex(ctx context.Context, tx *sql.Tx, id string) error {
	oldest, err := oldestRecent(ctx, tx)
	if err != nil {
		return err
	}
	var x numbered
	x.Exchange, err = scan(tx.QueryRowContext(ctx, "SELECT x.n, "+columns+" FROM exchange x WHERE id = ?", id), &x.n)
	if err != nil {
		return err
	}
	if err := s.detail(ctx, tx, x.n, &x.Exchange); err != nil {
		return err
	}
	tables := both
	if x.n < oldest {
		tables = one
	}
	return index(ctx, tx, x.n, &x.Exchange, tables)
}

// recentRows is how many of the newest exchanges the small index holds, or a few more.
const recentRows = 8192

// oldestRecent is the number of the oldest exchange that belongs into the small index.
func oldestRecent(ctx context.Context, from reader) (int64, error) {
	var n int64
	err := from.QueryRowContext(ctx, "SELECT n FROM exchange ORDER BY n DESC LIMIT 1 OFFSET ?", recentRows).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// trimmedOnce is after how many exchanges, on the average, the small index is trimmed.
const trimmedOnce = 512

// trim takes out of the small index what is not among the newest any more.
func trim(ctx context.Context, tx *sql.Tx) error {
	oldest, err := oldestRecent(ctx, tx)
	if err != nil || oldest == 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM recent WHERE rowid < ?", oldest)
	return err
}

// fillRecent makes the small index anew, after an import went past it.
func (s *Store) fillRecent(ctx context.Context) error {
	ids, err := s.newestIDs(ctx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, indexStep) {
		if err := s.indexAll(ctx, part); err != nil {
			return err
		}
	}
	return s.change(ctx, func(tx *sql.Tx) error { return trim(ctx, tx) })
}

func (s *Store) newestIDs(ctx context.Context) ([]string, error) {
	return s.ids(ctx, "SELECT id FROM exchange ORDER BY n DESC LIMIT ?", recentRows)
}

// indexAll puts the words of exchanges into the index, in one transaction.
func (s *Store) indexAll(ctx context.Context, ids []string) error {
	return s.change(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if err := s.reindex(ctx, tx, id); err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		return nil
	})
}

// The index of all words, and both: the small one of the newest exchanges holds its own.
var (
	one  = []string{"find"}
	both = []string{"find", "recent"}
)

// index puts the words of an exchange into tables of the index.
func index(ctx context.Context, tx *sql.Tx, n int64, x *Exchange, tables []string) error {
	words := wordsOf(x)
	for _, table := range tables {
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO "+table+" (rowid, words) VALUES (?, ?)", n, words); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE exchange SET indexed = 1 WHERE n = ? AND indexed = 0", n)
	return err
}

// indexStep is how many exchanges are indexed at once: others write in between.
const indexStep = 100

// Index puts exchanges into the index whose words are not there, newest first: those of a
// file of an older connectty, and what a crash left. It returns how many there were.
func (s *Store) Index(ctx context.Context) (int, error) {
	done := 0
	for {
		ids, err := s.ids(ctx, "SELECT id FROM exchange INDEXED BY exchange_unindexed WHERE indexed = 0 ORDER BY n DESC LIMIT ?", indexStep)
		if err == nil && len(ids) > 0 {
			err = s.indexAll(ctx, ids)
		}
		if err != nil {
			return done, fmt.Errorf("index the history: %w", err)
		}
		if done += len(ids); len(ids) < indexStep {
			return done, nil
		}
	}
}

// ids reads a column of ids.
func (s *Store) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
