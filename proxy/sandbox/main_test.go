package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// seen is what the upstream got.
type seen struct {
	method, uri, host, body string
	header                  http.Header
}

// rig is a sandbox on loopback with an upstream behind it.
type rig struct {
	base, token, upstream string
	server                *sandbox.Server
	mu                    sync.Mutex
	calls                 []seen
}

// start serves a sandbox whose app "echo" reaches the handler; change may alter
// the configuration.
func start(t *testing.T, reply http.HandlerFunc, change func(*sandbox.Config)) *rig {
	t.Helper()
	g := &rig{}
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		g.mu.Lock()
		g.calls = append(g.calls, seen{r.Method, r.RequestURI, r.Host, string(body), r.Header.Clone()})
		g.mu.Unlock()
		if reply != nil {
			reply(w, r)
		}
	}))
	t.Cleanup(up.Close)
	g.upstream = up.URL
	cfg := sandbox.Config{
		Project: sandbox.Project{ID: "proj_a", ClientID: "id", ClientSecret: "secret", RateLimit: 1000},
		Apps: []sandbox.App{
			{Slug: "echo", BaseURL: up.URL, AuthType: "keys", Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{key}}"}}},
			{Slug: "off", BaseURL: up.URL, AuthType: "keys", ProxyOff: true},
		},
		Accounts: []sandbox.Account{
			{ID: "apn_1", App: "echo", ExternalUserID: "u1", Environment: proxy.Development, Credentials: map[string]string{"key": "k1", "word": "pass", "sub": "acme"}},
			{ID: "apn_2", App: "echo", ExternalUserID: "u2", Environment: proxy.Development, Credentials: map[string]string{"key": "k2"}},
			{ID: "apn_off", App: "off", ExternalUserID: "u1", Environment: proxy.Development},
			{ID: "apn_dead", App: "echo", ExternalUserID: "u1", Environment: proxy.Development, Dead: true},
			{ID: "apn_prod", App: "echo", ExternalUserID: "u1", Environment: proxy.Production},
		},
	}
	if change != nil {
		change(&cfg)
	}
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(s.Handler())
	t.Cleanup(func() { front.Close(); _ = s.Close() })
	g.base, g.server = front.URL, s
	g.token = g.grant(t, "")
	return g
}

func (g *rig) grant(t *testing.T, scope string) string {
	t.Helper()
	_, body := g.do(t, "POST", "/v1/oauth/token", http.Header{"Authorization": nil},
		`{"grant_type":"client_credentials","client_id":"id","client_secret":"secret","scope":"`+scope+`"}`)
	var out struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil || out.AccessToken == "" {
		t.Fatalf("token answer %q: %v", body, err)
	}
	return out.AccessToken
}

// client keeps no connection, follows no redirect and unpacks nothing.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       20 * time.Second,
}

// open sends a call; a nil header value takes the usual one away.
func (g *rig) open(t *testing.T, method, path string, header http.Header, body string) (*http.Response, error) {
	t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, g.base+path, in)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("X-Pd-Environment", "development")
	for name, values := range header {
		req.Header[name] = values
		if values == nil {
			delete(req.Header, name)
		}
	}
	return client.Do(req)
}

// reply is an answer's head; its body was read and closed.
type reply struct {
	StatusCode int
	Header     http.Header
}

func (g *rig) do(t *testing.T, method, path string, header http.Header, body string) (reply, string) {
	t.Helper()
	resp, err := g.open(t, method, path, header, body)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s %s: body: %v", method, path, err)
	}
	return reply{resp.StatusCode, resp.Header}, string(data)
}

const as1 = "?external_user_id=u1&account_id=apn_1"

func through(url string) string { return "/v1/connect/proj_a/proxy/" + proxy.EncodeURL(url) + as1 }

func (g *rig) last(t *testing.T) seen {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.calls) == 0 {
		t.Fatal("the upstream got no call")
	}
	return g.calls[len(g.calls)-1]
}

func (g *rig) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.calls)
}

// serve starts an upstream and returns its URL.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	up := httptest.NewServer(handler)
	t.Cleanup(up.Close)
	return up.URL
}

// keeping is a client that keeps its connections until the test ends.
func keeping(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 4}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// lockedBuffer is a log that a test reads while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
