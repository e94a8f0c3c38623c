package history

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
)

// Schemas is how many there were, this one among them.
var Schemas = len(migrations)

// Step brings a file forward by one schema.
func Step(ctx context.Context, db *sql.DB, from int) error { return step(ctx, db, from) }

// Raw writes what a history holds into another, as SQLite alone would.
type Raw struct {
	db   *sql.DB
	rows map[string][][]any // by statement
	keys []string
	at   int // the next row that One writes

	conn  *sql.Conn // of One
	ready map[string]*sql.Stmt
}

// NewRaw reads a history whole and makes an empty one beside it.
func NewRaw(ctx context.Context, from, to string) (*Raw, error) {
	s, err := Open(ctx, Options{Path: from})
	if err != nil {
		return nil, err
	}
	defer func() { _ = s.Close() }()
	r := &Raw{rows: map[string][][]any{}}
	if r.db, err = connect(ctx, to); err != nil {
		return nil, err
	}
	for _, table := range []string{"body", "exchange", "detail"} {
		if err := r.read(ctx, s.db, table); err != nil {
			return nil, err
		}
	}
	const words = "INSERT INTO find (rowid, words) VALUES (?,?)"
	list, err := s.List(ctx, Query{Limit: 1 << 30})
	if err != nil {
		return nil, err
	}
	for _, x := range list {
		whole, err := s.Load(ctx, x.ID)
		if err != nil {
			return nil, err
		}
		r.rows[words] = append(r.rows[words], []any{order(x.ID, x.StartedAt), wordsOf(&whole)})
	}
	r.keys = append(r.keys, words)
	return r, nil
}

func (r *Raw) read(ctx context.Context, db *sql.DB, table string) error {
	rows, err := db.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	insert := "INSERT INTO " + table + " VALUES (?"
	for range columns[1:] {
		insert += ",?"
	}
	insert += ")"
	r.keys = append(r.keys, insert)
	for rows.Next() {
		row, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			to[i] = &row[i]
		}
		if err := rows.Scan(to...); err != nil {
			return err
		}
		r.rows[insert] = append(r.rows[insert], row)
	}
	return rows.Err()
}

// One writes an exchange in a transaction of its own, into the index of the newest, too. Rows
// are those that were read, one after the other: Copy must not have been called.
func (r *Raw) One(ctx context.Context) error {
	if r.conn == nil {
		var err error
		if r.conn, err = r.db.Conn(ctx); err != nil {
			return err
		}
		r.ready = map[string]*sql.Stmt{}
	}
	if err := r.do(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, key := range append(slices.Clone(r.keys), recentWords) {
		all := r.rows[strings.Replace(key, "recent", "find", 1)]
		if r.at >= len(all) {
			continue // bodies are shared
		}
		if err := r.do(ctx, key, all[r.at]...); err != nil {
			return err
		}
	}
	r.at++
	return r.do(ctx, "COMMIT")
}

// do runs a statement that was prepared once.
func (r *Raw) do(ctx context.Context, query string, args ...any) error {
	stmt := r.ready[query]
	if stmt == nil {
		var err error
		if stmt, err = r.conn.PrepareContext(ctx, query); err != nil {
			return err
		}
		r.ready[query] = stmt
	}
	_, err := stmt.ExecContext(ctx, args...)
	return err
}

const recentWords = "INSERT INTO recent (rowid, words) VALUES (?,?)"

// Left is how many rows One has not written yet.
func (r *Raw) Left() int { return len(r.rows[r.keys[1]]) - r.at }

// Copy empties the tables and writes all rows, 500 exchanges in a transaction.
func (r *Raw) Copy(ctx context.Context) error {
	for _, table := range []string{"detail", "exchange", "body"} {
		if _, err := r.db.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
	}
	for at := 0; at < len(r.rows[r.keys[1]]); at += importBatch {
		tx, err := r.db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		for _, key := range r.keys {
			stmt, err := tx.PrepareContext(ctx, key)
			if err != nil {
				return errors.Join(err, tx.Rollback())
			}
			all := r.rows[key]
			for _, row := range all[min(at, len(all)):min(at+importBatch, len(all))] {
				if _, err := stmt.ExecContext(ctx, row...); err != nil {
					return errors.Join(err, tx.Rollback())
				}
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}
