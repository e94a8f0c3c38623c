package sandbox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// doubles serves the vendors: one loopback listener for all, started when the
// first of them is called.
type doubles struct {
	vendors map[string]http.Handler

	mu       sync.Mutex
	listener net.Listener
	server   *http.Server
	closed   bool
}

var errClosed = errors.New("the sandbox is closed")

// address returns where the vendors listen.
func (d *doubles) address(ctx context.Context) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return "", errClosed
	}
	if d.listener == nil {
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		d.listener = l
		d.server = &http.Server{Handler: http.HandlerFunc(d.serve), ReadHeaderTimeout: headerTime}
		go func() { _ = d.server.Serve(l) }() // it ends with close
	}
	return d.listener.Addr().String(), nil
}

func (d *doubles) serve(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	vendor, ok := d.vendors[vendorName(host)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	vendor.ServeHTTP(w, r)
}

func (d *doubles) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if d.server == nil {
		return nil
	}
	return d.server.Close()
}

// vendorName is a host as the vendors are keyed: slack.com. is slack.com.
func vendorName(host string) string { return strings.TrimSuffix(strings.ToLower(host), ".") }

const (
	dialTime    = 10 * time.Second
	idlePerHost = 256 // the default of 2 costs half the speed (performance.md, d)
	copyBuffer  = 64 << 10
)

// transport reaches one app's hosts. Each app has its own, as each may reach
// other addresses, and kept connections must not leak from one to another.
func (d *doubles) transport(a App) *http.Transport {
	g := newGuard(a)
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if conn, is, err := d.dial(ctx, address); is {
				return conn, err
			}
			return g.dial(ctx, network, address)
		},
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if conn, is, err := d.dial(ctx, address); is {
				return conn, err // plain: the double stands on this machine
			}
			return g.dialTLS(ctx, network, address)
		},
		DisableCompression: true, MaxIdleConnsPerHost: idlePerHost, IdleConnTimeout: time.Minute,
		MaxResponseHeaderBytes: 1 << 20, WriteBufferSize: copyBuffer, ReadBufferSize: copyBuffer,
	}
}

// dial reaches a vendor, if one stands behind the host.
func (d *doubles) dial(ctx context.Context, address string) (conn net.Conn, is bool, err error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil || d.vendors[vendorName(host)] == nil {
		return nil, false, nil //nolint:nilerr // no vendor's address: others will say what is wrong
	}
	at, err := d.address(ctx)
	if err != nil {
		return nil, true, err
	}
	dialer := net.Dialer{Timeout: dialTime}
	conn, err = dialer.DialContext(ctx, "tcp", at)
	return conn, true, err
}
