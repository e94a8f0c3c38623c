package export

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"
)

// python writes calls for Python's own library.
type python struct{}

func (python) comment() (indent, mark string) { return "", "#" }
func (python) apart() string                  { return "print(flush=True)\n\n" }
func (python) leave(about string) string      { return about }
func (python) end() string                    { return "" }
func (python) refuse(c *call) string          { return c.addressed() }

func (python) begin() string {
	return `import base64, http.client, json, os, sys, urllib.parse


def call(base, method, path, headers, body=None):
    url = urllib.parse.urlsplit(base)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = kind(url.netloc, timeout=60)
    connection.putrequest(method, path)
    for name, value in headers:
        connection.putheader(name, value.encode())
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, answer.read()


tokens = {}


def token(base):
    if base not in tokens:
        client = {"grant_type": "client_credentials", "client_id": os.environ["PIPEDREAM_CLIENT_ID"], "client_secret": os.environ["PIPEDREAM_CLIENT_SECRET"]}
        status, answer = call(base, "POST", "/v1/oauth/token", [("Content-Type", "application/json")], json.dumps(client).encode())
        if status != 200:
            sys.exit("no access token: %d %s" % (status, answer.decode(errors="replace")))
        tokens[base] = json.loads(answer)["access_token"]
    return tokens[base]


def send(base, method, path, headers, body=None):
    status, answer = call(base, method, path, [("Authorization", "Bearer " + token(base))] + headers, body)
    print(status, file=sys.stderr)
    sys.stdout.buffer.write(answer)


`
}

func (python) write(c *call, about string) string {
	var b strings.Builder
	b.WriteString(about + "send(" + pythonText(c.base()) + ", " + pythonText(c.method()) + ", " + pythonText(c.path()) + ", [\n")
	for _, h := range c.forwarded() {
		b.WriteString("    (" + pythonText(h.Name) + ", " + pythonText(h.Value) + "),\n")
	}
	b.WriteString("]")
	switch {
	case len(c.body) == 0:
	case utf8.Valid(c.body):
		b.WriteString(", " + pythonText(string(c.body)) + ".encode()")
	default:
		b.WriteString(`, base64.b64decode("` + base64.StdEncoding.EncodeToString(c.body) + `")`)
	}
	return b.String() + ")\n"
}

// pythonText is a text as Python reads it: Go's escapes mean the same there.
func pythonText(s string) string { return strconv.Quote(strings.ToValidUTF8(s, "\uFFFD")) }
