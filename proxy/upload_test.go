package proxy_test

import (
	"bytes"
	"errors"
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

// A body is sent again from where the caller handed it over; one that cannot be
// set back is not sent again.
func TestSentAgainFrom(t *testing.T) {
	t.Parallel()
	at := func(text string, offset int64) io.ReadSeeker {
		r := strings.NewReader(text)
		_, _ = r.Seek(offset, io.SeekStart)
		return r
	}
	for name, k := range map[string]struct {
		body io.Reader
		want string // what came, per attempt
	}{
		"the start":   {at("payload", 0), "payload payload"},
		"an offset":   {seekable{at("HEADER:payload", 7)}, "payload payload"},
		"the end":     {at("payload", 7), " "},
		"no seeker":   {io.MultiReader(at("payload", 0)), "payload"},
		"a blind one": {blind{at("payload", 0)}, "payload"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			c := connect(t, numbered(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = append(got, string(body))
				if r.Header.Get("Authorization") == "Bearer tok1" {
					unauthorized(w)
				}
			}), nil)
			resp, err := c.Do(t.Context(), &proxy.Request{Method: "POST", URL: "/x", ExternalUserID: "u", AccountID: "apn_1", Body: k.body})
			if err == nil {
				_ = resp.Body.Close()
			}
			if came := strings.Join(got, " "); came != k.want || (err == nil) != (len(got) == 2) {
				t.Errorf("got %q, %v, want %q", came, err, k.want)
			}
		})
	}
}

// blind is a seeker that cannot seek, as a file that stands for a pipe.
type blind struct{ io.Reader }

func (blind) Seek(int64, int) (int64, error) { return 0, errors.ErrUnsupported }
