package history

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// Begin writes an exchange as it is sent, so that a crash leaves a trace. No
// secret in it reaches the disk.
func (s *Store) Begin(ctx context.Context, x Exchange) error { return s.save(ctx, x, false) }

// Complete writes how the exchange ended.
func (s *Store) Complete(ctx context.Context, x Exchange) error { return s.save(ctx, x, true) }

func (s *Store) save(ctx context.Context, x Exchange, ended bool) error {
	x = s.clean(x)
	row := s.recordOf(&x, false)
	err := s.change(ctx, func(c *change) error {
		n, err := s.insert(ctx, c, row, ended)
		if err != nil || !ended {
			return err
		}
		c.words = append(c.words, entry{n, wordsOf(&x), both})
		if rand.IntN(trimmedOnce) == 0 {
			return trim(ctx, c)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep exchange %s in the history: %w", x.ID, err)
	}
	return nil
}

// Restore puts exchanges back that were deleted, as Load returned them.
func (s *Store) Restore(ctx context.Context, deleted []Exchange) error {
	err := s.change(ctx, func(c *change) error {
		for _, x := range deleted {
			n, err := s.insert(ctx, c, s.recordOf(&x, false), true)
			if err != nil {
				return err
			}
			c.words = append(c.words, entry{n, wordsOf(&x), large})
		}
		return missRecent(ctx, c)
	})
	if err = errors.Join(err, s.fillRecent(ctx, nil)); err != nil {
		return fmt.Errorf("put back what was deleted: %w", err)
	}
	return nil
}

// clean returns the exchange as it may be stored: cut, and without secrets.
func (s *Store) clean(x Exchange) Exchange {
	m := s.masker(x.Environment)
	c := cleaner{mask: m, keep: s.bodies(x.Environment), max: s.opts.MaxBody, redacted: slices.Clone(x.Redacted)}
	x.Request.Teach(m) // what it says under a telling name, all of the exchange may repeat
	x.Request.URL = c.take("request.url", x.Request.URL, m.URL)
	x.Request.Headers = c.headers("request", x.Request.Headers)
	x.Request.Body, x.Request.BodyTruncated = c.body("request", x.Request.Headers, x.Request.Body, x.Request.BodyTruncated)
	if x.Response != nil {
		r := *x.Response
		r.Headers = c.headers("response", r.Headers)
		r.Body, r.BodyTruncated = c.body("response", r.Headers, r.Body, r.BodyTruncated)
		x.Response = &r
	}
	x.Note, _ = m.Words(x.Note)
	x.Ticket, _ = m.Text(x.Ticket)
	x.Timing.Remote, _ = m.Text(x.Timing.Remote)
	x.Finding.Summary, _ = m.Words(x.Finding.Summary)
	x.Finding.Evidence = slices.Clone(x.Finding.Evidence)
	for i, line := range x.Finding.Evidence {
		x.Finding.Evidence[i], _ = m.Words(line)
	}
	x.Finding.Next = slices.Clone(x.Finding.Next)
	for i, step := range x.Finding.Next {
		x.Finding.Next[i].Text, _ = m.Words(step.Text)
	}
	x.Redacted = c.redacted
	return x
}

// bodies says what is kept of the bodies of an environment.
func (s *Store) bodies(env proxy.Environment) string {
	if env == proxy.Production {
		return s.opts.ProductionBodies
	}
	return s.opts.Bodies
}

// Teach makes a masker mask wherever it stands what the request holds under names that
// say secret: an answer, and a finding, may repeat it.
func (r Request) Teach(m *redact.Masker) {
	m.URL(r.URL)
	for _, h := range r.Headers {
		m.Header(h.Name, h.Value)
	}
	m.Body(MediaType(r.Headers), r.Body)
	m.Learn()
}

// cleaner masks the parts of one exchange and notes which it did.
type cleaner struct {
	mask     *redact.Masker
	keep     string
	max      int64
	redacted []string
}

func (c *cleaner) take(what, text string, mask func(string) (string, bool)) string {
	masked, changed := mask(text)
	c.note(what, changed)
	return masked
}

func (c *cleaner) note(what string, changed bool) {
	if changed && !slices.Contains(c.redacted, what) {
		c.redacted = append(c.redacted, what)
	}
}

func (c *cleaner) headers(side string, fields []proxy.Field) []proxy.Field {
	out := make([]proxy.Field, len(fields))
	for i, f := range fields {
		value, changed := c.mask.Header(f.Name, f.Value)
		c.note(side+".headers."+f.Name, changed)
		out[i] = proxy.Field{Name: f.Name, Value: value}
	}
	return out
}

func (c *cleaner) body(side string, headers []proxy.Field, body []byte, cut bool) ([]byte, bool) {
	if c.keep == BodiesNone {
		return nil, cut || len(body) > 0
	}
	masked, changed := c.mask.Body(MediaType(headers), body)
	c.note(side+".body", changed)
	if int64(len(masked)) > c.max {
		return masked[:c.max], true
	}
	return masked, cut
}

// Delete removes an exchange; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, id string) error {
	if err := s.exec(ctx, "DELETE FROM exchange WHERE id = ?", id); err != nil {
		return fmt.Errorf("delete exchange %s from the history: %w", id, err)
	}
	return nil
}
