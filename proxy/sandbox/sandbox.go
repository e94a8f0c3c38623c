// Package sandbox is the Connect API as a small local server: wire-compatible,
// with its own users and accounts, and a proxy that really forwards with the
// account's credential inserted.
//
// A [Server] is made of a [Config], which [ReadConfig] reads from a file and
// [Demo] brings along. Its [Server.Handler] may be served by any http.Server;
// [Server.Serve] serves it with bounds that suit a machine's own network.
package sandbox

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/connectty/connectty/proxy"
)

// Server is one sandbox project. It is safe for concurrent use.
type Server struct {
	cfg       Config
	tokens    *issuer
	limit     *limiter
	meter     meter
	journal   *journal
	doubles   *doubles
	apps      map[string]*app // by slug
	catalogue []*app          // in the file's order
	book      *book
	state     *state // nil without a state file
	buffers   sync.Pool

	connect    connectTokens
	refreshing singleflight.Group // by account id
}

// New checks the configuration, reads the state file if there is one, and
// returns a server. It opens no port of its own. The caller closes it.
func New(cfg Config) (*Server, error) {
	s, err := newServer(cfg)
	if err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	return s, nil
}

func newServer(cfg Config) (*Server, error) {
	if err := cfg.check(); err != nil {
		return nil, err
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
		return nil, err
	}
	s := &Server{
		cfg: cfg, tokens: tokens, doubles: &doubles{vendors: cfg.Vendors}, apps: map[string]*app{}, book: newBook(),
		limit: &limiter{most: p.RateLimit, window: p.RateWindow, now: cfg.Now},
	}
	s.buffers.New = func() any { b := make([]byte, copyBuffer); return &b }
	for i, a := range cfg.Apps {
		made, err := newApp(i+1, a, s.doubles.transport(a))
		if err != nil {
			return nil, err
		}
		s.apps[a.Slug] = made
		s.catalogue = append(s.catalogue, made)
	}
	s.journal = newJournal(cfg.Log)
	if err := s.fill(); err != nil {
		s.journal.close()
		return nil, err
	}
	return s, nil
}

// fill puts the accounts of the file, and what the state file knows better, into
// the book.
func (s *Server) fill() error {
	began := s.cfg.Now().Add(-90 * 24 * time.Hour).UTC().Truncate(time.Second)
	for i, a := range s.cfg.Accounts {
		at := began.Add(time.Duration(i) * time.Second)
		s.book.put(&account{Account: a, made: at, updated: at, refreshed: lastRefresh(s.apps[a.App], at)})
	}
	if s.cfg.StateFile == "" {
		return nil
	}
	state, err := openState(s.cfg.StateFile, s)
	if err != nil {
		return err
	}
	s.state = state
	s.book.changed = state.changed
	return nil
}

// lastRefresh is when an account of the file counts as refreshed; only OAuth
// accounts are.
func lastRefresh(a *app, at time.Time) time.Time {
	if a.AuthType == authOAuth {
		return at
	}
	return time.Time{}
}

// Handler returns the Connect API.
func (s *Server) Handler() http.Handler { return http.HandlerFunc(s.serve) }

// Close writes the state, ends the demo vendors and frees what the server holds.
func (s *Server) Close() error {
	var err error
	if s.state != nil {
		err = s.state.close()
	}
	for _, a := range s.catalogue {
		a.transport.CloseIdleConnections()
	}
	s.journal.close()
	return errors.Join(err, s.doubles.close())
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

// serve notes every call in the journal.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	rec := &recorder{ResponseWriter: w, server: s, began: s.cfg.Now()}
	rec.call = Call{Time: rec.began.UTC(), Method: r.Method, Path: loggable(r.URL.Path), Source: "sandbox"}
	whole := false
	defer func() { rec.done(whole) }()
	bounds := http.NewResponseController(w)
	if r.ContentLength != 0 {
		rec.body = &sentBody{ReadCloser: r.Body}
		r = r.WithContext(r.Context()) // a copy: net/http looks at its own
		r.Body = rec.body
		// An answer may come while the caller still sends: without a word from us
		// HTTP/1 would read the body first, or end it at the answer's first byte.
		_ = bounds.EnableFullDuplex() // not needed where it is not known
	}
	_ = bounds.SetWriteDeadline(time.Time{}) // that of the call before
	s.route(rec, r)
	whole = true
}
