// Package history keeps every exchange in one SQLite file: what was asked, for
// whom, what came back and who failed. No secret reaches the disk: package
// redact is the door.
package history

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// SchemaVersion is the value of Exchange.Schema: the shape of the JSON object.
const SchemaVersion = 1

// Exchange is one request with what came back. As JSON it is the object of
// `send --json` and a line of `--format jsonl`.
type Exchange struct {
	ID             string // sorts by time of creation
	StartedAt      time.Time
	Profile        string
	ProjectID      string
	BaseURL        string
	Environment    proxy.Environment
	ExternalUserID string
	Account        Account
	Request        Request
	Response       *Response // nil where no upstream answer came
	Timing         proxy.Timing
	Finding        diagnose.Finding
	Redacted       []string // what was masked: "request.headers.Authorization", "response.body"
	Note           string
	Ticket         string
	Starred        bool
}

// Account is what an exchange remembers of the account it acted for.
type Account struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	App  string `json:"app"` // slug
}

// Request is what was sent, with the upstream's header names.
type Request struct {
	Method        string
	URL           string
	Headers       []proxy.Field
	Body          []byte
	BodyTruncated bool // cut at max_body on disk: cannot be resent as it stands
}

// Response is what the upstream answered.
type Response struct {
	Status        int
	Headers       []proxy.Field
	Size          int64  // bytes that came, whatever Body holds
	Body          []byte // nil where it was not kept
	BodyTruncated bool   // Body is shorter than Size, or the answer broke off
}

// Upstream names the third party in a word: the host of the URL, or the app whose base
// URL a path is joined to.
func (x Exchange) Upstream() string {
	if u, err := url.Parse(x.Request.URL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return cmp.Or(x.Account.App, "the third party")
}

// MediaType returns the Content-Type among headers, as it was written; empty for none.
func MediaType(headers []proxy.Field) string {
	for _, h := range headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return h.Value
		}
	}
	return ""
}
