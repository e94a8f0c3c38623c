package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// TestRefusals has one row for each row of connect-api.md, section 7.
func TestRefusals(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	p := "/v1/connect/proj_a/"
	notProxy := g.grant(t, "connect:accounts:read")
	for name, c := range map[string]struct {
		method, path string
		header       http.Header
		body         string
		status       int
		want         string
	}{
		"domain":          {"GET", through("https://evil.test:8/x"), nil, "", 400, `{"error":"Domain evil.test is not allowed for this app"}`},
		"look-alike":      {"GET", through("https://evil127.0.0.1.test/"), nil, "", 400, `{"error":"Domain evil127.0.0.1.test is not allowed for this app"}`},
		"proxy off":       {"GET", p + "proxy/L3g?external_user_id=u1&account_id=apn_off", nil, "", 400, `{"error":"App record not found"}`},
		"mismatch":        {"GET", p + "proxy/L3g?external_user_id=u2&account_id=apn_1", nil, "", 400, `{"error":{"account":["account and user mismatch"]}}`},
		"restricted":      {"GET", through("/x"), http.Header{"X-Pd-Proxy-User-Agent": {"a"}}, "", 400, `{"error":"Unsupported header: user-agent"}`},
		"restricted sec":  {"GET", through("/x"), http.Header{"X-Pd-Proxy-Sec-A": {"a"}}, "", 400, `{"error":"Unsupported header: sec-a"}`},
		"no environment":  {"GET", p + "users", http.Header{"X-Pd-Environment": nil}, "", 400, `{"error":"x-pd-environment must be development or production"}`},
		"bad environment": {"GET", through("/x"), http.Header{"X-Pd-Environment": {"dev"}}, "", 400, `{"error":"x-pd-environment must be development or production"}`},
		"no user":         {"GET", p + "proxy/L3g?account_id=apn_1", nil, "", 400, `{"error":"external_user_id is required"}`},
		"no account":      {"GET", p + "proxy/L3g?external_user_id=u1", nil, "", 400, `{"error":"account_id is required"}`},
		"token, no user":  {"POST", p + "tokens", nil, `{}`, 400, `{"error":"external_user_id is required"}`},
		"not base64":      {"GET", p + "proxy/a!b" + as1, nil, "", 400, `{"error":"Invalid URL"}`},
		"empty url":       {"GET", p + "proxy/" + as1, nil, "", 400, `{"error":"Invalid URL"}`},
		"scheme":          {"GET", through("ftp://127.0.0.1/"), nil, "", 400, `{"error":"Invalid URL"}`},
		"userinfo":        {"GET", through("http://a@127.0.0.1/"), nil, "", 400, `{"error":"Invalid URL"}`},
		"port":            {"GET", through("http://127.0.0.1:99999/"), nil, "", 400, `{"error":"Invalid URL"}`},
		"header, no name": {"GET", through("/x"), http.Header{"X-Pd-Proxy-": {"a"}}, "", 400, `{"error":"Unsupported header: "}`},
		"no slash":        {"GET", through("x/y"), nil, "", 400, `{"error":"Invalid URL"}`},
		"plain http":      {"GET", through("http://example.com/"), nil, "", 400, `{"error":"Invalid URL"}`},
		"url then header": {"GET", through("x/y"), http.Header{"X-Pd-Proxy-Host": {"a"}}, "", 400, `{"error":"Invalid URL"}`},
		"header, domain":  {"GET", through("https://evil.test/"), http.Header{"X-Pd-Proxy-Host": {"a"}}, "", 400, `{"error":"Unsupported header: host"}`},
		"dead":            {"GET", p + "proxy/L3g?external_user_id=u1&account_id=apn_dead", nil, "", 400, `{"error":"Account is dead"}`},
		"usage":           {"GET", "/v1/connect/usage?start_ts=x&end_ts=2", nil, "", 400, `{"error":"invalid timestamps"}`},
		"no bearer":       {"GET", p + "users", http.Header{"Authorization": nil}, "", 401, `{"error":"Unauthorized"}`},
		"bad bearer":      {"GET", through("/x"), http.Header{"Authorization": {"Bearer a.b.c"}}, "", 401, `{"error":"Unauthorized"}`},
		"scope":           {"GET", through("/x"), http.Header{"Authorization": {"Bearer " + notProxy}}, "", 403, `{"error":"Forbidden"}`},
		"no such account": {"GET", p + "accounts/apn_9", nil, "", 404, `{"error":"record not found"}`},
		"no such app":     {"GET", "/v1/apps/nix", nil, "", 404, `{"error":"record not found"}`},
		"no such project": {"GET", "/v1/connect/proj_b/users", nil, "", 404, `{"error":"record not found"}`},
		"no such user":    {"DELETE", p + "users/nobody", nil, "", 404, `{"error":"record not found"}`},
		"other world":     {"GET", p + "proxy/L3g?external_user_id=u1&account_id=apn_prod", nil, "", 404, `{"error":"record not found"}`},
		"out of scope":    {"GET", p + "components", nil, "", 404, `{"error":"Not found"}`},
		"limit 0":         {"GET", p + "users?limit=0", nil, "", 400, `{"error":"limit must be a positive number"}`},
		"bad cursor":      {"GET", p + "users?after=zzz", nil, "", 400, `{"error":"invalid cursor"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, body := g.do(t, c.method, c.path, c.header, c.body)
			if resp.StatusCode != c.status || body != c.want {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, body, c.status, c.want)
			}
			if got := resp.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
				t.Errorf("content type %q", got)
			}
		})
	}
	t.Cleanup(func() {
		if n := g.count(); n != 0 {
			t.Errorf("%d refused calls reached the upstream", n)
		}
	})
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	for name, c := range map[string]struct {
		kind, body string
		status     int
	}{
		"json":         {"application/json", `{"grant_type":"client_credentials","client_id":"id","client_secret":"secret"}`, 200},
		"form":         {"application/x-www-form-urlencoded;charset=UTF-8", "grant_type=client_credentials&client_id=id&client_secret=secret", 200},
		"wrong secret": {"application/json", `{"grant_type":"client_credentials","client_id":"id","client_secret":"x"}`, 401},
		"wrong grant":  {"application/json", `{"grant_type":"password","client_id":"id","client_secret":"secret"}`, 400},
	} {
		resp, body := g.do(t, "POST", "/v1/oauth/token", http.Header{"Content-Type": {c.kind}, "Authorization": nil}, c.body)
		if resp.StatusCode != c.status {
			t.Errorf("%s: got %d %s, want %d", name, resp.StatusCode, body, c.status)
		}
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	g := start(t, nil, func(c *sandbox.Config) {
		c.Project.RateLimit = 1
		c.Now = func() time.Time { return now }
	})
	g.do(t, "GET", through("/x"), nil, "")
	resp, body := g.do(t, "GET", through("/x"), nil, "")
	if resp.StatusCode != 429 || body != `{"error":"Throttled"}` || g.count() != 1 {
		t.Errorf("got %d %s after %d calls", resp.StatusCode, body, g.count())
	}
	for name, want := range map[string]string{
		"Retry-After": "60", "X-Ratelimit-Limit": "1", "X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset": "1800000060",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	now = now.Add(time.Minute) // the window slides on
	if resp, _ := g.do(t, "GET", through("/x"), nil, ""); resp.StatusCode != 200 {
		t.Errorf("after the window: got %d", resp.StatusCode)
	}
}

func TestUpstreamFailures(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	t.Run("slow", func(t *testing.T) {
		t.Parallel()
		g := start(t, hang, func(c *sandbox.Config) { c.Project.Timeout = 50 * time.Millisecond })
		resp, body := g.do(t, "GET", through("/x"), nil, "")
		if resp.StatusCode != 504 || body != `{"error":"Gateway Timeout"}` {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
	})
	t.Run("unreachable", func(t *testing.T) {
		t.Parallel()
		g := start(t, nil, func(c *sandbox.Config) { c.Apps[0].AllowedDomains = []string{"127.0.0.1"} })
		if resp, body := g.do(t, "GET", through("http://127.0.0.1:1/x"), nil, ""); resp.StatusCode != 502 {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
	})
	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		g := start(t, nil, func(c *sandbox.Config) { c.Project.MaxRequestBody = 4 })
		if resp, body := g.do(t, "POST", through("/x"), nil, "12345"); resp.StatusCode != 413 || g.count() != 0 {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
	})
	t.Run("private address", func(t *testing.T) {
		t.Parallel()
		g := start(t, nil, func(c *sandbox.Config) { c.Apps[0].AllowedDomains = []string{"10.0.0.1", "169.254.169.254"} })
		for _, url := range []string{"https://10.0.0.1/", "https://169.254.169.254/"} {
			if resp, body := g.do(t, "GET", through(url), nil, ""); resp.StatusCode != 502 {
				t.Errorf("%s: got %d %s", url, resp.StatusCode, body)
			}
		}
	})
	t.Run("fault", func(t *testing.T) {
		t.Parallel()
		g := start(t, nil, func(c *sandbox.Config) {
			c.Accounts = append(c.Accounts, sandbox.Account{
				ID: "apn_f", App: "echo", ExternalUserID: "u1", Environment: proxy.Development,
				Fault: sandbox.Fault{Status: 503, Body: "down"},
			})
		})
		resp, body := g.do(t, "GET", "/v1/connect/proj_a/proxy/L3g?external_user_id=u1&account_id=apn_f", nil, "")
		if resp.StatusCode != 503 || body != "down" || g.count() != 0 {
			t.Errorf("got %d %q", resp.StatusCode, body)
		}
	})
}
