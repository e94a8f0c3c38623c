package sandbox_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
	"github.com/connectty/connectty/proxy/sandbox/vendors"
)

// link makes a connect token and returns it with the path of its page.
func (g *rig) link(t *testing.T, user, more string) (token, page string) {
	t.Helper()
	resp, body := g.do(t, "POST", "/v1/connect/proj_a/tokens", nil, `{"external_user_id":"`+user+`"`+more+`}`)
	var made struct {
		Token string `json:"token"`
		Link  string `json:"connect_link_url"`
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || resp.StatusCode != 200 {
		t.Fatalf("got %d %s: %v", resp.StatusCode, body, err)
	}
	return made.Token, made.Link
}

// browser keeps cookies, as a person's does; it follows redirects on the sandbox
// and to the hosts that a test serves.
type browser struct {
	t      *testing.T
	client *http.Client
	page   string // the text of the last page
	at     *url.URL
	header http.Header
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, client: &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
}

func (b *browser) do(req *http.Request) int {
	b.t.Helper()
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.page, b.at, b.header = string(body), resp.Request.URL, resp.Header
	return resp.StatusCode
}

func (b *browser) open(link string) int {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, link, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return b.do(req)
}

var (
	hidden = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)
	boxes  = regexp.MustCompile(`name="scope" value="([^"]*)" checked`)
	chosen = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

// form is what the page's form would send as it stands.
func (b *browser) form() url.Values {
	out := url.Values{"act": {"connect"}}
	for _, m := range hidden.FindAllStringSubmatch(b.page, -1) {
		out.Set(m[1], html.UnescapeString(m[2]))
	}
	for _, m := range boxes.FindAllStringSubmatch(b.page, -1) {
		out.Add("scope", html.UnescapeString(m[1]))
	}
	if m := chosen.FindStringSubmatch(b.page); m != nil {
		out.Set("account_id", m[1])
	}
	return out
}

func (b *browser) submit(f url.Values, headers ...string) int {
	b.t.Helper()
	target := *b.at
	target.RawQuery = ""
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, target.String(), strings.NewReader(f.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return b.do(req)
}

func (g *rig) accountsOf(t *testing.T, user string) (out []proxy.Account) {
	t.Helper()
	_, body := g.do(t, "GET", "/v1/connect/proj_a/users/"+user+"/accounts?include_credentials=true", nil, "")
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return out
}

// Who has a link types keys in, and the account works from then on.
func TestConnectKeysByPage(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	_, page := g.link(t, "new-user", "")
	b := newBrowser(t)
	if status := b.open(page + "&app=echo"); status != 200 || !strings.Contains(b.page, "Connect echo") || !strings.Contains(b.page, "new-user") {
		t.Fatalf("got %d %s", status, b.page)
	}
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cache-Control": "no-store"} {
		if got := b.header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	f := b.form()
	if status := b.submit(f); status != 400 || !strings.Contains(b.page, "Key is missing") {
		t.Errorf("an empty field: got %d %s", status, b.page)
	}
	f.Set("field_key", "env:HOME") // letters, no place
	f.Set("name", "typed in")
	if status := b.submit(f); status != 200 || !strings.Contains(b.page, "The account is connected") {
		t.Fatalf("got %d %s", status, b.page)
	}
	accounts := g.accountsOf(t, "new-user")
	if len(accounts) != 1 || accounts[0].Name != "typed in" || !accounts[0].Healthy {
		t.Fatalf("got %+v", accounts)
	}
	g.do(t, "GET", "/v1/connect/proj_a/proxy/L3g?external_user_id=new-user&account_id="+accounts[0].ID, nil, "")
	if got := g.last(t).header.Get("Authorization"); got != "Bearer env:HOME" {
		t.Errorf("the upstream got %q", got)
	}
	if status := b.open(page + "&app=echo"); status != 404 || !strings.Contains(b.page, "no longer works") {
		t.Errorf("the link works twice: %d %s", status, b.page)
	}
}

// A form counts only in the browser, and from the page, that it was shown in.
func TestConnectFormsOfStrangers(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	_, page := g.link(t, "u9", "")
	other, _ := g.link(t, "u8", "")
	for name, c := range map[string]struct {
		change  func(url.Values)
		headers []string
		fresh   bool // another browser sends it
	}{
		"no guard":       {change: func(f url.Values) { f.Del("guard") }},
		"another guard":  {change: func(f url.Values) { f.Set("guard", strings.Repeat("0", 64)) }},
		"another link":   {change: func(f url.Values) { f.Set("token", other) }},
		"another origin": {headers: []string{"Origin", "https://evil.test"}},
		"another site":   {headers: []string{"Sec-Fetch-Site", "cross-site"}},
		"same site":      {headers: []string{"Sec-Fetch-Site", "same-site"}},
		"no cookie":      {fresh: true},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBrowser(t)
			b.open(page + "&app=echo")
			f := b.form()
			f.Set("field_key", "k")
			if c.change != nil {
				c.change(f)
			}
			if c.fresh {
				at := b.at
				b = newBrowser(t)
				b.at = at
			}
			if status := b.submit(f, c.headers...); status != 403 {
				t.Errorf("got %d %s", status, b.page)
			}
		})
	}
	if got := g.accountsOf(t, "u9"); len(got) != 0 {
		t.Errorf("a stranger's form connected %+v", got)
	}
}

func TestConnectLinkExpires(t *testing.T) {
	t.Parallel()
	var shift atomic.Int64
	g := start(t, nil, func(c *sandbox.Config) {
		c.Now = func() time.Time { return time.Now().Add(time.Duration(shift.Load())) }
	})
	token, page := g.link(t, "u1", `,"expires_in":60`)
	b := newBrowser(t)
	if status := b.open(page); status != 200 || !strings.Contains(b.page, "app=echo") {
		t.Errorf("the choice of apps: got %d %s", status, b.page)
	}
	shift.Store(int64(61 * time.Second))
	if status := b.open(page); status != 404 {
		t.Errorf("after its time: got %d", status)
	}
	if resp, _ := g.do(t, "GET", "/v1/connect/tokens/"+token+"/validate", nil, ""); resp.StatusCode != 404 {
		t.Errorf("validate after its time: got %d", resp.StatusCode)
	}
}

func TestConnectRedirects(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	for uri, want := range map[string]int{"javascript:alert(1)": 400, "/here": 400, "https://app.test/done": 200} {
		resp, body := g.do(t, "POST", "/v1/connect/proj_a/tokens", nil, `{"external_user_id":"u1","success_redirect_uri":"`+uri+`"}`)
		if resp.StatusCode != want {
			t.Errorf("%s: got %d %s, want %d", uri, resp.StatusCode, body, want)
		}
	}
	landing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "landed on "+r.URL.Path) }))
	t.Cleanup(landing.Close)
	_, page := g.link(t, "u7", `,"success_redirect_uri":"`+landing.URL+`/yes","error_redirect_uri":"`+landing.URL+`/no"`)
	b := newBrowser(t)
	b.open(page + "&app=echo")
	f := b.form()
	f.Set("act", "cancel")
	if b.submit(f); b.page != "landed on /no" {
		t.Errorf("cancel: got %s", b.page)
	}
	b.open(page + "&app=echo")
	f = b.form()
	f.Set("field_key", "k")
	if b.submit(f); b.page != "landed on /yes" {
		t.Errorf("connect: got %s", b.page)
	}
}

// The consent page of a demo app grants the scopes that are left ticked, and the
// vendor holds the account to them.
func TestConsentGrantsScopes(t *testing.T) {
	t.Parallel()
	g := start(t, nil, func(c *sandbox.Config) {
		c.Vendors = vendors.All()
		c.Apps = append(c.Apps, sandbox.App{
			Slug: "slack", Name: "Slack", AuthType: "oauth", BaseURL: "https://slack.com",
			Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{oauth_access_token}}"}},
			OAuth:  sandbox.OAuth{Scopes: []string{"chat:write", "channels:read"}},
		})
		c.Accounts = append(c.Accounts, sandbox.Account{
			ID: "apn_sl", App: "slack", ExternalUserID: "jane", Environment: proxy.Development, Unhealthy: true, Error: "token_revoked",
			AuthorizedScopes: []string{"chat:write"}, Credentials: map[string]string{"oauth_access_token": "xoxb-globex"},
		})
	})
	list := "/v1/connect/proj_a/proxy/" + proxy.EncodeURL("https://slack.com/api/conversations.list") + "?external_user_id=jane&account_id=apn_sl"
	if _, body := g.do(t, "GET", list, nil, ""); !strings.Contains(body, "missing_scope") {
		t.Fatalf("before: got %s", body)
	}
	for _, c := range []struct {
		drop string
		want string
	}{{"channels:read", "missing_scope"}, {"", `"channels":[`}} {
		_, page := g.link(t, "jane", "")
		b := newBrowser(t)
		b.open(page + "&app=slack&account_id=apn_sl")
		f := b.form()
		if f.Get("account_id") != "apn_sl" {
			t.Fatalf("the account to reconnect is not chosen: %s", b.page)
		}
		f["scope"] = nil
		for _, s := range []string{"chat:write", "channels:read", "admin"} { // admin was never offered
			if s != c.drop {
				f.Add("scope", s)
			}
		}
		if status := b.submit(f); status != 200 {
			t.Fatalf("got %d %s", status, b.page)
		}
		if _, body := g.do(t, "GET", list, nil, ""); !strings.Contains(body, c.want) {
			t.Errorf("without %q: got %s, want %s", c.drop, body, c.want)
		}
	}
	a := g.accountsOf(t, "jane")
	if len(a) != 1 || !a[0].Healthy || a[0].Error != "" || strings.Join(a[0].AuthorizedScopes, " ") != "chat:write channels:read" {
		t.Errorf("got %+v", a)
	}
}

// POST accounts takes the fields as JSON inside a string, once for a token.
func TestConnectKeysByAPI(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	token, _ := g.link(t, "u5", "")
	body := `{"app_slug":"echo","cfmap_json":"{\"key\":\"k5\"}","connect_token":"` + token + `","name":"five"}`
	resp, got := g.do(t, "POST", "/v1/connect/proj_a/accounts?external_user_id=u5", nil, body)
	if resp.StatusCode != 200 || !strings.Contains(got, `"name":"five"`) || strings.Contains(got, "k5") {
		t.Fatalf("got %d %s", resp.StatusCode, got)
	}
	if resp, got := g.do(t, "POST", "/v1/connect/proj_a/accounts", nil, body); resp.StatusCode != 400 {
		t.Errorf("a second time: got %d %s", resp.StatusCode, got)
	}
}

// authority is an OAuth server on loopback: codes, tokens, refreshes.
type authority struct {
	*httptest.Server

	refreshes atomic.Int64
	deny      atomic.Bool
	challenge atomic.Value
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		a.challenge.Store(q.Get("code_challenge"))
		to, err := url.Parse(q.Get("redirect_uri"))
		if err != nil {
			t.Error(err)
			return
		}
		to.RawQuery = url.Values{"state": {q.Get("state")}, "code": {"c0de"}}.Encode()
		http.Redirect(w, r, to.String(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, secret, _ := r.BasicAuth()
		bad := secret != "shh" || a.deny.Load()
		switch r.FormValue("grant_type") {
		case "authorization_code":
			bad = bad || r.FormValue("code") != "c0de" || r.FormValue("code_verifier") == ""
		case "refresh_token":
			a.refreshes.Add(1)
			bad = bad || r.FormValue("refresh_token") != "r1"
		}
		if bad {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":"invalid_grant","error_description":"refresh token is revoked"}`)
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"fresh","token_type":"Bearer","refresh_token":"r1","expires_in":3600,"scope":"a b"}`)
	})
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

func withAuthority(a *authority, expires string) func(*sandbox.Config) {
	return func(c *sandbox.Config) {
		c.Apps = append(c.Apps, sandbox.App{
			Slug: "oa", Name: "OA", AuthType: "oauth", BaseURL: c.Apps[0].BaseURL,
			Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{oauth_access_token}}"}},
			OAuth: sandbox.OAuth{
				AuthorizeURL: a.URL + "/authorize", TokenURL: a.URL + "/token", ClientID: "cid", ClientSecret: "shh", Scopes: []string{"a", "b", "c"},
			},
		})
		c.Accounts = append(c.Accounts, sandbox.Account{
			ID: "apn_oa", App: "oa", ExternalUserID: "u1", Environment: proxy.Development, ExpiresAt: expires,
			Credentials: map[string]string{"oauth_access_token": "stale", "oauth_refresh_token": "r1"},
		})
	}
}

const asOA = "/v1/connect/proj_a/proxy/L3g?external_user_id=u1&account_id=apn_oa"

// What has expired is renewed once, whoever calls at the same time.
func TestRefresh(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	g := start(t, nil, withAuthority(a, "2020-01-01T00:00:00.000Z"))
	done := make(chan string, 20)
	for range cap(done) {
		go func() {
			_, body := g.do(t, "GET", asOA, nil, "")
			done <- body
		}()
	}
	for range cap(done) {
		<-done
	}
	if n := a.refreshes.Load(); n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
	if got := g.last(t).header.Get("Authorization"); got != "Bearer fresh" {
		t.Errorf("the upstream got %q", got)
	}
	_, body := g.do(t, "GET", "/v1/connect/proj_a/accounts/apn_oa", nil, "")
	if !strings.Contains(body, `"healthy":true`) || strings.Contains(body, "2020-01-01") || strings.Contains(body, `"next_refresh_at":null`) {
		t.Errorf("got %s", body)
	}
}

// One that cannot be renewed says why, and goes out all the same.
func TestRefreshFails(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	a.deny.Store(true)
	g := start(t, nil, withAuthority(a, "2020-01-01T00:00:00.000Z"))
	if resp, body := g.do(t, "GET", asOA, nil, ""); resp.StatusCode != 200 || g.last(t).header.Get("Authorization") != "Bearer stale" {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	_, body := g.do(t, "GET", "/v1/connect/proj_a/accounts/apn_oa", nil, "")
	if !strings.Contains(body, `"healthy":false`) || !strings.Contains(body, "invalid_grant: refresh token is revoked") {
		t.Errorf("got %s", body)
	}
}

// The connect page runs the code flow of an app that has one.
func TestCodeFlow(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	g := start(t, nil, withAuthority(a, ""))
	_, page := g.link(t, "u6", "")
	b := newBrowser(t)
	b.open(page + "&app=oa")
	if !strings.Contains(b.page, "Continue to OA") || !strings.Contains(b.header.Get("Content-Security-Policy"), "form-action 'self' "+a.URL) {
		t.Fatalf("got %s", b.page)
	}
	if status := b.submit(b.form()); status != 200 || !strings.Contains(b.page, "The account is connected") {
		t.Fatalf("got %d %s", status, b.page)
	}
	if a.challenge.Load() == "" {
		t.Error("no PKCE challenge was sent")
	}
	accounts := g.accountsOf(t, "u6")
	if len(accounts) != 1 || strings.Join(accounts[0].AuthorizedScopes, " ") != "a b" || accounts[0].ExpiresAt == nil {
		t.Errorf("got %+v", accounts)
	}
}

// A code that another browser brings, or for a state that nobody began, is none.
func TestCallbackOfStrangers(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	g := start(t, nil, withAuthority(a, ""))
	_, page := g.link(t, "u6", "")
	victim := newBrowser(t)
	victim.open(page + "&app=oa")
	f := victim.form()
	victim.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	victim.submit(f)
	to, err := url.Parse(victim.header.Get("Location"))
	if err != nil || to.Query().Get("state") == "" {
		t.Fatalf("no way to the consent page: %v", victim.header)
	}
	for name, state := range map[string]string{"stolen": to.Query().Get("state"), "made up": "0123"} {
		if status := newBrowser(t).open(g.base + "/_static/callback?code=c0de&state=" + state); status != 404 {
			t.Errorf("%s: got %d", name, status)
		}
	}
	if got := g.accountsOf(t, "u6"); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}
