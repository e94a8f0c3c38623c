package export

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/proxy"
)

// Snippets are the forms in which a request is written to be sent by other means: it
// goes through Connect, with credentials from the PIPEDREAM_* variables, but for
// "http", which is the upstream's request alone.
var Snippets = []string{"curl", "http", "js", "python", "go"}

// Snippet writes the request of an exchange in one of [Snippets]. Its ids stand there
// in full, as it must reach the same account; what was masked stays masked.
func Snippet(w io.Writer, format string, x history.Exchange) error {
	mask := redact.New()
	x.Request.Teach(mask)
	s := snippet{x: x}
	s.url, _ = mask.URL(x.Request.URL)
	for _, h := range x.Request.Headers {
		value, _ := mask.Header(h.Name, h.Value)
		s.headers = append(s.headers, proxy.Field{Name: h.Name, Value: value})
	}
	body, _ := mask.Body(mediaType(x.Request.Headers), x.Request.Body)
	s.body = string(body)
	write := map[string]func() string{"curl": s.curl, "http": s.http, "js": s.js, "python": s.python, "go": s.golang}[format]
	if write == nil {
		return fmt.Errorf("format %q: there are %s", format, strings.Join(Snippets, ", "))
	}
	_, err := io.WriteString(w, write())
	return err
}

// snippet is a request without secrets.
type snippet struct {
	x         history.Exchange
	url, body string
	headers   []proxy.Field
}

// base is where Connect is, as a shell reads it.
func (s *snippet) base() string { return cmp.Or(s.x.BaseURL, proxy.DefaultBaseURL) }

func (s *snippet) path() string {
	q := url.Values{"external_user_id": {s.x.ExternalUserID}, "account_id": {s.x.Account.ID}}
	return "/v1/connect/" + url.PathEscape(s.x.ProjectID) + "/proxy/" + proxy.EncodeURL(s.url) + "?" + q.Encode()
}

// forwarded are the headers as Connect gets them.
func (s *snippet) forwarded() []proxy.Field {
	out := []proxy.Field{{Name: "x-pd-environment", Value: string(s.x.Environment)}}
	for _, h := range s.headers {
		out = append(out, proxy.Field{Name: "x-pd-proxy-" + h.Name, Value: h.Value})
	}
	return out
}

func (s *snippet) curl() string {
	var b strings.Builder
	b.WriteString(`token=$(curl -sS ` + word(s.base()+"/v1/oauth/token") + ` -H 'Content-Type: application/json' -d "{\"grant_type\":\"client_credentials\",\"client_id\":\"$PIPEDREAM_CLIENT_ID\",\"client_secret\":\"$PIPEDREAM_CLIENT_SECRET\"}" | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')` + "\n")
	b.WriteString("curl -sS -X " + s.x.Request.Method + " " + word(s.base()+s.path()) + ` \` + "\n" + `  -H "Authorization: Bearer $token"`)
	for _, h := range s.forwarded() {
		b.WriteString(" \\\n  -H " + word(h.Name+": "+h.Value))
	}
	if s.body != "" {
		b.WriteString(" \\\n  --data-raw " + word(s.body))
	}
	return b.String() + "\n"
}

func (s *snippet) http() string {
	var b strings.Builder
	b.WriteString("### " + s.x.Request.Method + " " + hostOf(s.x) + "\n" + s.x.Request.Method + " " + s.url + "\n")
	for _, h := range s.headers {
		b.WriteString(h.Name + ": " + h.Value + "\n")
	}
	if s.body != "" {
		b.WriteString("\n" + s.body + "\n")
	}
	return b.String()
}

// quoted is a text as JavaScript, Python and Go read it.
func quoted(s string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // text can always be written
	return strings.TrimSpace(b.String())
}

// table writes headers as an object, a dictionary or a map: they are the same in all.
func table(headers []proxy.Field) string {
	parts := make([]string, len(headers))
	for i, h := range headers {
		parts[i] = quoted(h.Name) + ": " + quoted(h.Value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// sdkMethods are those for which the SDK has a function.
var sdkMethods = []string{"get", "post", "put", "patch", "delete"}

func (s *snippet) js() string {
	method := strings.ToLower(s.x.Request.Method)
	if !slices.Contains(sdkMethods, method) {
		return "// the SDK sends no " + s.x.Request.Method + "; --format curl does\n"
	}
	body := ""
	if s.body != "" {
		body = "  body: " + s.jsBody() + ",\n"
	}
	return `import { PipedreamClient } from "@pipedream/sdk"; // 3.x

const client = new PipedreamClient({
  clientId: process.env.PIPEDREAM_CLIENT_ID,
  clientSecret: process.env.PIPEDREAM_CLIENT_SECRET,
  projectId: ` + quoted(s.x.ProjectID) + `,
  projectEnvironment: ` + quoted(string(s.x.Environment)) + `,
  baseUrl: ` + quoted(s.base()) + `,
});
const answer = await client.proxy.` + method + `({
  externalUserId: ` + quoted(s.x.ExternalUserID) + `,
  accountId: ` + quoted(s.x.Account.ID) + `,
  url: ` + quoted(s.url) + `,
  headers: ` + table(s.headers) + `,
` + body + `});
console.log(JSON.stringify(answer));
`
}

// jsBody is the body as the SDK takes it: an object, which it writes as JSON itself.
func (s *snippet) jsBody() string {
	if json.Valid([]byte(s.body)) {
		return s.body
	}
	return quoted(s.body)
}

func (s *snippet) python() string {
	body := "None"
	if s.body != "" {
		body = quoted(s.body) + ".encode()"
	}
	return `import json, os, urllib.error, urllib.request

base = ` + quoted(s.base()) + `


def call(method, path, headers, body=None):
    request = urllib.request.Request(base + path, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


client = {"grant_type": "client_credentials", "client_id": os.environ["PIPEDREAM_CLIENT_ID"], "client_secret": os.environ["PIPEDREAM_CLIENT_SECRET"]}
token = json.loads(call("POST", "/v1/oauth/token", {"Content-Type": "application/json"}, json.dumps(client).encode()))["access_token"]
headers = ` + table(s.forwarded()) + `
headers["Authorization"] = "Bearer " + token
print(call(` + quoted(s.x.Request.Method) + `, ` + quoted(s.path()) + `, headers, ` + body + `))
`
}

func (s *snippet) golang() string {
	var fields strings.Builder
	for _, h := range s.headers {
		fields.WriteString("\t\t\t{Name: " + strconv.Quote(h.Name) + ", Value: " + strconv.Quote(h.Value) + "},\n")
	}
	header, body, imports := "", "", ""
	if len(s.headers) > 0 {
		header = "\t\tHeader: []proxy.Field{\n" + fields.String() + "\t\t},\n"
	}
	if s.body != "" {
		body, imports = "\t\tBody: strings.NewReader("+strconv.Quote(s.body)+"),\n", "\t\"strings\"\n"
	}
	return `package main

import (
	"context"
	"io"
	"log"
	"os"
` + imports + `
	"github.com/connectty/connectty/proxy"
)

func main() {
	client, err := proxy.New(proxy.Options{
		ProjectID: ` + strconv.Quote(s.x.ProjectID) + `, Environment: ` + strconv.Quote(string(s.x.Environment)) + `, BaseURL: ` + strconv.Quote(s.base()) + `,
		ClientID: os.Getenv("PIPEDREAM_CLIENT_ID"), ClientSecret: os.Getenv("PIPEDREAM_CLIENT_SECRET"),
	})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := client.Do(context.Background(), &proxy.Request{
		Method: ` + strconv.Quote(s.x.Request.Method) + `, URL: ` + strconv.Quote(s.url) + `,
		ExternalUserID: ` + strconv.Quote(s.x.ExternalUserID) + `, AccountID: ` + strconv.Quote(s.x.Account.ID) + `,
` + header + body + `	})
	if err != nil {
		log.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		log.Fatal(err)
	}
}
`
}
