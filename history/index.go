package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
)

// reindex puts the words of a stored exchange into the index.
func (s *Store) reindex(ctx context.Context, c *change, id string, tables []string) error {
	var x numbered
	var err error
	x.Exchange, err = scan(c.QueryRowContext(ctx, "SELECT x.n, "+columns+" FROM exchange x WHERE id = ?", id), &x.n)
	if err != nil {
		return err
	}
	if err := s.detail(ctx, c, x.n, &x.Exchange); err != nil {
		return err
	}
	c.words = append(c.words, entry{x.n, wordsOf(&x.Exchange), tables})
	return c.exec(ctx, "UPDATE exchange SET indexed = 1 WHERE n = ? AND indexed = 0", x.n)
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
func trim(ctx context.Context, c *change) error {
	oldest, err := oldestRecent(ctx, c)
	if err != nil || oldest == 0 {
		return err
	}
	before, err := fact(ctx, c, recentFrom)
	if err != nil {
		return err
	}
	return beginRecent(ctx, c, max(before, oldest))
}

// beginRecent has the small index begin at a number.
func beginRecent(ctx context.Context, c *change, from int64) error {
	if err := c.exec(ctx, "INSERT OR REPLACE INTO fact VALUES (?, ?)", recentFrom, from); err != nil {
		return err
	}
	return c.exec(ctx, "DELETE FROM recent WHERE rowid < ?", from)
}

// recentFrom is the number from which on the small index holds all. An older exchange that is
// changed does not come into it: those between would be missing.
const recentFrom = "recent_from"

// recentMisses tells how often something went past the small index since it was filled: where
// it did, the index is not asked.
const recentMisses = "recent_misses"

// fact is what is known of the file; 0 where nothing was noted.
func fact(ctx context.Context, from reader, name string) (n int64, err error) {
	err = from.QueryRowContext(ctx, "SELECT coalesce((SELECT value FROM fact WHERE name = ?), 0)", name).Scan(&n)
	return n, err
}

// missRecent notes that the small index is to be filled.
func missRecent(ctx context.Context, c *change) error {
	return c.exec(ctx, "INSERT INTO fact VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1", recentMisses)
}

// fillRecent puts into the small index what is among the newest and went past it; known
// are words by id that need not be read again.
func (s *Store) fillRecent(ctx context.Context, known map[string]string) error {
	err := s.fill(ctx, known)
	if err != nil {
		return fmt.Errorf("index the newest of the history: %w", err)
	}
	return nil
}

func (s *Store) fill(ctx context.Context, known map[string]string) error {
	before, err := fact(ctx, s.db, recentMisses)
	if err != nil || before == 0 {
		return err
	}
	ids, err := s.column(ctx, `SELECT id FROM (SELECT n, id FROM exchange ORDER BY n DESC LIMIT ?) x
		WHERE NOT EXISTS (SELECT 1 FROM recent WHERE recent.rowid = x.n)`, recentRows)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, importBatch) {
		err := s.change(ctx, func(c *change) error {
			for _, id := range part {
				if err := s.remind(ctx, c, id, known[id]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return s.change(ctx, func(c *change) error {
		oldest, err := oldestRecent(ctx, c)
		if err != nil {
			return err
		}
		if err := beginRecent(ctx, c, oldest); err != nil {
			return err
		}
		// Where others imported meanwhile, they fill it.
		return c.exec(ctx, "UPDATE fact SET value = 0 WHERE name = ? AND value = ?", recentMisses, before)
	})
}

// remind puts one exchange into the small index.
func (s *Store) remind(ctx context.Context, c *change, id, words string) error {
	if words == "" {
		return skipGone(s.reindex(ctx, c, id, small))
	}
	var n int64
	err := c.QueryRowContext(ctx, "SELECT n FROM exchange WHERE id = ?", id).Scan(&n)
	if err == nil {
		c.words = append(c.words, entry{n, words, small})
	}
	return skipGone(err)
}

// skipGone forgives that an exchange was deleted meanwhile.
func skipGone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// indexAll puts the words of exchanges into the index, in one transaction.
func (s *Store) indexAll(ctx context.Context, ids []string) error {
	return s.change(ctx, func(c *change) error {
		for _, id := range ids {
			if err := skipGone(s.reindex(ctx, c, id, large)); err != nil {
				return err
			}
		}
		return missRecent(ctx, c)
	})
}

// The index of all words, the small one of the newest exchanges, and both.
var (
	large = []string{"find"}
	small = []string{"recent"}
	both  = []string{"find", "recent"}
)

// indexStep is how many exchanges are indexed at once: others write in between.
const indexStep = 100

// Index puts exchanges into the index whose words are not there, newest first: those of a
// file of an older connectty, and what a crash left. It returns how many there were.
func (s *Store) Index(ctx context.Context) (int, error) {
	done := 0
	for {
		ids, err := s.column(ctx, "SELECT id FROM exchange INDEXED BY exchange_unindexed WHERE indexed = 0 ORDER BY n DESC LIMIT ?", indexStep)
		if err == nil && len(ids) > 0 {
			err = s.indexAll(ctx, ids)
		}
		if err != nil {
			return done, fmt.Errorf("index the history: %w", err)
		}
		if done += len(ids); len(ids) == indexStep {
			continue
		}
		return done, s.fillRecent(ctx, nil)
	}
}

// column reads a column of texts.
func (s *Store) column(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}
