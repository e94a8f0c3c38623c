package history

import (
	"context"
	"database/sql"
	"slices"
)

// change is a transaction. Each of its statements is prepared once, however often it is
// used.
type change struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
	words    []entry // that go into the index at the end
	imports  bool    // what is inserted was not sent from here
}

// entry is the words of an exchange, and the tables of the index that hold them.
type entry struct {
	n      int64
	words  string
	tables []string
}

// change does something in one transaction, again from its beginning where another process
// was in the way.
func (s *Store) change(ctx context.Context, do func(c *change) error) error {
	return patiently(ctx, func() error {
		tx, err := s.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }() // of no effect after a commit; it closes the statements, too
		c := &change{tx: tx, prepared: map[string]*sql.Stmt{}}
		if err := do(c); err != nil {
			return err
		}
		if err := c.index(ctx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// index writes the words, after all else: a statement that could fail halfway has FTS5
// write what it holds in memory first, which would make each exchange a part of its own.
func (c *change) index(ctx context.Context) error {
	for _, table := range both {
		for _, e := range c.words {
			if !slices.Contains(e.tables, table) {
				continue
			}
			if err := c.exec(ctx, "INSERT OR REPLACE INTO "+table+" (rowid, words) VALUES (?, ?)", e.n, e.words); err != nil {
				return err
			}
		}
	}
	return nil
}

// exec does one statement, again where another process was in the way.
func (s *Store) exec(ctx context.Context, statement string, args ...any) error {
	return patiently(ctx, func() error {
		_, err := s.db.ExecContext(ctx, statement, args...)
		return err
	})
}

func (c *change) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if known := c.prepared[query]; known != nil {
		return known, nil
	}
	stmt, err := c.tx.PrepareContext(ctx, query)
	if err == nil {
		c.prepared[query] = stmt
	}
	return stmt, err
}

func (c *change) exec(ctx context.Context, query string, args ...any) error {
	stmt, err := c.prepare(ctx, query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx, args...)
	return err
}

// QueryRowContext reads a row as a [sql.Tx] does.
func (c *change) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := c.prepare(ctx, query)
	if err != nil {
		return c.tx.QueryRowContext(ctx, query, args...) // which fails likewise
	}
	return stmt.QueryRowContext(ctx, args...)
}
