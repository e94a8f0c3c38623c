package proxy

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
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
	longestPause = 5 * time.Second // between two attempts, whatever Retry-After asks
)

// httpClient returns the caller's client, or one of ours, that follows no
// redirect: the access token stays with the host it is for.
func httpClient(given *http.Client) *http.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if given != nil {
		c := *given
		c.CheckRedirect = stay
		return &c
	}
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = idlePerHost
	t.DisableCompression = true // codings are undone here, with a limit
	t.MaxResponseHeaderBytes = maxHeader
	return &http.Client{Transport: t, CheckRedirect: stay}
}

// get reads one JSON answer of the Connect API. A call that changes nothing may
// be repeated: once with a new token, and where Connect is busy or failed.
func (c *Client) get(ctx context.Context, operation, path string, query url.Values, out any) error {
	ctx, cancel := context.WithTimeout(ctx, attempts*apiTimeout)
	defer cancel()
	renewed := false
	for attempt := 1; ; attempt++ {
		token, err := c.tokens.get(ctx)
		if err != nil {
			return err
		}
		err = c.getOnce(ctx, operation, path, query, token, out)
		var refusal *APIError
		if !errors.As(err, &refusal) {
			return err
		}
		switch {
		case refusal.Status == http.StatusUnauthorized && !renewed:
			renewed = true
			c.tokens.drop(token)
		case attempt < attempts && (refusal.Status == http.StatusTooManyRequests || refusal.Status >= 500):
			if !pause(ctx, max(refusal.RetryAfter, time.Duration(attempt)*200*time.Millisecond)) {
				return err
			}
		default:
			return err
		}
	}
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

func (c *Client) getOnce(ctx context.Context, operation, path string, query url.Values, token string, out any) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	watch := newStopwatch(c.opts.Now)
	target := c.base + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(watch.trace(ctx), http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	c.identify(req, token)
	if strings.HasPrefix(path, c.project("")) {
		req.Header.Set("X-Pd-Environment", string(c.env))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return watch.failure(ctx, operation, c.host, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it was needed
	if resp.StatusCode != http.StatusOK {
		return c.refusal(operation, resp)
	}
	if err := c.decode(resp, out); err != nil {
		return watch.failure(ctx, operation, c.host, err)
	}
	return nil
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

// refusal reads an answer of Connect that is no success.
func (s *shared) refusal(operation string, resp *http.Response) *APIError {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxRefusal)) // what came is what there is to say
	return s.refusalOf(operation, resp, body)
}

func (s *shared) refusalOf(operation string, resp *http.Response, body []byte) *APIError {
	body = s.scrub(body)
	e := &APIError{
		Operation: operation, Status: resp.StatusCode, Header: resp.Header, Body: body,
		RequestID: resp.Header.Get("X-Request-Id"), RetryAfter: retryAfter(resp.Header, s.opts.Now()),
	}
	e.Message, e.Code = refusalWords(body)
	if e.Message == "" {
		e.Message = http.StatusText(resp.StatusCode)
	}
	return e
}

// scrub removes our own secrets, should a server echo them.
func (s *shared) scrub(body []byte) []byte {
	text := string(body)
	for _, secret := range append(s.tokens.secrets(), s.opts.ClientSecret) {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	return []byte(text)
}

// refusalWords reads both shapes of Connect's errors: a text, or an object of
// lists such as {"account":["account and user mismatch"]} (connect-api.md, 7).
func refusalWords(body []byte) (message, code string) {
	var answer struct {
		Error       json.RawMessage `json:"error"`
		Description string          `json:"error_description"`
		Code        string          `json:"code"`
	}
	if json.Unmarshal(body, &answer) != nil {
		return "", ""
	}
	var text string
	var lists map[string][]string
	switch {
	case json.Unmarshal(answer.Error, &text) == nil:
		message = text
	case json.Unmarshal(answer.Error, &lists) == nil:
		var all []string
		for _, words := range lists {
			all = append(all, words...)
		}
		message = strings.Join(all, "; ")
	}
	if answer.Description != "" {
		message = strings.TrimPrefix(message+": "+answer.Description, ": ")
	}
	return oneLine(message), answer.Code
}

// oneLine keeps a server's words from breaking a line, and from being a page.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 300 {
		s = string(runes[:299]) + "…"
	}
	return s
}

// retryAfter reads seconds or a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(v); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 24*3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
