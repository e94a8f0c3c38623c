package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"
)

// ErrNotFound tells that Connect knows no such record in the client's
// environment. An [*APIError] with status 404 is one, too.
var ErrNotFound = errors.New("no such record in this environment")

// User returns the user of an external id, which must match to the letter. The
// API has no such call: it is looked for in the list. [ErrNotFound] if there is
// none.
func (c *Client) User(ctx context.Context, externalID string) (User, error) {
	if err := checkUser(externalID); err != nil {
		return User{}, err
	}
	for u, err := range c.Users(ctx, UserQuery{Text: externalID}) {
		if err != nil {
			return User{}, err
		}
		if u.ExternalID == externalID {
			return u, nil
		}
	}
	return User{}, fmt.Errorf("user %q: %w", externalID, ErrNotFound)
}

// DeleteUser deletes a user with all accounts, for good.
func (c *Client) DeleteUser(ctx context.Context, externalID string) error {
	if err := checkUser(externalID); err != nil {
		return err
	}
	if err := checkSegment("user", externalID); err != nil {
		return err
	}
	return c.delete(ctx, fmt.Sprintf("delete user %q", externalID), "/users/"+url.PathEscape(externalID))
}

// UserAccounts returns the accounts of a user; of one app only, if its slug or
// id is given. It is one call without pages.
func (c *Client) UserAccounts(ctx context.Context, externalID, app string) ([]Account, error) {
	if err := checkUser(externalID); err != nil {
		return nil, err
	}
	if err := checkSegment("user", externalID); err != nil {
		return nil, err
	}
	var accounts []Account
	err := c.get(ctx, fmt.Sprintf("list accounts of user %q", externalID),
		c.project("/users/"+url.PathEscape(externalID)+"/accounts"), set("app", app), &accounts)
	return accounts, err
}

// DeleteAccount deletes an account, for good: its credentials are gone.
func (c *Client) DeleteAccount(ctx context.Context, id string) error {
	if !accountID.MatchString(id) {
		return badAccount(id)
	}
	return c.delete(ctx, "delete account "+id, "/accounts/"+url.PathEscape(id))
}

// DeleteAppAccounts deletes all accounts of an app, for good, whoever's they are.
func (c *Client) DeleteAppAccounts(ctx context.Context, app string) error {
	if app == "" {
		return errNoApp
	}
	if err := checkSegment("app", app); err != nil {
		return err
	}
	return c.delete(ctx, "delete all accounts of app "+app, "/apps/"+url.PathEscape(app)+"/accounts")
}

func (c *Client) delete(ctx context.Context, operation, path string) error {
	return c.call(ctx, apiCall{operation: operation, method: http.MethodDelete, path: c.project(path)})
}

// errNoApp refuses a call that names no app.
var errNoApp = &InputError{Field: "app", Reason: "is missing", Hint: "name its slug, such as slack"}

// checkSegment refuses what no escape keeps from naming another path: the two
// names that stand for a folder and the one above it.
func checkSegment(field, value string) error {
	if value != "." && value != ".." {
		return nil
	}
	return &InputError{Field: field, Value: value, Reason: "cannot be named in a path: servers read it as a step in it"}
}

func checkUser(externalID string) error {
	switch {
	case externalID == "":
		return &InputError{Field: "user", Reason: "is missing", Hint: "name the external user"}
	case utf8.RuneCountInString(externalID) > maxUserID:
		return &InputError{Field: "user", Reason: fmt.Sprintf("is longer than the %d characters that Connect takes", maxUserID)}
	}
	return nil
}

// KeysAccount is an account that is made from credentials at hand.
type KeysAccount struct {
	App            string            // slug
	Fields         map[string]string // the app's custom fields by name
	ConnectToken   string            // ctok_…, of the user whose account it becomes; it is used up
	Name           string            // may be empty
	AccountID      string            // apn_… to put the credentials into, instead of a new account
	ExternalUserID string            // whose token it is
}

// ConnectKeys makes an account of a keys app, as the connect page would.
func (c *Client) ConnectKeys(ctx context.Context, k KeysAccount) (Account, error) {
	if k.App == "" {
		return Account{}, errNoApp
	}
	fields, err := json.Marshal(k.Fields)
	if err != nil {
		return Account{}, err
	}
	body := map[string]string{"app_slug": k.App, "cfmap_json": string(fields), "connect_token": k.ConnectToken}
	for name, v := range map[string]string{"name": k.Name, "account_id": k.AccountID} {
		if v != "" {
			body[name] = v
		}
	}
	var raw json.RawMessage
	err = c.call(ctx, apiCall{
		operation: "connect an account of app " + k.App, method: http.MethodPost, path: c.project("/accounts"),
		query: set("external_user_id", k.ExternalUserID), body: body, out: &raw,
	})
	if err != nil {
		return Account{}, err
	}
	return oneRecord[Account](c, "connect an account", raw)
}

// Project is the project itself.
type Project struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	AppName      string `json:"app_name"`      // what end users see
	SupportEmail string `json:"support_email"` // empty where there is none
	KeyAuthTest  bool   `json:"connect_require_key_auth_test"`
}

// Project returns the client's project.
func (c *Client) Project(ctx context.Context) (Project, error) {
	return readRecord[Project](ctx, c, "read project "+c.opts.ProjectID, "/v1/connect/projects/"+c.opts.ProjectID)
}

// ProjectApps returns the apps that are linked to the project: ID and Slug of
// each, and nothing more.
func (c *Client) ProjectApps(ctx context.Context) ([]App, error) {
	var info struct {
		Apps []App `json:"apps"`
	}
	err := c.get(ctx, "read project info", c.project("/projects/info"), nil, &info)
	return info.Apps, err
}

// Category is a group of apps.
type Category struct {
	ID          string `json:"id"` // appcat_…
	Name        string `json:"name"`
	Description string `json:"description"`
}

// AppCategories returns all categories of apps.
func (c *Client) AppCategories(ctx context.Context) ([]Category, error) {
	var all []Category
	err := c.get(ctx, "list app categories", "/v1/connect/app_categories", nil, &all)
	return all, err
}

// AppCategory returns one category.
func (c *Client) AppCategory(ctx context.Context, id string) (Category, error) {
	if err := checkSegment("app category", id); err != nil {
		return Category{}, err
	}
	return readRecord[Category](ctx, c, "read app category "+id, "/v1/connect/app_categories/"+url.PathEscape(id))
}

// Usage is what a workspace used in a window of time, in credits.
type Usage struct {
	Credits       int       `json:"credits_used"`
	ActionCredits int       `json:"action_run_credits_used"`
	ProxyCredits  int       `json:"proxy_credits_used"`
	SourceCredits int       `json:"source_emit_credits_used"`
	Start         time.Time `json:"-"`
	End           time.Time `json:"-"`
}

// UnmarshalJSON reads the record, whose times are in Unix seconds.
func (u *Usage) UnmarshalJSON(data []byte) error {
	type plain Usage
	wire := struct {
		*plain

		Start int64 `json:"usage_start_ts"`
		End   int64 `json:"usage_end_ts"`
	}{plain: (*plain)(u)}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	u.Start, u.End = time.Unix(wire.Start, 0).UTC(), time.Unix(wire.End, 0).UTC()
	return nil
}

// Usage returns what was used from start to end, in whole seconds.
func (c *Client) Usage(ctx context.Context, start, end time.Time) ([]Usage, error) {
	if end.Before(start) {
		return nil, &InputError{Field: "usage", Reason: "ends before it starts", Hint: "give the earlier time first"}
	}
	var wire struct {
		Data []Usage `json:"data"`
	}
	q := set("start_ts", strconv.FormatInt(start.Unix(), 10), "end_ts", strconv.FormatInt(end.Unix(), 10))
	err := c.get(ctx, "read usage", "/v1/connect/usage", q, &wire)
	return wire.Data, err
}
