package sandbox_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// upstream is a vendor that writes its answer as it likes: it gets each
// connection after one request was read.
func upstream(t *testing.T, reply func(net.Conn)) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				if _, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					reply(c)
				}
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

// A status that is none is no answer, and does not end the handler in a panic.
func TestStatusThatIsNone(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"000", "099"} {
		up := upstream(t, func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 "+status+" X\r\nContent-Length: 2\r\n\r\nok") })
		g := start(t, nil, func(c *sandbox.Config) { c.Apps[0].BaseURL = up })
		res, body := g.do(t, http.MethodGet, through("/x"), nil, "")
		if res.StatusCode != http.StatusBadGateway || !strings.Contains(body, "could not reach 127.0.0.1") {
			t.Errorf("status %s is answered with %d %s", status, res.StatusCode, body)
		}
	}
}

// trickle sends a body that never ends, and returns the whole answer.
func trickle(t *testing.T, g *rig, path string) string {
	t.Helper()
	r, w := io.Pipe()
	defer func() { _ = w.Close() }()
	go func() { _, _ = w.Write([]byte("hello")) }()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.base+path, r)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("X-PD-Environment", "development")
	res, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return fmt.Sprint(res.StatusCode, " ", string(body))
}

// Whoever still sends gets a refusal, and an early answer of the upstream, whole
// and at once.
func TestAnswerBeforeTheBodyEnds(t *testing.T) {
	t.Parallel()
	hold := make(chan struct{})
	t.Cleanup(func() { close(hold) })
	up := upstream(t, func(c net.Conn) {
		_, _ = io.WriteString(c, "HTTP/1.1 413 X\r\nContent-Length: 4\r\n\r\ndone")
		<-hold
	})
	g := start(t, nil, func(c *sandbox.Config) {
		c.Apps[0].BaseURL = up
		c.Accounts[1].Fault = sandbox.Fault{Status: http.StatusServiceUnavailable, Body: "{}"}
	})
	for path, want := range map[string]string{
		through("/x"): "413 done",
		"/v1/connect/proj_a/proxy/L3g?external_user_id=u1&account_id=apn_zzz": `404 {"error":"record not found"}`,
		"/v1/connect/proj_a/proxy/L3g?external_user_id=u2&account_id=apn_2":   "503 {}",
		"/v1/connect/proj_a/nothing":                                          `404 {"error":"Not found"}`,
	} {
		if got := trickle(t, g, path); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
}

// A body that breaks off is its sender's fault, not the upstream's.
func TestBodyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	c, err := net.Dial("tcp", strings.TrimPrefix(g.base, "http://")) //nolint:noctx // bounded by the deadline
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nX-Pd-Environment: development\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", through("/x"), g.token)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusBadRequest {
		t.Errorf("a chunk that is none is answered with %d, want 400", res.StatusCode)
	}
}

// Neither the journal nor the log tells a link, a query, or a credential that the
// base URL takes up.
func TestJournalKeepsSecrets(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	g := start(t, nil, func(c *sandbox.Config) {
		c.Log = &log
		c.Apps = append(c.Apps, sandbox.App{Slug: "hook", BaseURL: c.Apps[0].BaseURL + "/bot{{token}}"})
		c.Accounts = append(c.Accounts, sandbox.Account{
			ID: "apn_h", App: "hook", ExternalUserID: "u1", Environment: proxy.Development, Credentials: map[string]string{"token": "S3CRETTOKEN"},
		})
	})
	token, _ := g.link(t, "u1", "")
	refused := proxy.EncodeURL("https://evil.test/?api_key=QUERYSECRET")
	g.do(t, http.MethodGet, "/v1/connect/tokens/"+token+"/validate", nil, "")
	g.do(t, http.MethodGet, "/v1/connect/proj_a/proxy/"+refused+as1, nil, "")
	g.do(t, http.MethodGet, "/v1/connect/proj_a/proxy/"+refused+"?external_user_id=u1&account_id=apn_zzz", nil, "")
	g.do(t, http.MethodGet, "/v1/connect/proj_a/proxy/"+proxy.EncodeURL("/getMe")+"?external_user_id=u1&account_id=apn_h", nil, "")
	_, calls := g.do(t, http.MethodGet, "/_sandbox/calls", nil, "")
	_ = g.server.Close() // writes the log to its end
	for _, secret := range []string{token, refused, "S3CRETTOKEN"} {
		if strings.Contains(calls, secret) || strings.Contains(log.String(), secret) {
			t.Errorf("%q is told:\n%s\n%s", secret, calls, log.String())
		}
	}
	if !strings.Contains(calls, "/bot{{token}}/getMe") {
		t.Errorf("the call through the template is not in the journal as it was written:\n%s", calls)
	}
}

// What strangers send does not stay in memory.
func TestJournalIsSmall(t *testing.T) {
	g := start(t, nil, nil)
	handler := g.server.Handler()
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc) //nolint:gosec // far from the end
	}
	before := heap()
	for i := range 200 {
		line := "GET /" + strings.Repeat("a", 240_000+i)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, line[4:], http.NoBody)
		req.Method = line[:3] // as net/http cuts it out of the request line
		handler.ServeHTTP(httptest.NewRecorder(), req)
	}
	if grown := heap() - before; grown > 8<<20 {
		t.Errorf("200 calls with long paths keep %d MB", grown>>20)
	}
}

// What a person fills in never leads to a service of this machine.
func TestFilledInLoopback(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	victim := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		hits.Add(1)
		_, _ = io.WriteString(w, "internal")
	})
	g := start(t, nil, func(c *sandbox.Config) {
		c.Apps = []sandbox.App{{Slug: "whole", BaseURL: "{{instance_url}}"}, {Slug: "host", BaseURL: "https://{{instance_url}}"}}
		c.Accounts = nil
	})
	for _, app := range []string{"whole", "host"} {
		token, _ := g.link(t, "eve", "")
		_, made := g.do(t, http.MethodPost, "/v1/connect/proj_a/accounts", nil,
			fmt.Sprintf(`{"app_slug":%q,"connect_token":%q,"cfmap_json":"{\"instance_url\":\"%s\"}"}`, app, token, victim))
		var a struct{ ID string }
		if err := json.Unmarshal([]byte(made), &a); err != nil || a.ID == "" {
			t.Fatalf("no account: %s", made)
		}
		for _, target := range []string{"/secret", victim + "/secret"} {
			res, body := g.do(t, http.MethodGet, "/v1/connect/proj_a/proxy/"+proxy.EncodeURL(target)+"?external_user_id=eve&account_id="+a.ID, nil, "")
			if res.StatusCode < 400 {
				t.Errorf("%s, %s: answered with %d %s", app, target, res.StatusCode, body)
			}
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the service was reached %d times", n)
	}
}

// A state file may know an account otherwise than the sandbox's file: it is read
// all the same, and the account stands in one place only.
func TestStateOfAnotherFile(t *testing.T) {
	t.Parallel()
	vendor := serve(t, func(http.ResponseWriter, *http.Request) {})
	for name, c := range map[string]struct{ env, user, app string }{
		"another user":        {"development", "other", "echo"},
		"another environment": {"production", "u1", "echo"},
		"another app":         {"development", "u1", "two"},
		"no environment":      {"staging", "u1", "echo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state.json")
			state := fmt.Sprintf(`{"version":1,"project":"proj_a","accounts":[{"id":"apn_1","app":%q,"external_user_id":%q,"environment":%q}]}`, c.app, c.user, c.env)
			if err := os.WriteFile(path, []byte(state), 0o600); err != nil {
				t.Fatal(err)
			}
			g := start(t, nil, func(cfg *sandbox.Config) {
				cfg.Apps = []sandbox.App{{Slug: "echo", BaseURL: vendor}, {Slug: "two", BaseURL: vendor}}
				cfg.Accounts = []sandbox.Account{{
					ID: "apn_1", App: "echo", ExternalUserID: "u1", Environment: proxy.Development, Fault: sandbox.Fault{Status: http.StatusTeapot},
				}}
				cfg.StateFile = path
			})
			found := 0
			for _, env := range []string{"development", "production"} {
				for _, app := range []string{"echo", "two"} {
					_, list := g.do(t, http.MethodGet, "/v1/connect/proj_a/accounts?app="+app, http.Header{"X-Pd-Environment": {env}}, "")
					var page struct {
						Info struct {
							Total int `json:"total_count"`
						} `json:"page_info"`
						Data []json.RawMessage
					}
					if err := json.Unmarshal([]byte(list), &page); err != nil || page.Info.Total != len(page.Data) {
						t.Errorf("%s, %s: %s", env, app, list)
					}
					found += len(page.Data)
				}
			}
			if found != 1 {
				t.Errorf("the account stands in %d places", found)
			}
			env, user := c.env, c.user
			if env == "staging" {
				env = "development"
			}
			res, _ := g.do(t, http.MethodGet, "/v1/connect/proj_a/proxy/L3g?external_user_id="+user+"&account_id=apn_1", http.Header{"X-Pd-Environment": {env}}, "")
			if res.StatusCode != http.StatusTeapot {
				t.Errorf("the account's fault is lost: got %d", res.StatusCode)
			}
		})
	}
}

// A refresh that ends after the user connected the account anew changes nothing,
// and what the token endpoint says is kept short and without secrets.
func TestLateRefresh(t *testing.T) {
	t.Parallel()
	hold, asked := make(chan struct{}), make(chan struct{}, 4)
	endpoint := serve(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		asked <- struct{}{}
		<-hold
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintf(w, `{"error":"invalid_grant","error_description":"token %s was revoked %s"}`, r.PostForm.Get("refresh_token"), strings.Repeat("A", 10_000))
	})
	release := sync.OnceFunc(func() { close(hold) })
	t.Cleanup(release)
	g := start(t, nil, func(c *sandbox.Config) {
		c.Apps = append(c.Apps, sandbox.App{
			Slug: "oa", AuthType: "oauth", BaseURL: c.Apps[0].BaseURL, OAuth: sandbox.OAuth{TokenURL: endpoint, ClientID: "c", ClientSecret: "CLIENTSECRET"},
			Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{oauth_access_token}}"}},
		})
		for _, id := range []string{"apn_oa1", "apn_oa2"} {
			c.Accounts = append(c.Accounts, sandbox.Account{
				ID: id, App: "oa", ExternalUserID: "u1", Environment: proxy.Development, ExpiresAt: "2020-01-01T00:00:00Z",
				Credentials: map[string]string{"oauth_access_token": "old", "oauth_refresh_token": "REFRESHSECRET"},
			})
		}
	})
	ended := make(chan struct{}, 2)
	for _, id := range []string{"apn_oa1", "apn_oa2"} {
		go func() {
			g.do(t, http.MethodGet, "/v1/connect/proj_a/proxy/L3g?external_user_id=u1&account_id="+id, nil, "")
			ended <- struct{}{}
		}()
		<-asked
	}
	_, page := g.link(t, "u1", "")
	b := newBrowser(t)
	b.open(page + "&app=oa&account_id=apn_oa1")
	f := b.form()
	f.Set("account_id", "apn_oa1")
	f.Set("field_oauth_access_token", "fresh")
	if status := b.submit(f); status != http.StatusOK {
		t.Fatalf("the form is answered with %d", status)
	}
	release()
	<-ended
	<-ended
	if _, a := g.do(t, http.MethodGet, "/v1/connect/proj_a/accounts/apn_oa1", nil, ""); !strings.Contains(a, `"healthy":true`) {
		t.Errorf("the account that was connected anew: %s", a)
	}
	_, a := g.do(t, http.MethodGet, "/v1/connect/proj_a/accounts/apn_oa2", nil, "")
	if !strings.Contains(a, `"healthy":false`) || !strings.Contains(a, "invalid_grant") || strings.Contains(a, "REFRESHSECRET") || len(a) > 2000 {
		t.Errorf("the account whose refresh failed: %s", a)
	}
}

// Who may read users may not read their credentials.
func TestScopeOfUserAccounts(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	for scope, want := range map[string]int{"connect:users:read": http.StatusForbidden, "connect:accounts:read": http.StatusOK} {
		h := http.Header{"Authorization": {"Bearer " + g.grant(t, scope)}}
		if res, _ := g.do(t, http.MethodGet, "/v1/connect/proj_a/users/u1/accounts?include_credentials=true", h, ""); res.StatusCode != want {
			t.Errorf("%s: got %d, want %d", scope, res.StatusCode, want)
		}
	}
}

// The key of a TLS folder is its owner's, whatever stood there before.
func TestTLSKeyIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("skipped: there are no modes")
	}
	dir := t.TempDir()
	key := filepath.Join(dir, "server-key.pem")
	if err := os.WriteFile(key, nil, 0o644); err != nil { //nolint:gosec // that is what is tested
		t.Fatal(err)
	}
	if _, err := sandbox.TLSMaterial(dir, []string{"localhost"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
}
