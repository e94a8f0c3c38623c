package proxy_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/connectty/connectty/proxy"
)

// A refusal of the access token is sent again only where another may help.
func TestWhoRefused(t *testing.T) {
	t.Parallel()
	static := func(o *proxy.Options) { o.AccessToken = "ready" }
	head := func(w http.ResponseWriter, length string) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", length)
		w.WriteHeader(http.StatusUnauthorized)
	}
	for name, k := range map[string]struct {
		method   string
		answer   func(w http.ResponseWriter, token string)
		change   func(*proxy.Options)
		calls    int64
		connects bool // an error of Connect's, else an answer of the upstream's
		status   int
	}{
		"every token": {"POST", func(w http.ResponseWriter, _ string) { unauthorized(w) }, nil, 2, true, 401},
		"every token, marked": {"POST", func(w http.ResponseWriter, _ string) {
			w.Header().Set("X-Connectty-Source", "sandbox")
			unauthorized(w)
		}, nil, 2, true, 401},
		"the only token": {"POST", func(w http.ResponseWriter, _ string) { unauthorized(w) }, static, 1, true, 401},
		"HEAD": {"HEAD", func(w http.ResponseWriter, token string) {
			if token == "tok1" {
				head(w, "24")
			}
		}, nil, 2, false, 200},
		"HEAD, the only token": {"HEAD", func(w http.ResponseWriter, _ string) { head(w, "24") }, static, 1, true, 401},
		"HEAD, another length": {"HEAD", func(w http.ResponseWriter, _ string) { head(w, "25") }, nil, 1, false, 401},
		"HEAD, a header of the upstream's": {"HEAD", func(w http.ResponseWriter, _ string) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			head(w, "24")
		}, nil, 1, false, 401},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			c := connect(t, numbered(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				k.answer(w, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
			}), k.change)
			resp, err := c.Do(t.Context(), &proxy.Request{Method: k.method, URL: "/x", ExternalUserID: "u", AccountID: "apn_1"})
			var refusal *proxy.APIError
			switch {
			case calls.Load() != k.calls || errors.As(err, &refusal) != k.connects:
				t.Errorf("%d calls and %v, want %d and Connect's refusal: %v", calls.Load(), err, k.calls, k.connects)
			case k.connects && (refusal.Status != k.status || refusal.Evidence == ""):
				t.Errorf("got %+v", refusal)
			case !k.connects && (err != nil || resp.Status != k.status || k.status == 401 && resp.Evidence == ""):
				t.Errorf("got %+v, %v", resp, err)
			}
			if resp != nil {
				body, err := io.ReadAll(resp.Body)
				if err != nil || k.method == "POST" && string(body) != `{"error":"Unauthorized"}` {
					t.Errorf("body: got %q, %v", body, err)
				}
				_ = resp.Body.Close()
			}
		})
	}
}

// A list is not asked for again with the token that was refused.
func TestOnlyTokenRefused(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	base := numbered(t, func(w http.ResponseWriter, _ *http.Request) { calls.Add(1); unauthorized(w) })
	_, err := connect(t, base, func(o *proxy.Options) { o.AccessToken = "ready" }).UserPage(t.Context(), proxy.UserQuery{}, "")
	var refusal *proxy.APIError
	if !errors.As(err, &refusal) || calls.Load() != 1 {
		t.Errorf("%d calls and %v", calls.Load(), err)
	}
}

// Connect's words with a sign of another service are that service's.
func TestForeignSigns(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		status   int
		header   map[string]string
		body     string
		connects bool
	}{
		"502":                    {502, nil, `{"error":"could not reach it"}`, true},
		"502, powered by":        {502, map[string]string{"X-Powered-By": "Express"}, `{"error":"our database is down"}`, false},
		"502, a session":         {502, map[string]string{"Set-Cookie": "sid=1; Path=/"}, `{"error":"our database is down"}`, false},
		"403, a session":         {403, map[string]string{"Set-Cookie": "connect.sid=1"}, `{"error":"Forbidden"}`, false},
		"403, a balancer's":      {403, map[string]string{"Set-Cookie": "AWSALBCORS=1; Path=/"}, `{"error":"Forbidden"}`, true},
		"413, the sandbox's":     {413, nil, `{"error":"Request body too large"}`, true},
		"413, an upstream's":     {413, nil, `{"error":"file too big"}`, false},
		"401, powered by":        {401, map[string]string{"X-Powered-By": "Express"}, `{"error":"Unauthorized"}`, false},
		"404, a server's banner": {404, map[string]string{"Server": "nginx"}, `{"error":"record not found"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			c := connect(t, numbered(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				w.Header().Set("Content-Type", "application/json")
				for name, v := range k.header {
					w.Header().Set(name, v)
				}
				w.WriteHeader(k.status)
				_, _ = io.WriteString(w, k.body)
			}), nil)
			resp, err := c.Do(t.Context(), &proxy.Request{Method: "POST", URL: "/x", ExternalUserID: "u", AccountID: "apn_1"})
			var refusal *proxy.APIError
			if errors.As(err, &refusal) != k.connects || calls.Load() != 1 {
				t.Errorf("%d calls and %v, want Connect's refusal: %v", calls.Load(), err, k.connects)
			}
			if resp != nil {
				_ = resp.Body.Close()
			}
		})
	}
}
