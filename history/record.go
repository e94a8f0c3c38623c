package history

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"time"
)

const insertExchange = `INSERT INTO exchange (n, id, started_at, stored_at, profile, project_id, base_url, environment,
	external_user_id, account_id, account_name, app, method, url, status, size, who, code, summary, total_us, note, ticket, starred, indexed, imported)
	VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (id) DO UPDATE SET method=excluded.method, url=excluded.url, status=excluded.status, size=excluded.size,
	who=excluded.who, code=excluded.code, summary=excluded.summary, total_us=excluded.total_us, indexed=excluded.indexed
	ON CONFLICT (n) DO NOTHING
	RETURNING n, note, ticket, starred`

const insertDetail = `INSERT INTO detail (n, request_headers, request_body, request_truncated, response_headers,
	response_body, response_truncated, timing, finding, redacted) VALUES (?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (n) DO UPDATE SET request_headers=excluded.request_headers, request_body=excluded.request_body,
	request_truncated=excluded.request_truncated, response_headers=excluded.response_headers,
	response_body=excluded.response_body, response_truncated=excluded.response_truncated, timing=excluded.timing,
	finding=excluded.finding, redacted=excluded.redacted`

// record is an exchange that was cleaned, in the form in which the tables hold it.
type record struct {
	*Exchange

	requestHeaders, timing, finding, redacted string
	responseHeaders                           any // nil where no answer came
	bodies                                    [2]packed
}

// packed is a body as it is kept; data is nil while it may turn out that it is there already.
type packed struct {
	body []byte
	sum  []byte
	data []byte
}

// shortBody is up to how many bytes it costs less to pack a body than to ask whether it is there.
const shortBody = 8 << 10

// recordOf prepares what is written of an exchange, outside of a transaction. Long bodies are
// packed ahead where most of them will be new.
func (s *Store) recordOf(x *Exchange, ahead bool) *record {
	r := &record{
		Exchange: x, requestHeaders: encode(pairs(x.Request.Headers)), timing: encode(toStored(x.Timing)),
		finding: encode(x.Finding), redacted: encode(x.Redacted),
	}
	r.bodies[0].body = x.Request.Body
	if x.Response != nil {
		r.responseHeaders, r.bodies[1].body = encode(pairs(x.Response.Headers)), x.Response.Body
	}
	for i := range r.bodies {
		b := &r.bodies[i]
		if len(b.body) == 0 {
			continue
		}
		const hashed = 16 // bytes: two different bodies do not meet by chance
		sum := sha256.Sum256(b.body)
		if b.sum = sum[:hashed]; ahead || len(b.body) <= shortBody {
			b.data = s.pack.EncodeAll(b.body, nil)
		}
	}
	return r
}

// insert puts an exchange into both tables and returns its number; indexed tells that its
// words follow.
func (s *Store) insert(ctx context.Context, c *change, x *record, indexed bool) (int64, error) {
	var status any
	var size int64
	var responseCut bool
	if r := x.Response; r != nil {
		status, size, responseCut = r.Status, r.Size, r.BodyTruncated
	}
	n := order(x.ID, x.StartedAt)
	var err error
	for inserted := false; !inserted && err == nil; {
		err = c.QueryRowContext(ctx, insertExchange, n, x.ID, x.StartedAt.UnixMicro(), time.Now().UnixMicro(), x.Profile, x.ProjectID,
			x.BaseURL, string(x.Environment), x.ExternalUserID, x.Account.ID, x.Account.Name, x.Account.App, x.Request.Method,
			x.Request.URL, status, size, string(x.Finding.Who), x.Finding.Code, x.Finding.Summary, x.Timing.Total.Microseconds(),
			x.Note, x.Ticket, x.Starred, indexed, c.imports).Scan(&n, &x.Note, &x.Ticket, &x.Starred) // what a person put on it meanwhile stays
		if inserted = !errors.Is(err, sql.ErrNoRows); !inserted {
			n, err = behind(ctx, c, n) // another has its number
		}
	}
	if err != nil {
		return 0, err
	}
	var bodies [2]any
	for i := range x.bodies {
		if bodies[i], err = s.share(ctx, c, &x.bodies[i]); err != nil {
			return 0, err
		}
	}
	err = c.exec(ctx, insertDetail, n, x.requestHeaders, bodies[0], x.Request.BodyTruncated, x.responseHeaders, bodies[1], responseCut,
		x.timing, x.finding, x.redacted)
	return n, err
}

// behind returns the number behind the others of the same millisecond. Where more came in one
// than it has numbers, it may be another's, of the next.
func behind(ctx context.Context, c *change, n int64) (int64, error) {
	end := (n>>counterBits + 1) << counterBits
	err := c.QueryRowContext(ctx, "SELECT max(n) + 1 FROM exchange WHERE n >= ? AND n < ?", n, end).Scan(&n)
	return n, err
}

// share returns the number under which a body is kept, once for all who have it; nil for
// an empty one.
func (s *Store) share(ctx context.Context, c *change, p *packed) (any, error) {
	if len(p.body) == 0 {
		return nil, nil //nolint:nilnil // no body is no error
	}
	var b int64
	if p.data == nil {
		err := c.QueryRowContext(ctx, "UPDATE body SET uses = uses + 1 WHERE hash = ? RETURNING b", p.sum).Scan(&b)
		if !errors.Is(err, sql.ErrNoRows) {
			return b, err
		}
		p.data = s.pack.EncodeAll(p.body, nil)
	}
	err := c.QueryRowContext(ctx, `INSERT INTO body (hash, data, uses) VALUES (?, ?, 1)
		ON CONFLICT (hash) DO UPDATE SET uses = uses + 1 RETURNING b`, p.sum, p.data).Scan(&b)
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
