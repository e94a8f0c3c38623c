package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
)

func budget(sent int) session.Budget {
	return session.Budget{Sent: sent, Limit: 100, Window: time.Minute}
}

// The limit is a warning from 80 % on: said once each time it comes near, and seen
// all the while, also without colour.
func TestBudgetRunsOut(t *testing.T) {
	t.Parallel()
	e := newExplorer(t, 120, 40, Options{})
	allowance := func() string { return ansi.Strip(strings.Join(e.allowance(), " ")) }
	steps := []struct {
		sent  int
		says  string
		warns bool
	}{
		{79, "sent here 79 · limit 100/min", false},
		{80, "! sent here 80 of 100/min", true},
		{99, "! sent here 99 of 100/min", false},
		{12, "sent here 12 · limit 100/min", false},
		{100, "! sent here 100 of 100/min", true},
	}
	for _, s := range steps {
		e.notice = notice{}
		e.spend(budget(s.sent))
		if got := allowance(); got != s.says {
			t.Errorf("%d sent: it says %q, want %q", s.sent, got, s.says)
		}
		if warned := e.notice.text != ""; warned != s.warns {
			t.Errorf("%d sent: a warning %v, want %v", s.sent, warned, s.warns)
		}
	}
	e.spend(session.Budget{Sent: 4000, Window: time.Minute}) // no limit
	if e.counting() {
		t.Error("it counts without a limit")
	}
}

// A 429 counts down, says whose it was, and is gone when its time is over.
func TestAllowance(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	upstream := func(after string) session.Result {
		r := session.Result{Exchange: history.Exchange{Response: &history.Response{Status: 429, Headers: []proxy.Field{{Name: "retry-after", Value: after}}}}}
		r.Exchange.Request.URL = "https://slack.com/api/x"
		return r
	}
	tests := map[string]struct {
		result session.Result
		says   string
	}{
		"of Connect":           {session.Result{Err: &proxy.APIError{Status: 429, RetryAfter: 21 * time.Second}}, "429 Connect: again in 21 s"},
		"of an upstream":       {upstream("7"), "429 slack.com: again in 7 s"},
		"with a date":          {upstream("Wed, 25 Nov 2026 12:00:30 GMT"), "429 slack.com: again in 30 s"},
		"without a time":       {upstream("soon"), ""},
		"in the past":          {upstream("Wed, 25 Nov 2020 12:00:30 GMT"), ""},
		"another refusal":      {session.Result{Err: &proxy.APIError{Status: 503, RetryAfter: time.Second}}, ""},
		"an answer that works": {session.Result{Exchange: history.Exchange{Response: &history.Response{Status: 200}}}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newExplorer(t, 120, 40, Options{})
			at := now
			e.now = func() time.Time { return at }
			e.halted(tc.result)
			if got := ansi.Strip(e.allowance()[0]); got != tc.says && (tc.says != "" || strings.HasPrefix(got, "429")) {
				t.Errorf("it says %q, want %q", got, tc.says)
			}
			at = now.Add(time.Minute)
			if got := ansi.Strip(e.allowance()[0]); strings.HasPrefix(got, "429") || e.counting() {
				t.Errorf("a minute later it says %q", got)
			}
		})
	}
}
