package pasted_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/pasted"
	"github.com/connectty/connectty/proxy"
)

// told writes a request as tests compare it.
func told(r pasted.Request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s %s", r.Kind, r.Method, r.URL)
	for _, h := range r.Headers {
		fmt.Fprintf(&b, " [%s: %s]", h.Name, h.Value)
	}
	if r.Body != nil {
		fmt.Fprintf(&b, " {%s}", r.Body)
	}
	if r.Partial {
		b.WriteString(" …")
	}
	for _, n := range r.Notices {
		fmt.Fprintf(&b, " !%s", n)
	}
	if r.Project != "" {
		fmt.Fprintf(&b, " @%s/%s/%s/%s", r.Project, r.Environment, r.User, r.Account)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	t.Parallel()
	through := "https://api.pipedream.com/v1/connect/proj_1/proxy/" + proxy.EncodeURL("https://slack.com/api/auth.test?a=1") + "?external_user_id=abc-123&account_id=apn_1"
	const auth = "Authorization is left out: the proxy inserts the account's credential"
	tests := map[string]struct{ text, want string }{
		"a URL":     {" https://slack.com/api/x?y=1 \n", "a URL: GET https://slack.com/api/x?y=1"},
		"the docs":  {`curl https://slack.com/api/auth.test`, "a curl command: GET https://slack.com/api/auth.test"},
		"without":   {`curl slack.com/api`, "a curl command: GET https://slack.com/api"},
		"a method":  {`curl -XDELETE -sS 'https://a.b/c'`, "a curl command: DELETE https://a.b/c"},
		"a head":    {`curl -I https://a.b/c`, "a curl command: HEAD https://a.b/c"},
		"many":      {"curl --location --request POST 'https://a.b/c' \\\n  --header 'X-A: 1' \\\n  --header 'Authorization: Bearer xoxb-1' \\\n  --data-raw '{\"a\": \"it'\\''s\"}'", `a curl command: POST https://a.b/c [X-A: 1] [Content-Type: application/x-www-form-urlencoded] {{"a": "it's"}} !` + auth},
		"chrome":    {`curl 'https://a.b/c' -H 'accept: */*' -H 'cookie: s=1' -H 'content-type: application/json' --data-raw $'{"a":"b\u0021"}' --compressed`, `a curl command: POST https://a.b/c [accept: */*] [content-type: application/json] {{"a":"b!"}} !cookie is left out: it belongs to a browser's session`},
		"windows":   {"curl ^\"https://a.b/c?x=1^\" ^\n  -H ^\"X-A: 1^\"", "a curl command: GET https://a.b/c?x=1 [X-A: 1]"},
		"JSON":      {`curl --json '{"a":1}' https://a.b`, `a curl command: POST https://a.b [Content-Type: application/json] {{"a":1}}`},
		"data":      {`curl -d a=1 -d b=2 https://a.b`, "a curl command: POST https://a.b [Content-Type: application/x-www-form-urlencoded] {a=1&b=2}"},
		"encoded":   {`curl -G https://a.b?z=0 --data-urlencode "q=a b&c" --data-urlencode =x/y`, "a curl command: GET https://a.b?z=0&q=a+b%26c&x%2Fy"},
		"a file":    {`curl -d @big.json https://a.b`, "a curl command: POST https://a.b … !the file big.json is not read: put its content into the body"},
		"a part":    {`curl -d a=1 -d @b https://a.b`, "a curl command: POST https://a.b [Content-Type: application/x-www-form-urlencoded] {a=1} … !the file b is not read: put its content into the body"},
		"a form":    {`curl -F f=@b https://a.b`, "a curl command: POST https://a.b … !the file of the field f is not read"},
		"an upload": {`curl -T b https://a.b`, "a curl command: PUT https://a.b … !the file b is not read: put its content into the body"},
		"a pipe":    {`curl -s https://a.b 2>/dev/null | jq . | less`, "a curl command: GET https://a.b !what the answer is piped to is left out !the file for the answer is left out"},
		"into one":  {`curl https://a.b > out`, "a curl command: GET https://a.b !the file for the answer is left out"},
		"a user":    {`curl -u me:secret https://a.b`, "a curl command: GET https://a.b !-u is left out: the proxy inserts the account's credential"},
		"unknown":   {`curl --frobnicate https://a.b`, "a curl command: GET https://a.b !--frobnicate is left out: it is not known here"},
		"ignored":   {`curl -k -o out.json -m 10 https://a.b`, "a curl command: GET https://a.b"},
		"empty":     {`curl -d a=1 -H 'X-A;' -H 'Content-Type:' -H 'Accept:' https://a.b`, "a curl command: POST https://a.b [X-A: ] {a=1}"},
		"unquoted":  {`curl https://a.b/$ID -H X-A:$TOKEN`, "a curl command: GET https://a.b/$ID [X-A: $TOKEN]"},
		"variables": {`curl "https://a.b/$ID" -H "X-A: $TOKEN"`, "a curl command: GET https://a.b/$ID [X-A: $TOKEN]"},
		"the proxy": {through, "a URL of the Connect proxy: GET https://slack.com/api/auth.test?a=1 @proj_1//abc-123/apn_1"},
		"by curl":   {`curl -H 'Authorization: Bearer t' -H 'x-pd-environment: production' -H 'x-pd-proxy-X-A: 1' -H 'X-B: 2' '` + through + `'`, "a curl command: GET https://slack.com/api/auth.test?a=1 [X-A: 1] !" + auth + " !X-B is left out: Connect does not forward it @proj_1/production/abc-123/apn_1"},
		"the wire":  {"POST /api/x?y=1 HTTP/1.1\r\nHost: slack.com\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"a\":\n1}\n", "an HTTP request: POST https://slack.com/api/x?y=1 [Content-Type: application/json] {{\"a\":\n1}}"},
		"one line":  {"GET https://a.b/c", "an HTTP request: GET https://a.b/c"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, ok, err := pasted.Read(tc.text)
			if got := told(r); err != nil || !ok || got != tc.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, tc.want)
			}
		})
	}
}

func TestReadForm(t *testing.T) {
	t.Parallel()
	r, _, err := pasted.Read(`curl -F name=Ada -F 'pic=@a.png' https://a.b`)
	if err != nil || r.Method != "POST" || !strings.Contains(string(r.Body), "name=\"name\"\r\n\r\nAda\r\n") || len(r.Notices) != 1 ||
		!strings.HasPrefix(r.Headers[0].Value, "multipart/form-data; boundary=") {
		t.Errorf("got %s, %v", told(r), err)
	}
}

// What is none of the kinds stays text; what is one and is broken says why.
func TestOthers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "hello", `{"a":1}`, "curling is fun", "https://a b", "ftp://a.b/c", "GETTING started"} {
		if r, ok, err := pasted.Read(text); ok || err != nil {
			t.Errorf("%q is taken for %s, %v", text, told(r), err)
		}
	}
	for text, want := range map[string]string{
		"curl 'https://a.b":                     "quotes",
		"curl $(rm -rf x) https://a.b":          "nothing is run here",
		"curl https://a.b < in":                 "reads from <",
		"curl https://a.b && curl https://c.d":  "alone",
		"curl https://a.b; rm x":                "alone",
		"curl -H":                               "lacks its value",
		"curl -s":                               "names no URL",
		"curl https://a.b https://c.d":          "one request",
		"GET /x HTTP/1.1\nno header here":       "no header line",
		"curl https://x/v1/connect/p/proxy/%21": "",
	} {
		_, ok, err := pasted.Read(text)
		if !ok || err == nil || !strings.Contains(fmt.Sprintf("%v %+v", err, err), want) && !strings.Contains(hint(err), want) {
			t.Errorf("%q: %v, %v, want %s", text, ok, err, want)
		}
	}
}

func hint(err error) string {
	if input, ok := err.(*proxy.InputError); ok { //nolint:errorlint // it is never wrapped here
		return input.Hint
	}
	return ""
}

// Whatever is pasted, it is taken apart or refused.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"curl https://a.b -d '", "curl -XPOST -F a=b c", "GET / HTTP/1.1\r\nA:b\r\n\r\nx", "https://a.b/v1/connect/p/proxy/aGk", "curl ^\"x^\"", "curl $'\\x' ${a:-b}", "curl {a,b}", "GET \v\n0", "curl $((1/0))", "curl ${a:?b}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, ok, err := pasted.Read(text)
		if ok && err == nil && (r.Method == "" || r.URL == "") {
			t.Errorf("%q gives %s", text, told(r))
		}
		for _, h := range r.Headers {
			if err == nil && strings.EqualFold(h.Name, "Authorization") {
				t.Errorf("%q keeps a credential", text)
			}
		}
	})
}
