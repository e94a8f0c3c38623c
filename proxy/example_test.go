package proxy_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/sandbox"
)

// demo starts the sandbox with its demo data. Against the real service, leave
// BaseURL and TrustMark out and fill in your project's OAuth client.
func demo() (opts proxy.Options, stop func()) {
	cfg, err := sandbox.Demo()
	if err != nil {
		panic(err)
	}
	s, err := sandbox.New(cfg)
	if err != nil {
		panic(err)
	}
	server := httptest.NewServer(s.Handler())
	id, secret := s.Credentials()
	return proxy.Options{BaseURL: server.URL, ProjectID: s.ProjectID(), ClientID: id, ClientSecret: secret, TrustMark: true}, func() {
		server.Close()
		_ = s.Close()
	}
}

func Example() {
	ctx := context.Background()
	opts, stop := demo()
	defer stop()
	client, err := proxy.New(opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	resp, err := client.Do(ctx, &proxy.Request{
		Method: "POST", URL: "https://slack.com/api/chat.postMessage",
		Header:         []proxy.Field{{Name: "Content-Type", Value: "application/json"}},
		Body:           strings.NewReader(`{"channel":"C03NA8B4VA9","text":"hello, world"}`),
		ExternalUserID: "abc-123", AccountID: "apn_1234567",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(resp.Status, strings.Contains(string(body), `"text":"hello, world"`))
	// Output: 200 true
}

func ExampleClient_Accounts() {
	ctx := context.Background()
	opts, stop := demo()
	defer stop()
	client, err := proxy.New(opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	for account, err := range client.Accounts(ctx, proxy.AccountQuery{App: "slack", Health: proxy.Unhealthy}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(account.ID, account.ExternalUserID, account.Error)
	}
	// Output: apn_sl8841 user-8841 token_revoked: the app was removed from the workspace
}

// The five ways in which a proxied call ends.
func ExampleClient_Do() {
	ctx := context.Background()
	opts, stop := demo()
	defer stop()
	client, err := proxy.New(opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	resp, err := client.Do(ctx, &proxy.Request{
		Method: "GET", URL: "https://api.github.com/user", ExternalUserID: "abc-123", AccountID: "apn_1234567", // a Slack account
	})
	var refusal *proxy.APIError
	var input *proxy.InputError
	var network *proxy.NetworkError
	switch {
	case err == nil:
		fmt.Println("the API answered", resp.Status)
		_ = resp.Body.Close()
	case errors.As(err, &refusal):
		fmt.Println("Connect refused:", refusal.Status, refusal.Message)
	case errors.As(err, &input):
		fmt.Println("refused before it was sent:", input.Field, input.Hint)
	case errors.As(err, &network):
		fmt.Println("the network failed in phase", network.Phase)
	default:
		fmt.Println("cancelled, or out of time:", err)
	}
	// Output: Connect refused: 400 Domain api.github.com is not allowed for this app
}

func ExampleClient_CreateToken() {
	ctx := context.Background()
	opts, stop := demo()
	defer stop()
	client, err := proxy.New(opts)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer client.CloseIdleConnections()
	token, err := client.CreateToken(ctx, proxy.TokenRequest{ExternalUserID: "abc-123"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.HasSuffix(token.Link("slack", ""), "&connectLink=true&app=slack"))
	// Output: true
}

func ExampleEncodeURL() {
	fmt.Println(proxy.EncodeURL("https://slack.com/api/auth.test"))
	// Output: aHR0cHM6Ly9zbGFjay5jb20vYXBpL2F1dGgudGVzdA
}
