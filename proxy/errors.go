package proxy

import (
	"fmt"
	"net/http"
	"time"
)

// APIError is an answer of Connect itself, not of the upstream: it refused, or
// it failed. Compare by Status and Code, never by text.
type APIError struct {
	Operation  string        // "token", "list accounts", "proxy", …
	Status     int           // HTTP status
	Code       string        // machine-readable, often empty
	Message    string        // Connect's words, in one line
	RequestID  string        // for Pipedream's support; often empty
	RetryAfter time.Duration // 0 when the header was absent
	RateLimit  RateLimit     // what the headers say of Connect's limit
	Evidence   string        // why the answer is taken for Connect's own, in words
	Header     http.Header
	Body       []byte // at most 64 KiB, without secrets of ours
}

// Error says who refused what, with the status.
func (e *APIError) Error() string {
	return fmt.Sprintf("%s: Pipedream Connect answered %d: %s", e.Operation, e.Status, e.Message)
}

// Is makes an answer with status 404 an [ErrNotFound].
func (e *APIError) Is(target error) bool {
	return target == ErrNotFound && e.Status == http.StatusNotFound
}

// InputError refuses something before it is sent.
type InputError struct {
	Field  string // what was wrong: "url", "header X-Foo", "external user id"
	Value  string // shortened for display
	Reason string // why it is refused, completing "FIELD VALUE …"
	Hint   string // what to do instead; may be empty
}

// Error names the field, the value and the reason; the hint is left to the caller.
func (e *InputError) Error() string {
	if e.Value == "" {
		return e.Field + " " + e.Reason
	}
	return fmt.Sprintf("%s %q %s", e.Field, e.Value, e.Reason)
}

// NetworkError is a fault on the way to Connect or back.
type NetworkError struct {
	Operation string // as in [APIError]
	Phase     string // dns, connect, tls, send, wait, body
	Host      string // host:port that was spoken to
	Err       error
}

// Error names the phase, the host and the cause.
func (e *NetworkError) Error() string {
	return fmt.Sprintf("%s: %s %s: %v", e.Operation, e.Phase, e.Host, e.Err)
}

// Unwrap returns the cause.
func (e *NetworkError) Unwrap() error { return e.Err }

// TimeoutError tells that a limit of ours ran out before Connect was done.
type TimeoutError struct {
	Operation string
	Phase     string // as in [NetworkError]
	Host      string
	After     time.Duration
}

// Error names the phase, the host and the limit.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s: %s %s: no end after %s", e.Operation, e.Phase, e.Host, e.After)
}

// Timeout reports true, as net.Error has it.
func (e *TimeoutError) Timeout() bool { return true }

// longestValue is how much of a refused value an error repeats, in characters.
const longestValue = 120

// shorten keeps a refused value from filling a screen.
func shorten(value string) string {
	if len(value) <= longestValue {
		return value
	}
	if runes := []rune(value); len(runes) > longestValue {
		return string(runes[:longestValue-1]) + "…"
	}
	return value
}
