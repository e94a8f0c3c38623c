package sandbox_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// TestEncodings sends each client's form of a URL (connect-api.md, "url_64")
// through the server; a path stands for the vectors' hosts.
func TestEncodings(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	for name, c := range map[string]struct{ encoded, want string }{
		"url-safe, bare":     {"L34vX34_Yj0_Pz8", "/~/_~?b=???"},
		"standard, escaped":  {"L34vX34%2FYj0%2FPz8%3D", "/~/_~?b=???"},
		"standard, slash":    {"L34vX34/Yj0/Pz8", "/~/_~?b=???"},
		"url-safe, padded":   {"L34vX34_Yj0_Pz8=", "/~/_~?b=???"},
		"latin-1":            {"L3P4aw", "/s%C3%B8k"},
		"utf-8":              {"L3PDuGs", "/s%C3%B8k"},
		"order, %2F, repeat": {proxy.EncodeURL("/a%2Fb?z=1&a=2&z=3"), "/a%2Fb?z=1&a=2&z=3"},
		"second ?":           {proxy.EncodeURL("/p?a=1?b=2"), "/p?a=1?b=2"},
		"space, fragment":    {proxy.EncodeURL("/a b?c=d e#f"), "/a%20b?c=d%20e"},
		"two slashes":        {proxy.EncodeURL("//host/x"), "//host/x"},
		"as written":         {proxy.EncodeURL(`/p%2Fq/a|b/{c}/"d"?x={y}|%gg`), `/p%2Fq/a|b/{c}/"d"?x={y}|%gg`},
		"empty query":        {proxy.EncodeURL("/x?"), "/x?"},
	} {
		resp, body := g.do(t, "GET", "/v1/connect/proj_a/proxy/"+c.encoded+as1+"&ignored=1", nil, "")
		if resp.StatusCode != 200 {
			t.Errorf("%s: got %d %s", name, resp.StatusCode, body)
		} else if got := g.last(t).uri; got != c.want {
			t.Errorf("%s: upstream got %q, want %q", name, got, c.want)
		}
	}
}

func TestInsertions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		insert []sandbox.Insert
		send   string
		uri    string
		header map[string]string
	}{
		"none":        {nil, "/x", "/x", map[string]string{"Authorization": ""}},
		"header":      {[]sandbox.Insert{{Header: "Authorization", Value: "Bot {{key}}"}}, "/x", "/x", map[string]string{"Authorization": "Bot k1"}},
		"field":       {[]sandbox.Insert{{Header: "X-A", Value: "{{custom_fields.sub}}"}}, "/x", "/x", map[string]string{"X-A": "acme"}},
		"two headers": {[]sandbox.Insert{{Header: "A", Value: "{{key}}"}, {Header: "B", Value: "{{word}}"}}, "/x", "/x", map[string]string{"A": "k1", "B": "pass"}},
		"query":       {[]sandbox.Insert{{Query: "key", Value: "{{key}}"}}, "/x?b=2&key=mine&a=%2F", "/x?b=2&a=%2F&key=k1", nil},
		"basic":       {[]sandbox.Insert{{Basic: true, BasicUser: "{{key}}", BasicPassword: "{{word}}"}}, "/x", "/x", map[string]string{"Authorization": "Basic azE6cGFzcw=="}},
		"path":        {[]sandbox.Insert{{Path: "/bot{{key}}"}}, "/getMe?a=1", "/botk1/getMe?a=1", nil},
		"empty":       {[]sandbox.Insert{{Header: "X-A", Value: "{{nothing}}"}}, "/x", "/x", map[string]string{"X-A": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := start(t, nil, func(cfg *sandbox.Config) { cfg.Apps[0].Insert = c.insert })
			g.do(t, "GET", through(c.send), nil, "")
			got := g.last(t)
			if got.uri != c.uri {
				t.Errorf("upstream got %q, want %q", got.uri, c.uri)
			}
			for header, want := range c.header {
				if v := got.header.Get(header); v != want {
					t.Errorf("%s: got %q, want %q", header, v, want)
				}
			}
		})
	}
	t.Run("stray braces", func(t *testing.T) {
		t.Parallel()
		g := start(t, nil, func(cfg *sandbox.Config) {
			cfg.Apps[0].Insert = []sandbox.Insert{{Header: "X-A", Value: "{{key}} {{a-b}}"}}
		})
		if resp, body := g.do(t, "GET", through("/x"), nil, ""); resp.StatusCode != 400 || g.count() != 0 {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
	})
}

func TestEachAccountHasItsOwnCredential(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	for account, want := range map[string]string{"u1&account_id=apn_1": "Bearer k1", "u2&account_id=apn_2": "Bearer k2"} {
		g.do(t, "GET", "/v1/connect/proj_a/proxy/L3g?external_user_id="+account, http.Header{"X-Pd-Proxy-Authorization": {"mine"}}, "")
		if got := g.last(t).header.Values("Authorization"); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", account, got, want)
		}
	}
}

func TestHeadersAndBody(t *testing.T) {
	t.Parallel()
	g := start(t, nil, nil)
	body := "\x00\xff--form\r\n"
	g.do(t, "DELETE", through("/x"), http.Header{
		"Content-Type": {"application/json"}, "X-Pd-Proxy-Content-Type": {"text/x"}, "X-Pd-Proxy-X-Pd-Proxy-A": {"1"},
		"X-Fern-B": {"1"}, "Accept": {"text/html"}, "X-Plain": {"1"},
	}, body)
	got := g.last(t)
	if got.method != "DELETE" || got.body != body {
		t.Errorf("got %s %q, want DELETE %q", got.method, got.body, body)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/x", "X-Pd-Proxy-A": "1", "X-Fern-B": "", "Accept": "*/*", "X-Plain": "",
		"X-Pd-Environment": "", "Accept-Encoding": "", "User-Agent": "connectty-sandbox", "Content-Length": "10",
	} {
		if v := got.header.Get(name); v != want {
			t.Errorf("%s: got %q, want %q", name, v, want)
		}
	}
	if want := strings.TrimPrefix(g.upstream, "http://"); got.host != want {
		t.Errorf("host: got %q, want %q", got.host, want)
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	g := start(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Connectty-Source", "sandbox") // a lie
		h.Set("Keep-Alive", "5")
		h.Set("Proxy-Authenticate", "x")
		h.Set("Retry-After", "7")
		h.Set("Location", "https://elsewhere.test/")
		switch r.URL.Path {
		case "/302":
			w.WriteHeader(302)
		case "/429":
			w.WriteHeader(429)
		case "/gzip":
			h.Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, "not unpacked")
		case "/cut":
			h.Set("Content-Length", "100")
			_, _ = io.WriteString(w, "half")
		}
	}, nil)
	for path, status := range map[string]int{"/302": 302, "/429": 429, "/gzip": 200} {
		resp, body := g.do(t, "GET", through(path), nil, "")
		if resp.StatusCode != status || resp.Header.Get("X-Connectty-Source") != "upstream" || resp.Header.Get("Retry-After") != "7" {
			t.Errorf("%s: got %d %v", path, resp.StatusCode, resp.Header)
		}
		if resp.Header.Get("Keep-Alive")+resp.Header.Get("Proxy-Authenticate") != "" {
			t.Errorf("%s: hop-by-hop headers came through: %v", path, resp.Header)
		}
		if path == "/gzip" && body != "not unpacked" {
			t.Errorf("gzip: got %q", body)
		}
	}
	resp, err := g.open(t, "GET", through("/cut"), nil, "")
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
	}
	if err == nil {
		t.Error("a body that broke off looks whole")
	}
}

func TestStreamAndCancel(t *testing.T) {
	t.Parallel()
	gone := make(chan struct{})
	g := start(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "one\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	}, nil)
	resp, err := g.open(t, "GET", through("/events"), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(resp.Body).ReadString('\n'); line != "one\n" {
		t.Errorf("first event: got %q, %v", line, err)
	}
	_ = resp.Body.Close() // the caller goes; so must the upstream's call
	select {
	case <-gone:
	case <-t.Context().Done():
	}
}
