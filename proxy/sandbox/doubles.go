package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
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
	g := guard{private: a.AllowPrivate}
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

// guard keeps calls away from addresses that the file does not name: this
// machine and private networks are reached only on purpose. It looks at the
// address that is dialled, so no name can resolve its way around it.
type guard struct{ private []string }

func (g guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: dialTime}
	last := fmt.Errorf("%s has no address", host)
	for _, addr := range addrs {
		if !g.allows(host, addr.Unmap()) {
			last = fmt.Errorf("%s is the private address %s, which the sandbox's file does not allow (allow_private)", host, addr)
			continue
		}
		conn, err := dialer.DialContext(ctx, network, net.JoinHostPort(addr.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		last = err
	}
	return nil, last
}

func (g guard) allows(host string, addr netip.Addr) bool {
	switch {
	case addr.IsLoopback():
		return isLoopback(host) // named in the file, as the host was allowed
	case addr.IsGlobalUnicast() && !addr.IsPrivate():
		return true
	}
	for _, p := range g.private {
		if prefix, err := parsePrefix(p); err == nil && prefix.Contains(addr) {
			return true
		}
	}
	return false
}

func (g guard) dialTLS(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := g.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	secure := tls.Client(conn, &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12})
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}
