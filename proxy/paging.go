package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"strconv"
)

// pageSize is what a list call asks for at once, the most that Connect gives
// (connect-api.md, "Paging").
const pageSize = 100

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	Total int    // items in all under the filters; 0 when the API did not say
	Next  string // cursor of the page after; empty on the last one
}

// Users lists external users, page by page as they are consumed. After an
// error the sequence ends.
func (c *Client) Users(ctx context.Context, q UserQuery) iter.Seq2[User, error] {
	return all(q.Limit, nil, func(after string) (Page[User], error) { return c.UserPage(ctx, q, after) })
}

// UserPage returns one page of users after the cursor; empty for the first.
func (c *Client) UserPage(ctx context.Context, q UserQuery, after string) (Page[User], error) {
	return readPage[User](ctx, c, "list users", c.project("/users"), after, q.Limit, set("q", q.Text))
}

// Accounts lists accounts, page by page as they are consumed.
func (c *Client) Accounts(ctx context.Context, q AccountQuery) iter.Seq2[Account, error] {
	keep := func(a Account) bool { return q.Health == "" || a.Health() == q.Health }
	return all(q.Limit, keep, func(after string) (Page[Account], error) { return c.AccountPage(ctx, q, after) })
}

// AccountPage returns one page of accounts after the cursor; empty for the first.
// It does not filter by health.
func (c *Client) AccountPage(ctx context.Context, q AccountQuery, after string) (Page[Account], error) {
	limit := q.Limit
	if q.Health != "" {
		limit = 0 // how many are needed is known only after the filter
	}
	return readPage[Account](ctx, c, "list accounts", c.project("/accounts"), after, limit,
		set("external_user_id", q.ExternalUserID, "app", q.App, "oauth_app_id", q.OAuthAppID))
}

// Account returns one account of the client's environment.
func (c *Client) Account(ctx context.Context, id string) (Account, error) {
	if !accountID.MatchString(id) {
		return Account{}, badAccount(id)
	}
	return readRecord[Account](ctx, c, "read account "+id, c.project("/accounts/"+url.PathEscape(id)))
}

// Apps lists the apps of Connect, page by page as they are consumed.
func (c *Client) Apps(ctx context.Context, q AppQuery) iter.Seq2[App, error] {
	return all(q.Limit, nil, func(after string) (Page[App], error) {
		return readPage[App](ctx, c, "list apps", "/v1/connect/apps", after, q.Limit, q.values())
	})
}

// App returns one app by slug or id, with its Connect part.
func (c *Client) App(ctx context.Context, slug string) (App, error) {
	if slug == "" {
		return App{}, errNoApp
	}
	if err := checkSegment("app", slug); err != nil {
		return App{}, err
	}
	return readRecord[App](ctx, c, "read app "+slug, "/v1/connect/apps/"+url.PathEscape(slug))
}

// set returns the query of name, value pairs, empty values left out.
func set(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// all walks the pages. It stops at a null, empty or repeated cursor, at an empty
// page, and when all that were announced have come: the documented examples
// show a cursor on the last page too (connect-api.md, "Paging").
func all[T any](limit int, keep func(T) bool, read func(after string) (Page[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		seen := map[string]bool{"": true}
		given, came := 0, 0
		for after := ""; ; {
			page, err := read(after)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range page.Items {
				if keep != nil && !keep(item) {
					continue
				}
				if !yield(item, nil) {
					return
				}
				if given++; limit > 0 && given >= limit {
					return
				}
			}
			came += len(page.Items)
			if seen[page.Next] || len(page.Items) == 0 || page.Total > 0 && came >= page.Total {
				return
			}
			seen[page.Next] = true
			after = page.Next
		}
	}
}

func readPage[T any](ctx context.Context, c *Client, operation, path, after string, limit int, q url.Values) (Page[T], error) {
	size := pageSize
	if limit > 0 {
		size = min(size, limit)
	}
	q.Set("limit", strconv.Itoa(size))
	if after != "" {
		q.Set("after", after)
	}
	var wire struct {
		Info struct {
			Total int    `json:"total_count"`
			End   string `json:"end_cursor"`
		} `json:"page_info"`
		Data json.RawMessage `json:"data"`
	}
	if err := c.get(ctx, operation, path, q, &wire); err != nil {
		return Page[T]{}, err
	}
	page := Page[T]{Total: wire.Info.Total, Next: wire.Info.End}
	if err := listed(wire.Data, &page.Items); err != nil {
		return Page[T]{}, &NetworkError{Operation: operation, Phase: "body", Host: c.host, Err: errAnswer}
	}
	return page, nil
}

// listed reads data: an array, or, as on old pages, {"accounts": […]}.
func listed[T any](data json.RawMessage, items *[]T) error {
	if len(data) == 0 || bytes.HasPrefix(data, []byte("[")) {
		if len(data) == 0 {
			return nil
		}
		return json.Unmarshal(data, items)
	}
	var named map[string][]T
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	for _, list := range named {
		*items = append(*items, list...)
	}
	return nil
}

// readRecord reads one record, bare or, as some endpoints and old pages have it,
// under "data".
func readRecord[T any](ctx context.Context, c *Client, operation, path string) (T, error) {
	var record T
	var raw json.RawMessage
	if err := c.get(ctx, operation, path, nil, &raw); err != nil {
		return record, err
	}
	return oneRecord[T](c, operation, raw)
}

func oneRecord[T any](c *Client, operation string, raw json.RawMessage) (record T, err error) {
	var wrapped struct {
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(raw, &wrapped) == nil && len(wrapped.Data) > 0 {
		raw = wrapped.Data
	}
	if err := json.Unmarshal(raw, &record); err != nil {
		return record, &NetworkError{Operation: operation, Phase: "body", Host: c.host, Err: errAnswer}
	}
	return record, nil
}
