// Package session is what a person works with: a profile, its client, the
// history and the budget. [Session.Send] is the one way a request goes out.
package session

import (
	"context"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/proxy"
)

// Options say what a session is opened on.
type Options struct {
	Profile config.Profile
	// Embedded starts a sandbox of our own and works with that; Profile is then
	// ignored.
	Embedded bool
	// History is where the exchanges go.
	History history.Options
	// NoHistory keeps nothing on disk.
	NoHistory bool
	UserAgent    string
	InsecureHTTP bool
	Now          func() time.Time // default time.Now
}

// Session is safe for concurrent use.
type Session struct{}

// Open fetches secrets, starts the embedded sandbox where asked and opens the
// history. It sends nothing to Connect. It may wait: call it in a job.
func Open(ctx context.Context, opts Options) (*Session, error) { panic("contract") }

// Close ends the embedded sandbox and the history.
func (s *Session) Close() error { panic("contract") }

// Profile returns the profile in use; of the embedded sandbox, its own.
func (s *Session) Profile() config.Profile { panic("contract") }

// Sandbox reports that this is not the real service.
func (s *Session) Sandbox() bool { panic("contract") }

// Client returns the Connect client of an environment.
func (s *Session) Client(env proxy.Environment) *proxy.Client { panic("contract") }

// History returns the store; nil with NoHistory.
func (s *Session) History() *history.Store { panic("contract") }

// Target is whom a request acts for.
type Target struct {
	Environment    proxy.Environment
	ExternalUserID string
	Account        proxy.Account // ID is what counts; name and app are for display and the history
}

// Request is what a person composed.
type Request struct {
	Target  Target
	Method  string
	URL     string
	Headers []proxy.Field
	Body    []byte // nil for none
	// AnyDomain lets a URL pass that is off the app's allowed domains.
	AnyDomain bool
	// Confirmed tells that a person agreed to a write in production.
	Confirmed bool
	// Timeout ends the call; 0 for [DefaultTimeout].
	Timeout time.Duration
}

// Result is how a send ended, or how far it is.
type Result struct {
	Exchange history.Exchange   // response body left out: it is in Document
	Document *document.Document // nil until an answer came
	Notes    []string           // what was changed or noticed on the way, in words
	Budget   Budget
	Done     bool
	// Err is nil when a whole upstream answer came, whatever its status. Else
	// it is one of package proxy's errors, ErrReadOnly or a [*ConfirmError].
	Err error
	// SaveErr tells that the history could not be written.
	SaveErr error
}

// Budget is what this machine sent in the window, against the limit.
type Budget struct {
	Sent    int
	Limit   int
	Window  time.Duration
	Assumed bool // the limit is our default, not the profile's
}

// Send is the one way a request goes out: guard, client, document, finding,
// history. progress, if not nil, is called on the calling goroutine when the
// answer begins and, at most every 50 ms, while its body arrives.
func (s *Session) Send(ctx context.Context, req Request, progress func(Result)) Result {
	panic("contract")
}
