package diagnose_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/proxy/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// provoked is one rule, provoked through the real sandbox and the real client:
// what the third party answers, what is amiss, and the finding.
type provoked struct {
	method  string // default GET
	url     string // default https://api.vendor.test/v1/things
	status  int    // of the third party; default 200
	header  []string
	body    string
	app     func(*sandbox.App)
	account func(*sandbox.Account)
	config  func(*sandbox.Config)
	request func(*proxy.Request)
	options func(*proxy.Options)
	facts   func(*diagnose.Input)
	within  time.Duration // the caller's own limit
	before  int           // calls that went out before

	who  diagnose.Who
	code string
	says string // in summary, evidence or steps
	key  string // of the first step
}

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// host is the host of an URL, the test's own where it has none.
func host(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return "api.vendor.test"
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

// provoke sends the request through a sandbox of its own and judges what comes.
func (p provoked) provoke(t *testing.T) diagnose.Finding {
	t.Helper()
	vendor := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(p.header); i += 2 {
			w.Header().Set(p.header[i], p.header[i+1])
		}
		w.WriteHeader(max(p.status, 200))
		_, _ = io.WriteString(w, p.body)
	})
	if p.url == "" {
		p.url = "https://api.vendor.test/v1/things"
	}
	app := sandbox.App{
		Slug: "vendor", Name: "Vendor", AuthType: "oauth", BaseURL: "https://" + host(p.url),
		Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{key}}"}},
	}
	account := sandbox.Account{
		ID: "apn_1", App: "vendor", ExternalUserID: "u1", Environment: proxy.Development, Credentials: map[string]string{"key": "k1"},
	}
	if p.app != nil {
		p.app(&app)
	}
	if p.account != nil {
		p.account(&account)
	}
	cfg := sandbox.Config{
		Project: sandbox.Project{ID: "proj_a", ClientID: "id", ClientSecret: "secret", RateLimit: 100},
		Apps:    []sandbox.App{app}, Accounts: []sandbox.Account{account}, Vendors: map[string]http.Handler{host(p.url): vendor},
	}
	if p.config != nil {
		p.config(&cfg)
	}
	server, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewServer(server.Handler())
	t.Cleanup(func() { front.Close(); _ = server.Close() })
	return p.send(t, front.URL)
}

func (p provoked) send(t *testing.T, base string) diagnose.Finding {
	t.Helper()
	opts := proxy.Options{BaseURL: base, ProjectID: "proj_a", ClientID: "id", ClientSecret: "secret", TrustMark: true}
	if p.options != nil {
		p.options(&opts)
	}
	client, err := proxy.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	req := &proxy.Request{Method: p.method, URL: p.url, ExternalUserID: "u1", AccountID: "apn_1"}
	if req.Method == "" {
		req.Method = http.MethodGet
	}
	if p.request != nil {
		p.request(req)
	}
	ctx, cancel := t.Context(), context.CancelFunc(func() {})
	if p.within > 0 {
		ctx, cancel = context.WithTimeout(t.Context(), p.within)
	}
	defer cancel()
	in := diagnose.Input{Method: req.Method, URL: req.URL, Now: noon}
	if a, err := client.Account(t.Context(), req.AccountID); err == nil {
		in.Account = a
		in.App = &a.App
	}
	for range p.before {
		resp, err := client.Do(ctx, req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close() // nobody reads it
	}
	began := time.Now()
	resp, err := client.Do(ctx, req)
	in.Err = err
	if err == nil {
		in.Status, in.Header, in.Evidence = resp.Status, resp.Header, resp.Evidence
		in.Body, in.Err = io.ReadAll(resp.Body)
		_ = resp.Body.Close() // it was read to its end
	}
	in.Elapsed = time.Since(began)
	if p.facts != nil {
		p.facts(&in)
	}
	return diagnose.Judge(in)
}

func TestProvoked(t *testing.T) {
	t.Parallel()
	for _, rows := range []map[string]provoked{good, byStatus, inside, accounts, limits, pages, refusals, network} {
		for name, p := range rows {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				f := p.provoke(t)
				if f.Who != p.who || f.Code != p.code {
					t.Errorf("got %s, %s (%s); want %s, %s\n%s", f.Who, f.Code, f.Summary, p.who, p.code, strings.Join(f.Evidence, "\n"))
				}
				checkWords(t, f, p)
			})
		}
	}
}

// checkWords holds what is true of every finding.
func checkWords(t *testing.T, f diagnose.Finding, p provoked) {
	t.Helper()
	all := f.Summary + "\n" + strings.Join(f.Evidence, "\n")
	for _, s := range f.Next {
		all += "\n" + s.Text
		if s.Text == "" || s.Actor == "" {
			t.Errorf("a step says what, and who: %+v", s)
		}
		if s.Key != "" && !strings.Contains("EUAumbLCtr", s.Key) {
			t.Errorf("the explorer has no key %q: %+v", s.Key, s)
		}
	}
	if !strings.Contains(all, p.says) {
		t.Errorf("%q is not said in\n%s", p.says, all)
	}
	if strings.ContainsAny(all, "{}") {
		t.Errorf("a fact was not filled in:\n%s", all)
	}
	if f.Who != diagnose.None && len(f.Next) == 0 {
		t.Errorf("a failure names the next step: %+v", f)
	}
	if p.key != "" && (len(f.Next) == 0 || f.Next[0].Key != p.key) {
		t.Errorf("got the first step %+v, want key %s", f.Next, p.key)
	}
}
