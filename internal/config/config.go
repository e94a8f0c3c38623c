// Package config reads settings and profiles: config.toml, the PIPEDREAM_*
// variables and flags, each beating the one before. It knows where secrets come
// from, and asks there only when one is needed.
package config

import (
	"context"
	"errors"
	"time"

	"github.com/connectty/connectty/proxy"
)

// Settings is what config.toml says, defaults filled in.
type Settings struct {
	Path     string // the file it was read from; empty where there is none
	Theme    string // a name, or auto
	Profile  string // used when none is named
	History  History
	Keys     map[string][]string // action id → keys
	Profiles map[string]Profile
}

// History says what is kept and how long.
type History struct {
	Retention        time.Duration // 0: for ever
	MaxSize          int64         // bytes; 0: no limit
	MaxBody          int64         // bytes of each stored body
	Bodies           string        // full, redacted or none
	ProductionBodies string
}

// What Connect's pages give as the proxy's limit (connect-api.md, section 8),
// assumed where a profile names none.
const (
	DefaultRateLimit  = 100
	DefaultRateWindow = time.Minute
)

// Profile is a named project with its OAuth client.
type Profile struct {
	Name         string // empty where it came from variables or flags alone
	ProjectID    string
	Environment  proxy.Environment // development unless said otherwise
	BaseURL      string
	ClientID     string
	ClientSecret Secret
	AccessToken  Secret // in place of id and secret
	ReadOnly     bool
	Sandbox      bool // the base URL is a sandbox, whose mark is believed
	Color        string
	RateLimit    int // requests a window
	RateWindow   time.Duration
	// RateLimitAssumed tells that the limit is [DefaultRateLimit], named by nobody.
	RateLimitAssumed bool
	BudgetShare      float64 // of the limit, for a sweep
	Lookup           string
}

// Secret is a value or the place where it is kept: keyring:NAME, env:NAME or
// command:LINE. It prints as its place, never as its value.
type Secret struct{ ref string }

// IsZero reports that there is no secret.
func (s Secret) IsZero() bool { return s.ref == "" }

// Reveal fetches the value. A command gets 30 seconds.
func (s Secret) Reveal(ctx context.Context) (string, error) { panic("contract") }

// Inputs are what a command line and its surroundings say.
type Inputs struct {
	Env         func(string) string // os.Getenv
	Profile     string              // --profile
	Environment string              // --env
	BaseURL     string              // --base-url
	Home        string              // folder for the XDG defaults; empty: the user's
}

// ConfigPath is where config.toml lies: CONNECTTY_CONFIG, else the XDG config
// folder.
func (in Inputs) ConfigPath() string { panic("contract") }

// DataDir is where history.db lies: CONNECTTY_DATA_DIR, else the XDG data folder.
func (in Inputs) DataDir() string { panic("contract") }

// Load reads config.toml; a file that is not there is all defaults. A [*FileError]
// names file, line and the nearest valid name.
func Load(in Inputs) (*Settings, error) { panic("contract") }

// FileError is a mistake in config.toml.
type FileError struct {
	Path string
	Line int
	Text string // what is wrong, and the nearest valid name where one is near
}

// Error names file, line and mistake.
func (e *FileError) Error() string { panic("contract") }

// Resolve chooses the profile and lays variables and flags over it. ErrNoProject
// tells that nothing is configured at all; a [*MissingError] names what an
// incomplete set lacks.
func (s *Settings) Resolve(in Inputs) (Profile, error) { panic("contract") }

// ErrNoProject tells that neither a profile nor PIPEDREAM_* variables are there.
var ErrNoProject = errors.New("no project is configured")

// MissingError tells which setting a set lacks.
type MissingError struct {
	Setting string // PIPEDREAM_CLIENT_SECRET, or client_secret of profile "acme"
}

// Error names the setting.
func (e *MissingError) Error() string { panic("contract") }
