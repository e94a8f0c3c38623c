package session

import (
	"context"
	"time"
)

// Budget is what this machine sent in the window, against the limit. The live
// product shares the limit, unseen.
type Budget struct {
	Sent    int
	Limit   int
	Window  time.Duration
	Assumed bool // the limit is our default: the profile names none
}

// Budget counts this machine's calls in the window: all connectty processes
// with the same history, or this session alone where there is none.
func (s *Session) Budget(ctx context.Context) Budget {
	b := Budget{
		Limit: s.profile.RateLimit, Window: s.profile.RateWindow, Assumed: s.profile.RateLimitAssumed,
	}
	start := s.now().Add(-b.Window)
	if s.store != nil {
		if n, err := s.store.SentSince(ctx, s.profile.ProjectID, start); err == nil {
			b.Sent = n
			return b
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.sent) > 0 && s.sent[0].Before(start) {
		s.sent = s.sent[1:]
	}
	b.Sent = len(s.sent)
	return b
}

// spend notes a call that goes out now.
func (s *Session) spend(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, at)
}
