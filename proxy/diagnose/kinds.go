package diagnose

import "strings"

// kind is what a failing answer means, whoever says it in whatever words.
type kind string

const (
	scope      kind = "scope"      // the credential works, but was not granted what the call needs
	credential kind = "credential" // it is not accepted
	nothing    kind = "nothing"    // the upstream saw none
	permission kind = "permission" // the account may not do this
	billing    kind = "billing"    // unpaid, out of credit, not in the plan
	disabled   kind = "disabled"   // the API is switched off for the OAuth client's project
	rate       kind = "rate"       // too many calls
	server     kind = "server"     // it failed by itself
	region     kind = "region"     // not served where the call comes from
	request    kind = "request"    // what was sent is wrong
	missing    kind = "missing"    // there is no such thing
	conflict   kind = "conflict"   // it does not go with what is there
)

// refusedCredential is said of a credential that is not accepted, by what Connect
// knows of the account.
func refusedCredential(code, summary string, next ...Step) []verdict {
	return []verdict{
		{Account, "no_credentials", "Connect holds no credential for this account, and {host} refuses the call", []Step{reconnect}, "empty"},
		{Account, "account_dead", summary + ": Connect lists the account as dead", []Step{reconnect}, "dead"},
		{Account, "account_unhealthy", summary + ", and Connect could not refresh it", []Step{reconnect, compare}, "unhealthy"},
		{Account, "account_expired", summary + ": it expired {expired} ago", []Step{reconnect, compare}, "expired"},
		{Account, code, summary, next, ""},
	}
}

// kinds are the verdicts by what an answer means. Of each the first row whose fact
// is known holds.
var kinds = map[kind][]verdict{
	scope: {
		{
			Setup, "scope_not_asked", "the token works, but neither this account nor any other of the app was granted {needed}: the OAuth client does not ask for it",
			[]Step{{"let the OAuth client ask for {needed}", Developer, ""}, {"then reconnect the account", EndUser, "L"}},
			"no peer has",
		},
		{Account, "missing_scope", "the token works, but it was not granted {needed}", []Step{reconnect, compare}, "needed"},
		{Account, "missing_scope", "the token works, but it was not granted a scope that this call needs", []Step{reconnect, compare}, ""},
	},
	credential: refusedCredential("unauthorized", "{host} does not accept this account's credential", reconnect, compare),
	nothing:    refusedCredential("unauthorized", "{host} found no credential that it knows in the call", reconnect, compare),
	permission: refusedCredential("forbidden", "{host} does not let this account do this",
		compare, Step{"get the right to do this at {host}; where it is one of the connection's, reconnect the account", EndUser, "L"}),
	billing: {
		{Account, "payment", "{host} refuses for a reason of payment: the account's plan, credit or quota does not cover the call", []Step{{"look at plan and billing of the account at {host}", EndUser, ""}}, ""},
	},
	disabled: {
		{Setup, "api_disabled", "the token is known, but this API is not switched on in the project of the OAuth client or key", []Step{{"switch the API on in the vendor's console", Developer, ""}, {"then send it again", You, "r"}}, ""},
	},
	rate: {
		{Upstream, "rate_limited", "{host} is limiting the calls", []Step{sendLater}, ""},
	},
	server: {
		{Upstream, "server_error", "{host} failed by itself", []Step{statusPage}, ""},
	},
	region: {
		{Upstream, "region", "{host} does not serve the place from which Connect calls it", []Step{{"say from where {host} may be called", Vendor, ""}}, ""},
	},
	request: {
		{Request, "rejected", "{host} read the call, but rejects what was sent", []Step{mendIt}, ""},
	},
	missing: {
		{Request, "not_found", "{host} answered, but has nothing at this URL for this account", []Step{{"check path and ids", You, "u"}}, ""},
	},
	conflict: {
		{Request, "conflict", "{host} rejects it, as it does not go with what is already there", []Step{{"read what is there, then mend the request", You, ""}}, ""},
	},
}

// kindFinding is the finding of what a failing answer means.
func (a *answer) kindFinding(k kind, evidence []string) Finding {
	f := a.facts()
	for _, line := range a.words.said() {
		if !strings.HasSuffix(evidence[0], strings.TrimPrefix(line, "it says")) {
			evidence = append(evidence, line)
		}
	}
	switch k {
	case scope:
		evidence = append(evidence, a.scopeFacts(f)...)
		evidence = append(evidence, a.accountEvidence()...)
	case credential, nothing, permission, billing, disabled:
		evidence = append(evidence, a.accountEvidence()...)
	case rate, server:
		evidence = append(evidence, a.waitFacts(f)...)
	case region, request, missing, conflict:
	}
	v, _ := f.first(kinds[k]) // each has a row that needs nothing
	return v.finding(f, evidence)
}
