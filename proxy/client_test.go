package proxy_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// connect is a client of a server on loopback.
func connect(tb testing.TB, base string, change func(*proxy.Options)) *proxy.Client {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}
	tb.Cleanup(transport.CloseIdleConnections)
	opts := proxy.Options{
		BaseURL: base, ProjectID: "proj_t", ClientID: "id", ClientSecret: "s3cret", HTTP: &http.Client{Transport: transport}, TrustMark: true,
	}
	if change != nil {
		change(&opts)
	}
	c, err := proxy.New(opts)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// sandboxed is a client of a sandbox whose app "echo" reaches the handler.
func sandboxed(tb testing.TB, upstream http.HandlerFunc) *proxy.Client {
	tb.Helper()
	up := httptest.NewServer(upstream)
	tb.Cleanup(up.Close)
	s, err := sandbox.New(sandbox.Config{
		Project: sandbox.Project{ID: "proj_t", Name: "Test", ClientID: "id", ClientSecret: "s3cret"},
		Apps: []sandbox.App{
			{Slug: "echo", Name: "Echo", BaseURL: up.URL, Categories: []string{"Test"}, FeaturedWeight: 1, Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{key}}"}}},
			{Slug: "alpha", Name: "Alpha", BaseURL: up.URL, FeaturedWeight: 2},
		},
		Accounts: []sandbox.Account{
			{ID: "apn_1", App: "echo", ExternalUserID: "u1", Environment: proxy.Development, Credentials: map[string]string{"key": "k1"}},
			{ID: "apn_2", App: "alpha", ExternalUserID: "u1", Environment: proxy.Development},
			{ID: "apn_3", App: "echo", ExternalUserID: "a/b c", Environment: proxy.Development, Unhealthy: true},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	front := httptest.NewServer(s.Handler())
	tb.Cleanup(func() {
		front.Close()
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return connect(tb, front.URL, nil)
}

func nothing(http.ResponseWriter, *http.Request) {}

func TestRecords(t *testing.T) {
	t.Parallel()
	c, ctx := sandboxed(t, nothing), t.Context()
	u, err := c.User(ctx, "a/b c")
	if err != nil || u.ExternalID != "a/b c" || !strings.HasPrefix(u.ID, "exu_") {
		t.Errorf("user: got %+v, %v", u, err)
	}
	if _, err := c.User(ctx, "b c"); !errors.Is(err, proxy.ErrNotFound) { // part of one is not one
		t.Errorf("part of a user's id: got %v", err)
	}
	accounts, err := c.UserAccounts(ctx, "u1", "echo")
	if err != nil || len(accounts) != 1 || accounts[0].ID != "apn_1" {
		t.Errorf("accounts of a user: got %+v, %v", accounts, err)
	}
	p, err := c.Project(ctx)
	if err != nil || p.ID != "proj_t" || p.Name != "Test" {
		t.Errorf("project: got %+v, %v", p, err)
	}
	linked, err := c.ProjectApps(ctx)
	if err != nil || len(linked) != 2 || linked[0].Slug != "echo" {
		t.Errorf("project apps: got %+v, %v", linked, err)
	}
	categories, err := c.AppCategories(ctx)
	if err != nil || len(categories) != 1 || categories[0].Name != "Test" {
		t.Fatalf("categories: got %+v, %v", categories, err)
	}
	if one, err := c.AppCategory(ctx, categories[0].ID); err != nil || one != categories[0] {
		t.Errorf("category: got %+v, %v", one, err)
	}
	for name, q := range map[string]proxy.AppQuery{
		"alpha echo": {Sort: "name"}, "echo alpha": {Sort: "name", Descending: true}, "alpha": {Text: "alph"},
		"echo": {Categories: []string{categories[0].ID}}, "": {HasActions: true},
	} {
		var slugs []string
		for a, err := range c.Apps(ctx, q) {
			if err != nil {
				t.Fatal(err)
			}
			slugs = append(slugs, a.Slug)
		}
		if got := strings.Join(slugs, " "); got != name {
			t.Errorf("apps %+v: got %q, want %q", q, got, name)
		}
	}
	app, err := c.App(ctx, "echo")
	if err != nil || app.Connect == nil || !app.Connect.ProxyEnabled || !bytes.Contains(app.Raw, []byte(`"img_src"`)) {
		t.Errorf("app: got %+v, %v", app, err)
	}
}

func TestDeletions(t *testing.T) {
	t.Parallel()
	c, ctx := sandboxed(t, nothing), t.Context()
	for name, call := range map[string]func() error{
		"account": func() error { return c.DeleteAccount(ctx, "apn_2") },
		"app":     func() error { return c.DeleteAppAccounts(ctx, "echo") },
	} {
		if err := call(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := call(); !errors.Is(err, proxy.ErrNotFound) {
			t.Errorf("%s, a second time: got %v", name, err)
		}
	}
	if _, err := c.CreateToken(ctx, proxy.TokenRequest{ExternalUserID: "invited"}); err != nil {
		t.Fatal(err)
	}
	if err := c.DeleteUser(ctx, "invited"); err != nil {
		t.Error(err)
	}
	for u, err := range c.Users(ctx, proxy.UserQuery{}) {
		t.Errorf("still there: %+v, %v", u, err)
	}
}

func TestConnectTokens(t *testing.T) {
	t.Parallel()
	c, ctx := sandboxed(t, nothing), t.Context()
	token, err := c.CreateToken(ctx, proxy.TokenRequest{ExternalUserID: "new", Life: time.Minute, SuccessURL: "https://app.test/yes"})
	if err != nil || !strings.HasPrefix(token.Value, "ctok_") || time.Until(token.ExpiresAt) > time.Minute {
		t.Fatalf("got %+v, %v", token, err)
	}
	if link := token.Link("echo", "oa_1"); !strings.HasSuffix(link, "&app=echo&oauthAppId=oa_1") {
		t.Errorf("link: got %s", link)
	}
	info, err := c.ValidateToken(ctx, token.Value, "echo")
	if err != nil || !info.Success || info.App == nil || info.App.Slug != "echo" {
		t.Errorf("validate: got %+v, %v", info, err)
	}
	a, err := c.ConnectKeys(ctx, proxy.KeysAccount{App: "echo", Fields: map[string]string{"key": "k9"}, ConnectToken: token.Value, ExternalUserID: "new", Name: "mine"})
	if err != nil || a.ExternalUserID != "new" || a.Label() != "mine" {
		t.Errorf("connect: got %+v, %v", a, err)
	}
	if _, err := c.ValidateToken(ctx, token.Value, ""); !errors.Is(err, proxy.ErrNotFound) {
		t.Errorf("a used token: got %v", err)
	}
	var input *proxy.InputError
	if _, err := c.CreateToken(ctx, proxy.TokenRequest{ExternalUserID: "new", Life: 5 * time.Hour}); !errors.As(err, &input) {
		t.Errorf("five hours: got %v", err)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	c, ctx := sandboxed(t, nothing), t.Context()
	for range 3 {
		get(t, c, "/x")
	}
	now := time.Now()
	used, err := c.Usage(ctx, now.Add(-time.Hour), now.Add(time.Minute))
	if err != nil || len(used) != 1 || used[0].ProxyCredits != 3 || used[0].Start.Unix() != now.Add(-time.Hour).Unix() {
		t.Errorf("got %+v, %v", used, err)
	}
}

// get sends a GET for u1 and returns the answer with its body.
func get(tb testing.TB, c *proxy.Client, url string) (*proxy.Response, string) {
	tb.Helper()
	resp, err := c.Do(tb.Context(), &proxy.Request{Method: "GET", URL: url, ExternalUserID: "u1", AccountID: "apn_1"})
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp, string(body)
}

// Packed bodies are read unpacked, whatever they were packed with; how much came
// over the wire is told apart.
func TestCodings(t *testing.T) {
	t.Parallel()
	plain := strings.Repeat("the same again and again, ", 2000)
	pack := map[string]func(io.Writer) io.WriteCloser{
		"gzip":    func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
		"br":      func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
		"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
		"zstd": func(w io.Writer) io.WriteCloser {
			z, err := zstd.NewWriter(w)
			if err != nil {
				t.Error(err)
			}
			return z
		},
	}
	c := sandboxed(t, func(w http.ResponseWriter, r *http.Request) {
		coding := strings.TrimPrefix(r.URL.Path, "/")
		w.Header().Set("Content-Encoding", coding)
		if coding == "compress" {
			_, _ = io.WriteString(w, "as it came")
			return
		}
		z := pack[coding](w)
		_, _ = io.WriteString(z, plain)
		_ = z.Close()
	})
	for coding := range pack {
		resp, body := get(t, c, "/"+coding)
		if body != plain {
			t.Errorf("%s: %d bytes came out, want %d", coding, len(body), len(plain))
		}
		if n := resp.Transferred(); n == 0 || n >= int64(len(plain))/10 {
			t.Errorf("%s: %d bytes over the wire", coding, n)
		}
	}
	if resp, body := get(t, c, "/compress"); body != "as it came" || !strings.Contains(strings.Join(resp.Notes, " "), "does not undo: compress") {
		t.Errorf("an unknown coding: got %q, %v", body, resp.Notes)
	}
}

func TestInterimAndTrailer(t *testing.T) {
	t.Parallel()
	c := sandboxed(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</a.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "body")
		w.Header().Set("X-Sum", "42")
	})
	resp, _ := get(t, c, "/x")
	if len(resp.Interim) != 1 || resp.Interim[0].Status != 103 || resp.Interim[0].Header.Get("Link") != "</a.css>" {
		t.Errorf("interim: got %+v", resp.Interim)
	}
	if got := resp.Trailer().Get("X-Sum"); got != "42" {
		t.Errorf("trailer: got %q", got)
	}
}

// Bodies stream from readers of known and of unknown length, with any method.
func TestRequestBodies(t *testing.T) {
	t.Parallel()
	type seen struct {
		method, length, body string
	}
	got := make(chan seen, 1)
	c := sandboxed(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- seen{r.Method, strconv.FormatInt(r.ContentLength, 10), string(body)}
		w.WriteHeader(http.StatusCreated)
	})
	for name, k := range map[string]struct {
		req  proxy.Request
		want seen
	}{
		"known":   {proxy.Request{Method: "POST", Body: strings.NewReader("abc")}, seen{"POST", "3", "abc"}},
		"unknown": {proxy.Request{Method: "put", Body: io.MultiReader(strings.NewReader("abc"))}, seen{"PUT", "-1", "abc"}},
		"stated":  {proxy.Request{Method: "PATCH", Body: io.MultiReader(strings.NewReader("abc")), BodySize: 3}, seen{"PATCH", "3", "abc"}},
		"empty":   {proxy.Request{Method: "POST", Body: strings.NewReader("")}, seen{"POST", "0", ""}},
		"delete":  {proxy.Request{Method: "DELETE", Body: strings.NewReader("x")}, seen{"DELETE", "1", "x"}},
		"none":    {proxy.Request{Method: "GET"}, seen{"GET", "0", ""}},
		"head":    {proxy.Request{Method: "HEAD"}, seen{"HEAD", "0", ""}},
		"options": {proxy.Request{Method: "OPTIONS"}, seen{"OPTIONS", "0", ""}},
	} {
		k.req.URL, k.req.ExternalUserID, k.req.AccountID = "/x", "u1", "apn_1"
		resp, err := c.Do(t.Context(), &k.req)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_ = resp.Body.Close()
		if s := <-got; s != k.want || resp.Status != http.StatusCreated {
			t.Errorf("%s: the upstream got %+v, want %+v", name, s, k.want)
		}
	}
}

// The same status of Connect and of the upstream are told apart, and why is said.
func TestWhoAnswered(t *testing.T) {
	t.Parallel()
	statuses := []int{400, 401, 403, 404, 429, 500, 502, 504}
	words := map[int]string{
		400: "Invalid URL", 401: "Unauthorized", 403: "Forbidden", 404: "record not found", 429: "Throttled",
		500: "Unexpected error, please reach out to our team at https://pipedream.com/support", 502: "could not reach it", 504: "Gateway Timeout",
	}
	for _, trust := range []bool{true, false} {
		for _, status := range statuses {
			for _, connects := range []bool{true, false} {
				name := fmt.Sprintf("%d, Connect's: %v, marked: %v", status, connects, trust)
				srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if strings.HasSuffix(r.URL.Path, "/oauth/token") {
						_, _ = io.WriteString(w, `{"access_token":"tok","expires_in":3600}`)
						return
					}
					w.Header().Set("Content-Type", "application/json")
					body := `{"error":` + strconv.Quote(words[status]) + `}`
					if !connects {
						body = `{"error":{"code":"` + strconv.Itoa(status) + `","message":"mine"}}`
					}
					if trust {
						w.Header().Set("X-Connectty-Source", map[bool]string{true: "sandbox", false: "upstream"}[connects])
					}
					w.Header().Set("X-RateLimit-Remaining", "0")
					w.WriteHeader(status)
					_, _ = io.WriteString(w, body)
				}))
				c := connect(t, srv.URL, func(o *proxy.Options) { o.TrustMark = trust })
				resp, err := c.Do(t.Context(), &proxy.Request{Method: "GET", URL: "/x", ExternalUserID: "u1", AccountID: "apn_1"})
				var refusal *proxy.APIError
				switch {
				case connects && (!errors.As(err, &refusal) || refusal.Status != status || refusal.Evidence == ""):
					t.Errorf("%s: got %v", name, err)
				case connects && refusal.RateLimit.Remaining != 0:
					t.Errorf("%s: rate limit %+v", name, refusal.RateLimit)
				case !connects && (err != nil || resp.Status != status || resp.Evidence == ""):
					t.Errorf("%s: got %+v, %v", name, resp, err)
				}
				if resp != nil {
					_ = resp.Body.Close()
				}
				srv.Close()
			}
		}
	}
}

// flaky answers lists badly at first.
type flaky struct {
	calls atomic.Int64
	fail  func(w http.ResponseWriter, n int64) bool
}

func (f *flaky) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasSuffix(r.URL.Path, "/oauth/token") {
		_, _ = io.WriteString(w, `{"access_token":"tok","expires_in":3600}`)
		return
	}
	if f.fail(w, f.calls.Add(1)) {
		return
	}
	_, _ = io.WriteString(w, `{"page_info":{"total_count":0},"data":[]}`)
}

// Lists are tried again where that can help; a proxied call that was answered
// never is.
func TestRetries(t *testing.T) {
	t.Parallel()
	status := func(code int, times int64) func(http.ResponseWriter, int64) bool {
		return func(w http.ResponseWriter, n int64) bool {
			if n > times {
				return false
			}
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(code)
			return true
		}
	}
	cut := func(_ http.ResponseWriter, n int64) bool {
		if n == 1 {
			panic(http.ErrAbortHandler)
		}
		return false
	}
	list := func(c *proxy.Client) error {
		_, err := c.UserPage(t.Context(), proxy.UserQuery{}, "")
		return err
	}
	do := func(c *proxy.Client) error {
		resp, err := c.Do(t.Context(), &proxy.Request{Method: "GET", URL: "/x", ExternalUserID: "u", AccountID: "apn_1"})
		if err == nil {
			_ = resp.Body.Close()
		}
		return err
	}
	for name, k := range map[string]struct {
		fail  func(http.ResponseWriter, int64) bool
		call  func(*proxy.Client) error
		calls int64
		fails bool
	}{
		"503 once":     {status(503, 1), list, 2, false},
		"429 twice":    {status(429, 2), list, 3, false},
		"500 for ever": {status(500, 99), list, 3, true},
		"400":          {status(400, 99), list, 1, true},
		"cut":          {cut, list, 2, false},
		"delete, 500":  {status(500, 99), func(c *proxy.Client) error { return c.DeleteUser(t.Context(), "u") }, 1, true},
		"proxied, 500": {status(500, 99), do, 1, false},
		"wait of a minute": {func(w http.ResponseWriter, _ int64) bool {
			w.Header().Set("Retry-After", "60")
			w.WriteHeader(429)
			return true
		}, list, 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &flaky{fail: k.fail}
			srv := httptest.NewServer(f)
			t.Cleanup(srv.Close)
			err := k.call(connect(t, srv.URL, nil))
			if f.calls.Load() != k.calls || (err != nil) != k.fails {
				t.Errorf("%d calls and %v, want %d and failure: %v", f.calls.Load(), err, k.calls, k.fails)
			}
		})
	}
}

// A thousand callers with one expired token cause one token request.
func TestOneTokenForAll(t *testing.T) {
	t.Parallel()
	const callers = 1000
	var tokens, served atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth/token") {
			_, _ = fmt.Fprintf(w, `{"access_token":"tok%d","expires_in":3600}`, tokens.Add(1))
			return
		}
		if r.Header.Get("Authorization") == "Bearer tok2" {
			served.Add(1)
		}
		_, _ = io.WriteString(w, `{"page_info":{"total_count":0},"data":[]}`)
	}))
	t.Cleanup(srv.Close)
	var late atomic.Int64
	c := connect(t, srv.URL, func(o *proxy.Options) {
		o.Now = func() time.Time { return time.Now().Add(time.Duration(late.Load())) }
	})
	if err := c.CheckToken(t.Context()); err != nil {
		t.Fatal(err)
	}
	late.Store(int64(2 * time.Hour)) // the token has expired
	var wait sync.WaitGroup
	for range callers {
		wait.Go(func() {
			if _, err := c.UserPage(t.Context(), proxy.UserQuery{}, ""); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if tokens.Load() != 2 || served.Load() != callers {
		t.Errorf("%d tokens for %d calls, want 2 (one before, one for all)", tokens.Load(), served.Load())
	}
}

// A token that Connect refuses is renewed once, and the body is sent again.
func TestRefusedTokenIsRenewed(t *testing.T) {
	t.Parallel()
	var tokens atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth/token") {
			_, _ = fmt.Fprintf(w, `{"access_token":"tok%d","expires_in":3600}`, tokens.Add(1))
			return
		}
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Authorization") == "Bearer tok1" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":"Unauthorized"}`)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(srv.Close)
	c := connect(t, srv.URL, nil)
	resp, err := c.Do(t.Context(), &proxy.Request{Method: "POST", URL: "/x", ExternalUserID: "u", AccountID: "apn_1", Body: strings.NewReader("again")})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if body, _ := io.ReadAll(resp.Body); string(body) != "again" || tokens.Load() != 2 {
		t.Errorf("got %q with %d tokens", body, tokens.Load())
	}
}

// The access token goes to the base URL's host only.
func TestTokenStaysHome(t *testing.T) {
	t.Parallel()
	var leaked atomic.Value
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { leaked.Store(r.Header.Get("Authorization")) }))
	t.Cleanup(thief.Close)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth/token") {
			_, _ = io.WriteString(w, `{"access_token":"tok","expires_in":3600}`)
			return
		}
		http.Redirect(w, r, thief.URL+"/take", http.StatusTemporaryRedirect)
	}))
	t.Cleanup(srv.Close)
	c := connect(t, srv.URL, nil)
	if _, err := c.UserPage(t.Context(), proxy.UserQuery{}, ""); err == nil {
		t.Error("a redirected list is no failure")
	}
	if resp, _ := get(t, c, "/x"); resp.Status != http.StatusTemporaryRedirect {
		t.Errorf("got %d", resp.Status)
	}
	if v := leaked.Load(); v != nil {
		t.Errorf("the other host was called, with %q", v)
	}
}

// A cancelled context ends a call at once, in every phase.
func TestCancelEndsAtOnce(t *testing.T) {
	t.Parallel()
	const soon = 50 * time.Millisecond
	hang := make(chan struct{})
	c := sandboxed(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			_, _ = io.WriteString(w, "begun")
			_ = http.NewResponseController(w).Flush()
		}
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	t.Cleanup(func() { close(hang) })
	for _, path := range []string{"/wait", "/body"} {
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		began := make(chan struct{})
		go func() {
			defer close(ended)
			if path == "/wait" {
				close(began)
			}
			resp, err := c.Do(ctx, &proxy.Request{Method: "GET", URL: path, ExternalUserID: "u1", AccountID: "apn_1"})
			if err == nil {
				close(began)
				_, err = io.ReadAll(resp.Body)
				_ = resp.Body.Close()
			}
			ended <- err
		}()
		<-began
		cancel()
		at := time.Now()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", path, err)
		}
		if took := time.Since(at); took > 20*soon { // a busy machine is no failure; the figure is
			t.Errorf("%s: it ended after %s", path, took)
		} else {
			t.Logf("%s: it ended after %s", path, took)
		}
	}
}

func TestTrustedRoots(t *testing.T) {
	t.Parallel()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"access_token":"tok","expires_in":3600}`)
	}))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // of the client that does not trust it
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: srv.Certificate().Raw}))
	for name, k := range map[string]struct {
		roots *x509.CertPool
		ok    bool
	}{"the server's own": {roots, true}, "none": {x509.NewCertPool(), false}} {
		c, err := proxy.New(proxy.Options{BaseURL: srv.URL, ProjectID: "proj_t", ClientID: "id", ClientSecret: "s", RootCAs: k.roots})
		if err != nil {
			t.Fatal(err)
		}
		err = c.CheckToken(t.Context())
		c.CloseIdleConnections()
		var network *proxy.NetworkError
		if (err == nil) != k.ok || err != nil && (!errors.As(err, &network) || network.Phase != "tls") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestReadRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	for name, k := range map[string]struct {
		header map[string]string
		want   proxy.RateLimit
		ok     bool
	}{
		"none":      {nil, proxy.RateLimit{Limit: -1, Remaining: -1}, false},
		"github":    {map[string]string{"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "12", "X-RateLimit-Reset": "1800000060"}, proxy.RateLimit{Limit: 5000, Remaining: 12, Reset: now.Add(time.Minute)}, true},
		"draft":     {map[string]string{"RateLimit-Limit": "100, 100;w=60", "RateLimit-Remaining": "0", "RateLimit-Reset": "30"}, proxy.RateLimit{Limit: 100, Reset: now.Add(30 * time.Second)}, true},
		"millis":    {map[string]string{"X-Rate-Limit-Reset": "1800000060000"}, proxy.RateLimit{Limit: -1, Remaining: -1, Reset: now.Add(time.Minute)}, true},
		"retry":     {map[string]string{"Retry-After": "7"}, proxy.RateLimit{Limit: -1, Remaining: -1, After: 7 * time.Second}, true},
		"no number": {map[string]string{"X-RateLimit-Limit": "many", "X-RateLimit-Reset": "soon"}, proxy.RateLimit{Limit: -1, Remaining: -1}, false},
	} {
		h := http.Header{}
		for n, v := range k.header {
			h.Set(n, v)
		}
		got, ok := proxy.ReadRateLimit(h, now)
		if ok != k.ok || !got.Reset.Equal(k.want.Reset) {
			t.Errorf("%s: got %+v, %v", name, got, ok)
		}
		got.Reset, k.want.Reset = time.Time{}, time.Time{}
		if got != k.want {
			t.Errorf("%s: got %+v, want %+v", name, got, k.want)
		}
	}
}

// Input that Connect would refuse is refused here, before anything is sent.
func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	t.Cleanup(srv.Close)
	c := connect(t, srv.URL, nil)
	baseless := &proxy.App{Name: "Baseless", Connect: &proxy.AppConnect{AllowedDomains: []string{"api.test"}}}
	for want, r := range map[string]proxy.Request{
		"header X-A holds a line break":              {URL: "/x", Header: []proxy.Field{{Name: "X-A", Value: "a\r\nb"}}},
		"header \"X A\" is no header name":           {URL: "/x", Header: []proxy.Field{{Name: "X A", Value: "a"}}},
		"header Cookie is one that Connect refuses":  {URL: "/x", Header: []proxy.Field{{Name: "Cookie", Value: "a"}}},
		"header Host is one that Connect refuses":    {URL: "/x", Header: []proxy.Field{{Name: "x-pd-proxy-Host", Value: "a"}}},
		"header Sec-Fetch-Mode belongs to":           {URL: "/x", Header: []proxy.Field{{Name: "Sec-Fetch-Mode", Value: "a"}}},
		"user is longer than the 250 characters":     {URL: "/x", ExternalUserID: strings.Repeat("ü", 251)},
		`url "/x" names no host, and Baseless`:       {URL: "/x", App: baseless},
		`url "evil.test" is not a host that Connect`: {URL: "https://evil.test/", App: baseless},
		"url is empty":                     {},
		`account "apn-1" is no account id`: {URL: "/x", AccountID: "apn-1"},
	} {
		r.Method = "GET"
		if r.ExternalUserID == "" {
			r.ExternalUserID = "u1"
		}
		if r.AccountID == "" {
			r.AccountID = "apn_1"
		}
		_, err := c.Do(t.Context(), &r)
		var input *proxy.InputError
		if !errors.As(err, &input) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls went out", n)
	}
}

// A name that a path takes for a step in it would name another record: all users
// for one of them.
func TestDotsAreNotSent(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	c := connect(t, numbered(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) }), nil)
	ctx := t.Context()
	for _, dots := range []string{".", ".."} {
		for name, call := range map[string]func() error{
			"delete user":         func() error { return c.DeleteUser(ctx, dots) },
			"accounts of user":    func() error { _, err := c.UserAccounts(ctx, dots, ""); return err },
			"delete app accounts": func() error { return c.DeleteAppAccounts(ctx, dots) },
			"app":                 func() error { _, err := c.App(ctx, dots); return err },
			"app category":        func() error { _, err := c.AppCategory(ctx, dots); return err },
		} {
			var input *proxy.InputError
			if err := call(); !errors.As(err, &input) || input.Value != dots {
				t.Errorf("%s %q: got %v", name, dots, err)
			}
		}
	}
	if n := calls.Load(); n != 0 {
		t.Errorf("%d calls went out", n)
	}
}

// Lists take both shapes that Connect's pages show.
func TestOldListShape(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/oauth/token"):
			_, _ = io.WriteString(w, `{"access_token":"tok","expires_in":3600}`)
		case strings.HasSuffix(r.URL.Path, "/accounts"):
			_, _ = io.WriteString(w, `{"data":{"accounts":[{"id":"apn_1","dead":null,"future_field":7}]}}`)
		default:
			_, _ = io.WriteString(w, `{"data":{"id":"apn_1","app":{"id":"app_1","name":"A"}}}`)
		}
	}))
	t.Cleanup(srv.Close)
	c := connect(t, srv.URL, nil)
	var ids []string
	for a, err := range c.Accounts(t.Context(), proxy.AccountQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(a.Raw, &all); err != nil || all["future_field"] != 7.0 {
			t.Errorf("an unknown field is lost: %s, %v", a.Raw, err)
		}
		ids = append(ids, a.ID)
	}
	if !slices.Equal(ids, []string{"apn_1"}) {
		t.Errorf("got %v", ids)
	}
	if a, err := c.Account(t.Context(), "apn_1"); err != nil || a.App.Name != "A" {
		t.Errorf("got %+v, %v", a, err)
	}
}
