package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// refusalRule judges an answer of Connect itself (connect-api.md, section 7). The
// first row that holds, and in it the first verdict whose fact is known, wins.
type refusalRule struct {
	status    int      // 0 for any
	contains  string   // part of Connect's words, lower case; empty for any
	operation []string // the operations it is for; a trailing space stands for any ending; nil for any
	verdicts  []verdict
}

func (r refusalRule) holds(e *proxy.APIError) bool {
	return (r.status == 0 || r.status == e.Status) &&
		strings.Contains(strings.ToLower(e.Message+" "+e.Code), r.contains) &&
		(r.operation == nil || slices.ContainsFunc(r.operation, func(o string) bool {
			return e.Operation == o || strings.HasSuffix(o, " ") && strings.HasPrefix(e.Operation, o)
		}))
}

var (
	checkClient = Step{"check PIPEDREAM_CLIENT_ID and PIPEDREAM_CLIENT_SECRET, or the profile", You, ""}
	mendURL     = Step{"use a host of the app, or a path such as /api/…", You, "u"}
)

var refusalRules = []refusalRule{
	{401, "", []string{"token"}, []verdict{
		{Setup, "wrong_client", "Connect does not accept the OAuth client's id and secret", []Step{checkClient}, ""},
	}},
	{400, "", []string{"token"}, []verdict{
		{Setup, "token_refused", "Connect gives no access token to the OAuth client", []Step{checkClient}, ""},
	}},
	{401, "", nil, []verdict{
		{Setup, "wrong_token", "Connect does not accept the access token", []Step{{"check that the token is of this project and has not expired", You, ""}}, ""},
	}},
	{403, "", nil, []verdict{
		{Setup, "scope", "the access token may not do this", []Step{{"give the OAuth client the scope connect:proxy", Developer, ""}}, ""},
	}},
	{0, "not allowed for this app", nil, []verdict{
		{Request, "domain", "the URL's host is not one that Connect allows for this app; allowed: {domains}", []Step{mendURL}, "domains"},
		{Request, "domain", "the URL's host is not one that Connect allows for this app: its base is {base}", []Step{{"write a path such as /api/…: Connect adds the account's host", You, "u"}}, "base"},
		{Request, "domain", "the URL's host is not one that Connect allows for this app", []Step{mendURL}, ""},
	}},
	{0, "mismatch", nil, []verdict{
		{Request, "wrong_user", "the account belongs to another external user: Connect lists it under {owner}", []Step{{"pick the user whose account it is", You, "U"}, {"or pick the account among this user's", You, "A"}}, "owner"},
		{Request, "wrong_user", "the account belongs to another external user", []Step{{"pick the account among this user's", You, "A"}}, ""},
	}},
	{0, "app record not found", nil, []verdict{
		{Setup, "proxy_disabled", "Connect's proxy is not enabled for this app", []Step{{"ask Pipedream to enable the proxy for the app", Pipedream, ""}}, ""},
	}},
	{0, "unsupported header", nil, []verdict{
		{Request, "restricted_header", "the proxy does not pass this header on", []Step{{"leave the header out", You, ""}}, ""},
	}},
	{0, "invalid url", nil, []verdict{
		{Request, "invalid_url", "Connect cannot read the URL", []Step{{"write a whole https URL, or a path with a leading slash", You, "u"}}, ""},
	}},
	{0, "account is dead", nil, []verdict{
		{Account, "dead", "the account is no longer active", []Step{reconnect}, ""},
	}},
	{400, "x-pd-environment", nil, []verdict{
		{Setup, "environment", "Connect does not know the environment that the call names", []Step{{"choose development or production", You, "E"}}, ""},
	}},
	{400, "external_user_id is required", nil, []verdict{
		{Request, "no_user", "the call names no external user", []Step{{"pick the user", You, "U"}}, ""},
	}},
	{400, "account_id is required", nil, []verdict{
		{Request, "no_account", "the call names no account", []Step{{"pick the account", You, "A"}}, ""},
	}},
	{404, "", []string{"list users", "list accounts", "read project "}, []verdict{
		{Setup, "no_project", "Connect knows no such project, or the OAuth client is of another one", []Step{{"check the project's id, and whose the OAuth client is", You, ""}}, ""},
	}},
	{404, "", []string{"read app "}, []verdict{
		{Request, "no_app", "Connect knows no such app; {near} is close to it", []Step{{"use {near}", You, ""}}, "near"},
		{Request, "no_app", "Connect knows no such app", []Step{{"check the app's slug", You, ""}}, ""},
	}},
	{404, "", nil, notHere},
	{413, "", nil, []verdict{
		{Request, "too_large", "Connect does not take a body of this size", []Step{{"send less at a time", You, "b"}}, ""},
	}},
	{429, "", nil, []verdict{
		{Setup, "throttled", "the project has used up its calls; the live product shares this limit", []Step{sendLater}, ""},
	}},
	{502, "", nil, []verdict{
		{Upstream, "unreachable", "Connect could not reach {host}", []Step{{"check the host name", You, "u"}, statusPage}, ""},
	}},
	{504, "", nil, []verdict{
		{Unknown, "gave_up", "Connect gave up after {elapsed}, well before its 30 s: whose fault it was is not known", []Step{{"send it again", You, "r"}}, "early"},
		{Upstream, "too_slow", "{host} took longer than Connect waits (30 s); whether it acted is not known", []Step{{"ask for less at a time, or for a smaller page", You, "u"}}, ""},
	}},
	{400, "", nil, []verdict{
		{Request, "refused", "Connect refused the request", []Step{{"read its words, then mend the request", You, ""}}, ""},
	}},
	{422, "", nil, []verdict{
		{Request, "refused", "Connect refused the request", []Step{{"read its words, then mend the request", You, ""}}, ""},
	}},
	{405, "", nil, []verdict{
		{Request, "refused", "Connect does not take this call", []Step{{"read its words, then mend the request", You, ""}}, ""},
	}},
}

// notHere are the verdicts on an id that Connect does not know here.
var notHere = []verdict{
	{Setup, "wrong_environment", "the account is in {elsewhere}, not in this environment", []Step{{"change to {elsewhere}", You, "E"}}, "elsewhere"},
	{Setup, "near_id", "Connect knows no such id here; {near} differs from it only in a letter, in case or in spaces", []Step{{"use {near}", You, "A"}}, "near"},
	{Setup, "not_found", "Connect knows no such account or project in this environment", []Step{{"look in the other environment, and check the ids", You, "E"}}, ""},
}

// connectFailed is said of any other answer of Connect's.
var connectFailed = verdict{
	who: Connect, code: "failed", summary: "Pipedream Connect failed by itself",
	next: []Step{{"look at Pipedream's status page, and send it again later", You, "r"}, {"mend the fault; give them the request id", Pipedream, ""}},
}

// connectOdd is said of an answer with a status that no rule expects of Connect.
var connectOdd = verdict{
	who: Unknown, code: "odd", summary: "Connect answered in a way that no rule explains", next: []Step{readAnswer},
}

func judgeRefusal(in Input, e *proxy.APIError) Finding {
	evidence := []string{fmt.Sprintf("Connect answered %d: %s", e.Status, quote(e.Message))}
	k := in.facts()
	if e.RetryAfter > 0 {
		evidence = append(evidence, "Retry-After: "+e.RetryAfter.String())
	}
	head := &answer{Input: Input{Header: e.Header, Now: in.Now}, words: words{wait: e.RetryAfter}}
	head.waitFacts(k)
	if in.Elapsed > 0 && in.Elapsed < nearlyTimeout && !marked(in, e) {
		k["early"] = "yes"
	}
	v := connectFailed
	if e.Status < 500 {
		v = connectOdd
	}
	for _, rule := range refusalRules {
		if !rule.holds(e) {
			continue
		}
		if found, ok := k.first(rule.verdicts); ok {
			v = found
			break
		}
	}
	if v.who == Account {
		evidence = append(evidence, in.accountEvidence()...)
	}
	if e.Status >= 500 && in.Elapsed > 0 {
		evidence = append(evidence, "after "+span(in.Elapsed))
	}
	if e.RequestID != "" {
		evidence = append(evidence, "request id: "+quote(e.RequestID))
	}
	if how := firstText(e.Evidence, in.Evidence); how != "" && e.Operation == "proxy" {
		evidence = append(evidence, "who answered: "+how)
	}
	f := v.finding(k, evidence)
	f.Code = "connect_" + v.code
	return f
}

// nearlyTimeout is the least time after which Connect's 504 can be that of its
// 30 s for an upstream (connect-api.md, "Limits").
const nearlyTimeout = 27 * time.Second

// marked reports that a sandbox says that the answer is its own: its time limit
// may be any.
func marked(in Input, e *proxy.APIError) bool {
	return strings.Contains(firstText(e.Evidence, in.Evidence), "sandbox marks")
}

func firstText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
