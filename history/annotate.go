package history

import (
	"context"
	"fmt"
	"time"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// Annotation is what a person puts on an exchange. What is nil stays as it is.
type Annotation struct {
	Note, Ticket *string
	Starred      *bool
}

// Annotate puts a note, a ticket or a star on an exchange, also while its answer is
// still on the way. A secret in a note does not reach the disk. It fails with
// [ErrNotFound] and [ErrAmbiguous] as Load does.
func (s *Store) Annotate(ctx context.Context, id string, a Annotation) error {
	full, err := s.find(ctx, id)
	if err != nil {
		return fmt.Errorf("exchange %q: %w", id, err)
	}
	var env proxy.Environment
	if err := s.db.QueryRowContext(ctx, "SELECT environment FROM exchange WHERE id = ?", full).Scan(&env); err != nil {
		return fmt.Errorf("exchange %q: %w", full, err)
	}
	mask := s.masker(env)
	text := func(p *string, with func(string) (string, bool)) any {
		if p == nil {
			return nil
		}
		clean, _ := with(*p)
		return clean
	}
	var starred any
	if a.Starred != nil {
		starred = *a.Starred
	}
	err = s.change(ctx, func(c *change) error {
		err := c.exec(ctx, `UPDATE exchange SET note = coalesce(?, note), ticket = coalesce(?, ticket), starred = coalesce(?, starred)
			WHERE id = ?`, text(a.Note, mask.Words), text(a.Ticket, mask.Text), starred, full)
		if err != nil {
			return err
		}
		return s.reindex(ctx, c, full, both)
	})
	if err != nil {
		return fmt.Errorf("annotate exchange %q: %w", full, err)
	}
	return nil
}

// masker knows our own secrets of the moment, the person's rules, and whether personal
// data of an environment is kept: a finding and a note may quote a body.
func (s *Store) masker(env proxy.Environment) *redact.Masker {
	var secrets []string
	if s.opts.Secrets != nil {
		secrets = s.opts.Secrets()
	}
	m := redact.New(secrets...).With(s.opts.Redact)
	m.Personal = s.bodies(env) != BodiesFull
	return m
}

// Tickets returns the tickets that were worked on last, newest first.
func (s *Store) Tickets(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.db.QueryContext(ctx, `SELECT ticket FROM exchange WHERE ticket <> '' AND started_at >= ?
		GROUP BY ticket ORDER BY max(n) DESC LIMIT ?`, time.Now().AddDate(0, 0, -lately).UnixMicro(), limit)
	if err != nil {
		return nil, fmt.Errorf("list tickets: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var out []string
	for rows.Next() {
		var t string
		if err := rows.Scan(&t); err != nil {
			return nil, fmt.Errorf("list tickets: %w", err)
		}
		out = append(out, t)
	}
	return out, rows.Err()
}

// lately is how many days a ticket is offered after it was worked on.
const lately = 90
