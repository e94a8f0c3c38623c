package proxy

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RateLimit is what an answer's headers say of a limit: Connect's, on an
// [*APIError], or the upstream's, on a [*Response].
type RateLimit struct {
	Limit     int           // calls a window; -1 where it was not said
	Remaining int           // calls left in it; -1 where it was not said
	Reset     time.Time     // when the window begins anew; zero where it was not said
	After     time.Duration // what Retry-After asks to wait; 0 where it was not said
}

// resets are headers that name the end of the window; limits and remains go with
// them. X-RateLimit-* is Connect's and GitHub's, RateLimit-* the IETF draft's,
// X-Rate-Limit-* Twitter's and Okta's.
var families = []string{"X-Ratelimit-", "Ratelimit-", "X-Rate-Limit-"}

// ReadRateLimit reads the headers of any known family. It reports false where
// they say nothing of a limit.
func ReadRateLimit(h http.Header, now time.Time) (RateLimit, bool) {
	r := RateLimit{Limit: -1, Remaining: -1, After: retryAfter(h, now)}
	for _, family := range families {
		if n, ok := leading(h.Get(family + "Limit")); ok {
			r.Limit = n
		}
		if n, ok := leading(h.Get(family + "Remaining")); ok {
			r.Remaining = n
		}
		if at, ok := resetAt(h.Get(family+"Reset"), now); ok {
			r.Reset = at
		}
	}
	return r, r != RateLimit{Limit: -1, Remaining: -1}
}

// leading reads the number that a value begins with: "100, 100;w=60" is 100.
func leading(value string) (int, bool) {
	digits := strings.IndexFunc(value, func(r rune) bool { return r < '0' || r > '9' })
	if digits < 0 {
		digits = len(value)
	}
	n, err := strconv.Atoi(value[:digits])
	return n, err == nil
}

const (
	// Numbers from here on are points in time, in seconds and in milliseconds;
	// smaller ones are seconds from now.
	leastUnix      = 1_000_000_000
	leastUnixMilli = 1_000_000_000_000
)

func resetAt(value string, now time.Time) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, value); err == nil {
		return at, true
	}
	seconds, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil || seconds < 0 || seconds > 1e15:
		return time.Time{}, false
	case seconds >= leastUnixMilli:
		return time.UnixMilli(int64(seconds)), true
	case seconds >= leastUnix:
		return time.Unix(int64(seconds), 0), true
	}
	return now.Add(time.Duration(seconds * float64(time.Second))), true
}
