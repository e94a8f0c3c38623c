// Package sandbox is the Connect API as a small local server: wire-compatible,
// with its own users and accounts, and a proxy that really forwards with the
// account's credential inserted.
package sandbox

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/proxy"
)

// Server is one sandbox project. Its handler may be served by any http.Server.
type Server struct {
	cfg     Config
	tokens  *issuer
	limit   *limiter
	doubles *doubles
	apps    map[string]*app // by slug

	mu        sync.Mutex
	accounts  []*account // in the order they were made
	links     map[string]connectToken
	forwarded []int64 // when each call went upstream, in Unix seconds
}

// app is an App with what it takes to reach it.
type app struct {
	App

	id        string
	made      time.Time
	transport *http.Transport
}

// account is an Account with its place in time.
type account struct {
	Account

	made time.Time
}

// New checks the configuration and returns a server. It opens no port of its own.
func New(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	p := &cfg.Project
	p.ClientID = cmp.Or(p.ClientID, defaultClient)
	p.ClientSecret = cmp.Or(p.ClientSecret, rand.Text())
	p.RateWindow = cmp.Or(p.RateWindow, defaultRateWindow)
	p.Timeout = cmp.Or(p.Timeout, defaultTimeout)
	p.TokenTTL = cmp.Or(p.TokenTTL, defaultTTL)
	tokens, err := newIssuer(cfg.Now, p.TokenTTL)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s := &Server{
		cfg: cfg, tokens: tokens, doubles: &doubles{vendors: cfg.Vendors}, apps: map[string]*app{}, links: map[string]connectToken{},
		limit: &limiter{most: p.RateLimit, window: p.RateWindow, now: cfg.Now},
	}
	began := cfg.Now().Add(-90 * 24 * time.Hour).UTC().Truncate(time.Second)
	for i, a := range cfg.Apps {
		s.apps[a.Slug] = &app{
			App: a, id: fmt.Sprintf("app_%05d", i+1), made: began, transport: s.doubles.transport(a),
		}
	}
	for i, a := range cfg.Accounts {
		s.accounts = append(s.accounts, &account{Account: a, made: began.Add(time.Duration(i) * time.Hour)})
	}
	return s, nil
}

// Handler returns the Connect API.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.route) }

const (
	headerTime  = 10 * time.Second // to send a request's head
	headerBytes = 256 << 10
	farewell    = 2 * time.Second // for running calls, at the end
)

// Serve answers on a listener until the context ends, then lets running calls
// finish for a moment and returns nil.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: headerTime, MaxHeaderBytes: headerBytes}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	parting, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	err := server.Shutdown(parting)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if end := <-ended; !errors.Is(end, http.ErrServerClosed) { // that one was asked for
		err = errors.Join(err, end)
	}
	return err
}

// Close ends the demo vendors and frees what the server holds.
func (s *Server) Close() error {
	for _, a := range s.apps {
		a.transport.CloseIdleConnections()
	}
	return s.doubles.close()
}

// Credentials returns the OAuth client that the token endpoint accepts.
func (s *Server) Credentials() (clientID, clientSecret string) {
	return s.cfg.Project.ClientID, s.cfg.Project.ClientSecret
}

// ProjectID returns the one project it serves.
func (s *Server) ProjectID() string { return s.cfg.Project.ID }

// Double reports whether a vendor of ours stands behind a host name.
func (s *Server) Double(host string) bool { return s.cfg.Vendors[vendorName(host)] != nil }

// Environ returns the lines of shell that point the SDKs, and connectty, at a
// server that listens on baseURL.
func (s *Server) Environ(baseURL string) []string {
	var lines []string
	for _, v := range [][2]string{
		{"PIPEDREAM_CLIENT_ID", s.cfg.Project.ClientID},
		{"PIPEDREAM_CLIENT_SECRET", s.cfg.Project.ClientSecret},
		{"PIPEDREAM_PROJECT_ID", s.cfg.Project.ID},
		{"PIPEDREAM_PROJECT_ENVIRONMENT", string(proxy.Development)},
		{"PIPEDREAM_BASE_URL", baseURL},
	} {
		lines = append(lines, fmt.Sprintf("export %s='%s'", v[0], strings.ReplaceAll(v[1], "'", `'\''`)))
	}
	return lines
}
