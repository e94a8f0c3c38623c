// Package config reads settings and profiles: config.toml, the PIPEDREAM_*
// variables and flags, each beating the one before. It knows where secrets come
// from, and asks there only when one is needed.
package config

import (
	"errors"
	"image/color"
	"regexp"
	"strings"
	"time"

	"github.com/connectty/connectty/internal/lookup"
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

	at finder
}

// Mistake is an error at a key of the file, for what is checked elsewhere. table
// is empty for a key that stands in none.
func (s *Settings) Mistake(table, key, text string) *FileError {
	return s.at.mistake(strings.TrimPrefix(table+"."+key, "."), text)
}

// History says what is kept and how long.
type History struct {
	Retention        time.Duration // 0: for ever
	MaxSize          int64         // bytes; 0: no limit
	MaxBody          int64         // bytes of each stored body
	Bodies           string        // full, redacted or none
	ProductionBodies string
	RedactNames      []string         // whose values are secret, beside those that everybody's are
	RedactPatterns   []*regexp.Regexp // of what is secret wherever it stands
}

// What Connect's pages give as the proxy's limit (connect-api.md, section 8),
// assumed where a profile names none.
const (
	DefaultRateLimit  = 100
	DefaultRateWindow = time.Minute
	// DefaultBudgetShare is the part of the limit that a sweep may use.
	DefaultBudgetShare = 0.5
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
	CAFile       string // PEM certificates to trust beside the system's; empty for none
	ReadOnly     bool
	Sandbox      bool        // the base URL is a sandbox, whose mark is believed
	Color        color.Color // of its name on the screen; nil for none
	RateLimit    int         // requests a window
	RateWindow   time.Duration
	// RateLimitAssumed tells that the limit is [DefaultRateLimit], named by nobody.
	RateLimitAssumed bool
	BudgetShare      float64       // of the limit, for a sweep
	Lookup           lookup.Lookup // nil for none
}

// ErrNoProject tells that neither a profile nor PIPEDREAM_* variables are there.
var ErrNoProject = errors.New("no project is configured")

// MissingError tells which setting a set lacks.
type MissingError struct {
	Setting string // PIPEDREAM_CLIENT_SECRET, or client_secret of profile "acme"
}

// Error names the setting.
func (e *MissingError) Error() string { return e.Setting + " is not set" }
