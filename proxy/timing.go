package proxy

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"
)

// Timing holds what each phase of a call took. A phase that did not happen,
// such as DNS on a kept connection, is 0.
type Timing struct {
	DNS       time.Duration
	Connect   time.Duration
	TLS       time.Duration
	Sent      time.Duration // writing the request
	FirstByte time.Duration // from the request's last byte to the answer's first
	Body      time.Duration // from the first byte to the last
	Total     time.Duration
	Reused    bool   // the connection was a kept one
	Remote    string // address of the peer, host:port
}

// stopwatch measures the phases of one call. The transport reports to it from
// goroutines of its own.
type stopwatch struct {
	now func() time.Time

	mu    sync.Mutex
	phase string // dns, connect, tls, send, wait, body
	start time.Time
	mark  time.Time // when the phase under way began
	end   time.Time // zero while the call runs
	t     Timing
}

func newStopwatch(now func() time.Time) *stopwatch {
	at := now()
	return &stopwatch{now: now, phase: "connect", start: at, mark: at}
}

// trace returns a context under which the call is measured.
func (s *stopwatch) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { s.enter("dns") },
		DNSDone:           func(info httptrace.DNSDoneInfo) { s.leave(&s.t.DNS, info.Err) },
		ConnectStart:      func(string, string) { s.enter("connect") },
		ConnectDone:       func(_, _ string, err error) { s.leave(&s.t.Connect, err) },
		TLSHandshakeStart: func() { s.enter("tls") },
		TLSHandshakeDone:  func(_ tls.ConnectionState, err error) { s.leave(&s.t.TLS, err) },
		GotConn: func(info httptrace.GotConnInfo) {
			s.enter("send")
			s.mu.Lock()
			defer s.mu.Unlock()
			s.t.Reused, s.t.Remote = info.Reused, info.Conn.RemoteAddr().String()
		},
		WroteRequest:         func(info httptrace.WroteRequestInfo) { s.leave(&s.t.Sent, info.Err); s.next("wait", info.Err) },
		GotFirstResponseByte: func() { s.leave(&s.t.FirstByte, nil); s.next("body", nil) },
	})
}

func (s *stopwatch) enter(phase string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.phase, s.mark = phase, s.now()
}

// leave adds to a phase what passed since it was entered. A phase that failed
// stays the one under way, for the error to name.
func (s *stopwatch) leave(phase *time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*phase = s.now().Sub(s.mark)
	if err == nil {
		s.mark = s.now()
	}
}

func (s *stopwatch) next(phase string, err error) {
	if err == nil {
		s.enter(phase)
	}
}

// stop ends the measuring; later calls change nothing.
func (s *stopwatch) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.end.IsZero() {
		s.end = s.now()
	}
}

func (s *stopwatch) read() Timing {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := s.end
	if end.IsZero() {
		end = s.now()
	}
	t := s.t
	t.Total = end.Sub(s.start)
	if s.phase == "body" {
		t.Body = end.Sub(s.mark)
	}
	return t
}

func (s *stopwatch) current() (phase string, since time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase, s.now().Sub(s.start)
}

// failure turns a transport's error into one of ours: cancelled, out of time, or
// a fault of the network in the phase that was under way.
func (s *stopwatch) failure(ctx context.Context, operation, host string, err error) error {
	phase, since := s.current()
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		err = wrapped.Err // its text repeats the URL, which says nothing here
	}
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled) || errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return &TimeoutError{Operation: operation, Phase: phase, Host: host, After: since.Round(time.Millisecond)}
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		phase = "dns"
	}
	var refused *net.OpError
	if errors.As(err, &refused) && refused.Op == "dial" && dns == nil {
		phase = "connect"
	}
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return &NetworkError{Operation: operation, Phase: cmp.Or(phase, "connect"), Host: host, Err: err}
}
