package session

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/lookup"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/presets"
	"github.com/connectty/connectty/proxy/sandbox"
)

// Options say what a session is opened on.
type Options struct {
	Profile config.Profile
	// Embedded starts a sandbox of our own and works with that; Profile is then
	// ignored.
	Embedded bool
	// History is where the exchanges go.
	History history.Options
	// NoHistory keeps nothing on disk.
	NoHistory    bool
	WatchDir     string // where watched links are kept; empty: they end with the program
	Ticket       string // put on what is sent; may be empty
	PresetDir    string // the user's own presets; may be empty or absent
	UserAgent    string
	InsecureHTTP bool
	Now          func() time.Time // default time.Now
}

// Session is safe for concurrent use.
type Session struct {
	profile    config.Profile
	embedded   bool
	clients    map[proxy.Environment]*proxy.Client
	presets    *presets.Catalogue
	lookup     lookup.Lookup               // nil for none
	inserts    map[string][]presets.Insert // of the embedded sandbox's apps, by slug
	store      *history.Store
	paused     atomic.Bool // nothing is put into it
	historyErr error
	rules      redact.Rules
	watchDir   string
	now        func() time.Time
	closers    []func() error // last opened first closed

	mu     sync.Mutex
	ticket string      // put on what is sent; empty for none
	sent   []time.Time // own sends inside the window, for a session without history
}

// Open fetches secrets, starts the embedded sandbox where asked and opens the
// history. It sends nothing to Connect. It may wait: call it in a job.
//
// A history that cannot be opened does not keep a person from working: the
// session then runs without one, and [Session.HistoryErr] says why.
func Open(ctx context.Context, opts Options) (*Session, error) {
	s := &Session{profile: opts.Profile, embedded: opts.Embedded, now: opts.Now, ticket: opts.Ticket, watchDir: opts.WatchDir, rules: opts.History.Redact}
	if s.now == nil {
		s.now = time.Now
	}
	var err error
	if s.presets, err = presets.Open(opts.PresetDir); err != nil {
		return nil, err
	}
	if err := s.connect(ctx, opts); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if !opts.NoHistory {
		opts.History.Secrets = s.Client(proxy.Development).Secrets // one token for both environments
		s.store, s.historyErr = history.Open(ctx, opts.History)
		if s.historyErr == nil {
			s.closers = append(s.closers, s.store.Close)
		}
	}
	return s, nil
}

// connect makes the clients of both environments.
func (s *Session) connect(ctx context.Context, opts Options) error {
	options := proxy.Options{
		UserAgent: opts.UserAgent, InsecureHTTP: opts.InsecureHTTP, Now: opts.Now,
	}
	var err error
	if opts.Embedded {
		err = s.embed(ctx, &options)
	} else {
		s.lookup = s.profile.Lookup
		err = s.credentials(ctx, &options)
	}
	if err != nil {
		return err
	}
	options.BaseURL, options.ProjectID = s.profile.BaseURL, s.profile.ProjectID
	options.Environment = proxy.Development
	client, err := proxy.New(options)
	if err != nil {
		return err
	}
	s.clients = map[proxy.Environment]*proxy.Client{
		proxy.Development: client,
		proxy.Production:  client.In(proxy.Production),
	}
	return nil
}

// credentials fetches the profile's secrets from where they are kept.
func (s *Session) credentials(ctx context.Context, options *proxy.Options) error {
	var err error
	options.TrustMark = s.profile.Sandbox
	options.ClientID = s.profile.ClientID
	if options.RootCAs, err = trusted(s.profile.CAFile); err != nil {
		return err
	}
	if !s.profile.AccessToken.IsZero() {
		options.AccessToken, err = s.profile.AccessToken.Reveal(ctx)
	} else {
		options.ClientSecret, err = s.profile.ClientSecret.Reveal(ctx)
	}
	return err
}

// trusted returns the system's certificates with those of a file; nil for the
// system's alone.
func trusted(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("ca_file: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("ca_file: %s holds no certificate in PEM", path)
	}
	return pool, nil
}

// embed starts the demo sandbox on a loopback port of its own. From here on it
// is reached like the real service: by address and token.
func (s *Session) embed(ctx context.Context, options *proxy.Options) error {
	cfg, err := sandbox.Demo()
	if err != nil {
		return fmt.Errorf("embedded sandbox: %w", err)
	}
	s.inserts = inserts(cfg)
	server, err := sandbox.New(cfg)
	if err != nil {
		return fmt.Errorf("embedded sandbox: %w", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(fmt.Errorf("embedded sandbox: %w", err), server.Close())
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(serving, listener) }()
	s.closers = append(s.closers, server.Close, func() error {
		stop()
		return ignoreClosed(<-ended)
	})
	s.profile = config.Profile{
		ProjectID: server.ProjectID(), BaseURL: "http://" + listener.Addr().String(),
		Environment: proxy.Development, Sandbox: true,
		RateLimit: config.DefaultRateLimit, RateWindow: config.DefaultRateWindow, BudgetShare: config.DefaultBudgetShare,
	}
	if s.lookup, err = lookup.FromCSV(sandbox.DemoPeople()); err != nil {
		return fmt.Errorf("embedded sandbox: %w", err)
	}
	options.TrustMark = true
	options.ClientID, options.ClientSecret = server.Credentials()
	return nil
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close ends the embedded sandbox and the history.
func (s *Session) Close() error {
	var errs []error
	for _, v := range slices.Backward(s.closers) {
		errs = append(errs, v())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// Profile returns the profile in use; of the embedded sandbox, its own.
func (s *Session) Profile() config.Profile { return s.profile }

// Sandbox reports that this is not the real service: the base URL is another's.
func (s *Session) Sandbox() bool {
	return s.embedded || s.profile.Sandbox || s.profile.BaseURL != proxy.DefaultBaseURL
}

// Demo reports that small doubles on this machine answer in the place of the real
// hosts: the embedded sandbox serves nothing else.
func (s *Session) Demo() bool { return s.embedded }

// Client returns the Connect client of an environment.
func (s *Session) Client(env proxy.Environment) *proxy.Client { return s.clients[env] }

// Masker returns what masks connectty's own secrets of the moment, and what the
// person's rules name.
func (s *Session) Masker() *redact.Masker {
	return redact.New(s.Client(proxy.Development).Secrets()...).With(s.rules) // one token for both environments
}

// History returns the store; nil without one.
func (s *Session) History() *history.Store { return s.store }

// Pause keeps what is sent from now on out of the history, or not any more.
func (s *Session) Pause(on bool) { s.paused.Store(on) }

// Paused reports that what is sent is not kept.
func (s *Session) Paused() bool { return s.paused.Load() }

// HistoryErr tells why there is no history although one was asked for.
func (s *Session) HistoryErr() error { return s.historyErr }
