package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// How an app's accounts are authorised.
const (
	authOAuth = "oauth"
	authKeys  = "keys"
	authNone  = "none"
)

// The credentials of an OAuth account, by the names that Connect gives them
// (connect-api.md, section 3).
const (
	credAccess  = "oauth_access_token"
	credRefresh = "oauth_refresh_token"
	credClient  = "oauth_client_id"
)

// refreshEarly is how long before its end a token is renewed.
const refreshEarly = time.Minute

// newOAuth is an app's OAuth client. There is one for all flows, as it learns in
// which way the token endpoint wants the secret; redirect URIs are told it as
// [redirectURI].
func newOAuth(a OAuth) *oauth2.Config {
	return &oauth2.Config{
		ClientID: a.ClientID, ClientSecret: a.ClientSecret, Scopes: a.Scopes,
		Endpoint: oauth2.Endpoint{AuthURL: a.AuthorizeURL, TokenURL: a.TokenURL},
	}
}

func redirectURI(uri string) oauth2.AuthCodeOption {
	return oauth2.SetAuthURLParam("redirect_uri", uri)
}

// client is a context whose token requests take the app's own way out, with its
// limits of where that may lead.
func (a *app) client(ctx context.Context) context.Context {
	return context.WithValue(ctx, oauth2.HTTPClient, &http.Client{
		Transport: a.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // a secret goes where the file says, and no further
		},
	})
}

// expires returns when an account's credential ends, if that is known.
func (a *account) expires() (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, a.ExpiresAt)
	return at, err == nil
}

// refreshed returns an account whose credential is good, renewed where it had
// expired and the app names a token endpoint. One that cannot be renewed is
// marked unhealthy and goes out as it is: the upstream judges it.
func (s *Server) refreshed(ctx context.Context, app *app, a *account) *account {
	if app.OAuth.TokenURL == "" || a.Credentials[credRefresh] == "" {
		return a
	}
	expires, known := a.expires()
	early := refreshEarly
	if life := expires.Sub(a.refreshed); known && !a.refreshed.IsZero() && life > 0 {
		early = min(early, life/2)
	}
	if !known || s.cfg.Now().Before(expires.Add(-early)) {
		return a
	}
	done := s.refreshing.DoChan(a.ID, func() (any, error) {
		renewing, cancel := context.WithTimeout(detached(ctx), s.cfg.Project.Timeout) // for all who wait
		defer cancel()
		return s.refresh(renewing, app, a), nil
	})
	select {
	case r := <-done:
		return r.Val.(*account)
	case <-ctx.Done():
		return a // the call is over; it says so itself
	}
}

func (s *Server) refresh(ctx context.Context, app *app, a *account) *account {
	if newest := s.book.find(a.Environment, a.ID); newest != nil && newest.ExpiresAt != a.ExpiresAt {
		return newest // somebody else was faster
	}
	refresh, err := a.credential(credRefresh)
	if err != nil {
		return a
	}
	expired := &oauth2.Token{RefreshToken: refresh, Expiry: time.Unix(1, 0)}
	token, err := app.oauth.TokenSource(app.client(ctx), expired).Token()
	now := s.cfg.Now()
	began := a
	renewed, there := s.book.change(a.Environment, a.ID, now, func(a *account) bool {
		if a.ExpiresAt != began.ExpiresAt || a.Credentials[credRefresh] != began.Credentials[credRefresh] {
			return false // reconnected meanwhile: what came is the old grant's
		}
		if err != nil {
			a.Unhealthy, a.Error = true, oauthFailure(err, refresh, app.OAuth.ClientSecret)
			return true
		}
		a.Unhealthy, a.Error, a.refreshed = false, "", now
		a.Credentials[credAccess] = inLiteral + token.AccessToken
		a.Credentials[credRefresh] = inLiteral + cmp.Or(token.RefreshToken, refresh)
		a.ExpiresAt = ""
		if !token.Expiry.IsZero() {
			a.ExpiresAt = stamp(token.Expiry)
		}
		return true
	})
	if !there {
		return a
	}
	return renewed
}

// oauthFailure is an account's error after a token request that failed: one short
// line, without the server's whole answer, which may hold anything, and without
// the secrets that were sent.
func oauthFailure(err error, secrets ...string) string {
	var text string
	refused, answered := errors.AsType[*oauth2.RetrieveError](err)
	_, unreached := errors.AsType[*url.Error](err)
	switch {
	case answered && refused.ErrorCode != "":
		text = strings.TrimSuffix(refused.ErrorCode+": "+refused.ErrorDescription, ": ")
	case answered:
		text = fmt.Sprintf("the token endpoint answered %d", refused.Response.StatusCode)
	case unreached:
		text = "the token endpoint could not be reached: " + unreachable(err)
	default:
		text = "the token endpoint's answer holds no token"
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	if len(text) > longestFailure {
		text = strings.ToValidUTF8(text[:longestFailure], "") + "…"
	}
	return text
}

// longestFailure is how much of an OAuth server's words is kept, in bytes.
const longestFailure = 300

// flow is an OAuth code flow that is under way: who began it, and for what.
type flow struct {
	token    string // connect token
	app      *app
	account  string            // id to reconnect; empty for a new one
	fields   map[string]string // what was filled in before
	verifier string            // PKCE
	redirect string
	cookie   string // of the browser that began it
	ends     time.Time
}

const (
	flowLife = 10 * time.Minute
	// mostFlowsEach bounds what the holder of one link can begin.
	mostFlowsEach = 10
)

// begin keeps a flow and returns its state.
func (c *connectTokens) begin(f flow, now time.Time) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.flows == nil {
		c.flows = map[string]flow{}
	}
	maps.DeleteFunc(c.flows, func(_ string, old flow) bool { return now.After(old.ends) })
	own := 0
	maps.DeleteFunc(c.flows, func(_ string, old flow) bool {
		if old.token == f.token {
			own++
		}
		return old.token == f.token && own >= mostFlowsEach
	})
	state := randomHex(16)
	c.flows[state] = f
	return state
}

// end takes a flow out: a state is good for one answer.
func (c *connectTokens) end(state string, now time.Time) (flow, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := c.flows[state]
	delete(c.flows, state)
	return f, ok && !now.After(f.ends)
}

// exchange fetches the token that a code stands for.
func (s *Server) exchange(ctx context.Context, f flow, code string) (Account, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Project.Timeout)
	defer cancel()
	token, err := f.app.oauth.Exchange(f.app.client(ctx), code, redirectURI(f.redirect), oauth2.VerifierOption(f.verifier))
	if err != nil {
		return Account{}, errors.New(oauthFailure(err, code, f.verifier, f.app.OAuth.ClientSecret))
	}
	out := Account{Credentials: literal(f.fields), AuthorizedScopes: f.app.OAuth.Scopes}
	out.Credentials[credAccess] = inLiteral + token.AccessToken
	out.Credentials[credClient] = inLiteral + f.app.OAuth.ClientID
	if token.RefreshToken != "" {
		out.Credentials[credRefresh] = inLiteral + token.RefreshToken
	}
	if scope, ok := token.Extra("scope").(string); ok && scope != "" {
		out.AuthorizedScopes = strings.FieldsFunc(scope, func(r rune) bool { return r == ' ' || r == ',' })
	}
	if !token.Expiry.IsZero() {
		out.ExpiresAt = stamp(token.Expiry)
	}
	return out, nil
}
