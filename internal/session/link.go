package session

import (
	"context"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// Link is a page on which an end user connects or reconnects an account. Its URL
// is a secret of that user's.
type Link struct {
	URL       string
	ExpiresAt time.Time
	User, App string
}

// oauthClient begins the app ids that are OAuth clients of the customer's own
// (connect-api.md, section 1).
const oauthClient = "oa_"

// Link makes a Connect link for a user and an app; app may be empty, then the page
// asks. account is one to reconnect: its own OAuth client is used. The zero value
// stands for none. A read-only profile makes no link: [ErrReadOnly].
func (s *Session) Link(ctx context.Context, env proxy.Environment, user, app string, account proxy.Account) (Link, error) {
	if s.profile.ReadOnly {
		return Link{}, ErrReadOnly
	}
	token, err := s.Client(env).CreateToken(ctx, proxy.TokenRequest{ExternalUserID: user})
	if err != nil {
		return Link{}, err
	}
	client := ""
	if strings.HasPrefix(account.App.ID, oauthClient) {
		client = account.App.ID
	}
	url := token.Link(app, client)
	if s.Sandbox() && account.ID != "" {
		url += "&account_id=" + account.ID // the sandbox's page then offers that one
	}
	return Link{URL: url, ExpiresAt: token.ExpiresAt, User: user, App: app}, nil
}
