package diagnose

import (
	"fmt"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// refusalRule judges an answer of Connect itself (connect-api.md, section 7).
type refusalRule struct {
	status   int    // 0 for any
	contains string // part of Connect's words, lower case; empty for any
	token    bool   // only for the token request
	who      Who
	code     string
	summary  string
	next     []Step
}

func (r refusalRule) holds(e *proxy.APIError) bool {
	return (r.status == 0 || r.status == e.Status) &&
		strings.Contains(strings.ToLower(e.Message+" "+e.Code), r.contains) &&
		(!r.token || e.Operation == "token")
}

var refusalRules = []refusalRule{
	{
		401, "", true, Setup, "wrong_client", "Connect does not accept the OAuth client's id and secret",
		[]Step{{Text: "check PIPEDREAM_CLIENT_ID and PIPEDREAM_CLIENT_SECRET, or the profile", Actor: You}},
	},
	{
		401, "", false, Setup, "wrong_token", "Connect does not accept the access token",
		[]Step{{Text: "check that the token is of this project and has not expired", Actor: You}},
	},
	{
		403, "", false, Setup, "scope", "the access token may not do this",
		[]Step{{Text: "give the OAuth client the scope connect:proxy", Actor: Developer}},
	},
	{
		0, "not allowed for this app", false, Request, "domain", "the URL's host is not one that Connect allows for this app",
		[]Step{{Text: "use a host of the app, or a path such as /api/…", Actor: You, Key: "u"}},
	},
	{
		0, "mismatch", false, Request, "wrong_user", "the account belongs to another external user",
		[]Step{{Text: "pick the account among this user's", Actor: You, Key: "A"}},
	},
	{
		0, "app record not found", false, Setup, "proxy_disabled", "Connect's proxy is not enabled for this app",
		[]Step{{Text: "ask Pipedream to enable the proxy for the app", Actor: Pipedream}},
	},
	{
		0, "unsupported header", false, Request, "restricted_header", "the proxy does not pass this header on",
		[]Step{{Text: "leave the header out", Actor: You}},
	},
	{
		0, "invalid url", false, Request, "invalid_url", "Connect cannot read the URL",
		[]Step{{Text: "write a whole https URL, or a path with a leading slash", Actor: You, Key: "u"}},
	},
	{
		0, "dead", false, Account, "dead", "the account is no longer active",
		[]Step{reconnect},
	},
	{
		404, "", false, Setup, "not_found", "Connect knows no such account or project in this environment",
		[]Step{{Text: "look in the other environment, and check the ids", Actor: You, Key: "E"}},
	},
	{
		429, "", false, Setup, "throttled", "the project has used up its calls; the live product shares this limit",
		[]Step{{Text: "wait, then send it again", Actor: You}},
	},
	{
		502, "", false, Upstream, "unreachable", "Connect could not reach the third party",
		[]Step{{Text: "check the host name; look at the vendor's status page", Actor: You}},
	},
	{
		504, "", false, Upstream, "too_slow", "the third party took longer than Connect waits (30 s)",
		[]Step{{Text: "ask for less at a time", Actor: You}},
	},
	{
		400, "", false, Request, "refused", "Connect refused the request",
		[]Step{{Text: "read its words, then mend the request", Actor: You}},
	},
}

func judgeRefusal(in Input, e *proxy.APIError) Finding {
	evidence := []string{fmt.Sprintf("Connect answered %d: %s", e.Status, e.Message)}
	if e.RetryAfter > 0 {
		evidence = append(evidence, "Retry-After: "+e.RetryAfter.String())
	}
	for _, rule := range refusalRules {
		if rule.holds(e) {
			f := Finding{Who: rule.who, Code: "connect_" + rule.code, Summary: rule.summary, Evidence: evidence, Next: rule.next}
			if rule.who == Account {
				f.Evidence = append(f.Evidence, accountEvidence(in.Account)...)
			}
			return f
		}
	}
	return Finding{
		Who: Connect, Code: "connect_failed", Summary: "Pipedream Connect failed by itself", Evidence: evidence,
		Next: []Step{{Text: "look at Pipedream's status page; send it again later", Actor: Pipedream}},
	}
}
