package proxy

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// maxConnectLife is the longest that a Connect token may live, and the default
// (connect-api.md, section 3).
const maxConnectLife = 4 * time.Hour

// TokenRequest asks for a Connect token: what one end user needs to connect one
// account.
type TokenRequest struct {
	ExternalUserID string        // whose account it will be
	Life           time.Duration // at most 4 h; 0 for that
	SuccessURL     string        // where the connect page leads afterwards; may be empty
	ErrorURL       string        // where it leads when nothing was connected; may be empty
	WebhookURL     string        // is told of the outcome; may be empty
	AllowedOrigins []string      // pages that may use the token in a browser; may be empty
	Scope          string        // of the token; empty for Connect's default
}

// ConnectToken is a token of one end user. It is a secret: who has it can connect
// an account in that user's name.
type ConnectToken struct {
	Value     string    `json:"token"` // ctok_…, good for one account
	ExpiresAt time.Time `json:"expires_at"`
	LinkURL   string    `json:"connect_link_url"` // of the connect page, for no app yet
}

// Link returns the page on which the end user connects an app. oauthAppID names
// the OAuth client to use (oa_…); empty for the app's usual one.
func (t ConnectToken) Link(app, oauthAppID string) string {
	link := t.LinkURL
	if app != "" {
		link += "&app=" + url.QueryEscape(app)
	}
	if oauthAppID != "" {
		link += "&oauthAppId=" + url.QueryEscape(oauthAppID)
	}
	return link
}

// CreateToken makes a Connect token. The user need not exist yet.
func (c *Client) CreateToken(ctx context.Context, r TokenRequest) (ConnectToken, error) {
	if err := checkUser(r.ExternalUserID); err != nil {
		return ConnectToken{}, err
	}
	if r.Life < 0 || r.Life > maxConnectLife {
		return ConnectToken{}, &InputError{
			Field: "life of the Connect token", Value: r.Life.String(), Reason: "is not between 0 and 4 h", Hint: "leave it out for 4 h",
		}
	}
	body := map[string]any{"external_user_id": r.ExternalUserID}
	for name, v := range map[string]string{
		"success_redirect_uri": r.SuccessURL, "error_redirect_uri": r.ErrorURL, "webhook_uri": r.WebhookURL, "scope": r.Scope,
	} {
		if v != "" {
			body[name] = v
		}
	}
	if len(r.AllowedOrigins) > 0 {
		body["allowed_origins"] = r.AllowedOrigins
	}
	if r.Life > 0 {
		body["expires_in"] = int64(r.Life / time.Second)
	}
	var token ConnectToken
	err := c.call(ctx, apiCall{
		operation: fmt.Sprintf("make a Connect token for user %q", r.ExternalUserID), method: http.MethodPost,
		path: c.project("/tokens"), body: body, out: &token,
	})
	return token, err
}

// TokenInfo is what Connect says of a Connect token that is still good.
type TokenInfo struct {
	Success     bool        `json:"success"`
	ProjectID   string      `json:"project_id"`
	Environment Environment `json:"project_environment"`
	AppName     string      `json:"project_app_name"` // what end users see
	App         *App        `json:"app"`              // nil unless one was asked for
	Error       string      `json:"error"`            // why it is no good

	Raw json.RawMessage `json:"-"` // the record as Connect sent it
}

// ValidateToken asks whether a Connect token is still good. app is a slug or id
// that it is to be used for; it may be empty.
func (c *Client) ValidateToken(ctx context.Context, token, app string) (TokenInfo, error) {
	var raw json.RawMessage
	path := "/v1/connect/tokens/" + url.PathEscape(token) + "/validate"
	const operation = "validate a Connect token" // its value is a secret
	if err := c.get(ctx, operation, path, set("app_id", app), &raw); err != nil {
		return TokenInfo{}, err
	}
	info, err := oneRecord[TokenInfo](c, operation, raw)
	info.Raw = raw
	return info, err
}
