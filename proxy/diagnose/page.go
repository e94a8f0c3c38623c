package diagnose

import (
	"net/url"
	"strings"
)

// html reports a whole page: the fragment that an API makes of someone's Markdown
// is none.
func (a *answer) html() bool {
	head := strings.ToLower(string(a.Body[:min(len(a.Body), 2000)]))
	head = strings.TrimSpace(strings.TrimPrefix(head, "\ufeff"))
	if strings.HasPrefix(head, "<?xml") || strings.HasPrefix(head, "<!--") {
		_, rest, _ := strings.Cut(head, "-->")
		if _, after, ok := strings.Cut(head, "?>"); ok {
			rest = after
		}
		head = strings.TrimSpace(rest)
	}
	return strings.HasPrefix(head, "<!doctype html") || strings.HasPrefix(head, "<html") || strings.HasPrefix(head, "<head")
}

// apiSigns are parts of a path that only an API has.
var apiSigns = pattern(`^(?:api|rest|graphql|gql|v\d+(?:\.\d+)?(?:beta\d*)?|.*\.json|services|odata|jsonrpc|_apis?)$`)

// documentSigns are parts of a URL that ask for a document, whatever its type.
var documentSigns = pattern(`(?i)alt=media|html|export|download|/content\b|/contents/|/raw\b|/media\b|render|preview|/files?/|attachment|template|/pages?/|/body\b|/print|embed|widget|\$value|/web/`)

// fileSigns end the path of a file that is no page.
var fileSigns = pattern(`(?i)\.(?:csv|tsv|txt|pdf|png|jpe?g|gif|webp|svg|zip|gz|docx?|xlsx?|pptx?|mp3|mp4|wav|mov)(?:$|\?)`)

// jsonDue reports that the caller can expect JSON: by what it accepts, or by the
// URL.
func (a *answer) jsonDue() bool {
	accept := strings.ToLower(a.Accept)
	switch {
	case strings.Contains(accept, "html"), documentSigns().MatchString(a.URL):
		return false
	case strings.Contains(accept, "json"):
		return true
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	return strings.HasPrefix(host, "api.") || strings.HasPrefix(host, "api-") || strings.Contains(host, ".api.") ||
		strings.HasPrefix(host, "graph.") || strings.HasSuffix(host, ".googleapis.com") || a.segment(apiSigns().MatchString)
}

var (
	signInTitle = pattern(`(?i)<title[^>]*>[^<]*\b(?:log ?in|sign ?in|log ?on|sign ?on|anmelden|authenticat\w*|single sign-on)\b[^<]*</title>`)
	password    = pattern(`(?i)<input[^>]+type=["']?password`)
	signInForm  = pattern(`(?i)<form[^>]+action=["'][^"']*(?:login|signin|sign_in|log_in|session|saml|sso)`)
	signInURL   = pattern(`(?i)(?:^|[/.?&_-])(?:login|log-in|signin|sign_in|sign-in|sso|saml|oauth2?/authorize|auth/authorize|users/sign_in|accounts/login|servicelogin)\b`)
	title       = pattern(`(?i)<title[^>]*>\s*([^<]{1,200})`)
	maintenance = pattern(`(?i)<title[^>]*>[^<]*(?:maintenance|unavailable|be right back|down for|outage)[^<]*</title>`)
)

// signIn reports a page that asks for a password or sends to one that does.
func (a *answer) signIn() bool {
	return signInTitle().Match(a.Body) || password().Match(a.Body) || signInForm().Match(a.Body)
}

// pageEvidence names a page by its title.
func (a *answer) pageEvidence() []string {
	if m := title().FindSubmatch(a.Body); m != nil {
		return []string{"a web page, titled: " + quote(string(m[1]))}
	}
	return []string{"a web page"}
}

// pages are the verdicts on a page where JSON was due; the first whose test holds.
var pages = []struct {
	holds   func(*answer) bool
	verdict verdict
}{
	{(*answer).signIn, verdict{
		Account, "login_page", "{host} answered with a sign-in page instead of what was asked for: the credential was not taken",
		[]Step{reconnect, {"check that the URL is of the API, not of the web site", You, "u"}},
		"",
	}},
	{func(a *answer) bool { return maintenance().Match(a.Body) }, verdict{
		Upstream, "maintenance", "{host} answered with a page that says that it is down", []Step{statusPage}, "",
	}},
	{func(*answer) bool { return true }, verdict{
		Unknown, "html_page", "{host} answered with a web page where JSON was due",
		[]Step{{"check that the URL is of the API, not of the web site", You, "u"}, whoAmI},
		"",
	}},
}

// judgePage judges a success that is a page.
func (a *answer) judgePage() (Finding, bool) {
	if !a.html() {
		return Finding{}, false
	}
	if f, ok := a.gateway(); ok {
		return f, true
	}
	if !a.jsonDue() && (!fileSigns().MatchString(a.URL) || !a.signIn()) {
		return Finding{}, false
	}
	for _, p := range pages {
		if p.holds(a) {
			return p.verdict.finding(a.facts(), append([]string{a.statusLine()}, a.pageEvidence()...)), true
		}
	}
	return Finding{}, false
}

// signInLocation reports a redirect from somewhere else to a sign-in page.
func (a *answer) signInLocation() bool {
	return signInURL().MatchString(a.Header.Get("Location")) && !signInURL().MatchString(a.URL)
}
