package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
)

// browser is headless Chromium, driven by the WebDriver protocol.
type browser struct {
	t       *testing.T
	session string // URL of the WebDriver session
}

// openBrowser starts Debian's chromium-driver, or skips.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	driver, chromium := tool(t, "chromedriver"), tool(t, "chromium")
	port := freePort(t)
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), driver, // it quits the browser when the test is over
		"--port="+port, "--silent")
	cmd.Env = surroundings(t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	b := &browser{t: t, session: "http://127.0.0.1:" + port + "/session"}
	arguments := []string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + t.TempDir(),
	}
	var made struct {
		ID string `json:"sessionId"`
	}
	deadline := time.Now().Add(patience)
	for poll := time.NewTicker(50 * time.Millisecond); ; <-poll.C {
		err := b.try(http.MethodPost, "", map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
			"browserName": "chrome", "goog:chromeOptions": map[string]any{"binary": chromium, "args": arguments},
		}}}, &made)
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("chromium does not start: %v", err)
		}
	}
	b.session += "/" + made.ID
	t.Cleanup(func() {
		if err := b.try(http.MethodDelete, "", nil, nil); err != nil {
			t.Errorf("the browser does not quit: %v", err)
		}
	})
	return b
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// try makes one WebDriver call.
func (b *browser) try(method, path string, body, out any) error {
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return err
		}
		in = bytes.NewReader(data)
	}
	req, err := http.NewRequest(method, b.session+path, in) //nolint:noctx // it also ends the session, when the test is over
	if err != nil {
		return err
	}
	client := http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct {
		Value json.RawMessage `json:"value"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, answer.Value)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, out)
}

func (b *browser) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) visit(url string) {
	b.t.Helper()
	b.must(b.try(http.MethodPost, "/url", map[string]string{"url": url}, nil))
}

// element finds one by a CSS selector.
func (b *browser) element(selector string) string {
	b.t.Helper()
	var found map[string]string
	b.must(b.try(http.MethodPost, "/element", map[string]string{"using": "css selector", "value": selector}, &found))
	for _, id := range found {
		return "/element/" + id
	}
	b.t.Fatalf("no %s", selector)
	return ""
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.must(b.try(http.MethodPost, b.element(selector)+"/click", map[string]any{}, nil))
}

func (b *browser) enter(selector, text string) {
	b.t.Helper()
	b.must(b.try(http.MethodPost, b.element(selector)+"/value", map[string]string{"text": text}, nil))
}

// sees waits until the page shows the words.
func (b *browser) sees(words string) {
	b.t.Helper()
	deadline := time.Now().Add(patience)
	for poll := time.NewTicker(20 * time.Millisecond); ; <-poll.C {
		var text string
		err := b.try(http.MethodPost, "/execute/sync", map[string]any{"script": "return document.body.innerText", "args": []any{}}, &text)
		if err == nil && strings.Contains(text, words) {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("%q never came; the page: %s (%v)", words, text, err)
		}
	}
}

// client speaks to a sandbox that runs.
func (s server) client(t *testing.T) *proxy.Client {
	t.Helper()
	c, err := proxy.New(proxy.Options{
		BaseURL: s.http, ProjectID: s.env["PIPEDREAM_PROJECT_ID"], ClientID: s.env["PIPEDREAM_CLIENT_ID"],
		ClientSecret: s.env["PIPEDREAM_CLIENT_SECRET"], TrustMark: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// read sends a GET and returns the body.
func read(t *testing.T, c *proxy.Client, user, account, url string) string {
	t.Helper()
	resp, err := c.Do(t.Context(), &proxy.Request{Method: "GET", URL: url, ExternalUserID: user, AccountID: account})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// An end user opens a connect link in a real browser: grants scopes to an account
// that lacked one, types a key in, and sees that a link works once.
func TestConnectPage(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := sandbox(t)
	c := s.client(t)
	link := func(user, app string) string {
		token, err := c.CreateToken(t.Context(), proxy.TokenRequest{ExternalUserID: user})
		if err != nil {
			t.Fatal(err)
		}
		return token.Link(app, "")
	}
	const list = "https://slack.com/api/conversations.list"
	if got := read(t, c, "jane@acme.io", "apn_slJane1", list); !strings.Contains(got, "missing_scope") {
		t.Fatalf("before: %s", got)
	}
	grants := link("jane@acme.io", "slack")
	b.visit(grants + "&account_id=apn_slJane1")
	b.sees("Connect Slack")
	b.sees("for jane@acme.io in development")
	b.click(`input[value="groups:read"]`) // not that one
	b.click("#connect")
	b.sees("The account is connected")
	if got := read(t, c, "jane@acme.io", "apn_slJane1", list); !strings.Contains(got, `"channels"`) {
		t.Errorf("after: %s", got)
	}
	a, err := c.Account(t.Context(), "apn_slJane1")
	if err != nil || strings.Contains(strings.Join(a.AuthorizedScopes, " "), "groups:read") || len(a.AuthorizedScopes) != 4 {
		t.Errorf("scopes %v, %v", a.AuthorizedScopes, err)
	}
	b.visit(grants)
	b.sees("This link no longer works")

	b.visit(link("new-user", "httpbin"))
	b.enter("#field_api_key", "bin-acme")
	b.enter("#name", "typed in")
	b.click("#connect")
	b.sees("The account is connected")
	accounts, err := c.UserAccounts(t.Context(), "new-user", "httpbin")
	if err != nil || len(accounts) != 1 || accounts[0].Name != "typed in" {
		t.Fatalf("got %+v, %v", accounts, err)
	}
	if got := read(t, c, "new-user", accounts[0].ID, "/get?a=1"); !strings.Contains(got, `"a"`) {
		t.Errorf("the new account: %s", got)
	}
}

// A page of another origin can neither send the form of a link that it knows, nor
// show it in a frame.
func TestConnectPageAgainstOtherPages(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s := sandbox(t)
	c := s.client(t)
	token, err := c.CreateToken(t.Context(), proxy.TokenRequest{ExternalUserID: "victim"})
	if err != nil {
		t.Fatal(err)
	}
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.URL.Path == "/frame" {
			_, _ = fmt.Fprintf(w, `<p>framing</p><iframe id="f" src="%s&app=httpbin"></iframe>`, token.LinkURL)
			return
		}
		_, _ = fmt.Fprintf(w, `<form id="f" method="post" action="%s/_static/connect.html"><input name="token" value="%s"><input name="app" value="httpbin">
			<input name="field_api_key" value="bin-acme"><input name="act" value="connect"><button id="go">go</button></form>`, s.http, token.Value)
	}))
	t.Cleanup(evil.Close)
	b.visit(token.Link("httpbin", "")) // the browser has the cookie
	b.sees("Connect httpbin")
	b.visit(evil.URL)
	b.click("#go")
	b.sees("This form was not accepted")
	b.visit(evil.URL + "/frame")
	b.sees("framing")
	b.must(b.try(http.MethodPost, "/frame", map[string]any{"id": 0}, nil))
	var text string
	b.must(b.try(http.MethodPost, "/execute/sync", map[string]any{"script": "return document.documentElement.innerText", "args": []any{}}, &text))
	if strings.Contains(text, "Connect httpbin") {
		t.Errorf("the form shows in a stranger's frame: %s", text)
	}
	if accounts, err := c.UserAccounts(t.Context(), "victim", ""); err != nil || len(accounts) != 0 {
		t.Errorf("a stranger's page connected %+v, %v", accounts, err)
	}
}
