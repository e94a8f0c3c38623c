package proxy

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Response is an answer of the upstream API, handed through by Connect. The
// caller closes Body.
type Response struct {
	Status int    // 200
	Proto  string // of the hop to Connect: HTTP/1.1, HTTP/2.0
	Header http.Header
	// Interim are the 1xx answers that came before, such as 103 Early Hints.
	Interim []Interim
	// Body yields the upstream's bytes as they arrive, content codings undone
	// up to a limit. A body that breaks off ends in a [*NetworkError] or
	// [*TimeoutError], never in io.EOF.
	Body io.ReadCloser
	// Marked tells that the answer carried the sandbox's own mark
	// (x-connectty-source) and that the client trusts it.
	Marked bool
	// Evidence says in words why an answer whose status Connect sends, too, is
	// taken for the upstream's; empty for other statuses.
	Evidence string
	// Notes says in words what Do changed or noticed, such as a prefix that was
	// not added twice.
	Notes []string

	timing  *stopwatch
	wire    *counted
	trailer *http.Response // whose trailer arrives with the body's end
	now     func() time.Time
}

// Interim is a 1xx answer.
type Interim struct {
	Status int
	Header http.Header
}

// Timing returns the phases up to now; after Body ended or was closed it no
// longer changes. Safe for concurrent use.
func (r *Response) Timing() Timing { return r.timing.read() }

// Transferred returns how many bytes of the body came over the wire up to now:
// fewer than were read where it came packed. Safe for concurrent use.
func (r *Response) Transferred() int64 { return r.wire.n.Load() }

// Trailer returns the header fields that came after the body; nil before Body
// ended, or where there were none.
func (r *Response) Trailer() http.Header {
	var out http.Header
	for name, values := range r.trailer.Trailer {
		if values == nil {
			continue // announced, and not there yet
		}
		if out == nil {
			out = http.Header{}
		}
		out[name] = values
	}
	return out
}

// RateLimit returns what the upstream says of its own limit; false where it says
// nothing.
func (r *Response) RateLimit() (RateLimit, bool) { return ReadRateLimit(r.Header, r.now()) }

// counted counts what is read through it.
type counted struct {
	io.Reader

	n atomic.Int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// interims collects 1xx answers, which the transport reports from a goroutine of
// its own.
type interims struct {
	mu   sync.Mutex
	came []Interim
}

// mostInterims bounds what a server can make us keep.
const mostInterims = 20

func (i *interims) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(status int, h textproto.MIMEHeader) error {
		i.mu.Lock()
		defer i.mu.Unlock()
		if len(i.came) < mostInterims {
			i.came = append(i.came, Interim{status, http.Header(h)})
		}
		return nil
	}})
}

func (i *interims) list() []Interim {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Clone(i.came)
}
