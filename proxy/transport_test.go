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

// On a kept connection that breaks, what may change something goes out once; a
// bare GET may go out again, as net/http has it.
func TestKeptConnectionBreaks(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]struct {
		method string
		body   func() io.Reader
		once   bool
	}{
		"GET":              {"GET", func() io.Reader { return nil }, false},
		"GET with a body":  {"GET", func() io.Reader { return strings.NewReader("x") }, true},
		"POST":             {"POST", func() io.Reader { return nil }, true},
		"POST, empty body": {"POST", func() io.Reader { return strings.NewReader("") }, true},
		"POST with a body": {"POST", func() io.Reader { return strings.NewReader("x") }, true},
		"DELETE":           {"DELETE", func() io.Reader { return nil }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int64
			c := connect(t, numbered(t, func(http.ResponseWriter, *http.Request) {
				if calls.Add(1) > 1 {
					panic(http.ErrAbortHandler)
				}
			}), nil)
			send := func() error {
				resp, err := c.Do(t.Context(), &proxy.Request{Method: k.method, URL: "/x", ExternalUserID: "u", AccountID: "apn_1", Body: k.body()})
				if err != nil {
					return err
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				return resp.Body.Close()
			}
			if err := send(); err != nil {
				t.Fatal(err)
			}
			var network *proxy.NetworkError
			if err := send(); !errors.As(err, &network) || k.once && calls.Load() != 2 {
				t.Errorf("%d calls and %v, want 2 and a fault of the network", calls.Load(), err)
			}
		})
	}
}

type replaced struct{}

func (replaced) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.EOF }

// A program that replaced Go's default transport still gets a client that works.
func TestReplacedDefaultTransport(t *testing.T) { // not parallel: it changes what all share
	base := numbered(t, func(http.ResponseWriter, *http.Request) {})
	before := http.DefaultTransport
	http.DefaultTransport = replaced{}
	t.Cleanup(func() { http.DefaultTransport = before })
	c, err := proxy.New(proxy.Options{BaseURL: base, ProjectID: "proj_t", ClientID: "id", ClientSecret: "s"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	if err := c.CheckToken(t.Context()); err != nil {
		t.Error(err)
	}
}
