package history

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const columns = `x.id, x.started_at, profile, project_id, base_url, environment, external_user_id, account_id, account_name, app,
	method, url, status, size, who, code, summary, total_us, note, ticket, starred`

// scan reads a row of what leads it, and of the columns.
func scan(row interface{ Scan(...any) error }, lead ...any) (Exchange, error) {
	var x Exchange
	var startedAt, totalUS, size int64
	var status sql.NullInt64
	err := row.Scan(append(lead, &x.ID, &startedAt, &x.Profile, &x.ProjectID, &x.BaseURL, &x.Environment, &x.ExternalUserID,
		&x.Account.ID, &x.Account.Name, &x.Account.App, &x.Request.Method, &x.Request.URL, &status, &size,
		&x.Finding.Who, &x.Finding.Code, &x.Finding.Summary, &totalUS, &x.Note, &x.Ticket, &x.Starred)...)
	x.StartedAt = time.UnixMicro(startedAt).UTC()
	x.Timing.Total = time.Duration(totalUS) * time.Microsecond
	if status.Valid {
		x.Response = &Response{Status: int(status.Int64), Size: size}
	}
	return x, err
}

// Load returns one exchange with its bodies. The id may be shortened to a prefix
// that only one exchange has; "last" is the newest. [ErrNotFound] and [ErrAmbiguous] tell otherwise.
func (s *Store) Load(ctx context.Context, id string) (Exchange, error) {
	full, err := s.find(ctx, id)
	if err != nil {
		return Exchange{}, fmt.Errorf("exchange %q: %w", id, err)
	}
	var n int64
	x, err := scan(s.db.QueryRowContext(ctx, "SELECT x.n, "+columns+" FROM exchange x WHERE id = ?", full), &n)
	if err == nil {
		err = s.detail(ctx, s.db, n, &x)
	}
	if err != nil {
		return Exchange{}, fmt.Errorf("read exchange %q: %w", full, err)
	}
	return x, nil
}

// newest stands for the id of the newest exchange: no id begins like this.
const newest = "last"

// find returns the whole id.
func (s *Store) find(ctx context.Context, prefix string) (string, error) {
	switch prefix {
	case "":
		return "", ErrNotFound
	case newest:
		var id string
		err := s.db.QueryRowContext(ctx, "SELECT id FROM exchange ORDER BY n DESC LIMIT 1").Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return "", ErrNotFound
		}
		return id, err
	}
	rows, err := s.db.QueryContext(ctx, "SELECT id FROM exchange WHERE id >= ? AND id < ? LIMIT 2", prefix, prefix+"\x7f")
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var found []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return "", err
		}
		found = append(found, id)
	}
	switch {
	case rows.Err() != nil:
		return "", rows.Err()
	case len(found) == 0:
		return "", ErrNotFound
	case len(found) > 1 && found[0] != prefix:
		return "", ErrAmbiguous
	}
	return found[0], nil
}

// reader reads a row, within a transaction or without.
type reader interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// detail fills in what a list does not show.
func (s *Store) detail(ctx context.Context, from reader, n int64, x *Exchange) error {
	var requestHeaders, timing, finding, redacted string
	var responseHeaders sql.NullString
	var requestBody, responseBody []byte
	var responseCut bool
	err := from.QueryRowContext(ctx, `SELECT request_headers, q.data, request_truncated, response_headers, r.data,
		response_truncated, timing, finding, redacted FROM detail d LEFT JOIN body q ON q.b = d.request_body
		LEFT JOIN body r ON r.b = d.response_body WHERE d.n = ?`, n).
		Scan(&requestHeaders, &requestBody, &x.Request.BodyTruncated, &responseHeaders, &responseBody, &responseCut,
			&timing, &finding, &redacted)
	if err != nil {
		return err
	}
	var t storedTiming
	var names [][2]string
	err = errors.Join(
		json.Unmarshal([]byte(requestHeaders), &names), json.Unmarshal([]byte(timing), &t),
		json.Unmarshal([]byte(finding), &x.Finding), json.Unmarshal([]byte(redacted), &x.Redacted),
	)
	if err != nil {
		return err
	}
	x.Request.Headers, x.Timing = lines(names), fromStored(t)
	if x.Request.Body, err = s.decompress(requestBody); err != nil {
		return err
	}
	if x.Response == nil {
		return nil
	}
	names = nil
	if err := json.Unmarshal([]byte(cmp.Or(responseHeaders.String, "[]")), &names); err != nil {
		return err
	}
	x.Response.Headers, x.Response.BodyTruncated = lines(names), responseCut
	x.Response.Body, err = s.decompress(responseBody)
	return err
}

func (s *Store) decompress(packed []byte) ([]byte, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	return s.open.DecodeAll(packed, nil)
}

// SentSince counts the exchanges of a project that were sent at or after t, by all
// connectty processes that share the file; what was imported is not among them.
func (s *Store) SentSince(ctx context.Context, projectID string, t time.Time) (int, error) {
	var n int
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE project_id = ? AND started_at >= ? AND imported = 0",
		projectID, t.UnixMicro()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what was sent: %w", err)
	}
	return n, nil
}
