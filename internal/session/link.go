package session

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/internal/pause"
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

const (
	firstLook = 2 * time.Second // after a link was given
	lastLook  = 15 * time.Second
)

// Watch looks at the accounts of a user and an app until one is new, or was
// renewed, and returns it. It ends with the context.
func (s *Session) Watch(ctx context.Context, env proxy.Environment, user, app string) (proxy.Account, error) {
	before, err := s.look(ctx, env, user, app)
	if err != nil {
		return proxy.Account{}, err
	}
	for every := firstLook; ; every = min(every*3/2, lastLook) {
		if !pause.For(ctx, every) {
			return proxy.Account{}, ctx.Err()
		}
		now, err := s.look(ctx, env, user, app)
		if err != nil && ctx.Err() != nil {
			return proxy.Account{}, ctx.Err()
		}
		for _, a := range now { // an error of one look is no end: the next may go well
			if old, known := before[a.ID]; !known || renewed(old, a) {
				return a, nil
			}
		}
	}
}

func (s *Session) look(ctx context.Context, env proxy.Environment, user, app string) (map[string]proxy.Account, error) {
	out := map[string]proxy.Account{}
	for a, err := range s.Client(env).Accounts(ctx, proxy.AccountQuery{ExternalUserID: user, App: app}) {
		if err != nil {
			return nil, err
		}
		out[a.ID] = a
	}
	return out, nil
}

// renewed reports that an end user has connected an account anew.
func renewed(old, now proxy.Account) bool {
	return now.UpdatedAt.After(old.UpdatedAt) || now.Healthy && !old.Healthy || old.Dead && !now.Dead ||
		!slices.Equal(now.AuthorizedScopes, old.AuthorizedScopes)
}
