package history

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// writer is the connection that changes are made on, one after the other. Its statements are
// prepared once.
type writer struct {
	turn     chan struct{} // holds a token while nobody writes
	closed   chan struct{}
	conn     *sql.Conn // nil before the first change
	prepared map[string]*sql.Stmt
}

func newWriter() *writer {
	w := &writer{turn: make(chan struct{}, 1), closed: make(chan struct{}), prepared: map[string]*sql.Stmt{}}
	w.turn <- struct{}{}
	return w
}

// take waits for its turn.
func (w *writer) take(ctx context.Context, db *sql.DB) (err error) {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-w.closed:
		return errClosed
	case <-w.turn:
	}
	if w.conn == nil {
		if w.conn, err = db.Conn(ctx); err != nil {
			w.give()
		}
	}
	return err
}

func (w *writer) give() { w.turn <- struct{}{} }

// errClosed tells that the store was closed.
var errClosed = errors.New("the history is closed")

// close waits for a change that is under way; no other begins.
func (w *writer) close() error {
	select {
	case <-w.closed: // once is enough
		return nil
	case <-w.turn:
	}
	close(w.closed)
	var err error
	for _, stmt := range w.prepared {
		err = errors.Join(err, stmt.Close())
	}
	if w.conn != nil {
		err = errors.Join(err, w.conn.Close())
	}
	return err
}

// change is a transaction.
type change struct {
	on      *writer
	words   []entry // that go into the index at the end
	imports bool    // what is inserted was not sent from here
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
		if err := s.writer.take(ctx, s.db); err != nil {
			return err
		}
		defer s.writer.give()
		c := &change{on: s.writer}
		err := c.exec(ctx, "BEGIN IMMEDIATE")
		if err == nil {
			err = do(c)
		}
		if err == nil {
			err = c.index(ctx)
		}
		whole := context.WithoutCancel(ctx) // what was done is kept or not
		if err == nil {
			err = c.exec(whole, "COMMIT")
		}
		if err != nil { // also where it was begun, and the driver says that the context ended
			_ = c.exec(whole, "ROLLBACK") // the error tells what went wrong
		}
		return err
	})
}

// index writes the words, after all else: a statement that could fail halfway has FTS5
// write what it holds in memory first, which would make each exchange a part of its own.
func (c *change) index(ctx context.Context) error {
	if len(c.words) == 0 {
		return nil
	}
	from, err := fact(ctx, c, recentFrom)
	if err != nil {
		return err
	}
	for _, table := range both {
		for _, e := range c.words {
			if !slices.Contains(e.tables, table) || table == small[0] && e.n < from {
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
	if known := c.on.prepared[query]; known != nil {
		return known, nil
	}
	stmt, err := c.on.conn.PrepareContext(ctx, query)
	if err == nil {
		c.on.prepared[query] = stmt
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

// QueryRowContext reads a row as a [sql.Conn] does.
func (c *change) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	stmt, err := c.prepare(ctx, query)
	if err != nil {
		return c.on.conn.QueryRowContext(ctx, query, args...) // which fails likewise
	}
	return stmt.QueryRowContext(ctx, args...)
}
