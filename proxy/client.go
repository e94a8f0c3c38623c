package proxy

import (
	"context"
	"iter"
	"net/http"
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
type Client struct{ opts Options }

// New checks the options and returns a client. It sends nothing.
func New(opts Options) (*Client, error) { panic("contract") }

// In returns a client of the same project in another environment. The two
// share access token and connections.
func (c *Client) In(env Environment) *Client { panic("contract") }

// Environment returns the one this client speaks for.
func (c *Client) Environment() Environment { panic("contract") }

// CheckToken fetches an access token unless a fresh one is at hand.
func (c *Client) CheckToken(ctx context.Context) error { panic("contract") }

// Users lists external users, page by page as they are consumed. After an
// error the sequence ends.
func (c *Client) Users(ctx context.Context, q UserQuery) iter.Seq2[User, error] { panic("contract") }

// Accounts lists accounts, page by page as they are consumed.
func (c *Client) Accounts(ctx context.Context, q AccountQuery) iter.Seq2[Account, error] {
	panic("contract")
}

// Account returns one account of the client's environment.
func (c *Client) Account(ctx context.Context, id string) (Account, error) { panic("contract") }

// Apps lists the apps of Connect, page by page as they are consumed.
func (c *Client) Apps(ctx context.Context, q AppQuery) iter.Seq2[App, error] { panic("contract") }

// App returns one app by slug or id, with its Connect part.
func (c *Client) App(ctx context.Context, slug string) (App, error) { panic("contract") }

// Page is one page of a list.
type Page[T any] struct {
	Items []T
	Total int    // items in all under the filters; 0 when the API did not say
	Next  string // cursor of the page after; empty on the last one
}

// UserPage returns one page of users after the cursor; empty for the first.
func (c *Client) UserPage(ctx context.Context, q UserQuery, after string) (Page[User], error) {
	panic("contract")
}

// AccountPage returns one page of accounts after the cursor; empty for the first.
func (c *Client) AccountPage(ctx context.Context, q AccountQuery, after string) (Page[Account], error) {
	panic("contract")
}

// Do sends a request through the proxy and returns the upstream's answer. It
// sends once: only when Connect refuses the access token itself is a new one
// fetched and the request sent again, provided its body can be read again.
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) { panic("contract") }

type stopwatch struct{}

func (s *stopwatch) read() Timing { panic("contract") }
