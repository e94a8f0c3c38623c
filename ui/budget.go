package ui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
)

// spending is what is known of limits: ours of calls in a window, and until when
// somebody wants no more.
type spending struct {
	session.Budget
	read   time.Time // when it was counted
	whose  string    // answered 429 last
	until  time.Time // and wants no calls before; zero where nobody does
	warned bool      // it was said that the budget runs out
}

// runsOut is the share of the limit from which the budget is a warning.
const runsOut = 0.8

// used is the share of the limit that is used; 0 without a limit.
func (s *spending) used() float64 {
	if s.Limit <= 0 {
		return 0
	}
	return float64(s.Sent) / float64(s.Limit)
}

// stale is the age from which a key brings a new count: other processes send, too,
// and calls leave the window.
const stale = 5 * time.Second

// budgetRead answers readBudget.
type budgetRead struct{ budget session.Budget }

func (msg budgetRead) land(m *model) tea.Cmd { return m.spend(msg.budget) }

// readBudget counts anew what connectty sent on this machine, at most once in age.
func (m *model) readBudget(age time.Duration) tea.Cmd {
	if m.session == nil || m.now().Sub(m.spent.read) < age {
		return nil
	}
	m.spent.read = m.now()
	s := m.session
	return job.Start("budget", "", func(ctx context.Context) tea.Msg { return budgetRead{s.Budget(ctx)} })
}

// spend takes in a new count, and warns once when the limit comes near.
func (m *model) spend(b session.Budget) tea.Cmd {
	m.spent.Budget, m.spent.read = b, m.now()
	switch near := m.spent.used() >= runsOut; {
	case near && !m.spent.warned:
		m.warn(fmt.Sprintf("%d of %d calls a %s are used from here alone", b.Sent, b.Limit, window(b.Window)), "the live product shares the limit; wait, or send less")
		m.spent.warned = true
	case !near:
		m.spent.warned = false
	}
	if !m.counting() {
		return nil
	}
	return m.startClock()
}

// halted notes who answered 429, and until when.
func (m *model) halted(r session.Result) tea.Cmd {
	now := m.now()
	if refused, ok := errors.AsType[*proxy.APIError](r.Err); ok && refused.Status == http.StatusTooManyRequests {
		m.spent.whose, m.spent.until = "Connect", now.Add(refused.RetryAfter)
		return m.startClock()
	}
	if resp := r.Exchange.Response; resp != nil && resp.Status == http.StatusTooManyRequests {
		m.spent.whose, m.spent.until = visible.Line(r.Exchange.Upstream()), now
		if limit, ok := proxy.ReadRateLimit(headers(resp), now); ok {
			m.spent.until = now.Add(limit.After)
		}
		return m.startClock()
	}
	return nil
}

// headers are an answer's as package http has them.
func headers(r *history.Response) http.Header {
	out := http.Header{}
	for _, h := range r.Headers {
		out.Add(h.Name, h.Value)
	}
	return out
}

// counting reports that something counts down on the screen.
func (m *model) counting() bool {
	return m.flying() || m.now().Before(m.spent.until) || m.spent.used() >= runsOut
}

// allowance is the budget as the context line has it: first who wants no calls.
func (m *model) allowance() []string {
	var parts []string
	if left := m.spent.until.Sub(m.now()); left > 0 {
		parts = append(parts, m.th.Warn.Paint(fmt.Sprintf("429 %s: again in %.0f s", m.spent.whose, math.Ceil(left.Seconds()))))
	}
	b, ink, assumed := m.spent.Budget, m.th.Muted, ""
	if b.Assumed {
		assumed = ", assumed"
	}
	switch used := m.spent.used(); {
	case used >= 1:
		ink = m.th.Bad
	case used >= runsOut:
		ink = m.th.Warn
	}
	text := fmt.Sprintf("sent here %d · limit %d/%s%s", b.Sent, b.Limit, window(b.Window), assumed)
	if m.spent.used() >= runsOut {
		text = fmt.Sprintf("! sent here %d of %d/%s%s", b.Sent, b.Limit, window(b.Window), assumed)
	}
	return append(parts, ink.Paint(text))
}

// window prints the budget's window as the field does: 100/min.
func window(d time.Duration) string {
	switch d {
	case time.Minute:
		return "min"
	case time.Second:
		return "s"
	case time.Hour:
		return "h"
	default:
		return strings.TrimSuffix(d.String(), "0s")
	}
}
