package history

import (
	"context"
	"time"

	"github.com/connectty/connectty/proxy"
)

// Options configure a [Store].
type Options struct {
	// Path of the SQLite file; its folder is made 0700, the file 0600.
	Path string
	// MaxBody cuts stored bodies; default 4 MB.
	MaxBody int64
	// Bodies and ProductionBodies say what is kept of bodies: "full",
	// "redacted" or "none". Defaults: full, redacted.
	Bodies, ProductionBodies string
	// Secrets are values that must never reach the disk wherever they stand:
	// our own client secret and access tokens. Called at each save.
	Secrets func() []string
}

// Store is the history on disk. It is safe for concurrent use, and several
// processes may share one file.
type Store struct{}

// Open opens or makes the file and brings its schema forward.
func Open(ctx context.Context, opts Options) (*Store, error) { panic("contract") }

// Close releases the file.
func (s *Store) Close() error { panic("contract") }

// NewID returns a fresh id that sorts after those made before it.
func NewID(now time.Time) string { panic("contract") }

// Begin writes an exchange as it is sent, so that a crash leaves a trace. It
// returns the exchange as stored, redacted.
func (s *Store) Begin(ctx context.Context, x Exchange) error { panic("contract") }

// Complete writes how the exchange ended.
func (s *Store) Complete(ctx context.Context, x Exchange) error { panic("contract") }

// Delete removes an exchange; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, id string) error { panic("contract") }

// MaxBody returns how many bytes of each body are kept.
func (s *Store) MaxBody() int64 { panic("contract") }

// Load returns one exchange with its bodies. The id may be shortened to a prefix
// that only one exchange has. [ErrNotFound] and [ErrAmbiguous] tell otherwise.
func (s *Store) Load(ctx context.Context, id string) (Exchange, error) { panic("contract") }

// Query narrows a list. Empty fields do not narrow.
type Query struct {
	ProjectID      string
	Environment    proxy.Environment
	ExternalUserID string
	AccountID      string
	App            string
	Text           string // words found in URL, user, account, app, method or status; all must be
	Before         string // id: only older ones, for paging
	Limit          int    // default 100
}

// List returns exchanges newest first, without bodies and headers.
func (s *Store) List(ctx context.Context, q Query) ([]Exchange, error) { panic("contract") }

// Count returns how many exchanges match.
func (s *Store) Count(ctx context.Context, q Query) (int, error) { panic("contract") }

// SentSince counts the exchanges of a project that were sent at or after t, by
// all connectty processes that share the file.
func (s *Store) SentSince(ctx context.Context, projectID string, t time.Time) (int, error) {
	panic("contract")
}
