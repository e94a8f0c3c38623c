package proxy_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/connectty/connectty/proxy"
)

// numbered serves access tokens tok1, tok2, … and hands all else to the handler.
func numbered(tb testing.TB, h http.HandlerFunc) string {
	tb.Helper()
	var tokens atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/oauth/token") {
			_, _ = fmt.Fprintf(w, `{"access_token":"tok%d","expires_in":3600}`, tokens.Add(1))
			return
		}
		h(w, r)
	}))
	tb.Cleanup(srv.Close)
	return srv.URL
}

// unauthorized answers as Connect does to a token that it does not take.
func unauthorized(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusUnauthorized)
	_, _ = io.WriteString(w, `{"error":"Unauthorized"}`)
}

// seekable hides how long a body is.
type seekable struct{ io.ReadSeeker }

// A token that is refused while the body is still being sent does not damage
// what is sent with the next one.
func TestRefusedDuringUpload(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("0123456789abcde\n"), 256<<10)
	var damaged atomic.Int64
	serve := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer tok1" {
			_, _ = io.CopyN(io.Discard, r.Body, 1000)
			unauthorized(w)
			return
		}
		if got, err := io.ReadAll(r.Body); err == nil && !bytes.Equal(got, body) {
			damaged.Add(1)
		}
	}
	for range 20 {
		c := connect(t, numbered(t, serve), nil)
		resp, err := c.Do(t.Context(), &proxy.Request{
			Method: "POST", URL: "/x", ExternalUserID: "u", AccountID: "apn_1", Body: seekable{bytes.NewReader(body)},
		})
		if err != nil {
			continue // the connection may break before the refusal is read
		}
		_ = resp.Body.Close()
	}
	if n := damaged.Load(); n != 0 {
		t.Errorf("%d uploads were taken for whole that were not", n)
	}
}
