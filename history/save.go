package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// Begin writes an exchange as it is sent, so that a crash leaves a trace. No
// secret in it reaches the disk.
func (s *Store) Begin(ctx context.Context, x Exchange) error { return s.save(ctx, x) }

// Complete writes how the exchange ended.
func (s *Store) Complete(ctx context.Context, x Exchange) error { return s.save(ctx, x) }

func (s *Store) save(ctx context.Context, x Exchange) error {
	x = s.clean(x)
	if err := s.write(ctx, x); err != nil {
		return fmt.Errorf("keep exchange %s in the history: %w", x.ID, err)
	}
	return nil
}

// clean returns the exchange as it may be stored: cut, and without secrets.
func (s *Store) clean(x Exchange) Exchange {
	m := s.masker()
	keep := s.opts.Bodies
	if x.Environment == proxy.Production {
		keep = s.opts.ProductionBodies
	}
	m.Personal = keep == BodiesRedacted
	c := cleaner{mask: m, keep: keep, max: s.opts.MaxBody, redacted: slices.Clone(x.Redacted)}
	x.Request.URL = c.take("request.url", x.Request.URL, m.URL)
	x.Request.Headers = c.headers("request", x.Request.Headers)
	x.Request.Body, x.Request.BodyTruncated = c.body("request", x.Request.Headers, x.Request.Body, x.Request.BodyTruncated)
	if x.Response != nil {
		r := *x.Response
		r.Headers = c.headers("response", r.Headers)
		r.Body, r.BodyTruncated = c.body("response", r.Headers, r.Body, r.BodyTruncated)
		x.Response = &r
	}
	x.Note, _ = m.Text(x.Note)
	x.Ticket, _ = m.Text(x.Ticket)
	x.Finding.Summary, _ = m.Text(x.Finding.Summary)
	x.Finding.Evidence = slices.Clone(x.Finding.Evidence)
	for i, line := range x.Finding.Evidence {
		x.Finding.Evidence[i], _ = m.Text(line)
	}
	x.Redacted = c.redacted
	return x
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

const insertExchange = `INSERT INTO exchange (id, started_at, stored_at, profile, project_id, base_url, environment,
	external_user_id, account_id, account_name, app, method, url, status, size, who, code, summary, total_us, note, ticket, starred)
	VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (id) DO UPDATE SET method=excluded.method, url=excluded.url, status=excluded.status, size=excluded.size,
	who=excluded.who, code=excluded.code, summary=excluded.summary, total_us=excluded.total_us`

const insertDetail = `INSERT INTO detail (id, request_headers, request_body, request_truncated, response_headers,
	response_body, response_truncated, timing, finding, redacted) VALUES (?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (id) DO UPDATE SET request_headers=excluded.request_headers, request_body=excluded.request_body,
	request_truncated=excluded.request_truncated, response_headers=excluded.response_headers,
	response_body=excluded.response_body, response_truncated=excluded.response_truncated, timing=excluded.timing,
	finding=excluded.finding, redacted=excluded.redacted`

// write stores an exchange that was cleaned, in one transaction.
func (s *Store) write(ctx context.Context, x Exchange) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of no effect after a commit
	if err := s.insert(ctx, tx, x); err != nil {
		return err
	}
	return tx.Commit()
}

// insert puts an exchange that was cleaned into both tables.
func (s *Store) insert(ctx context.Context, tx *sql.Tx, x Exchange) error {
	var status, responseHeaders any
	var responseBody []byte
	var size int64
	var responseCut bool
	if r := x.Response; r != nil {
		status, size, responseCut = r.Status, r.Size, r.BodyTruncated
		responseHeaders, responseBody = encode(pairs(r.Headers)), s.compress(r.Body)
	}
	_, err := tx.ExecContext(ctx, insertExchange, x.ID, x.StartedAt.UnixMicro(), time.Now().UnixMicro(), x.Profile, x.ProjectID,
		x.BaseURL, string(x.Environment), x.ExternalUserID, x.Account.ID, x.Account.Name, x.Account.App, x.Request.Method,
		x.Request.URL, status, size, string(x.Finding.Who), x.Finding.Code, x.Finding.Summary, x.Timing.Total.Microseconds(),
		x.Note, x.Ticket, x.Starred)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, insertDetail, x.ID, encode(pairs(x.Request.Headers)), s.compress(x.Request.Body),
		x.Request.BodyTruncated, responseHeaders, responseBody, responseCut, encode(toStored(x.Timing)), encode(x.Finding),
		encode(x.Redacted))
	return err
}

// encode writes plain data, which cannot fail.
func encode(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "null"
	}
	return string(data)
}

func (s *Store) compress(body []byte) []byte {
	if len(body) == 0 {
		return nil
	}
	return s.pack.EncodeAll(body, nil)
}

// Delete removes an exchange; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, id string) error {
	if _, err := s.db.ExecContext(ctx, "DELETE FROM exchange WHERE id = ?", id); err != nil {
		return fmt.Errorf("delete exchange %s from the history: %w", id, err)
	}
	return nil
}
