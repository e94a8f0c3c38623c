package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
)

// meter counts forwarded calls by second: one credit each. It forgets the oldest
// seconds beyond a day of steady work.
type meter struct {
	mu      sync.Mutex
	seconds []tally // in order of time
}

type tally struct {
	at    int64 // Unix seconds
	calls int
}

const metered = 24 * 60 * 60 // seconds that are kept

// count notes a call at a second.
func (m *meter) count(at int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := len(m.seconds)
	for i > 0 && m.seconds[i-1].at > at { // a clock that was set back
		i--
	}
	if i > 0 && m.seconds[i-1].at == at {
		m.seconds[i-1].calls++
		return
	}
	m.seconds = slices.Insert(m.seconds, i, tally{at, 1})
	if len(m.seconds) >= 2*metered {
		m.seconds = slices.Clone(m.seconds[metered:])
	}
}

// between sums the calls from start to end, both included.
func (m *meter) between(start, end int64) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, s := range m.seconds {
		if s.at >= start && s.at <= end {
			n += s.calls
		}
	}
	return n
}

type usageRecord struct {
	Credits       int   `json:"credits_used"`
	ActionCredits int   `json:"action_run_credits_used"`
	ProxyCredits  int   `json:"proxy_credits_used"`
	SourceCredits int   `json:"source_emit_credits_used"`
	Start         int64 `json:"usage_start_ts"`
	End           int64 `json:"usage_end_ts"`
}

// serveUsage answers with one record over the window that was asked for.
func (s *Server) serveUsage(w http.ResponseWriter, q url.Values) {
	start, err := strconv.ParseInt(q.Get("start_ts"), 10, 64)
	end, endErr := strconv.ParseInt(q.Get("end_ts"), 10, 64)
	if err != nil || endErr != nil || start < 0 || end < start {
		refuse(w, http.StatusBadRequest, "invalid timestamps")
		return
	}
	n := s.meter.between(start, end)
	answer(w, http.StatusOK, listOf([]usageRecord{{Credits: n, ProxyCredits: n, Start: start, End: end}}))
}
