package proxy

import (
	"io"
	"net/http"
)

// Response is an answer of the upstream API, handed through by Connect. The
// caller closes Body.
type Response struct {
	Status int    // 200
	Proto  string // of the hop to Connect: HTTP/1.1, HTTP/2.0
	Header http.Header
	// Body yields the upstream's bytes as they arrive, content codings undone
	// up to a limit. A body that breaks off ends in a [*NetworkError] or
	// [*TimeoutError], never in io.EOF.
	Body io.ReadCloser
	// Marked tells that the answer carried the sandbox's own mark
	// (x-connectty-source) and that the client trusts it.
	Marked bool
	// Notes says in words what Do changed or noticed, such as a prefix that was
	// not added twice.
	Notes []string

	timing *stopwatch
}

// Timing returns the phases up to now; after Body ended or was closed it no
// longer changes. Safe for concurrent use.
func (r *Response) Timing() Timing { return r.timing.read() }
