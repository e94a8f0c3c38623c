package proxy

import (
	"cmp"
	"context"
	"crypto/x509"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// DefaultBaseURL is where Pipedream serves the Connect API.
const DefaultBaseURL = "https://api.pipedream.com"

// Options configure a [Client]. ProjectID and either AccessToken or both
// ClientID and ClientSecret are required.
type Options struct {
	BaseURL     string // default [DefaultBaseURL]; a path in it is refused
	ProjectID   string // proj_…
	Environment Environment

	ClientID     string
	ClientSecret string
	AccessToken  string // ready to use, in place of id and secret

	// HTTP sends the requests; nil for a client with system roots, the
	// environment's proxies and no redirects. The access token is sent to
	// BaseURL's host only, whatever it does.
	HTTP *http.Client
	// RootCAs are trusted in place of the system's, where HTTP is nil; nil for
	// the system's.
	RootCAs *x509.CertPool
	// UserAgent names the program; default "connectty".
	UserAgent string
	// TrustMark believes the x-connectty-source header of the sandbox. Set it
	// for a sandbox only: a real upstream could send that header too.
	TrustMark bool
	// InsecureHTTP allows http:// to a host that is not loopback.
	InsecureHTTP bool
	// Now is the clock; default time.Now.
	Now func() time.Time
}

// Client speaks for one project in one environment. It is safe for concurrent
// use.
type Client struct {
	*shared

	env Environment
}

// shared is what the clients of a project's environments have in common.
type shared struct {
	opts   Options
	base   string // scheme and host, without a trailing slash
	host   string // host:port, for messages
	http   *http.Client
	tokens *tokens
}

var projectID = regexp.MustCompile(`^proj_[a-zA-Z0-9_]+$`)

// New checks the options and returns a client. It sends nothing.
func New(opts Options) (*Client, error) {
	opts.UserAgent = cmp.Or(opts.UserAgent, "connectty")
	opts.Environment = cmp.Or(opts.Environment, Development)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	base, err := baseURL(opts)
	if err != nil {
		return nil, err
	}
	switch {
	case !projectID.MatchString(opts.ProjectID):
		return nil, &InputError{Field: "project id", Value: opts.ProjectID, Reason: "is no project id", Hint: "it looks like proj_Xy12"}
	case opts.AccessToken == "" && opts.ClientID == "":
		return nil, &InputError{Field: "client id", Reason: "is missing", Hint: "set PIPEDREAM_CLIENT_ID, or client_id in the profile"}
	case opts.AccessToken == "" && opts.ClientSecret == "":
		return nil, &InputError{Field: "client secret", Reason: "is missing", Hint: "set PIPEDREAM_CLIENT_SECRET, or client_secret in the profile"}
	}
	s := &shared{opts: opts, base: base.Scheme + "://" + base.Host, host: base.Host, http: httpClient(opts.HTTP, opts.RootCAs)}
	s.tokens = &tokens{now: opts.Now, fetch: s.clientCredentials}
	if opts.AccessToken != "" {
		s.tokens.fetch = static(opts.AccessToken)
	}
	return &Client{shared: s, env: opts.Environment}, nil
}

func baseURL(opts Options) (*url.URL, error) {
	const field = "base URL"
	raw := cmp.Or(opts.BaseURL, DefaultBaseURL)
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return nil, &InputError{Field: field, Value: raw, Reason: "is no URL of a server", Hint: "it looks like " + DefaultBaseURL}
	case u.User != nil:
		return nil, &InputError{Field: field, Reason: "holds a user name or password", Hint: "leave them out"}
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "":
		return nil, &InputError{Field: field, Value: raw, Reason: "goes on after the host", Hint: "leave out /v1 and whatever follows"}
	case u.Scheme == "http" && !opts.InsecureHTTP && !loopback(u.Host):
		return nil, &InputError{
			Field: field, Value: raw, Reason: "would send the access token in clear text",
			Hint: "use https, or --insecure-http where you accept that",
		}
	}
	return u, nil
}

// In returns a client of the same project in another environment. The two
// share access token and connections.
func (c *Client) In(env Environment) *Client { return &Client{shared: c.shared, env: env} }

// Environment returns the one this client speaks for.
func (c *Client) Environment() Environment { return c.env }

// CheckToken fetches an access token unless a fresh one is at hand.
func (c *Client) CheckToken(ctx context.Context) error {
	_, err := c.tokens.get(ctx)
	return err
}

// CloseIdleConnections ends connections that no call uses.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

// Secrets returns the client secret and the newest access tokens: what must
// appear on no screen, log or disk.
func (c *Client) Secrets() []string { return c.secrets() }

func (s *shared) secrets() []string {
	all := s.tokens.secrets()
	for _, secret := range []string{s.opts.ClientSecret, s.opts.AccessToken} {
		if secret != "" && !slices.Contains(all, secret) {
			all = append(all, secret)
		}
	}
	return all
}
