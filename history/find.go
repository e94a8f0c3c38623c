package history

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// defaultLimit is how many exchanges a list has where nothing is said.
const defaultLimit = 100

// List returns exchanges newest first, without bodies and headers. Words are found where
// a word, a number or a part of a path begins.
func (s *Store) List(ctx context.Context, q Query) ([]Exchange, error) {
	q.Limit = cmp.Or(q.Limit, defaultLimit)
	list, err := s.list(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("list the history: %w", err)
	}
	return list, nil
}

// mostStaged is up to how many rows are looked for step by step.
const mostStaged = 1000

// list takes the shortest way to so many rows. To merge all words that begin like one that
// is common takes long in a large index, and most often the newest rows have enough of
// them. What is to be quick asks then for the words just as they were typed, and for the
// few longer ones of the newest rows, and may leave out others.
func (s *Store) list(ctx context.Context, q Query) ([]Exchange, error) {
	terms := q.terms()
	staged := q.Limit <= mostStaged && q.Skip == 0 && slices.ContainsFunc(terms, func(t term) bool { return t.open && !t.short() })
	if !staged {
		return s.collect(ctx, q, terms, everywhere)
	}
	if list, err := s.recently(ctx, q, terms); err != nil || len(list) == q.Limit {
		return list, err
	}
	if !q.Quick {
		return s.collect(ctx, q, terms, everywhere)
	}
	if list, err := s.collect(ctx, q, terms, asTyped); err != nil || len(list) == q.Limit {
		return list, err
	}
	rest, err := s.lighten(ctx, terms)
	if err != nil {
		return nil, err
	}
	return s.collect(ctx, q, rest, everywhere)
}

// recently finds among the newest rows; nothing while not all of them are in the small
// index.
func (s *Store) recently(ctx context.Context, q Query, terms []term) ([]Exchange, error) {
	if missed, err := fact(ctx, s.db, recentMisses); err != nil || missed > 0 {
		return nil, err
	}
	return s.collect(ctx, q, terms, newestFirst)
}

// collect runs one plan.
func (s *Store) collect(ctx context.Context, q Query, terms []term, where plan) ([]Exchange, error) {
	var list []Exchange
	err := s.each(ctx, q, terms, where, func(x *numbered) bool {
		list = append(list, x.Exchange)
		return len(list) < q.Limit
	})
	return list, err
}

// plan is which index is asked, and how.
type plan struct {
	table string
	exact bool // words that go on are left out
}

var (
	newestFirst = plan{table: "recent"}
	asTyped     = plan{table: "find", exact: true}
	everywhere  = plan{table: "find"}
)

// mostSpelt is how many words a beginning is spelt out to.
const mostSpelt = 64

// lighten spells out words that go on, where they go on in few ways among the newest rows:
// to ask for each of them is quick, however many rows have it.
func (s *Store) lighten(ctx context.Context, terms []term) ([]term, error) {
	out := slices.Clone(terms)
	if len(out) == 1 && len(out[0].tokens) == 1 {
		return out, nil // it is rare, or the newest rows had given enough
	}
	for i, t := range out {
		if t.short() || !t.open || len(t.tokens) == 0 {
			continue
		}
		begun := t.tokens[len(t.tokens)-1]
		words, err := s.column(ctx, "SELECT term FROM term WHERE term >= ? AND term < ? LIMIT ?", begun, begun+string(utf8.MaxRune), mostSpelt+1)
		if err != nil {
			return nil, err
		}
		if len(words) > 0 && len(words) <= mostSpelt {
			out[i].spelt = words
		}
	}
	return out, nil
}

// Count returns how many exchanges match.
func (s *Store) Count(ctx context.Context, q Query) (int, error) {
	q.Skip, q.Limit = 0, 0
	n := 0
	var err error
	if terms := q.terms(); len(terms) == 0 {
		where, args := q.conditions("x.n")
		err = s.db.QueryRowContext(ctx, "SELECT count(*) FROM exchange x WHERE "+where, args...).Scan(&n)
	} else {
		err = s.each(ctx, q, terms, everywhere, func(*numbered) bool { n++; return true })
	}
	if err != nil {
		return 0, fmt.Errorf("count the history: %w", err)
	}
	return n, nil
}

// numbered is a row with its number.
type numbered struct {
	Exchange

	n int64
}

// each hands out what a query finds, newest first, until take returns false. It reads by
// one connection: one that waited for another, with rows open, could wait for ever.
func (s *Store) each(ctx context.Context, q Query, terms []term, where plan, take func(*numbered) bool) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // it goes back to the others
	match := q.match(terms, where.exact)
	if len(terms) == 0 && match == "" {
		return rows(ctx, conn, source{from: "exchange x", by: "x.n", limit: q.Limit, skip: q.Skip}, q, take)
	}
	f := &matching{store: s, conn: conn, terms: terms, skip: q.Skip, take: take}
	if match == "" { // short words only
		return f.newest(ctx, q)
	}
	if f.waiting, err = unindexed(ctx, conn, q); err != nil {
		return err
	}
	index := source{from: where.table + " JOIN exchange x ON x.n = " + where.table + ".rowid", by: where.table + ".rowid", where: where.table + " MATCH ?", args: []any{match}}
	err = rows(ctx, conn, index, q, func(x *numbered) bool { return f.add(ctx, x) })
	if err == nil {
		f.rest(ctx)
	}
	return errors.Join(err, f.err)
}

// source is where rows are read from, and what they are to be beside what a query says.
type source struct {
	from  string
	by    string // the number they are sorted by
	where string
	args  []any
	limit int // 0 for none
	skip  int
}

// rows reads rows that a query holds for, newest first, its words left aside.
func rows(ctx context.Context, conn *sql.Conn, from source, q Query, take func(*numbered) bool) error {
	where, args := q.conditions(from.by)
	if from.where != "" {
		where, args = from.where+" AND "+where, append(from.args, args...)
	}
	limit := -1
	if from.limit > 0 {
		limit = from.limit
	}
	found, err := conn.QueryContext(ctx, "SELECT x.n, "+columns+" FROM "+from.from+" WHERE "+where+" ORDER BY "+from.by+" DESC LIMIT ? OFFSET ?",
		append(args, limit, from.skip)...)
	if err != nil {
		return err
	}
	defer func() { _ = found.Close() }() // found.Err tells what went wrong
	for found.Next() {
		var x numbered
		if x.Exchange, err = scan(found, &x.n); err != nil {
			return err
		}
		if !take(&x) {
			return nil
		}
	}
	return found.Err()
}

// unindexed are the rows whose words are not in the index yet: of an answer under way, of a
// crash, of a file that was migrated. They are few, or soon will be.
func unindexed(ctx context.Context, conn *sql.Conn, q Query) ([]*numbered, error) {
	var out []*numbered
	waiting := source{from: "exchange x INDEXED BY exchange_unindexed", by: "x.n", where: "x.indexed = 0"}
	err := rows(ctx, conn, waiting, q, func(x *numbered) bool {
		out = append(out, x)
		return true
	})
	return out, err
}
