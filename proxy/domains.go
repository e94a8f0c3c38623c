package proxy

import (
	"net"
	"net/url"
	"strings"
)

// Allows reports whether the proxy forwards to a host, which may carry a port.
// An entry of the app's allowed domains stands for itself and its subdomains;
// one with a port for that port only. Where the app lists none, the host of its
// base URL counts. An app of which nothing is known allows everything: Connect
// judges.
func (a *App) Allows(host string) bool {
	if a == nil || a.Connect == nil {
		return true
	}
	name, port := splitPort(host)
	for _, entry := range a.allowed() {
		domain, only := splitPort(entry)
		if domain == "" || only != "" && only != port {
			continue
		}
		if name == domain || strings.HasSuffix(name, "."+domain) && net.ParseIP(name) == nil {
			return true
		}
	}
	return false
}

// allowed lists the domains, or the base URL's host where there are none. A base
// with fields in its host cannot be judged here.
func (a *App) allowed() []string {
	if len(a.Connect.AllowedDomains) > 0 {
		return a.Connect.AllowedDomains
	}
	if u, err := url.Parse(a.Connect.BaseURL); err == nil {
		return []string{u.Host}
	}
	return nil
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
