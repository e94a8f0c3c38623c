package sandbox

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter lets so many calls through in any window of time.
type limiter struct {
	most   int // 0: none at all are let through
	window time.Duration
	now    func() time.Time

	mu   sync.Mutex
	sent []time.Time // calls inside the window, oldest first
}

// take counts a call. Where it is one too many it returns when the next may come.
func (l *limiter) take() (next time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for len(l.sent) > 0 && !l.sent[0].After(now.Add(-l.window)) {
		l.sent = l.sent[1:]
	}
	if len(l.sent) < l.most {
		l.sent = append(l.sent, now)
		return time.Time{}, true
	}
	if len(l.sent) == 0 {
		return now.Add(l.window), false
	}
	return l.sent[0].Add(l.window), false
}

// throttled answers a call that is one too many (connect-api.md, section 7).
func (s *Server) throttled(w http.ResponseWriter, next time.Time) {
	wait := max(1, int64((next.Sub(s.cfg.Now())+time.Second-1)/time.Second))
	h := w.Header()
	h.Set("Retry-After", strconv.FormatInt(wait, 10))
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.limit.most))
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", strconv.FormatInt(next.Unix(), 10))
	refuse(w, http.StatusTooManyRequests, "Throttled")
}
