package session_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/proxy/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve starts a sandbox with one app in front of an upstream, and returns a
// profile that reaches it.
func serve(t *testing.T, upstream http.HandlerFunc) config.Profile {
	t.Helper()
	api := httptest.NewServer(upstream)
	t.Cleanup(api.Close)
	account := func(id string, env proxy.Environment) sandbox.Account {
		return sandbox.Account{
			ID: id, App: "echo", ExternalUserID: "abc-123", Name: "Echo", Environment: env,
			Credentials: map[string]string{"access_token": "tok-upstream"},
		}
	}
	server, err := sandbox.New(sandbox.Config{
		Project: sandbox.Project{ID: "proj_test", RateLimit: 1000},
		Apps: []sandbox.App{{
			Slug: "echo", Name: "Echo", AuthType: "keys", BaseURL: api.URL, AllowedDomains: []string{"127.0.0.1"},
			Insert: []sandbox.Insert{{Header: "Authorization", Value: "Bearer {{access_token}}"}},
		}},
		Accounts: []sandbox.Account{account("apn_1", proxy.Development), account("apn_2", proxy.Production)},
	})
	if err != nil {
		t.Fatal(err)
	}
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, server.Close()); err != nil {
			t.Error(err)
		}
	})
	id, secret := server.Credentials()
	return config.Profile{
		Name: "test", ProjectID: server.ProjectID(), BaseURL: "http://" + l.Addr().String(), Environment: proxy.Development,
		ClientID: id, ClientSecret: config.NewSecret(secret), Sandbox: true, RateLimit: 100, RateWindow: time.Minute,
	}
}

func open(t *testing.T, p config.Profile) *session.Session {
	t.Helper()
	s, err := session.Open(t.Context(), session.Options{
		Profile: p, History: history.Options{Path: filepath.Join(t.TempDir(), "history.db")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.HistoryErr(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func request(env proxy.Environment, method string) session.Request {
	id := "apn_1"
	if env == proxy.Production {
		id = "apn_2"
	}
	return session.Request{
		Target: session.Target{
			Environment: env, ExternalUserID: "abc-123",
			Account: proxy.Account{ID: id, Name: "Echo", App: proxy.App{Slug: "echo"}},
		},
		Method: method, URL: "/x",
	}
}

func hello(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]string{"auth": r.Header.Get("Authorization")}) // the test reads what came
}

// A send is judged and kept; what came can be read.
func TestSend(t *testing.T) {
	t.Parallel()
	s := open(t, serve(t, hello))
	reports := 0
	r := s.Send(t.Context(), request(proxy.Development, "GET"), func(session.Result) { reports++ })
	if r.Err != nil || r.SaveErr != nil || !r.Done {
		t.Fatalf("got %+v", r)
	}
	defer func() { _ = r.Document.Close() }()
	body, err := io.ReadAll(r.Document.Reader())
	if err != nil || !strings.Contains(string(body), "Bearer tok-upstream") {
		t.Errorf("got %q, %v", body, err)
	}
	if reports == 0 || r.Budget.Sent != 1 || r.Exchange.Finding.Who != diagnose.None {
		t.Errorf("%d reports, budget %+v, finding %+v", reports, r.Budget, r.Exchange.Finding)
	}
	kept, err := s.History().Load(t.Context(), r.Exchange.ID)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Response.Status != 200 || strings.Contains(string(kept.Response.Body), "tok-upstream") {
		t.Errorf("kept %+v: the token of an answer is masked", kept.Response)
	}
	if kept.Profile != "test" || kept.Account.Name != "Echo" || kept.Timing.Total <= 0 {
		t.Errorf("kept %+v", kept)
	}
}

// What is refused before it goes out leaves no exchange; what Connect refuses does.
func TestRefusals(t *testing.T) {
	t.Parallel()
	p := serve(t, hello)
	tests := map[string]struct {
		change func(*session.Request, *config.Profile)
		is     func(error) bool
		kept   int
	}{
		"a bad header": {
			func(r *session.Request, _ *config.Profile) { r.Headers = []proxy.Field{{Name: "Host", Value: "x"}} },
			is[*proxy.InputError], 0,
		},
		"a domain that is known to be off": {
			func(r *session.Request, _ *config.Profile) {
				r.URL = "https://evil.example/"
				r.App = &proxy.App{Connect: &proxy.AppConnect{AllowedDomains: []string{"127.0.0.1"}}}
			}, is[*proxy.InputError], 0,
		},
		"a domain that Connect refuses": {
			func(r *session.Request, _ *config.Profile) { r.URL = "https://evil.example/" }, is[*proxy.APIError], 1,
		},
		"an unknown account": {
			func(r *session.Request, _ *config.Profile) { r.Target.Account.ID = "apn_9" }, is[*proxy.APIError], 1,
		},
		"a write under read_only": {
			func(r *session.Request, p *config.Profile) { r.Method, p.ReadOnly = "POST", true },
			func(err error) bool { return errors.Is(err, session.ErrReadOnly) }, 0,
		},
		"a write in production": {
			func(r *session.Request, _ *config.Profile) { *r = request(proxy.Production, "DELETE") }, is[*session.ConfirmError], 0,
		},
		"a confirmed one": {
			func(r *session.Request, _ *config.Profile) {
				*r = request(proxy.Production, "DELETE")
				r.Confirmed = true
			}, func(err error) bool { return err == nil }, 1,
		},
		"a read in production": {
			func(r *session.Request, _ *config.Profile) { *r = request(proxy.Production, "GET") },
			func(err error) bool { return err == nil }, 1,
		},
		"a wrong secret": {
			func(_ *session.Request, p *config.Profile) { p.ClientSecret = config.NewSecret("nope") }, is[*proxy.APIError], 1,
		},
		"nobody there": {
			func(_ *session.Request, p *config.Profile) { p.BaseURL = "http://127.0.0.1:1" }, is[*proxy.NetworkError], 1,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req, profile := request(proxy.Development, "GET"), p
			tt.change(&req, &profile)
			s := open(t, profile)
			r := s.Send(t.Context(), req, nil)
			if r.Document != nil {
				_ = r.Document.Close()
			}
			if !tt.is(r.Err) {
				t.Errorf("got %T %v", r.Err, r.Err)
			}
			if n, err := s.History().Count(t.Context(), history.Query{}); err != nil || n != tt.kept {
				t.Errorf("%d exchanges kept, %v; want %d", n, err, tt.kept)
			}
			if r.Err != nil && (r.Exchange.Finding.Summary == "" || r.Exchange.Response != nil) {
				t.Errorf("no words for it: %+v", r.Exchange)
			}
		})
	}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// An answer that breaks off is shown and kept as far as it came.
func TestCutOff(t *testing.T) {
	t.Parallel()
	s := open(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "the first half")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	r := s.Send(t.Context(), request(proxy.Development, "GET"), nil)
	defer func() { _ = r.Document.Close() }()
	if !is[*proxy.NetworkError](r.Err) || r.Exchange.Finding.Code != "cut_off" {
		t.Errorf("got %v, %+v", r.Err, r.Exchange.Finding)
	}
	kept, err := s.History().Load(t.Context(), r.Exchange.ID)
	if err != nil || string(kept.Response.Body) != "the first half" || !kept.Response.BodyTruncated {
		t.Errorf("kept %+v, %v", kept.Response, err)
	}
}

// A cancelled send ends at once, and the history tells of it.
func TestCancel(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{})
	s := open(t, serve(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	r := s.Send(ctx, request(proxy.Development, "GET"), nil)
	if !errors.Is(r.Err, context.Canceled) || r.Exchange.Finding.Code != "cancelled" || r.SaveErr != nil {
		t.Errorf("got %v, %+v, %v", r.Err, r.Exchange.Finding, r.SaveErr)
	}
	if kept, err := s.History().Load(t.Context(), r.Exchange.ID); err != nil || kept.Finding.Code != "cancelled" {
		t.Errorf("kept %+v, %v", kept.Finding, err)
	}
}

// A time limit of ours is told apart from Connect's.
func TestTimeout(t *testing.T) {
	t.Parallel()
	s := open(t, serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	req := request(proxy.Development, "GET")
	req.Timeout = 50 * time.Millisecond
	if r := s.Send(t.Context(), req, nil); !is[*proxy.TimeoutError](r.Err) {
		t.Errorf("got %T %v", r.Err, r.Err)
	}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	s := open(t, serve(t, hello))
	tests := map[string]struct {
		env           proxy.Environment
		user, account string
		want          string // id; empty for an error
	}{
		"by id":                {proxy.Development, "abc-123", "apn_1", "apn_1"},
		"by id alone":          {proxy.Development, "", "apn_1", "apn_1"},
		"by app":               {proxy.Development, "abc-123", "echo", "apn_1"},
		"of another world":     {proxy.Development, "abc-123", "apn_2", ""},
		"an app without user":  {proxy.Development, "", "echo", ""},
		"an app one lacks":     {proxy.Development, "abc-123", "slack", ""},
		"nothing":              {proxy.Development, "abc-123", "", ""},
		"by app in production": {proxy.Production, "abc-123", "echo", "apn_2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := s.Resolve(t.Context(), tt.env, tt.user, tt.account)
			if (err == nil) != (tt.want != "") || err == nil && (got.Account.ID != tt.want || got.ExternalUserID != "abc-123") {
				t.Errorf("got %+v, %v; want %q", got, err, tt.want)
			}
		})
	}
}

// A history that cannot be opened keeps nobody from working.
func TestWithoutHistory(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := session.Open(t.Context(), session.Options{
		Profile: serve(t, hello), History: history.Options{Path: filepath.Join(blocked, "history.db")},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if s.HistoryErr() == nil || s.History() != nil {
		t.Errorf("got %v, %v; want an error and no store", s.HistoryErr(), s.History())
	}
	r := s.Send(t.Context(), request(proxy.Development, "GET"), nil)
	if r.Err != nil || r.Budget.Sent != 1 {
		t.Errorf("got %v, %+v", r.Err, r.Budget)
	}
	_ = r.Document.Close()
}

// The embedded sandbox is a session like any other.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	s, err := session.Open(t.Context(), session.Options{Embedded: true, NoHistory: true})
	if err != nil {
		t.Fatal(err)
	}
	target, err := s.Resolve(t.Context(), proxy.Development, "abc-123", "slack")
	if err != nil {
		t.Fatal(err)
	}
	r := s.Send(t.Context(), session.Request{Target: target, Method: "GET", URL: "https://slack.com/api/auth.test"}, nil)
	if r.Err != nil || r.Exchange.Response.Status != 200 || !s.Sandbox() {
		t.Errorf("got %+v", r)
	}
	_ = r.Document.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
