package vendors_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/connectty/connectty/proxy/sandbox/vendors"
)

// ask sends one request to a vendor of a set.
func ask(t *testing.T, set map[string]http.Handler, method, url, body string, headers ...string) (int, string) {
	t.Helper()
	req := httptest.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	req.Header.Set("User-Agent", "test")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	vendor, ok := set[req.URL.Hostname()]
	if !ok {
		t.Fatalf("no vendor serves %s", req.URL.Hostname())
	}
	rec := httptest.NewRecorder()
	vendor.ServeHTTP(rec, req)
	out, err := io.ReadAll(rec.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return rec.Code, string(out)
}

const auth = "Authorization"

// Each vendor knows its own credential, and refuses another's.
func TestCredentials(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, url, body string
		right, wrong      []string // headers
		wrongURL          string   // where the credential stands in the URL
		says, refuses     string
		status            int // of the refusal
	}{
		"slack":        {"GET", "https://slack.com/api/auth.test", "", []string{auth, "Bearer xoxb-acme"}, []string{auth, "Bearer gho_acme"}, "", `"ok":true`, `invalid_auth`, 200},
		"github":       {"GET", "https://api.github.com/user", "", []string{auth, "Bearer gho_acme"}, []string{auth, "Bearer xoxb-acme"}, "", `"login":"acme-bot"`, "Bad credentials", 401},
		"zendesk":      {"GET", "https://acme.zendesk.com/api/v2/tickets.json", "", []string{auth, "Bearer zd-acme"}, []string{auth, "Bearer zd-globex"}, "", `"tickets":[`, "invalid_token", 401},
		"stripe":       {"GET", "https://api.stripe.com/v1/balance", "", []string{auth, "Bearer sk_test_acme"}, []string{auth, "Bearer nope"}, "", `"balance"`, "Invalid API Key", 401},
		"stripe basic": {"GET", "https://api.stripe.com/v1/balance", "", []string{auth, "Basic c2tfdGVzdF9hY21lOg=="}, nil, "", `"balance"`, "did not provide", 401},
		"httpbin":      {"GET", "https://httpbin.org/get?a=1", "", []string{"X-Api-Key", "bin-acme"}, []string{"X-Api-Key", "x"}, "", `"args"`, "unknown X-Api-Key", 401},
		"notion":       {"GET", "https://api.notion.com/v1/users/me", "", []string{auth, "Bearer ntn-acme", "Notion-Version", "2022-06-28"}, []string{auth, "Bearer x"}, "", "Acme wiki", "unauthorized", 401},
		"telegram":     {"GET", "https://api.telegram.org/bot7001:acme/getMe", "", nil, nil, "https://api.telegram.org/bot1:x/getMe", "acme_bot", "Unauthorized", 401},
		"gemini":       {"GET", "https://generativelanguage.googleapis.com/v1beta/models?key=gem-acme", "", nil, nil, "https://generativelanguage.googleapis.com/v1beta/models", "gemini-demo", "API key not valid", 400},
		"datadog":      {"GET", "https://api.datadoghq.com/api/v1/monitor", "", []string{"DD-API-KEY", "dd-api-acme", "DD-APPLICATION-KEY", "dd-app-acme"}, []string{"DD-API-KEY", "dd-api-acme"}, "", "p99 latency", "application key", 403},
		"twilio":       {"GET", "https://api.twilio.com/2010-04-01/Accounts/ACdemo.json", "", []string{auth, "Basic QUNkZW1vOnR3LWFjbWU="}, []string{auth, "Basic QUNkZW1vOng="}, "", "Acme", "Authenticate", 401},
		"linear":       {"POST", "https://api.linear.app/graphql", `{"query":"{viewer{id}}"}`, []string{auth, "lin_acme"}, []string{auth, "Bearer lin_acme"}, "", `"viewer"`, "AUTHENTICATION_ERROR", 401},
		"hubspot":      {"GET", "https://api.hubapi.com/account-info/v3/details", "", []string{auth, "Bearer hub-globex"}, []string{auth, "Bearer hub-old"}, "", "portalId", "EXPIRED_AUTHENTICATION", 401},
		"openai":       {"GET", "https://api.openai.com/v1/models", "", []string{auth, "Bearer sk-acme"}, nil, "", "gpt-demo", "invalid_api_key", 401},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := vendors.All()
			if status, body := ask(t, set, tt.method, tt.url, tt.body, tt.right...); status != 200 || !strings.Contains(body, tt.says) {
				t.Errorf("with its credential: got %d %s, want 200 with %s", status, body, tt.says)
			}
			url := tt.url
			if tt.wrongURL != "" {
				url = tt.wrongURL
			}
			if status, body := ask(t, set, tt.method, url, tt.body, tt.wrong...); status != tt.status || !strings.Contains(body, tt.refuses) {
				t.Errorf("with a wrong one: got %d %s, want %d with %s", status, body, tt.status, tt.refuses)
			}
		})
	}
}

// What is posted can be listed, by the same workspace and no other.
func TestSlackKeepsMessages(t *testing.T) {
	t.Parallel()
	set := vendors.All()
	for _, mediaType := range []string{"application/json", "application/x-www-form-urlencoded"} { // curl -d sends JSON as the latter
		status, body := ask(t, set, "POST", "https://slack.com/api/chat.postMessage",
			`{"text":"a=b & c","channel":"C03NA8B4VA9"}`, auth, "Bearer xoxb-acme", "Content-Type", mediaType)
		if status != 200 || !strings.Contains(body, `"ok":true`) {
			t.Fatalf("%s: got %d %s", mediaType, status, body)
		}
	}
	_, body := ask(t, set, "GET", "https://slack.com/api/conversations.history?channel=C03NA8B4VA9", "", auth, "Bearer xoxb-acme")
	var history struct {
		Messages []struct{ Text, TS string }
	}
	if err := json.Unmarshal([]byte(body), &history); err != nil {
		t.Fatal(err)
	}
	if len(history.Messages) != 2 || history.Messages[0].Text != "a=b & c" || history.Messages[0].TS <= history.Messages[1].TS {
		t.Errorf("got %s, want both messages, newest first", body)
	}
	if _, body := ask(t, set, "POST", "https://slack.com/api/conversations.list", "", auth, "Bearer xoxb-globex"); !strings.Contains(body, `"needed":"channels:read"`) {
		t.Errorf("without the scope: got %s", body)
	}
}

func TestGitHubKeepsIssues(t *testing.T) {
	t.Parallel()
	set := vendors.All()
	const url = "https://api.github.com/repos/acme-bot/website/issues"
	if status, body := ask(t, set, "POST", url, `{}`, auth, "Bearer gho_acme"); status != 422 {
		t.Errorf("without a title: got %d %s, want 422", status, body)
	}
	if status, body := ask(t, set, "POST", url, `{"title":"It is broken"}`, auth, "Bearer gho_acme"); status != 201 {
		t.Fatalf("got %d %s, want 201", status, body)
	}
	if _, body := ask(t, set, "GET", url, "", auth, "Bearer gho_acme"); !strings.Contains(body, "It is broken") {
		t.Errorf("the list lacks the issue: %s", body)
	}
	if status, _ := ask(t, set, "GET", url, "", auth, "Bearer gho_jane"); status != 404 {
		t.Errorf("a stranger's repository: got %d, want 404", status)
	}
}

func TestStripeKeepsCustomers(t *testing.T) {
	t.Parallel()
	set := vendors.All()
	const url = "https://api.stripe.com/v1/customers"
	form := []string{auth, "Bearer sk_test_acme", "Content-Type", "application/x-www-form-urlencoded"}
	if status, body := ask(t, set, "POST", url, "name=Ada&email=ada%40acme.io", form...); status != 200 {
		t.Fatalf("got %d %s", status, body)
	}
	if status, _ := ask(t, set, "POST", url, `{"name":"Ada"}`, auth, "Bearer sk_test_acme", "Content-Type", "application/json"); status != 400 {
		t.Errorf("a JSON body: got %d, want 400", status)
	}
	if _, body := ask(t, set, "GET", url, "", auth, "Bearer sk_test_acme"); !strings.Contains(body, "ada@acme.io") {
		t.Errorf("the list lacks the customer: %s", body)
	}
	if _, body := ask(t, set, "GET", url, "", auth, "Bearer sk_test_globex"); strings.Contains(body, "ada@acme.io") {
		t.Errorf("another account sees the customer: %s", body)
	}
}

// Zendesk's trap: strangers get a 200 with nobody in it.
func TestZendeskAnonymous(t *testing.T) {
	t.Parallel()
	status, body := ask(t, vendors.All(), "GET", "https://acme.zendesk.com/api/v2/users/me.json", "")
	if status != 200 || !strings.Contains(body, `"id":null`) {
		t.Errorf("got %d %s, want 200 with a null id", status, body)
	}
}
