package sandbox_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// pattern is so many bytes that no two places look alike.
type pattern struct{ left, at int64 }

func (p *pattern) Read(b []byte) (int, error) {
	if p.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(b)), p.left))
	for i := range n {
		b[i] = byte(p.at>>3 ^ p.at*7)
		p.at++
	}
	p.left -= int64(n)
	return n, nil
}

// raw starts an upstream that its own handler serves, without reading the body
// first, and returns the rig.
func raw(t *testing.T, handler http.HandlerFunc, change func(*sandbox.Config)) *rig {
	t.Helper()
	g := start(t, nil, func(c *sandbox.Config) {
		up := serve(t, handler)
		c.Apps[0].BaseURL = up
		if change != nil {
			change(c)
		}
	})
	return g
}

// Bodies of any length pass both ways at once, byte for byte.
func TestBodiesStreamBothWays(t *testing.T) {
	t.Parallel()
	const size = 32 << 20
	g := raw(t, func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
			t.Error(err)
		}
		_, _ = io.Copy(w, r.Body) // answers while it still reads
	}, func(c *sandbox.Config) { c.Project.MaxRequestBody = 0 })
	for name, length := range map[string]int64{"known length": size, "unknown length": -1} {
		t.Run(name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.base+through("/echo"), &pattern{left: size})
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength = length
			req.Header.Set("Authorization", "Bearer "+g.token)
			req.Header.Set("X-Pd-Environment", "development")
			resp, err := client.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			got, want := sha256.New(), sha256.New()
			n, err := io.Copy(got, resp.Body)
			if err != nil || n != size {
				t.Fatalf("%d bytes came back, %v", n, err)
			}
			_, _ = io.Copy(want, &pattern{left: size})
			if !bytes.Equal(got.Sum(nil), want.Sum(nil)) {
				t.Error("the bytes differ")
			}
		})
	}
}

// Events arrive one by one, not when the answer ends.
func TestEventsArriveAtOnce(t *testing.T) {
	t.Parallel()
	next := make(chan struct{})
	g := raw(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range 3 {
			_, _ = fmt.Fprintf(w, "data: %d\n\n", i)
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	}, nil)
	resp, err := g.open(t, "GET", through("/events"), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	for i := range 3 {
		if !lines.Scan() || lines.Text() != fmt.Sprintf("data: %d", i) {
			t.Fatalf("got %q, %v", lines.Text(), lines.Err())
		}
		lines.Scan()
		next <- struct{}{}
	}
}

func TestInformationAndTrailers(t *testing.T) {
	t.Parallel()
	g := raw(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "body")
		w.Header().Set("X-Sum", "42")
	}, nil)
	var hints atomic.Int64
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
		if code == http.StatusEarlyHints && strings.Contains(h.Get("Link"), "style.css") {
			hints.Add(1)
		}
		return nil
	}})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+through("/x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("X-Pd-Environment", "development")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "body" || hints.Load() != 1 {
		t.Errorf("got %q, %v, %d early hints", body, err, hints.Load())
	}
	if resp.Header.Get("Link") != "" || resp.Trailer.Get("X-Sum") != "42" {
		t.Errorf("header %v, trailer %v", resp.Header, resp.Trailer)
	}
}

// An answer that breaks off upstream, or runs out of time, never ends as if it
// were whole.
func TestBrokenAnswersBreakOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		change  func(*sandbox.Config)
	}{
		"known length": {handler: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
		"chunked": {handler: func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}},
		"time limit": {handler: func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "half")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}, change: func(c *sandbox.Config) { c.Project.Timeout = 100 * time.Millisecond }},
		"fault": {handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "halfandhalf") }, change: func(c *sandbox.Config) {
			c.Apps[0].Fault.Truncate = 4
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := raw(t, c.handler, c.change)
			resp, err := g.open(t, "GET", through("/x"), nil, "")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			body, err := io.ReadAll(resp.Body)
			if resp.StatusCode != 200 || string(body) != "half" || err == nil {
				t.Errorf("got %d %q, %v", resp.StatusCode, body, err)
			}
			if _, calls := g.do(t, "GET", "/_sandbox/calls", nil, ""); !strings.Contains(calls, `"broken":true`) {
				t.Errorf("the journal says nothing of it: %s", calls)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  sandbox.Fault
		status int // 0: no answer at all
		body   string
	}{
		"status":    {sandbox.Fault{Status: 503, Body: "down"}, 503, "down"},
		"drop":      {sandbox.Fault{Drop: true}, 0, ""},
		"malformed": {sandbox.Fault{Malformed: true}, 200, `{"ok": true, "items": [`},
		"delay":     {sandbox.Fault{Delay: time.Hour}, 504, `{"error":"Gateway Timeout"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, nil, func(cfg *sandbox.Config) {
				cfg.Apps[0].Fault, cfg.Project.Timeout = c.fault, 200*time.Millisecond
			})
			resp, err := g.open(t, "GET", through("/x"), nil, "")
			if c.status == 0 {
				if err == nil {
					_ = resp.Body.Close()
					t.Errorf("got %d, want no answer", resp.StatusCode)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			if body, _ := io.ReadAll(resp.Body); resp.StatusCode != c.status || string(body) != c.body {
				t.Errorf("got %d %s", resp.StatusCode, body)
			}
		})
	}
	t.Run("rate", func(t *testing.T) {
		t.Parallel()
		g := start(t, nil, func(cfg *sandbox.Config) { cfg.Apps[0].Fault = sandbox.Fault{Status: 500, Rate: 0.5} })
		failed := 0
		for range 100 {
			if resp, _ := g.do(t, "GET", through("/x"), nil, ""); resp.StatusCode == 500 {
				failed++
			}
		}
		if failed < 20 || failed > 80 { // one run in a billion is further off
			t.Errorf("%d of 100 calls failed, want about half", failed)
		}
	})
}

// A caller that goes away ends the upstream's call.
func TestCallerLeaves(t *testing.T) {
	t.Parallel()
	began, ended := make(chan struct{}), make(chan struct{})
	g := raw(t, func(_ http.ResponseWriter, r *http.Request) {
		close(began)
		<-r.Context().Done()
		close(ended)
	}, nil)
	ctx, leave := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+through("/x"), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+g.token)
	req.Header.Set("X-Pd-Environment", "development")
	gone := make(chan error, 1)
	go func() {
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		gone <- err
	}()
	<-began
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("the upstream's call goes on")
	}
}

// A browser's question whether a page may call is no call.
func TestPreflight(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	resp, _ := g.do(t, "OPTIONS", through("/x"), http.Header{"Origin": {"https://a.test"}, "Access-Control-Request-Method": {"GET"}}, "")
	if resp.StatusCode != http.StatusNoContent || resp.Header.Get("Access-Control-Allow-Origin") != "" || g.count() != 0 {
		t.Errorf("got %d %v after %d calls", resp.StatusCode, resp.Header, g.count())
	}
	if resp, _ := g.do(t, "OPTIONS", through("/x"), nil, ""); resp.StatusCode != 200 || g.count() != 1 {
		t.Errorf("a plain OPTIONS: got %d after %d calls", resp.StatusCode, g.count())
	}
}

// A slow answer of known length arrives piece by piece, too.
func TestSlowAnswersArriveAtOnce(t *testing.T) {
	t.Parallel()
	next := make(chan struct{})
	g := raw(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4")
		for range 2 {
			_, _ = io.WriteString(w, "ab")
			_ = http.NewResponseController(w).Flush()
			<-next
		}
	}, nil)
	resp, err := g.open(t, "GET", through("/x"), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	for range 2 {
		var piece [2]byte
		if _, err := io.ReadFull(resp.Body, piece[:]); err != nil || string(piece[:]) != "ab" {
			t.Fatalf("got %q, %v", piece, err)
		}
		next <- struct{}{}
	}
}

// Redirects are handed back: a followed one would carry the credential away.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	g := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "http://169.254.169.254/latest/meta-data/")
		w.WriteHeader(http.StatusFound)
	}, nil)
	resp, _ := g.do(t, "GET", through("/x"), nil, "")
	if resp.StatusCode != http.StatusFound || g.count() != 1 {
		t.Errorf("got %d after %d calls", resp.StatusCode, g.count())
	}
}

// A name that leads to this machine, or into a private network, is refused when
// it is dialled, whatever it resolved to before.
func TestNamesOfPrivateAddresses(t *testing.T) {
	t.Parallel()
	g := start(t, nil, func(c *sandbox.Config) {
		c.Apps[0].AllowedDomains = []string{"localhost.localdomain", "127.0.0.1", "100.64.0.1", "::ffff:10.0.0.1"}
	})
	for _, url := range []string{"https://100.64.0.1/", "https://[::ffff:10.0.0.1]/", "https://localhost.localdomain/"} {
		if resp, body := g.do(t, "GET", through(url), nil, ""); resp.StatusCode == 200 || g.count() != 0 {
			t.Errorf("%s: got %d %s", url, resp.StatusCode, body)
		}
	}
}

// The error of an unreachable upstream does not repeat the URL: the credential
// may stand in it.
func TestUnreachableTellsNoSecret(t *testing.T) {
	t.Parallel()
	g := start(t, nil, func(c *sandbox.Config) {
		c.Apps[0].Insert = []sandbox.Insert{{Query: "key", Value: "{{key}}"}}
		c.Apps[0].BaseURL = "http://127.0.0.1:1"
		c.Accounts[0].Credentials["key"] = "s3cr3t"
	})
	resp, body := g.do(t, "GET", through("/x"), nil, "")
	if resp.StatusCode != 502 || strings.Contains(body, "s3cr3t") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	if _, calls := g.do(t, "GET", "/_sandbox/calls", nil, ""); strings.Contains(calls, "s3cr3t") || !strings.Contains(calls, `"status":502`) {
		t.Errorf("the journal: %s", calls)
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	log := &lockedBuffer{}
	g := start(t, nil, func(c *sandbox.Config) { c.Log = log })
	g.do(t, "GET", through("/a b?secret=1"), nil, "")
	g.do(t, "GET", "/v1/connect/proj_a/users", nil, "")
	_, calls := g.do(t, "GET", "/_sandbox/calls", nil, "")
	newest, older, _ := strings.Cut(calls, "},{")
	if !strings.Contains(newest, `"path":"/v1/connect/proj_a/users"`) || !strings.Contains(older, `"path":"/a b"`) || !strings.Contains(older, `"source":"upstream"`) {
		t.Errorf("got %s", calls)
	}
	if strings.Contains(calls, "secret=1") {
		t.Errorf("a query in the journal: %s", calls)
	}
	if resp, _ := g.do(t, "GET", "/_sandbox/calls", http.Header{"Authorization": nil}, ""); resp.StatusCode != 401 {
		t.Errorf("without a token: got %d", resp.StatusCode)
	}
	if err := g.server.Close(); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, `path="/a b" status=200`) || strings.Contains(text, "k1") || strings.Contains(text, g.token) {
		t.Errorf("the log: %s", text)
	}
}

// A log that nobody reads holds up no call.
func TestStuckLog(t *testing.T) {
	t.Parallel()
	read, write := io.Pipe()
	t.Cleanup(func() { _ = read.Close() })
	g := start(t, nil, func(c *sandbox.Config) { c.Log, c.Project.RateLimit = write, 0 })
	for range 3000 {
		if resp, body := g.do(t, "GET", "/v1/oauth/nothing", nil, ""); resp.StatusCode != 404 {
			t.Fatalf("got %d %s", resp.StatusCode, body)
		}
	}
}

// Every vector of connect-api.md, in each client's encoding, reaches the upstream
// as that document says. A double stands behind the hosts.
func TestVectors(t *testing.T) {
	t.Parallel()
	got := make(chan string, 1)
	double := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Host + r.RequestURI })
	g := start(t, nil, func(c *sandbox.Config) {
		c.Vendors = map[string]http.Handler{"slack.com": double, "api.example.com": double, "example.com": double}
		c.Apps[0].AllowedDomains = []string{"slack.com", "example.com"}
	})
	const v1, v2 = "aHR0cHM6Ly9zbGFjay5jb20vYXBpL2F1dGgudGVzdA", "aHR0cHM6Ly9hcGkuZXhhbXBsZS5jb20vdjEvc8O4az9xPW5hw692ZSBjYWbDqQ"
	for name, c := range map[string]struct{ encoded, want string }{
		"V1 A, B": {v1, "slack.com/api/auth.test"},
		"V1 C":    {v1 + "%3D%3D", "slack.com/api/auth.test"},
		"V1 D":    {v1 + "==", "slack.com/api/auth.test"},
		"V2 A":    {v2, "api.example.com/v1/s%C3%B8k?q=na%C3%AFve%20caf%C3%A9"},
		"V2 B":    {"aHR0cHM6Ly9hcGkuZXhhbXBsZS5jb20vdjEvc_hrP3E9bmHvdmUgY2Fm6Q", "api.example.com/v1/s%C3%B8k?q=na%C3%AFve%20caf%C3%A9"},
		"V2 C":    {v2 + "%3D%3D", "api.example.com/v1/s%C3%B8k?q=na%C3%AFve%20caf%C3%A9"},
		"V2 D":    {v2 + "==", "api.example.com/v1/s%C3%B8k?q=na%C3%AFve%20caf%C3%A9"},
		"V3 A":    {"aHR0cHM6Ly9leGFtcGxlLmNvbS9-fn5-fi8_Yj0_Pz8_PyZjPT4-Pj4-", "example.com/~~~~~/?b=?????&c=>>>>>"},
		"V3 C":    {"aHR0cHM6Ly9leGFtcGxlLmNvbS9%2Bfn5%2Bfi8%2FYj0%2FPz8%2FPyZjPT4%2BPj4%2B", "example.com/~~~~~/?b=?????&c=>>>>>"},
	} {
		resp, body := g.do(t, "GET", "/v1/connect/proj_a/proxy/"+c.encoded+as1, nil, "")
		if resp.StatusCode != 200 {
			t.Errorf("%s: got %d %s", name, resp.StatusCode, body)
			continue
		}
		if uri := <-got; uri != c.want {
			t.Errorf("%s: the upstream got %q, want %q", name, uri, c.want)
		}
	}
}

// An account's value leads to no other host than its app's template means.
func TestFilledHosts(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"acme": "acme.demo.test", "https://acme": "acme.demo.test", "acme/": "acme.demo.test", "": "",
		"evil.test/": "evil.test.demo.test", "evil.test/x": "", "evil.test?": "", "evil.test#": "", "a@evil.test": "", "evil.test\\": "", "evil test": "",
	} {
		var got string
		double := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Host })
		g := start(t, nil, func(c *sandbox.Config) {
			c.Apps[0].BaseURL = "https://{{custom_fields.sub}}.demo.test"
			c.Accounts[0].Credentials["sub"] = value
			c.Vendors = map[string]http.Handler{"acme.demo.test": double, "evil.test.demo.test": double}
		})
		resp, body := g.do(t, "GET", through("/x"), nil, "")
		if got != want || want == "" && body != `{"error":"Invalid URL"}` {
			t.Errorf("%q: the upstream is %q, want %q; %d %s", value, got, want, resp.StatusCode, body)
		}
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/state.json"
	with := func(c *sandbox.Config) { c.StateFile = path }
	g := start(t, nil, with)
	token, _ := g.link(t, "kept", "")
	g.do(t, "POST", "/v1/connect/proj_a/accounts", nil, `{"app_slug":"echo","cfmap_json":"{\"key\":\"k9\"}","connect_token":"`+token+`"}`)
	g.do(t, "DELETE", "/v1/connect/proj_a/accounts/apn_2", nil, "")
	g.link(t, "only-invited", "")
	if err := g.server.Close(); err != nil {
		t.Fatal(err)
	}
	again := start(t, nil, with)
	if a := again.accountsOf(t, "kept"); len(a) != 1 {
		t.Errorf("the connected account is gone: %v", a)
	}
	_, users := again.do(t, "GET", "/v1/connect/proj_a/users", nil, "")
	for user, want := range map[string]bool{"u1": true, "u2": false, "kept": true, "only-invited": true} {
		if got := strings.Contains(users, `"`+user+`"`); got != want {
			t.Errorf("user %s: %v, want %v in %s", user, got, want, users)
		}
	}
	if _, err := sandbox.New(sandbox.Config{Project: sandbox.Project{ID: "proj_other"}, StateFile: path}); err == nil || !strings.Contains(err.Error(), "proj_a") {
		t.Errorf("another project's state: got %v", err)
	}
	if err := again.server.Close(); err != nil {
		t.Error(err)
	}
}

// 10,000 users with 10 accounts each are listed page by page, without memory
// that follows their number.
func TestLargeProject(t *testing.T) {
	t.Parallel()
	const users, each = 10_000, 10
	g := start(t, nil, func(c *sandbox.Config) {
		for u := range users {
			for a := range each {
				c.Accounts = append(c.Accounts, sandbox.Account{
					ID: fmt.Sprintf("apn_%dx%d", u, a), App: "echo", ExternalUserID: fmt.Sprintf("user-%d", u), Environment: proxy.Production,
				})
			}
		}
	})
	c, err := proxy.New(proxy.Options{BaseURL: g.base, ProjectID: "proj_a", Environment: proxy.Production, AccessToken: g.token, HTTP: keeping(t)})
	if err != nil {
		t.Fatal(err)
	}
	n, seen := 0, 0
	for a, err := range c.Accounts(t.Context(), proxy.AccountQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		if a.ID != "" {
			n++
		}
	}
	for _, err := range c.Users(t.Context(), proxy.UserQuery{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen++
	}
	if n != users*each+1 || seen != users+1 { // apn_prod of u1, too
		t.Errorf("%d accounts of %d users, want %d of %d", n, seen, users*each+1, users+1)
	}
}
