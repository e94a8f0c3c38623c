// Package session is what a person works with: a profile, its client, the
// history and the budget. [Session.Send] is the one way a request goes out.
package session

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/proxy"
)

// DefaultTimeout ends a call that nothing else ended. Connect gives an upstream
// 30 s (connect-api.md, section 8); the rest is for the way and a long body.
const DefaultTimeout = 60 * time.Second

// Target is whom a request acts for.
type Target struct {
	Environment    proxy.Environment
	ExternalUserID string
	Account        proxy.Account // ID is what counts; the rest is for display, checks and the history
}

// Request is what a person composed.
type Request struct {
	Target  Target
	Method  string
	URL     string
	Headers []proxy.Field
	Body    []byte // nil for none
	// File is the path of a file that is the body, Parts a multipart form with its
	// Boundary. They are read while they are sent; Body is then nil.
	File     string
	Parts    []Part
	Boundary string
	// App is what is known of the account's app. With it a URL that Connect
	// would refuse is refused here; nil leaves that to Connect.
	App *proxy.App
	// AnyDomain lets a URL pass that is off the app's allowed domains.
	AnyDomain bool
	// Confirmed tells that a person agreed to a write in production.
	Confirmed bool
	// Preset tells that it is a read preset's call as it stands: harmless, whatever
	// its method.
	Preset bool
	// Variables are values for {{names}} in URL, headers and body; nil leaves the names
	// as they are.
	Variables map[string]string
	// Last finds values of the answer before, for names that begin with last.; nil for none.
	Last func(path string) (value string, ok bool)
	// Loose leaves names without a value as they are.
	Loose bool
	// Uploaded, if not nil, counts the bytes of the body that went out up to now.
	Uploaded *atomic.Int64
	// Timeout ends the call; 0 for [DefaultTimeout].
	Timeout time.Duration
}

// Write reports that the method may change something upstream.
func (r Request) Write() bool {
	return !slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, strings.ToUpper(r.Method))
}

// Result is how a send ended, or how far it is.
type Result struct {
	Exchange history.Exchange   // without the response's body: that is in Document
	Document *document.Document // nil until an answer came; the caller closes it
	Notes    []string           // what was changed or noticed on the way, in words
	Budget   Budget
	Demo     bool // a small double answered in the place of the real host
	Done     bool
	// Err is nil when a whole upstream answer came, whatever its status. Else
	// it is one of package proxy's errors, [ErrReadOnly] or a [*ConfirmError].
	Err error
	// SaveErr tells that the history could not be written.
	SaveErr error
}

// ErrReadOnly refuses a write under a profile that is marked read_only.
var ErrReadOnly = errors.New("this profile is read-only: it sends GET, HEAD and OPTIONS, nothing that writes")

// ConfirmError asks for a person's word before a write in production.
type ConfirmError struct{ Request Request }

// Error names method, URL, user and account.
func (e *ConfirmError) Error() string {
	return fmt.Sprintf("%s %s in production for user %q, account %s, needs a confirmation",
		e.Request.Method, e.Request.URL, e.Request.Target.ExternalUserID, e.Request.Target.Account.ID)
}

// writes reports that a request may change something: by its method, unless the
// app's preset knows better.
func (s *Session) writes(req Request) bool {
	if req.Preset {
		return false
	}
	if p, ok := s.presets.For(req.Target.Account.App.Slug); ok {
		return p.Writes(strings.ToUpper(req.Method), req.URL)
	}
	return req.Write()
}

// Check refuses what must not go out by itself: [ErrReadOnly], or a
// [*ConfirmError] that a person's word turns into Request.Confirmed. Send asks it
// first.
func (s *Session) Check(req Request) error {
	switch {
	case !s.writes(req):
		return nil
	case s.profile.ReadOnly:
		return ErrReadOnly
	case req.Target.Environment == proxy.Production && !req.Confirmed:
		return &ConfirmError{Request: req}
	}
	return nil
}
