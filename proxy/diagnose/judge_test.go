package diagnose_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

const slackURL = "https://slack.com/api/conversations.list"

// refused is Connect's answer with its exact words (connect-api.md, section 7).
func refused(status int, message string) error {
	return &proxy.APIError{Operation: "proxy", Status: status, Message: message}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		in   diagnose.Input
		who  diagnose.Who
		code string
	}{
		"works":                     {diagnose.Input{Status: 200, Body: []byte(`{"ok":true}`)}, diagnose.None, "works"},
		"not JSON works too":        {diagnose.Input{Status: 200, Body: []byte("hello")}, diagnose.None, "works"},
		"JSON that was cut":         {diagnose.Input{Status: 200, Body: []byte(`{"ok":fal`)}, diagnose.None, "works"},
		"ok false, scope":           {diagnose.Input{Status: 200, Body: []byte(`{"ok":false,"error":"missing_scope","needed":"channels:read"}`)}, diagnose.Account, "missing_scope"},
		"ok false, revoked":         {diagnose.Input{Status: 200, Body: []byte(`{"ok":false,"error":"token_revoked"}`)}, diagnose.Account, "unauthorized"},
		"ok false, rate":            {diagnose.Input{Status: 200, Body: []byte(`{"ok":false,"error":"ratelimited"}`)}, diagnose.Upstream, "rate_limited"},
		"ok false, else":            {diagnose.Input{Status: 200, Body: []byte(`{"ok":false,"error":"channel_not_found"}`)}, diagnose.Request, "failed_inside"},
		"GraphQL errors":            {diagnose.Input{Status: 200, Body: []byte(`{"data":null,"errors":[{"message":"no field x"}]}`)}, diagnose.Request, "failed_inside"},
		"success false":             {diagnose.Input{Status: 200, Body: []byte(`{"success":false,"error":"no"}`)}, diagnose.Unknown, "failed_inside"},
		"an empty list of errors":   {diagnose.Input{Status: 200, Body: []byte(`{"data":{},"errors":[]}`)}, diagnose.None, "works"},
		"redirect":                  {diagnose.Input{Status: 302}, diagnose.None, "redirect"},
		"rejected":                  {diagnose.Input{Status: 422}, diagnose.Request, "rejected"},
		"unauthorized":              {diagnose.Input{Status: 401}, diagnose.Account, "unauthorized"},
		"forbidden":                 {diagnose.Input{Status: 403}, diagnose.Account, "forbidden"},
		"not found":                 {diagnose.Input{Status: 404}, diagnose.Request, "not_found"},
		"rate limited upstream":     {diagnose.Input{Status: 429}, diagnose.Upstream, "rate_limited"},
		"server error":              {diagnose.Input{Status: 503}, diagnose.Upstream, "unavailable"},
		"a status of nowhere":       {diagnose.Input{Status: 999}, diagnose.Unknown, "status"},
		"Connect: domain":           {diagnose.Input{Err: refused(400, "Domain evil.com is not allowed for this app")}, diagnose.Request, "connect_domain"},
		"Connect: other user":       {diagnose.Input{Err: refused(400, "account and user mismatch")}, diagnose.Request, "connect_wrong_user"},
		"Connect: proxy off":        {diagnose.Input{Err: refused(400, "App record not found")}, diagnose.Setup, "connect_proxy_disabled"},
		"Connect: header":           {diagnose.Input{Err: refused(400, "Unsupported header: user-agent")}, diagnose.Request, "connect_restricted_header"},
		"Connect: URL":              {diagnose.Input{Err: refused(400, "Invalid URL")}, diagnose.Request, "connect_invalid_url"},
		"Connect: dead":             {diagnose.Input{Err: refused(400, "Account is dead")}, diagnose.Account, "connect_dead"},
		"Connect: anything else":    {diagnose.Input{Err: refused(400, "never heard of")}, diagnose.Request, "connect_refused"},
		"Connect: token":            {diagnose.Input{Err: refused(401, "Unauthorized")}, diagnose.Setup, "connect_wrong_token"},
		"Connect: client":           {diagnose.Input{Err: &proxy.APIError{Operation: "token", Status: 401, Message: "invalid_client"}}, diagnose.Setup, "connect_wrong_client"},
		"Connect: scope":            {diagnose.Input{Err: refused(403, "Forbidden")}, diagnose.Setup, "connect_scope"},
		"Connect: unknown account":  {diagnose.Input{Err: refused(404, "record not found")}, diagnose.Setup, "connect_not_found"},
		"Connect: throttled":        {diagnose.Input{Err: refused(429, "Throttled")}, diagnose.Setup, "connect_throttled"},
		"Connect: its own fault":    {diagnose.Input{Err: refused(500, "Unexpected error")}, diagnose.Connect, "connect_failed"},
		"Connect: upstream is away": {diagnose.Input{Err: refused(502, "no such host")}, diagnose.Upstream, "connect_unreachable"},
		"Connect: upstream is slow": {diagnose.Input{Err: refused(504, "Gateway Timeout")}, diagnose.Upstream, "connect_too_slow"},
		"refused here":              {diagnose.Input{Err: &proxy.InputError{Field: "url", Reason: "is empty"}}, diagnose.Request, "refused_here"},
		"no name":                   {diagnose.Input{Err: &proxy.NetworkError{Phase: "dns", Err: io.EOF}}, diagnose.Network, "network_dns"},
		"no connection":             {diagnose.Input{Err: &proxy.NetworkError{Phase: "connect", Err: io.EOF}}, diagnose.Network, "network_connect"},
		"no trust":                  {diagnose.Input{Err: &proxy.NetworkError{Phase: "tls", Err: io.EOF}}, diagnose.Network, "network_tls"},
		"broke while waiting":       {diagnose.Input{Err: &proxy.NetworkError{Phase: "wait", Err: io.EOF}}, diagnose.Network, "network_wait"},
		"cut off":                   {diagnose.Input{Status: 200, Err: &proxy.NetworkError{Phase: "body", Err: io.ErrUnexpectedEOF}}, diagnose.Unknown, "cut_off"},
		"timed out":                 {diagnose.Input{Err: &proxy.TimeoutError{Operation: "proxy"}}, diagnose.Unknown, "timeout"},
		"cancelled":                 {diagnose.Input{Err: context.Canceled}, diagnose.Unknown, "cancelled"},
		"anything":                  {diagnose.Input{Err: errors.New("disk full")}, diagnose.Unknown, "error"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.in.Method, tt.in.URL = http.MethodGet, slackURL
			f := diagnose.Judge(tt.in)
			if f.Who != tt.who || f.Code != tt.code {
				t.Errorf("got %s, %s (%s); want %s, %s", f.Who, f.Code, f.Summary, tt.who, tt.code)
			}
			if f.Summary == "" || f.Evidence == nil || f.Next == nil {
				t.Errorf("a finding has words and lists, never null: %+v", f)
			}
			if f.Who != diagnose.None && f.Who != diagnose.Unknown && len(f.Next) == 0 {
				t.Errorf("a failure names the next step: %+v", f)
			}
		})
	}
}

// What Connect says against an account stands among the evidence.
func TestJudgeQuotesConnect(t *testing.T) {
	t.Parallel()
	f := diagnose.Judge(diagnose.Input{
		URL: slackURL, Status: 401,
		Account: proxy.Account{ID: "apn_1", Dead: true, Error: "invalid_grant"},
	})
	got := strings.Join(f.Evidence, "\n")
	for _, want := range []string{"slack.com answered 401", "dead", "invalid_grant"} {
		if !strings.Contains(got, want) {
			t.Errorf("evidence lacks %q:\n%s", want, got)
		}
	}
}

// A relative path has no host: the app's name stands for it.
func TestJudgeNamesTheApp(t *testing.T) {
	t.Parallel()
	f := diagnose.Judge(diagnose.Input{
		URL: "/api/v2/tickets", Status: 500, Account: proxy.Account{App: proxy.App{Name: "Zendesk"}},
	})
	if !strings.HasPrefix(f.Summary, "Zendesk ") {
		t.Errorf("got %q, want the app's name first", f.Summary)
	}
}

// FuzzJudge: no answer of a stranger makes it panic.
func FuzzJudge(f *testing.F) {
	f.Add(200, []byte(`{"ok":false,"error":{"a":1}}`))
	f.Add(200, []byte(`{"errors":[null],"data":1}`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if got := diagnose.Judge(diagnose.Input{Status: status, Body: body}); got.Code == "" {
			t.Errorf("status %d, body %q: no code", status, body)
		}
	})
}
