package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/presets"
	"github.com/connectty/connectty/proxy/sandbox"
)

func TestRecords(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	p := "/v1/connect/proj_a/"
	for name, c := range map[string]struct {
		path  string
		wants []string
	}{
		"first page":     {p + "users?limit=1", []string{`"count":1`, `"total_count":2`, `"external_id":"u1"`}},
		"clamped":        {p + "users?limit=1000", []string{`"count":2`, `"end_cursor":null`}},
		"trailing slash": {p + "accounts/", []string{`"total_count":4`}},
		"two slashes":    {"/v1/connect//proj_a//accounts", []string{`"total_count":4`}},
		"by user":        {p + "accounts?external_user_id=u2", []string{`"total_count":1`, `"apn_2"`}},
		"bare array":     {p + "users/u2/accounts", []string{`[{"id":"apn_2","name":null`}},
		"bare account":   {p + "accounts/apn_1?include_credentials=true", []string{`"credentials":{"key":"k1"`, `"error":null`}},
		"nothing":        {p + "users?q=nobody", []string{`"start_cursor":null`, `"end_cursor":null`, `"data":[]`}},
		"app":            {"/v1/connect/apps/echo", []string{`{"data":{`, `"proxy_enabled":true`}},
		"app, old":       {"/v1/apps/echo", []string{`{"data":{`}},
		"categories":     {"/v1/connect/app_categories", []string{`[]`}},
		"info":           {p + "projects/info", []string{`{"apps":[{"id":"app_`}},
		"project":        {"/v1/connect/projects/proj_a", []string{`"id":"proj_a"`}},
	} {
		resp, body := g.do(t, "GET", c.path, nil, "")
		for _, want := range c.wants {
			if resp.StatusCode != 200 || !strings.Contains(body, want) {
				t.Errorf("%s: got %d %s, want %s", name, resp.StatusCode, body, want)
			}
		}
	}
	if _, body := g.do(t, "GET", p+"accounts/apn_1", nil, ""); strings.Contains(body, "k1") {
		t.Errorf("credentials that nobody asked for: %s", body)
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	var ids []string
	for after := ""; len(ids) < 10; {
		_, body := g.do(t, "GET", "/v1/connect/proj_a/accounts?limit=3&after="+after, nil, "")
		var page struct {
			Info struct {
				End string `json:"end_cursor"`
			} `json:"page_info"`
			Data []struct{ ID string }
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err)
		}
		for _, a := range page.Data {
			ids = append(ids, a.ID)
		}
		if after = page.Info.End; after == "" {
			break
		}
	}
	if got := strings.Join(ids, " "); got != "apn_1 apn_2 apn_off apn_dead" {
		t.Errorf("got %s", got)
	}
}

func TestDeletions(t *testing.T) {
	t.Parallel()
	for path, left := range map[string]string{"accounts/apn_2": "3", "apps/echo/accounts": "1", "accounts/app/echo": "1", "users/u1": "1"} {
		g := start(t, nil, nil)
		if resp, body := g.do(t, "DELETE", "/v1/connect/proj_a/"+path, nil, ""); resp.StatusCode != 204 {
			t.Errorf("%s: got %d %s", path, resp.StatusCode, body)
		}
		if _, body := g.do(t, "GET", "/v1/connect/proj_a/accounts", nil, ""); !strings.Contains(body, `"total_count":`+left) {
			t.Errorf("%s: got %s, want %s left", path, body, left)
		}
	}
}

func TestConnectTokenAndUsage(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	_, body := g.do(t, "POST", "/v1/connect/proj_a/tokens", nil, `{"external_user_id":"<b>new"}`)
	var made struct {
		Token string `json:"token"`
		Link  string `json:"connect_link_url"`
	}
	if err := json.Unmarshal([]byte(body), &made); err != nil || len(made.Token) != 37 {
		t.Fatalf("got %s: %v", body, err)
	}
	if _, got := g.do(t, "GET", "/v1/connect/tokens/"+made.Token+"/validate", nil, ""); !strings.Contains(got, `"success":true`) {
		t.Errorf("validate: got %s", got)
	}
	page := strings.TrimPrefix(made.Link, g.base)
	if _, got := g.do(t, "GET", page+"&app=%3Ci%3E", http.Header{"Authorization": nil}, ""); !strings.Contains(got, "&lt;b&gt;new") || strings.Contains(got, "<i>") {
		t.Errorf("page: got %s", got)
	}
	g.do(t, "GET", through("/x"), nil, "")
	if _, got := g.do(t, "GET", "/v1/connect/usage?start_ts=0&end_ts=99999999999", nil, ""); !strings.Contains(got, `"proxy_credits_used":1`) {
		t.Errorf("usage: got %s", got)
	}
}

func TestVendorOnlyUnderAllowedDomain(t *testing.T) {
	t.Parallel()
	vendor := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "double of "+r.Host) })
	g := start(t, nil, func(c *sandbox.Config) {
		c.Vendors = map[string]http.Handler{"api.demo.test": vendor, "other.test": vendor}
		c.Apps[0].AllowedDomains = []string{"api.demo.test"}
	})
	for url, want := range map[string]string{
		"https://api.demo.test/":      "double of api.demo.test",
		"https://api.demo.test:8443/": "double of api.demo.test:8443",
		"https://API.demo.test./":     "double of API.demo.test.",
		"https://other.test/":         `{"error":"Domain other.test is not allowed for this app"}`,
	} {
		if _, got := g.do(t, "GET", through(url), nil, ""); got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
}

func TestConfigMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[project]\nrate_limt = 1":        `f.toml:2: there is no key "project.rate_limt"`,
		"[project]\nrate_limit = \"x\"":   "f.toml:2:",
		"[project]\ntimeout = \"soon\"":   `timeout: "soon" is no time`,
		"[[app]]\nslug='a'\ninsert={a=1}": `there is no text "a"`,
	} {
		if _, err := sandbox.ParseConfig("f.toml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// An app of the catalogue needs its name alone; what stands beside it wins.
func TestBuiltinApps(t *testing.T) {
	t.Parallel()
	cfg, err := sandbox.ParseConfig("f.toml", []byte(`
[[app]]
builtin = "datadog"

[[app]]
builtin = "stripe"
slug = "billing"
name = "Ours"
auth_type = "oauth"
base_url = "http://127.0.0.1:9"
insert = { header = "Authorization", value = "Bearer {{token}}" }

[[app]]
builtin = "zendesk"

[[app]]
builtin = "slack_v2"
allowed_domains = ["slack.com", "files.slack.com"]

[[account]]
id = "apn_1"
app = "billing"
external_user_id = "u"
`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []sandbox.App{
		{Slug: "datadog", Name: "Datadog", AuthType: "keys", BaseURL: "https://api.datadoghq.com", AllowedDomains: []string{"api.datadoghq.com"}, Insert: []sandbox.Insert{
			{Header: "DD-API-KEY", Value: "{{api_key}}"}, {Header: "DD-APPLICATION-KEY", Value: "{{application_key}}"},
		}},
		{Slug: "billing", Name: "Ours", AuthType: "oauth", BaseURL: "http://127.0.0.1:9", Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{token}}"}}},
		{Slug: "zendesk", Name: "Zendesk", AuthType: "oauth", BaseURL: "https://{{custom_fields.subdomain}}.zendesk.com", Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{oauth_access_token}}"}}},
		{Slug: "slack_v2", Name: "Slack", AuthType: "oauth", BaseURL: "https://slack.com", AllowedDomains: []string{"slack.com", "files.slack.com"}, Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{oauth_access_token}}"}}},
	} {
		if got := cfg.Apps[i]; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	for text, want := range map[string]string{
		"[[app]]\nbuiltin = \"slak\"":  `app "slak": builtin: there is no app "slak" in the catalogue; did you mean "slack"?`,
		"[[app]]\nbuitlin = \"slack\"": `f.toml:2: there is no key "app.buitlin"; did you mean "builtin"?`,
		"[[app]]\nbuiltin = \"slack\"\nslug = \"a\"\n[[account]]\nid = \"apn_1\"\nexternal_user_id = \"u\"\napp = \"slack\"": `there is no app "slack"`,
	} {
		if _, err := sandbox.ParseConfig("f.toml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
}

// The demo's apps are the catalogue's: a person who moves on from the demo to
// builtin finds the same.
func TestDemoAgreesWithTheCatalogue(t *testing.T) {
	t.Parallel()
	demo, err := sandbox.Demo()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range demo.Apps {
		cfg, err := sandbox.ParseConfig("f.toml", []byte("[[app]]\nbuiltin = \""+a.Slug+"\"\n"))
		if err != nil {
			t.Errorf("%s: %v", a.Slug, err)
			continue
		}
		b := cfg.Apps[0]
		if b.Name != a.Name || b.BaseURL != a.BaseURL || b.AuthType != a.AuthType || !slices.Equal(b.Insert, a.Insert) {
			t.Errorf("%s: the demo has %+v, the catalogue %+v", a.Slug, a, b)
		}
		for _, domain := range a.AllowedDomains {
			if !slices.Contains(b.AllowedDomains, domain) {
				t.Errorf("%s: the catalogue lacks the demo's domain %s", a.Slug, domain)
			}
		}
	}
}

// What the catalogue takes for a good who-am-I answer is what the demo's doubles
// say to a good account, and to no stranger.
func TestDemoAnswersWhoAmI(t *testing.T) {
	t.Parallel()
	cfg, err := sandbox.Demo()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := presets.Open("")
	if err != nil {
		t.Fatal(err)
	}
	g := start(t, nil, func(c *sandbox.Config) {
		secret := c.Project
		*c = cfg
		c.Project.ClientID, c.Project.ClientSecret, c.Project.RateLimit = secret.ClientID, secret.ClientSecret, 0
	})
	for account, want := range map[string]struct{ user, app, who string }{
		"apn_1234567": {"abc-123", "slack", "acme-bot"},
		"apn_zdAcme1": {"abc-123", "zendesk", "agent@acme.io"},
		"apn_ghAcme1": {"abc-123", "github", "acme-bot"},
		"apn_stAcme1": {"abc-123", "stripe", ""},
		"apn_binAcme": {"abc-123", "httpbin", ""},
		"apn_ntJane1": {"jane@acme.io", "notion", "Jane's notes"},
		"apn_gm5519":  {"user-5519", "google_gemini", ""},
		"apn_dd5519":  {"user-5519", "datadog", ""},
		"apn_tg0311":  {"user-0311", "telegram_bot_api", "acme_bot"},
		"apn_tw0311":  {"user-0311", "twilio", "Acme"},
		"apn_lin0412": {"user-0412", "linear_app", "Acme"},
		"apn_oai0412": {"user-0412", "openai", ""},
		"apn_sl8841":  {"user-8841", "slack", "-"},  // revoked
		"apn_st5519":  {"user-5519", "stripe", "-"}, // a wrong key
	} {
		p, ok := catalogue.For(want.app)
		if !ok {
			t.Errorf("%s: no preset", want.app)
			continue
		}
		header := http.Header{}
		for _, h := range p.Headers {
			header.Set("X-Pd-Proxy-"+h.Name, h.Value)
		}
		if p.WhoAmI.Body != "" {
			header.Set("Content-Type", "application/json")
		}
		_, body := g.do(t, p.WhoAmI.Method, "/v1/connect/proj_sandbox/proxy/"+proxy.EncodeURL(p.WhoAmI.URL)+"?external_user_id="+url.QueryEscape(want.user)+"&account_id="+account, header, p.WhoAmI.Body)
		works, why := p.Works([]byte(body))
		if who := p.Identify([]byte(body)); works != (want.who != "-") || works && who != want.who {
			t.Errorf("%s of %s: got %v, %q, %q, want %q: %s", account, want.app, works, why, who, want.who, body)
		}
	}
}

func TestDemoAnswers(t *testing.T) {
	t.Parallel()
	cfg, err := sandbox.Demo()
	if err != nil {
		t.Fatal(err)
	}
	g := start(t, nil, func(c *sandbox.Config) {
		secret := c.Project
		*c = cfg
		c.Project.ClientID, c.Project.ClientSecret = secret.ClientID, secret.ClientSecret
	})
	resp, body := g.do(t, "GET", "/v1/connect/proj_sandbox/proxy/"+proxy.EncodeURL("https://slack.com/api/auth.test")+"?external_user_id=abc-123&account_id=apn_1234567", nil, "")
	if resp.StatusCode != 200 || !strings.Contains(body, `"ok":true`) {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestTLSMaterialIsReused(t *testing.T) {
	t.Parallel()
	dir, hosts := t.TempDir(), []string{"localhost", "127.0.0.1"}
	first, err := sandbox.TLSMaterial(dir, hosts)
	if err != nil {
		t.Fatal(err)
	}
	again, err := sandbox.TLSMaterial(dir, hosts)
	if err != nil || string(first.Certificate[0]) != string(again.Certificate[0]) {
		t.Errorf("a second start made another certificate: %v", err)
	}
}
