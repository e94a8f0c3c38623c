package sandbox

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limiter lets so many calls through in any window of time. A call costs the
// same whatever the limit, and memory follows the calls inside the window.
type limiter struct {
	most   int // 0 for no limit
	window time.Duration
	now    func() time.Time

	mu   sync.Mutex
	ring []int64 // when calls came, in Unix nanoseconds; its length is a power of two
	head int     // of the oldest
	held int
}

// take counts a call. Where it is one too many it returns when the next may come.
func (l *limiter) take() (next time.Time, ok bool) {
	if l.most <= 0 {
		return time.Time{}, true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	start := now.Add(-l.window).UnixNano()
	for range 2 { // more leave than come, so the rest can wait
		if l.held > 0 && l.ring[l.head] <= start {
			l.head = (l.head + 1) & (len(l.ring) - 1)
			l.held--
		}
	}
	if l.held >= l.most {
		return time.Unix(0, l.ring[l.head]).Add(l.window), false
	}
	if l.held == len(l.ring) {
		l.grow()
	}
	l.ring[(l.head+l.held)&(len(l.ring)-1)] = now.UnixNano()
	l.held++
	return time.Time{}, true
}

func (l *limiter) grow() {
	const least = 64
	ring := make([]int64, max(least, 2*len(l.ring)))
	n := copy(ring, l.ring[l.head:])
	copy(ring[n:], l.ring[:l.head])
	l.ring, l.head = ring, 0
}

// throttled answers a call that is one too many (connect-api.md, section 7).
func (s *Server) throttled(w http.ResponseWriter, next time.Time) {
	wait := max(1, int64((next.Sub(s.cfg.Now())+time.Second-1)/time.Second))
	h := w.Header()
	h.Set("Retry-After", strconv.FormatInt(wait, 10))
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.limit.most))
	h.Set("X-RateLimit-Remaining", "0")
	h.Set("X-RateLimit-Reset", strconv.FormatInt((next.UnixNano()+int64(time.Second)-1)/int64(time.Second), 10))
	refuse(w, http.StatusTooManyRequests, "Throttled")
}
