package diagnose

import (
	"fmt"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// statusRule judges an upstream answer by its status alone. The first rule that
// holds wins.
type statusRule struct {
	from, to int // statuses, both included
	who      Who
	code     string
	summary  string // %s is the host
	next     []Step
}

func (r statusRule) holds(status int) bool { return status >= r.from && status <= r.to }

func (r statusRule) finding(in Input) Finding {
	f := Finding{Who: r.who, Code: r.code, Summary: r.summary, Next: r.next}
	if strings.Contains(r.summary, "%s") {
		f.Summary = fmt.Sprintf(r.summary, in.host())
	}
	if r.who == None {
		return f
	}
	f.Evidence = []string{in.statusLine()}
	if after := in.Header.Get("Retry-After"); after != "" && in.Status == 429 {
		f.Evidence = append(f.Evidence, "Retry-After: "+after)
	}
	if r.who == Account {
		f.Evidence = append(f.Evidence, accountEvidence(in.Account)...)
	}
	return f
}

// accountEvidence lists what Connect itself says against an account.
func accountEvidence(a proxy.Account) []string {
	var out []string
	switch {
	case a.ID == "":
		return nil
	case a.Dead:
		out = append(out, "Connect says: dead, no longer active")
	case !a.Healthy:
		out = append(out, "Connect says: unhealthy, its last refresh failed")
	}
	if a.Error != "" {
		out = append(out, "Connect's error: "+a.Error)
	}
	return out
}

var reconnect = Step{Text: "reconnect the account", Actor: EndUser, Key: "L"}

var statusRules = []statusRule{
	{100, 299, None, "works", "%s answered, and the answer is whole", nil},
	{300, 399, None, "redirect", "%s answered with a redirect; it is shown, not followed", []Step{{Text: "send the request to the Location if it is meant", Actor: You}}},
	{401, 401, Account, "unauthorized", "%s does not accept this account's credential", []Step{reconnect}},
	{403, 403, Account, "forbidden", "%s knows the account but does not let it do this", []Step{{Text: "compare what the call needs with what the account was granted", Actor: You}, reconnect}},
	{404, 404, Request, "not_found", "%s answered, but has nothing at this URL for this account", []Step{{Text: "check path and ids", Actor: You}}},
	{405, 405, Request, "method", "%s does not take this method here", []Step{{Text: "choose another method", Actor: You, Key: "m"}}},
	{408, 408, Upstream, "slow", "%s gave up waiting for the request", []Step{{Text: "send it again", Actor: You}}},
	{400, 428, Request, "rejected", "%s understood the call but rejects what was sent", []Step{{Text: "read its answer, then mend the request", Actor: You}}},
	{429, 429, Upstream, "rate_limited", "%s is limiting this account's calls", []Step{{Text: "wait, then send it again", Actor: You}}},
	{430, 499, Request, "rejected", "%s understood the call but rejects what was sent", []Step{{Text: "read its answer, then mend the request", Actor: You}}},
	{500, 599, Upstream, "server_error", "%s failed by itself", []Step{{Text: "look at its status page; send it again later", Actor: Vendor}}},
}
