package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	renewEarly   = 2 * time.Minute  // as the official SDK does (connect-api.md, "Tokens")
	shortLived   = 4 * time.Minute  // such a token is renewed at half its life
	tokenTimeout = 30 * time.Second // of one fetch, whoever waits for it
	keptTokens   = 8                // replaced tokens whose text is still kept off the disk
)

// tokens holds the access token that all clients of a project share.
type tokens struct {
	fetch func(ctx context.Context) (value string, life time.Duration, err error)
	now   func() time.Time
	group singleflight.Group

	mu      sync.Mutex
	value   string
	renewAt time.Time
	seen    []string // the newest tokens, for redaction
}

// get returns a token that is fresh. Callers that come while one is fetched wait
// for the same fetch; one that gives up does not end it for the others.
func (t *tokens) get(ctx context.Context) (string, error) {
	if value, fresh := t.current(); fresh {
		return value, nil
	}
	results := t.group.DoChan("token", func() (any, error) {
		if value, fresh := t.current(); fresh {
			return value, nil // fetched between the look and the wait
		}
		fetching, cancel := context.WithTimeout(context.WithoutCancel(ctx), tokenTimeout)
		defer cancel()
		return t.renew(fetching)
	})
	select {
	case r := <-results:
		if r.Err != nil {
			return "", r.Err
		}
		return r.Val.(string), nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// current returns the token at hand, and whether it is good for a while.
func (t *tokens) current() (value string, fresh bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.value, t.value != "" && t.now().Before(t.renewAt)
}

func (t *tokens) renew(ctx context.Context) (string, error) {
	value, life, err := t.fetch(ctx)
	if err != nil {
		return "", err
	}
	keep := life - renewEarly
	if life <= shortLived {
		keep = life / 2
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.value, t.renewAt = value, t.now().Add(keep)
	t.seen = append(t.seen, value)
	if len(t.seen) > keptTokens {
		t.seen = slices.Delete(t.seen, 0, 1)
	}
	return value, nil
}

// drop forgets a token that Connect refused, unless it was replaced meanwhile.
func (t *tokens) drop(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.value == value {
		t.value = ""
	}
}

func (t *tokens) secrets() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.seen)
}

// static is a token that was handed to us: it cannot be renewed.
func static(value string) func(context.Context) (string, time.Duration, error) {
	return func(context.Context) (string, time.Duration, error) { return value, 24 * 365 * time.Hour, nil }
}

// clientCredentials fetches a token for the project's OAuth client
// (connect-api.md, "Tokens").
func (s *shared) clientCredentials(ctx context.Context) (string, time.Duration, error) {
	const operation = "fetch an access token"
	body, err := json.Marshal(map[string]string{
		"grant_type": "client_credentials",
		"client_id":  s.opts.ClientID, "client_secret": s.opts.ClientSecret,
	})
	if err != nil {
		return "", 0, err
	}
	watch := newStopwatch(s.opts.Now)
	req, err := http.NewRequestWithContext(watch.trace(ctx), http.MethodPost, s.base+"/v1/oauth/token", bytes.NewReader(body))
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w", operation, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", s.opts.UserAgent)
	resp, err := s.http.Do(req)
	if err != nil {
		return "", 0, watch.failure(ctx, operation, s.host, err)
	}
	defer func() { _ = resp.Body.Close() }() // it was read as far as it was needed
	if resp.StatusCode != http.StatusOK {
		refusal := s.refusal(operation, resp)
		refusal.Operation = tokenOperation
		return "", 0, refusal
	}
	var grant struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"` // seconds
	}
	if err := s.decode(resp, &grant); err != nil {
		return "", 0, watch.failure(ctx, operation, s.host, err)
	}
	if grant.AccessToken == "" {
		return "", 0, watch.failure(ctx, operation, s.host, errAnswer)
	}
	return grant.AccessToken, time.Duration(grant.ExpiresIn) * time.Second, nil
}

// tokenOperation is APIError.Operation of a refused token request.
const tokenOperation = "token"
