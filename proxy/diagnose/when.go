package diagnose

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// waitKeys are members of an error body that say how long to wait, in small
// letters and without separators, with their unit. Text such as "30s" says its own.
var waitKeys = map[string]time.Duration{
	"retryafter": time.Second, "retryafterms": time.Millisecond, "retrydelay": time.Second,
	"retryafterseconds": time.Second, "resetinseconds": time.Second, "retryin": time.Second, "retryinseconds": time.Second,
}

// waitHeaders are those that [proxy.ReadRateLimit] does not know: seconds, or text
// such as "6m0s".
var waitHeaders = []string{"X-Ratelimit-Reset-After", "X-Ratelimit-Reset-Requests", "X-Retry-After"}

// again finds how long to wait in a sentence: "try again in 9 minutes".
var again = pattern(`(?i)(?:try|retry|again|available|wait)(?: again)? (?:in|after|for) (?:about )?(\d{1,4}(?:\.\d+)?) ?(s|sec|second|m|min|minute|h|hour)s?\b`)

var units = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}

// longestWait is the longest that is believed.
const longestWait = 32 * 24 * time.Hour

// wait reads a length of time from a JSON value.
func wait(raw json.RawMessage, unit time.Duration) time.Duration {
	text := strings.Trim(string(raw), `"`)
	if d, err := time.ParseDuration(text); err == nil && text != "0" {
		return d
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n <= 0 || n > longestWait.Seconds()*1000 {
		return 0
	}
	return time.Duration(n * float64(unit))
}

// retryAt tells when an answer allows another try: how long from now, and the line
// that says so. after is 0 where it says nothing, or names a moment and the time
// now is not known; that moment is then at.
func (a *answer) retryAt() (after time.Duration, at time.Time) {
	now := a.Now
	if now.IsZero() { // the sender's clock will do
		now, _ = http.ParseTime(a.Header.Get("Date"))
	}
	limit, _ := proxy.ReadRateLimit(a.Header, now)
	switch {
	case limit.After > 0:
		return limit.After, time.Time{}
	case a.words.wait > 0:
		return a.words.wait, time.Time{}
	}
	for _, text := range a.words.texts {
		if m := again().FindStringSubmatch(text); m != nil {
			return wait(json.RawMessage(m[1]), units[strings.ToLower(m[2][:1])]), time.Time{}
		}
	}
	for _, name := range waitHeaders {
		if d := wait(json.RawMessage(a.Header.Get(name)), time.Second); d > 0 && d < longestWait {
			return d, time.Time{}
		}
	}
	at = limit.Reset
	if now.IsZero() || at.IsZero() {
		return 0, at
	}
	if d := at.Sub(now); d > 0 && d < longestWait {
		return d, at
	}
	return 0, time.Time{}
}

// waitFacts says in words when to try again, and by which line that is known.
func (a *answer) waitFacts(k facts) []string {
	after, at := a.retryAt()
	var lines []string
	for _, name := range []string{"Retry-After", "X-Ratelimit-Limit", "X-Ratelimit-Remaining", "Ratelimit-Remaining", "X-Rate-Limit-Remaining"} {
		if v := a.Header.Get(name); v != "" {
			lines = append(lines, name+": "+quote(v))
		}
	}
	switch {
	case after > 0 && a.Now.IsZero():
		k["when"] = "wait " + span(after)
	case after > 0:
		k["when"] = fmt.Sprintf("wait %s, until %s", span(after), a.Now.Add(after).UTC().Format("15:04:05 UTC"))
	case at.Year() > 2000:
		k["when"] = "wait until " + at.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return lines
}
