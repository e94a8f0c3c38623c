package diagnose_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

func api(operation string, status int, message string) error {
	return &proxy.APIError{Operation: operation, Status: status, Message: message}
}

func broke(phase string, err error) error {
	return &proxy.NetworkError{Operation: "proxy", Phase: phase, Host: "api.pipedream.com", Err: err}
}

func out(phase string, after time.Duration) error {
	return &proxy.TimeoutError{Operation: "proxy", Phase: phase, Host: "api.pipedream.com", After: after}
}

// What a sandbox on loopback cannot bring about.
func TestJudgeErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		who  diagnose.Who
		code string
		says string
	}{
		"no such project":            {api("list users", 404, "record not found"), diagnose.Setup, "connect_no_project", "project"},
		"a user's list says nothing": {api(`list accounts of user "u"`, 404, "record not found"), diagnose.Setup, "connect_not_found", "environment"},
		"no such app":                {api("read app slak", 404, "record not found"), diagnose.Request, "connect_no_app", "slug"},
		"the token call, badly made": {api("token", 400, "unsupported_grant_type"), diagnose.Setup, "connect_token_refused", ""},
		"no environment":             {api("proxy", 400, "x-pd-environment must be development or production"), diagnose.Setup, "connect_environment", ""},
		"no user":                    {api("proxy", 400, "external_user_id is required"), diagnose.Request, "connect_no_user", ""},
		"no account":                 {api("proxy", 400, "account_id is required"), diagnose.Request, "connect_no_account", ""},
		"a header":                   {api("proxy", 400, "Unsupported header: via"), diagnose.Request, "connect_restricted_header", ""},
		"scope of the token":         {api("proxy", 403, "Forbidden"), diagnose.Setup, "connect_scope", ""},
		"never heard of":             {api("proxy", 400, "hm"), diagnose.Request, "connect_refused", ""},
		"422":                        {api("make a link", 422, "hm"), diagnose.Request, "connect_refused", ""},
		"405":                        {api("delete", 405, "hm"), diagnose.Request, "connect_refused", ""},
		"418":                        {api("proxy", 418, "hm"), diagnose.Unknown, "connect_odd", ""},
		"its own fault":              {&proxy.APIError{Operation: "list users", Status: 500, Message: "Unexpected error", RequestID: "r-1"}, diagnose.Connect, "connect_failed", "request id: r-1"},
		"busy":                       {&proxy.APIError{Operation: "proxy", Status: 429, Message: "Throttled", RetryAfter: 90 * time.Second, Evidence: "its own words"}, diagnose.Setup, "connect_throttled", "wait 90 s"},
		"not found here":             {fmt.Errorf("user %q: %w", "jane", proxy.ErrNotFound), diagnose.Setup, "connect_not_found", "jane"},
		"no name":                    {broke("dns", &net.DNSError{Err: "no such host", IsNotFound: true}), diagnose.Network, "network_dns", "no host of the name"},
		"names cannot be asked for":  {broke("dns", &net.DNSError{Err: "server misbehaving"}), diagnose.Network, "network_dns", "could not be resolved"},
		"nobody listens":             {broke("connect", syscall.ECONNREFUSED), diagnose.Network, "network_connect", "nothing listens"},
		"no way there":               {broke("connect", syscall.EHOSTUNREACH), diagnose.Network, "network_connect", "could not be reached"},
		"an old certificate":         {broke("tls", x509.CertificateInvalidError{Reason: x509.Expired}), diagnose.Network, "network_tls", "not valid now"},
		"another's certificate":      {broke("tls", x509.HostnameError{Certificate: &x509.Certificate{}}), diagnose.Network, "network_tls", "another host's"},
		"a stranger signed it":       {broke("tls", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), diagnose.Network, "network_tls", "nobody who is trusted"},
		"no TLS there":               {broke("tls", tls.RecordHeaderError{Msg: "x"}), diagnose.Network, "network_tls", "does not speak TLS"},
		"some other fault of TLS":    {broke("tls", io.EOF), diagnose.Network, "network_tls", "not accepted"},
		"reset":                      {broke("wait", syscall.ECONNRESET), diagnose.Network, "network_wait", "was reset"},
		"reset while sending":        {broke("send", syscall.EPIPE), diagnose.Network, "network_send", "was reset"},
		"closed":                     {broke("wait", io.ErrUnexpectedEOF), diagnose.Network, "network_wait", "closed the connection"},
		"broken":                     {broke("wait", errors.New("hm")), diagnose.Network, "network_wait", "broke"},
		"no name in time":            {out("dns", time.Second), diagnose.Network, "timeout", "nothing was sent"},
		"no connection in time":      {out("connect", time.Second), diagnose.Network, "timeout", "nothing was sent"},
		"no secure one in time":      {out("tls", time.Second), diagnose.Network, "timeout", "nothing was sent"},
		"no answer in time":          {out("wait", time.Minute), diagnose.Unknown, "timeout", "30 s"},
		"no end in time":             {out("body", time.Second), diagnose.Unknown, "timeout", "what came is shown"},
		"cancelled":                  {context.Canceled, diagnose.Unknown, "cancelled", ""},
		"refused here":               {&proxy.InputError{Field: "url", Reason: "is empty", Hint: "write one"}, diagnose.Request, "refused_here", "write one"},
		"something else":             {errors.New("disk full"), diagnose.Unknown, "error", "disk full"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := diagnose.Judge(diagnose.Input{URL: slackURL, Err: tt.err})
			if f.Who != tt.who || f.Code != tt.code {
				t.Errorf("got %s, %s (%s); want %s, %s", f.Who, f.Code, f.Summary, tt.who, tt.code)
			}
			p := provoked{says: tt.says}
			if f.Code == "cancelled" || f.Code == "error" {
				f.Next = []diagnose.Step{{Text: "none", Actor: diagnose.You}}
			}
			checkWords(t, f, p)
		})
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	why, next := diagnose.Explain(api("token", 401, "invalid_client"))
	if !strings.Contains(why, "id and secret") || !strings.Contains(next, "PIPEDREAM_CLIENT_ID") {
		t.Errorf("got %q, %q", why, next)
	}
	if why, next := diagnose.Explain(errors.New("disk full")); why != "disk full" || next != "" {
		t.Errorf("got %q, %q", why, next)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	for who, want := range map[diagnose.Who]string{
		diagnose.None: "works", diagnose.Request: "your request", diagnose.Setup: "your setup", diagnose.Network: "the network",
		diagnose.Connect: "Pipedream Connect", diagnose.Account: "this account", diagnose.Upstream: "slack.com", diagnose.Unknown: "can't tell", "": "can't tell",
	} {
		if got := who.Words("slack.com"); got != want {
			t.Errorf("%q: got %q, want %q", who, got, want)
		}
	}
}

// Other accounts of another OAuth client say nothing of what this one asks for.
func TestPeersOfAnotherClient(t *testing.T) {
	t.Parallel()
	f := diagnose.Judge(diagnose.Input{
		URL: slackURL, Status: 200, Body: []byte(`{"ok":false,"error":"missing_scope","needed":"channels:read"}`),
		Account: proxy.Account{ID: "apn_1", App: proxy.App{ID: "oa_1"}},
		Peers:   []proxy.Account{{ID: "apn_2", App: proxy.App{ID: "app_1"}, AuthorizedScopes: []string{"chat:write"}}},
	})
	if f.Who != diagnose.Account || f.Code != "missing_scope" {
		t.Errorf("got %s, %s (%s)", f.Who, f.Code, f.Summary)
	}
}

// Where the time is not known, the sender's clock and the moment it names will do.
func TestWhen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header []string
		now    time.Time
		want   string
	}{
		"seconds, no clock":    {[]string{"Retry-After", "30"}, time.Time{}, "wait 30 s"},
		"a moment, no clock":   {[]string{"X-Ratelimit-Reset", "1795608600"}, time.Time{}, "wait until 2026-11-25 12:10:00 UTC"},
		"the sender's clock":   {[]string{"X-Ratelimit-Reset", "1795608600", "Date", "Wed, 25 Nov 2026 12:00:00 GMT"}, time.Time{}, "wait 10 min"},
		"a moment that passed": {[]string{"X-Ratelimit-Reset", "1795608000"}, noon.Add(time.Hour), "wait a while"},
		"a long time":          {[]string{"Retry-After", "80000"}, noon, "wait 22 h"},
		"Go's way":             {[]string{"X-Ratelimit-Reset-Requests", "6m0s"}, noon, "wait 6 min"},
		"nothing":              {nil, noon, "wait a while, then"},
		"nonsense":             {[]string{"Retry-After", "soon", "X-Ratelimit-Reset", "-1"}, noon, "wait a while, then"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.Header{}
			for i := 0; i+1 < len(tt.header); i += 2 {
				h.Set(tt.header[i], tt.header[i+1])
			}
			f := diagnose.Judge(diagnose.Input{URL: slackURL, Status: 429, Header: h, Now: tt.now})
			if len(f.Next) != 1 || !strings.HasPrefix(f.Next[0].Text, tt.want) {
				t.Errorf("got %+v, want %q", f.Next, tt.want)
			}
		})
	}
}
