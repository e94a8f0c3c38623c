package diagnose

import (
	"fmt"
	"net/http"
)

// statusRule judges an answer by its status. The first row that holds, and in it
// the first verdict whose fact is known, wins.
type statusRule struct {
	from, to int // statuses, both included
	kind     kind
	verdicts []verdict // where there is no kind
}

var statusRules = []statusRule{
	{200, 299, "", []verdict{
		{Account, "no_credentials", "{host} answered, but Connect holds no credential for this account: the call went out without one", []Step{reconnect}, "empty"},
		{None, "accepted", "{host} accepted it; whether it was done shows later", nil, "accepted"},
		{None, "no_content", "{host} did it, and has nothing to say", nil, "no content"},
		{None, "part", "{host} answered with a part, as it was asked", nil, "part"},
		{None, "works", "{host} answered, and the answer is whole", nil, ""},
	}},
	{304, 304, "", []verdict{{None, "not_modified", "{host} says that what the caller has is still right", nil, ""}}},
	{300, 399, "", []verdict{
		{Account, "login_redirect", "{host} sends the call to a sign-in page: the credential was not taken", []Step{reconnect, {"check that the URL is of the API, not of the web site", You, "u"}}, "sign-in"},
		{None, "redirect", "{host} answered with a redirect; it is shown, not followed", []Step{{"send the request to the Location if it is meant", You, "u"}}, ""},
	}},
	{401, 401, credential, nil},
	{402, 402, "", []verdict{
		{Request, "declined", "{host} did what was asked, and the payment was declined", []Step{{"use another means of payment", You, "b"}}, "declined"},
		kinds[billing][0],
	}},
	{403, 403, "", []verdict{
		{Unknown, "forbidden_page", "a web page refuses the call: whether {host} refuses this account, or something in front of it any call, is not known", []Step{whoAmI, compare}, "page"},
	}},
	{403, 403, permission, nil},
	{404, 404, "", []verdict{
		{Unknown, "not_found_or_scope", "{host} has nothing at this URL for this account: either there is no such thing, or it takes a scope that was not granted", []Step{{"check path and ids", You, "u"}, compare}, "maybe scope"},
	}},
	{404, 404, missing, nil},
	{405, 405, "", []verdict{{Request, "method", "{host} does not take this method here", []Step{{"choose another method", You, "m"}}, ""}}},
	{406, 406, "", []verdict{{Request, "rejected", "{host} cannot answer in the form that the request asks for", []Step{{"change the Accept header", You, ""}}, ""}}},
	{407, 407, "", []verdict{{Unknown, "proxy", "something between Connect and {host} asks for a proxy's credential", []Step{readAnswer}, ""}}},
	{408, 408, "", []verdict{{Upstream, "slow", "{host} gave up waiting for the request", []Step{{"send it again", You, "r"}}, ""}}},
	{409, 409, conflict, nil},
	{410, 410, "", []verdict{{Request, "gone", "{host} says that this is gone for good", []Step{{"check path and ids, and the version of the API", You, "u"}}, ""}}},
	{413, 413, "", []verdict{{Request, "too_large", "{host} does not take a body of this size", []Step{{"send less at a time", You, "b"}}, ""}}},
	{414, 414, "", []verdict{{Request, "rejected", "{host} does not take a URL of this length", []Step{{"shorten the URL", You, "u"}}, ""}}},
	{415, 415, "", []verdict{{Request, "media_type", "{host} does not take a body of this type", []Step{{"change Content-Type or body", You, "b"}}, ""}}},
	{420, 420, rate, nil}, // Twitter's, once
	{423, 423, "", []verdict{{Unknown, "locked", "{host} says that it is locked: the thing, or the account", []Step{readAnswer}, ""}}},
	{429, 430, rate, nil},       // 430 is Shopify's
	{440, 440, credential, nil}, // IIS: the session timed out
	{451, 451, "", []verdict{{Unknown, "legal", "{host} refuses for legal reasons", []Step{readAnswer}, ""}}},
	{498, 498, credential, nil}, // Esri: invalid token
	{499, 499, "", []verdict{{Unknown, "closed", "{host} says that the caller went away before it answered", []Step{{"send it again", You, "r"}}, ""}}},
	{400, 499, request, nil},
	{503, 503, "", []verdict{{Upstream, "unavailable", "{host} says that it cannot serve now", []Step{sendLater, statusPage}, ""}}},
	{504, 504, "", []verdict{{Upstream, "slow", "a gateway of {host} waited in vain for its answer", []Step{{"ask for less at a time", You, ""}, statusPage}, ""}}},
	{500, 599, server, nil},
}

// byStatus judges by the status alone, and by what is known beside the answer.
func (a *answer) byStatus() Finding {
	k := a.facts()
	waits := a.statusFacts(k)
	for _, rule := range statusRules {
		if a.Status < rule.from || a.Status > rule.to {
			continue
		}
		if rule.kind != "" {
			return a.kindFinding(rule.kind, []string{a.statusLine()})
		}
		if v, ok := k.first(rule.verdicts); ok {
			return v.finding(k, a.statusEvidence(v, waits))
		}
	}
	return Finding{
		Who: Unknown, Code: "status", Evidence: []string{a.statusLine()}, Next: []Step{readAnswer},
		Summary: fmt.Sprintf("%s answered %d, which no rule explains", a.host(), a.Status),
	}
}

// statusFacts adds what the head of the answer says; it returns the lines that say
// when to try again.
func (a *answer) statusFacts(k facts) []string {
	for name, holds := range map[string]bool{
		"accepted": a.Status == http.StatusAccepted, "no content": a.Status == http.StatusNoContent, "part": a.Status == http.StatusPartialContent,
		"sign-in": a.signInLocation(), "declined": a.wasDeclined(), "page": a.html(), "maybe scope": a.lacksAccepted(),
	} {
		if holds {
			k[name] = "yes"
		}
	}
	return a.waitFacts(k)
}

func (a *answer) statusEvidence(v verdict, waits []string) []string {
	if v.who == None && v.code != "redirect" {
		return nil
	}
	lines := append([]string{a.statusLine()}, a.words.said()...)
	for _, name := range []string{"Location", "Allow", "Accept", "Content-Range"} {
		if value := a.Header.Get(name); value != "" {
			lines = append(lines, name+": "+quote(value))
		}
	}
	switch v.who {
	case Upstream:
		lines = append(lines, waits...)
	case Account:
		lines = append(lines, a.accountEvidence()...)
	case Unknown:
		lines = append(lines, a.scopeFacts(facts{})...)
		lines = append(lines, a.accountEvidence()...)
	case None, Request, Setup, Network, Connect:
	}
	if a.html() && v.code != "redirect" {
		lines = append(lines, a.pageEvidence()...)
	}
	return lines
}
