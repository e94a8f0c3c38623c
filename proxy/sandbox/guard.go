package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// guard keeps calls away from addresses that the file does not name: this
// machine and private networks are reached only on purpose. It looks at the
// address that is dialled, so no name can resolve its way around it.
type guard struct {
	private  []string
	loopback []string // this machine's names, as they stand in the file
}

func newGuard(a App) guard {
	g := guard{private: a.AllowPrivate}
	for _, text := range append([]string{a.BaseURL, a.OAuth.TokenURL}, append(slices.Clone(a.AllowedDomains), a.AllowPrivate...)...) {
		if !strings.Contains(text, "://") {
			text = "//" + text
		}
		u, err := url.Parse(text)
		if err == nil && isLoopback(u.Hostname()) {
			g.loopback = append(g.loopback, strings.ToLower(u.Hostname()))
		}
	}
	return g
}

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
		if slices.Contains(g.loopback, strings.ToLower(host)) {
			return true // named in the file, not by what somebody filled in
		}
	case public(addr):
		return true
	}
	for _, p := range g.private {
		if prefix, err := parsePrefix(p); err == nil && prefix.Contains(addr) {
			return true
		}
	}
	return false
}

// special are networks that are neither private by name nor anybody's to serve
// from: shared, reserved, for tests, or leading to IPv4 by another name.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("::ffff:0:0:0/96"), netip.MustParsePrefix("2001::/32"), netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's metadata
}

// public reports an address that a server of the internet may have: no private,
// link-local (with it the clouds' metadata) or special one.
func public(addr netip.Addr) bool {
	return addr.IsGlobalUnicast() && !addr.IsPrivate() && !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(addr) })
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
