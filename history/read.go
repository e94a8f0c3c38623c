package history

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

const columns = `id, started_at, profile, project_id, base_url, environment, external_user_id, account_id, account_name, app,
	method, url, status, size, who, code, summary, total_us, note, ticket, starred`

// scan reads a row of the columns.
func scan(row interface{ Scan(...any) error }) (Exchange, error) {
	var x Exchange
	var startedAt, totalUS, size int64
	var status sql.NullInt64
	err := row.Scan(&x.ID, &startedAt, &x.Profile, &x.ProjectID, &x.BaseURL, &x.Environment, &x.ExternalUserID,
		&x.Account.ID, &x.Account.Name, &x.Account.App, &x.Request.Method, &x.Request.URL, &status, &size,
		&x.Finding.Who, &x.Finding.Code, &x.Finding.Summary, &totalUS, &x.Note, &x.Ticket, &x.Starred)
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
	x, err := scan(s.db.QueryRowContext(ctx, "SELECT "+columns+" FROM exchange WHERE id = ?", full))
	if err == nil {
		err = s.detail(ctx, &x)
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
		err := s.db.QueryRowContext(ctx, "SELECT id FROM exchange ORDER BY id DESC LIMIT 1").Scan(&id)
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

// detail fills in what a list does not show.
func (s *Store) detail(ctx context.Context, x *Exchange) error {
	var requestHeaders, timing, finding, redacted string
	var responseHeaders sql.NullString
	var requestBody, responseBody []byte
	var responseCut bool
	err := s.db.QueryRowContext(ctx, `SELECT request_headers, request_body, request_truncated, response_headers, response_body,
		response_truncated, timing, finding, redacted FROM detail WHERE id = ?`, x.ID).
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

// where returns the condition of a query, with its arguments.
func (q Query) where() (string, []any) {
	conditions, args := []string{"1"}, []any{}
	and := func(condition string, arg any) {
		conditions, args = append(conditions, condition), append(args, arg)
	}
	for column, value := range map[string]string{
		"project_id": q.ProjectID, "environment": string(q.Environment), "external_user_id": q.ExternalUserID,
		"account_id": q.AccountID, "app": q.App, "ticket": q.Ticket,
	} {
		if value != "" {
			and(column+" = ?", value)
		}
	}
	if q.Starred {
		and("starred = ?", true)
	}
	if q.Before != "" {
		and("id < ?", q.Before)
	}
	for word := range strings.FieldsSeq(q.Text) {
		and(`method || ' ' || url || ' ' || external_user_id || ' ' || account_name || ' ' || account_id || ' ' || app || ' ' ||
			coalesce(status, '') || ' ' || code || ' ' || note || ' ' || ticket LIKE ? ESCAPE '\'`, "%"+escapeLike(word)+"%")
	}
	return strings.Join(conditions, " AND "), args
}

func escapeLike(word string) string {
	return strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word)
}

// defaultLimit is how many exchanges a list has where nothing is said.
const defaultLimit = 100

// List returns exchanges newest first, without bodies and headers.
func (s *Store) List(ctx context.Context, q Query) ([]Exchange, error) {
	where, args := q.where()
	rows, err := s.db.QueryContext(ctx, "SELECT "+columns+" FROM exchange WHERE "+where+" ORDER BY id DESC LIMIT ?",
		append(args, cmp.Or(q.Limit, defaultLimit))...)
	if err != nil {
		return nil, fmt.Errorf("list the history: %w", err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var list []Exchange
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("list the history: %w", err)
		}
		list = append(list, x)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list the history: %w", err)
	}
	return list, nil
}

// Count returns how many exchanges match.
func (s *Store) Count(ctx context.Context, q Query) (int, error) {
	where, args := q.where()
	var n int
	if err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE "+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the history: %w", err)
	}
	return n, nil
}

// SentSince counts the exchanges of a project that were sent at or after t, by
// all connectty processes that share the file.
func (s *Store) SentSince(ctx context.Context, projectID string, t time.Time) (int, error) {
	var n int
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE project_id = ? AND started_at >= ?",
		projectID, t.UnixMicro()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what was sent: %w", err)
	}
	return n, nil
}
