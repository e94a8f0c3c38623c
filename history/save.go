package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

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
	err := s.change(ctx, func(c *change) error {
		n, err := s.insert(ctx, c, &x, ended)
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
			n, err := s.insert(ctx, c, &x, true)
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
	m.Body(mediaType(r.Headers), r.Body)
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
	masked, changed := c.mask.Body(mediaType(headers), body)
	c.note(side+".body", changed)
	if int64(len(masked)) > c.max {
		return masked[:c.max], true
	}
	return masked, cut
}

func mediaType(headers []proxy.Field) string {
	for _, h := range headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return h.Value
		}
	}
	return ""
}

const insertExchange = `INSERT INTO exchange (n, id, started_at, stored_at, profile, project_id, base_url, environment,
	external_user_id, account_id, account_name, app, method, url, status, size, who, code, summary, total_us, note, ticket, starred, indexed, imported)
	VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (id) DO UPDATE SET method=excluded.method, url=excluded.url, status=excluded.status, size=excluded.size,
	who=excluded.who, code=excluded.code, summary=excluded.summary, total_us=excluded.total_us, indexed=excluded.indexed
	RETURNING n, note, ticket, starred`

const insertDetail = `INSERT INTO detail (n, request_headers, request_body, request_truncated, response_headers,
	response_body, response_truncated, timing, finding, redacted) VALUES (?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (n) DO UPDATE SET request_headers=excluded.request_headers, request_body=excluded.request_body,
	request_truncated=excluded.request_truncated, response_headers=excluded.response_headers,
	response_body=excluded.response_body, response_truncated=excluded.response_truncated, timing=excluded.timing,
	finding=excluded.finding, redacted=excluded.redacted`

// insert puts an exchange that was cleaned into both tables and returns its number; indexed
// tells that its words follow.
func (s *Store) insert(ctx context.Context, c *change, x *Exchange, indexed bool) (int64, error) {
	var status, responseHeaders any
	var response []byte
	var size int64
	var responseCut bool
	if r := x.Response; r != nil {
		status, size, responseCut = r.Status, r.Size, r.BodyTruncated
		responseHeaders, response = encode(pairs(r.Headers)), r.Body
	}
	n, err := free(ctx, c, x)
	if err != nil {
		return 0, err
	}
	err = c.QueryRowContext(ctx, insertExchange, n, x.ID, x.StartedAt.UnixMicro(), time.Now().UnixMicro(), x.Profile, x.ProjectID,
		x.BaseURL, string(x.Environment), x.ExternalUserID, x.Account.ID, x.Account.Name, x.Account.App, x.Request.Method,
		x.Request.URL, status, size, string(x.Finding.Who), x.Finding.Code, x.Finding.Summary, x.Timing.Total.Microseconds(),
		x.Note, x.Ticket, x.Starred, indexed, c.imports).Scan(&n, &x.Note, &x.Ticket, &x.Starred) // what a person put on it meanwhile stays
	if err != nil {
		return 0, err
	}
	var bodies [2]any
	for i, body := range [][]byte{x.Request.Body, response} {
		if bodies[i], err = s.share(ctx, c, body); err != nil {
			return 0, err
		}
	}
	err = c.exec(ctx, insertDetail, n, encode(pairs(x.Request.Headers)), bodies[0],
		x.Request.BodyTruncated, responseHeaders, bodies[1], responseCut, encode(toStored(x.Timing)), encode(x.Finding),
		encode(x.Redacted))
	return n, err
}

// free returns a number that no other exchange has: its own, or the one behind the others of
// the same millisecond. Where more came in one than it has numbers, any later one will do.
func free(ctx context.Context, c *change, x *Exchange) (int64, error) {
	n := order(x.ID, x.StartedAt)
	for {
		var other string
		err := c.QueryRowContext(ctx, "SELECT id FROM exchange WHERE n = ?", n).Scan(&other)
		switch {
		case errors.Is(err, sql.ErrNoRows), err == nil && other == x.ID:
			return n, nil
		case err != nil:
			return 0, err
		}
		end := (n>>counterBits + 1) << counterBits
		err = c.QueryRowContext(ctx, "SELECT max(n) + 1 FROM exchange WHERE n >= ? AND n < ?", n, end).Scan(&n)
		if err != nil {
			return 0, err
		}
	}
}

// share returns the number under which a body is kept, once for all who have it; nil for
// an empty one.
func (s *Store) share(ctx context.Context, c *change, body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil //nolint:nilnil // no body is no error
	}
	const hashed = 16 // bytes: two different bodies do not meet by chance
	sum := sha256.Sum256(body)
	var b int64
	err := c.QueryRowContext(ctx, "UPDATE body SET uses = uses + 1 WHERE hash = ? RETURNING b", sum[:hashed]).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		err = c.QueryRowContext(ctx, "INSERT INTO body (hash, data, uses) VALUES (?, ?, 1) RETURNING b",
			sum[:hashed], s.pack.EncodeAll(body, nil)).Scan(&b)
	}
	return b, err
}

// encode writes plain data, which cannot fail.
func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(data)
}

// Delete removes an exchange; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, id string) error {
	if err := s.exec(ctx, "DELETE FROM exchange WHERE id = ?", id); err != nil {
		return fmt.Errorf("delete exchange %s from the history: %w", id, err)
	}
	return nil
}
