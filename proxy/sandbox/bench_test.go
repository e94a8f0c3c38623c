package sandbox_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// bench is a sandbox, or a reverse proxy to measure it by, before an upstream.
type bench struct {
	url    string
	header http.Header
	client *http.Client
}

// answers serves a JSON answer of about 1 kB, and 100 MB under /big.
func answers() http.HandlerFunc {
	small := []byte(`{"data":[` + strings.Repeat(`{"id":"msg_1","name":"hello world"},`, 26) + `{}]}`)
	big := bytes.Repeat([]byte("0123456789abcdef"), 100<<20/16)
	return func(w http.ResponseWriter, r *http.Request) {
		body := small
		if r.URL.Path == "/big" {
			body = big
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}
}

// kept keeps enough connections for all callers.
func kept(b *testing.B) *http.Transport {
	b.Helper()
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost, t.MaxIdleConns, t.DisableCompression = 256, 256, true
	b.Cleanup(t.CloseIdleConnections)
	return t
}

// throughSandbox forwards with a credential inserted, as real calls do.
func throughSandbox(b *testing.B, upstream, path string) bench {
	b.Helper()
	s, err := sandbox.New(sandbox.Config{
		Project: sandbox.Project{ID: "proj_a", ClientID: "id", ClientSecret: "secret"},
		Apps:    []sandbox.App{{Slug: "echo", BaseURL: upstream, Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{key}}"}}}},
		Accounts: []sandbox.Account{
			{ID: "apn_1", App: "echo", ExternalUserID: "u1", Environment: proxy.Development, Credentials: map[string]string{"key": "k1"}},
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	front := httptest.NewServer(s.Handler())
	b.Cleanup(func() { front.Close(); _ = s.Close() })
	resp, err := http.Post(front.URL+"/v1/oauth/token", "application/json", //nolint:noctx // a benchmark's set-up
		strings.NewReader(`{"grant_type":"client_credentials","client_id":"id","client_secret":"secret"}`))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	grant, err := io.ReadAll(resp.Body)
	if err != nil {
		b.Fatal(err)
	}
	_, token, _ := strings.Cut(string(grant), `"access_token":"`)
	token, _, _ = strings.Cut(token, `"`)
	return bench{
		url:    front.URL + through(path),
		header: http.Header{"Authorization": {"Bearer " + token}, "X-Pd-Environment": {"development"}},
		client: &http.Client{Transport: kept(b)},
	}
}

type buffers struct{ sync.Pool }

func (p *buffers) Get() []byte  { return *p.Pool.Get().(*[]byte) }
func (p *buffers) Put(b []byte) { p.Pool.Put(&b) }

// throughReverseProxy is the standard library's, tuned: kept connections, shared
// buffers. It checks and inserts nothing.
func throughReverseProxy(b *testing.B, upstream, path string) bench {
	b.Helper()
	u, err := url.Parse(upstream)
	if err != nil {
		b.Fatal(err)
	}
	rp := httputil.NewSingleHostReverseProxy(u)
	rp.Transport = kept(b)
	rp.BufferPool = &buffers{sync.Pool{New: func() any { buf := make([]byte, 64<<10); return &buf }}}
	front := httptest.NewServer(rp)
	b.Cleanup(front.Close)
	return bench{url: front.URL + path, client: &http.Client{Transport: kept(b)}}
}

func (k bench) get(b *testing.B) (int64, time.Duration) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, k.url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header = k.header.Clone()
	at := time.Now()
	resp, err := k.client.Do(req)
	if err != nil {
		b.Error(err)
		return 0, 0
	}
	defer func() { _ = resp.Body.Close() }()
	n, err := io.Copy(io.Discard, resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Errorf("status %d, %v", resp.StatusCode, err)
	}
	return n, time.Since(at)
}

var ways = []struct {
	name string
	make func(b *testing.B, upstream, path string) bench
}{{"sandbox", throughSandbox}, {"reverse-proxy", throughReverseProxy}}

// BenchmarkForward sends calls with answers of 1 kB from 64 callers at once.
func BenchmarkForward(b *testing.B) {
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			up := httptest.NewServer(answers())
			b.Cleanup(up.Close)
			k := way.make(b, up.URL, "/small")
			const callers = 64
			times := make([][]time.Duration, callers)
			var wait sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for i := range callers {
				wait.Go(func() {
					for n := i; n < b.N; n += callers {
						_, took := k.get(b)
						times[i] = append(times[i], took)
					}
				})
			}
			wait.Wait()
			b.StopTimer()
			all := slices.Concat(times...)
			slices.Sort(all)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// BenchmarkLargeBody passes an answer of 100 MB.
func BenchmarkLargeBody(b *testing.B) {
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			up := httptest.NewServer(answers())
			b.Cleanup(up.Close)
			k := way.make(b, up.URL, "/big")
			b.ReportAllocs()
			for b.Loop() {
				n, _ := k.get(b)
				b.SetBytes(n)
			}
		})
	}
}
