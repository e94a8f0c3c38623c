package proxy_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/connectty/connectty/proxy"
)

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
