package proxy

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const (
	idlePerHost  = 16       // Go's default of 2 makes a busy sandbox reconnect
	maxAnswer    = 32 << 20 // of a list page
	maxRefusal   = 64 << 10 // of an error body
	maxHeader    = 1 << 20
	apiTimeout   = 30 * time.Second // of one list or record call
	attempts     = 3
	firstPause   = 200 * time.Millisecond // doubled before each further attempt
	longestPause = 5 * time.Second        // between two attempts, whatever Retry-After asks
)

// httpClient returns the caller's client, or one of ours, that follows no
// redirect: the access token stays with the host it is for.
func httpClient(given *http.Client, roots *x509.CertPool) *http.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if given != nil {
		c := *given
		c.CheckRedirect = stay
		return &c
	}
	t := ownTransport()
	t.MaxIdleConnsPerHost = idlePerHost
	t.DisableCompression = true // codings are undone here, with a limit
	t.MaxResponseHeaderBytes = maxHeader
	if roots != nil {
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: t, CheckRedirect: stay}
}

// ownTransport returns a copy of Go's transport, with HTTPS_PROXY and NO_PROXY, or
// one like it where the program has replaced that.
func ownTransport() *http.Transport {
	if t, ok := http.DefaultTransport.(*http.Transport); ok {
		return t.Clone()
	}
	dialer := &net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dialer.DialContext, ForceAttemptHTTP2: true,
		MaxIdleConns: 100, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 10 * time.Second, ExpectContinueTimeout: time.Second,
	}
}

// apiCall is one call of the Connect API that is no proxied one.
type apiCall struct {
	operation string // for errors: "list users"
	method    string
	path      string
	query     url.Values
	body      any // sent as JSON; nil for none
	out       any // what the JSON of the answer is read into; nil for none
}

func (c *Client) get(ctx context.Context, operation, path string, query url.Values, out any) error {
	return c.call(ctx, apiCall{operation: operation, method: http.MethodGet, path: path, query: query, out: out})
}

// call makes one call of the API. A token that is refused is renewed once. A
// call that changes nothing is repeated where Connect is busy or failed, or the
// connection broke.
func (c *Client) call(ctx context.Context, k apiCall) error {
	ctx, cancel := context.WithTimeout(ctx, attempts*apiTimeout)
	defer cancel()
	renewed := false
	for attempt := 1; ; attempt++ {
		token, err := c.tokens.get(ctx)
		if err != nil {
			return err
		}
		err = c.callOnce(ctx, k, token)
		var refusal *APIError
		if errors.As(err, &refusal) && refusal.Status == http.StatusUnauthorized && !renewed {
			renewed = true
			c.tokens.drop(token)
			fresh, failed := c.tokens.get(ctx)
			switch {
			case failed != nil:
				return failed
			case fresh != token:
				continue
			}
			return err // no other token is to be had
		}
		after, may := again(err)
		if err == nil || !may || k.method != http.MethodGet || attempt >= attempts {
			return err
		}
		if !pause(ctx, max(after, firstPause<<(attempt-1))) {
			return err
		}
	}
}

// again reports whether a failed call may go better the next time, and how long
// the server asked to wait.
func again(err error) (after time.Duration, may bool) {
	if refusal, ok := errors.AsType[*APIError](err); ok {
		return refusal.RetryAfter, refusal.Status == http.StatusTooManyRequests || refusal.Status >= 500
	}
	network, ok := errors.AsType[*NetworkError](err)
	return 0, ok && slices.Contains([]string{"send", "wait", "body"}, network.Phase) && !errors.Is(err, errAnswer)
}

// pause waits, unless that is longer than a person would, or the context ends.
func pause(ctx context.Context, d time.Duration) bool {
	if d > longestPause {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (c *Client) callOnce(ctx context.Context, k apiCall, token string) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	watch := newStopwatch(c.opts.Now)
	req, err := c.request(watch.trace(ctx), k)
	if err != nil {
		return err
	}
	c.identify(req, token)
	if strings.HasPrefix(k.path, c.project("")) {
		req.Header.Set("X-Pd-Environment", string(c.env))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return watch.failure(ctx, k.operation, c.host, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it was needed
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return c.refusal(k.operation, resp)
	}
	if k.out == nil {
		return nil
	}
	if err := c.decode(resp, k.out); err != nil {
		return watch.failure(ctx, k.operation, c.host, err)
	}
	return nil
}

func (c *Client) request(ctx context.Context, k apiCall) (*http.Request, error) {
	target := c.base + k.path
	if len(k.query) > 0 {
		target += "?" + k.query.Encode()
	}
	if k.body == nil {
		return http.NewRequestWithContext(ctx, k.method, target, http.NoBody)
	}
	data, err := json.Marshal(k.body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, k.method, target, bytes.NewReader(data))
	if err == nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, err
}

// project returns a path of the client's project.
func (c *Client) project(path string) string { return "/v1/connect/" + c.opts.ProjectID + path }

// identify puts the access token and the program's name on a call to Connect.
func (s *shared) identify(req *http.Request, token string) {
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("User-Agent", s.opts.UserAgent)
	req.Header.Set("Accept", "application/json")
}

// errAnswer tells that a server answered something that Connect does not.
var errAnswer = errors.New("the answer is not what Connect sends; is the base URL Pipedream's?")

// decode reads a JSON answer of limited length.
func (s *shared) decode(resp *http.Response, out any) error {
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return err
	}
	if len(data) > maxAnswer || json.Unmarshal(data, out) != nil {
		return errAnswer
	}
	return nil
}
