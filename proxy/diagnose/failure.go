package diagnose

import (
	"net/http"
	"slices"
	"strings"
)

// admits tells with which statuses a meaning is believed; 0 stands for a failure
// inside a success. A 404 whose body speaks of a token is still a 404.
var admits = map[kind]func(status int) bool{
	scope:      in(0, 400, 401, 403),
	disabled:   in(403),
	region:     in(0, 400, 403),
	billing:    in(0, 400, 402, 403, 429),
	rate:       in(0, 400, 401, 403, 429, 503),
	nothing:    credentialStatus,
	credential: credentialStatus,
	server:     func(status int) bool { return status == 0 || status >= 500 },
	conflict:   in(0, 400, 409, 422),
	permission: in(0, 400, 401, 403, 404),
	request:    in(0, 400, 401, 403, 422, 500),
	missing:    in(0),
}

func in(statuses ...int) func(int) bool {
	return func(status int) bool { return slices.Contains(statuses, status) }
}

func credentialStatus(status int) bool {
	return in(0, 400, 401, 403, 440, 498, 499)(status) || status >= 500
}

// order is which meaning wins where an answer has several: the one that says most.
var order = []kind{scope, disabled, region, billing, rate, nothing, credential, server, conflict, permission}

// judgeFailure judges an answer whose status says failure.
func (a *answer) judgeFailure() Finding {
	a.words = a.readBody()
	if f, ok := a.gateway(); ok {
		return f
	}
	if k, ok := a.meaning(a.Status); ok {
		return a.kindFinding(k, []string{a.statusLine()})
	}
	return a.byStatus()
}

// meaning reads what an error means from its headers, names, numbers and sentences.
func (a *answer) meaning(status int) (kind, bool) {
	for _, by := range []func(int) (kind, bool){a.byChallenge, a.byAPI, a.byName, a.byHeader, a.byFault, a.byPhrase} {
		if k, ok := by(status); ok && admits[k](status) {
			return a.narrow(k, status), true
		}
	}
	return "", false
}

// narrow turns a permission that is lacking, as a name has it, into what a sentence
// or a list of scopes says more exactly.
func (a *answer) narrow(k kind, status int) kind {
	if k != permission || !admits[scope](status) {
		return k
	}
	if len(a.words.needed) > 0 {
		return scope
	}
	if said, ok := a.byPhrase(status); ok && slices.Contains([]kind{scope, disabled, rate, billing, region}, said) {
		return said
	}
	return k
}

func (a *answer) byChallenge(status int) (kind, bool) {
	switch code, _ := a.challenge(); {
	case code == "insufficient_scope":
		return scope, true
	case code == "invalid_token" && status >= 400:
		return credential, true
	}
	return "", false
}

func (a *answer) byAPI(int) (kind, bool) { return a.byNumber() }

// byName looks the names of the error up, and takes the one that says most.
func (a *answer) byName(status int) (kind, bool) {
	said := map[kind]bool{}
	for _, c := range a.words.codes {
		if k, ok := meanings()[c]; ok && admits[k](status) {
			said[k] = true
		}
	}
	i := slices.IndexFunc(order, func(k kind) bool { return said[k] })
	if i < 0 {
		return "", false
	}
	return order[i], true
}

// byHeader finds a 403 that is a rate limit, or a scope that is lacking.
func (a *answer) byHeader(status int) (kind, bool) {
	if status != http.StatusForbidden {
		return "", false
	}
	spent := func(name string) bool { return a.Header.Get(name) == "0" }
	switch {
	case a.lacksAccepted():
		return scope, true
	case a.Header.Get("Retry-After") != "", slices.ContainsFunc([]string{"X-Ratelimit-Remaining", "Ratelimit-Remaining", "X-Rate-Limit-Remaining"}, spent):
		return rate, true
	}
	return "", false
}

// lacksAccepted reports that the answer lists scopes of which one would do, and
// those that were granted, and that these have none in common.
func (a *answer) lacksAccepted() bool {
	if a.Header.Get("X-Accepted-Oauth-Scopes") == "" || len(a.Header.Values("X-Oauth-Scopes")) == 0 {
		return false
	}
	s := scopes{needed: list(a.Header.Get("X-Accepted-Oauth-Scopes")), any: true}
	return len(s.lacking(list(a.Header.Get("X-Oauth-Scopes")))) > 0
}

// byFault reads SOAP's word for whose fault it is.
func (a *answer) byFault(status int) (kind, bool) {
	if status == http.StatusInternalServerError && a.top == nil &&
		slices.ContainsFunc(a.words.codes, func(c string) bool { return c == "client" || c == "sender" }) {
		return request, true
	}
	return "", false
}

func (a *answer) byPhrase(status int) (kind, bool) {
	for _, p := range phrases {
		if !slices.Contains(p.statuses, status) {
			continue
		}
		for _, text := range a.words.texts {
			if p.text().MatchString(text) && (p.kind != permission || !ambiguous().MatchString(text)) {
				return p.kind, true
			}
		}
	}
	return "", false
}

// declined are names of a card or another means of payment that was refused: a
// 402 of what was sent, not of the account.
var declined = []string{"carderror", "carddeclined", "paymentmethoderror", "instrumentdeclined", "paymentdeclined", "insufficientfunds", "expiredcard"}

func (a *answer) wasDeclined() bool {
	return slices.ContainsFunc(a.words.codes, func(c string) bool { return slices.Contains(declined, c) })
}

// gateway finds a page of something that stands before the API, which has not
// answered itself.
func (a *answer) gateway() (Finding, bool) {
	if !a.html() {
		return Finding{}, false
	}
	page := strings.ToLower(string(a.Body))
	for _, g := range gateways {
		if (g.from == 0 || a.Status >= g.from && a.Status <= g.to) && strings.Contains(page, g.says) && strings.Contains(page, g.and) {
			f := a.facts()
			return g.verdict.finding(f, append([]string{a.statusLine()}, a.pageEvidence()...)), true
		}
	}
	return Finding{}, false
}

var blocked = verdict{
	who: Upstream, code: "blocked", summary: "something in front of {host} stopped the call: its API did not answer",
	next: []Step{{"let calls of Pipedream Connect pass its firewall", Vendor, ""}, {"send it again", You, "r"}},
}

// gateways are pages by their words, in small letters.
var gateways = []struct {
	from, to  int
	says, and string
	verdict   verdict
}{
	{500, 599, "api.pipedream.com", "", verdict{
		who: Connect, code: "connect_gateway", summary: "a gateway in front of Pipedream Connect answered, not {host}",
		next: []Step{{"look at Pipedream's status page, and send it again later", You, "r"}},
	}},
	{0, 0, "just a moment...", "challenge", blocked},
	{0, 0, "attention required!", "cloudflare", blocked},
	{403, 403, "access denied", "reference #", blocked}, // Akamai
	{403, 403, "request blocked", "cloudfront", blocked},
	{0, 0, "incapsula incident id", "", blocked},
	{0, 0, "captcha", "verify you are human", blocked},
}
