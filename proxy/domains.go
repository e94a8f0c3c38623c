package proxy

import (
	"net"
	"net/url"
	"strings"
)

// Allows reports whether the proxy forwards to a host, which may carry a port.
// An entry of the app's allowed domains stands for itself and its subdomains;
// one with a port for that port only. Where the app lists none, the host of its
// base URL counts. An app of which nothing is known, or whose only host differs
// from account to account, allows everything: Connect judges.
func (a *App) Allows(host string) bool {
	entries := a.allowed()
	if len(entries) == 0 {
		return true
	}
	name, port := splitPort(host)
	for _, entry := range entries {
		domain, only := splitPort(entry)
		if domain != "" && (only == "" || only == port) && within(name, domain) {
			return true
		}
	}
	return false
}

// within reports whether a host is a domain or lies below it. Nothing lies below
// an address.
func within(name, domain string) bool {
	if name == domain {
		return true
	}
	return strings.HasSuffix(name, "."+domain) && net.ParseIP(name) == nil && net.ParseIP(domain) == nil
}

// allowed lists the domains, or the base URL's host where there are none. It is
// empty where neither says anything: a base with fields in its host.
func (a *App) allowed() []string {
	if a == nil || a.Connect == nil {
		return nil
	}
	if len(a.Connect.AllowedDomains) > 0 {
		return a.Connect.AllowedDomains
	}
	u, err := url.Parse(a.Connect.BaseURL)
	if err != nil || u.Host == "" {
		return nil // fields in the host make it unreadable
	}
	return []string{u.Host}
}

// Relative reports whether requests to the app are to name a path only, as its
// base URL differs from account to account.
func (a *App) Relative() bool {
	return a != nil && a.Connect != nil && strings.Contains(a.Connect.BaseURL, "{{")
}

// splitPort returns a host in lower case without trailing dot and brackets, and
// its port, if any.
func splitPort(hostport string) (host, port string) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		host, port = hostport, ""
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return strings.TrimSuffix(strings.ToLower(host), "."), port
}

// loopback reports whether a host names this machine.
func loopback(host string) bool {
	name, _ := splitPort(host)
	ip := net.ParseIP(name)
	return name == "localhost" || ip != nil && ip.IsLoopback()
}
