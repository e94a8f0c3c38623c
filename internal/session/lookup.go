package session

import (
	"context"
	"errors"

	"github.com/connectty/connectty/internal/lookup"
)

// ErrNoLookup tells that the profile names no lookup.
var ErrNoLookup = errors.New("this profile has no lookup: config.toml can name one")

// CanLookUp reports that [Session.LookUp] can answer.
func (s *Session) CanLookUp() bool { return s.lookup != nil }

// LookUp finds external users by what a ticket holds: an e-mail address, a name. It
// asks the user's own records, never Connect, and fails with [ErrNoLookup] without
// any.
func (s *Session) LookUp(ctx context.Context, query string) ([]lookup.Person, error) {
	if s.lookup == nil {
		return nil, ErrNoLookup
	}
	return s.lookup.Find(ctx, query)
}
