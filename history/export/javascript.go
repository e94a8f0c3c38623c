package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
)

// javascript writes calls for a version of Pipedream's SDK. What its functions cannot
// send, or would change, goes by fetch with the SDK's token.
type javascript struct {
	sdk     sdk
	clients clients
	fetches bool // the function for it stands there
}

// sdk is a version of the SDK.
type sdk interface {
	imported() string
	refuse(c *call) string
	// client makes a client, and token is the expression for its access token.
	client(c *call) string
	token() string
	// sends reports that a function of the SDK sends the call as it was sent.
	sends(c *call) bool
	send(c *call, client string) string
}

func (*javascript) comment() (indent, mark string) { return "", "//" }
func (*javascript) apart() string                  { return "\n" }
func (*javascript) leave(about string) string      { return about }
func (*javascript) end() string                    { return "" }

func (j *javascript) refuse(c *call) string {
	if why := c.addressed(); why != "" {
		return why
	}
	if len(c.body) > 0 && (c.method() == "GET" || c.method() == "HEAD") {
		return "JavaScript sends no body with " + c.method() + "; --format curl does"
	}
	return j.sdk.refuse(c)
}

func (j *javascript) begin() string {
	return j.sdk.imported() + `
async function show(call) {
  try {
    const answer = await call;
    if (typeof answer?.arrayBuffer === "function") process.stdout.write(Buffer.from(await answer.arrayBuffer()));
    else if (answer?.error?.reason === "non-json") console.log(answer.error.rawBody);
    else console.log(typeof answer === "string" ? answer : JSON.stringify(answer));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

`
}

// fetching is the function for what the SDK does not send.
func (j *javascript) fetching() string {
	return `async function send(client, url, method, headers, body) {
  const token = ` + j.sdk.token() + `;
  const answer = await fetch(url, { method, headers: [["Authorization", "Bearer " + token], ...headers], body, redirect: "manual" });
  console.error(answer.status);
  return answer;
}

`
}

func (j *javascript) write(c *call, about string) string {
	var b strings.Builder
	client, first := j.clients.of(c)
	if first {
		b.WriteString("const " + client + " = " + j.sdk.client(c) + ";\n\n")
	}
	direct := j.sdk.sends(c)
	if !direct && !j.fetches {
		j.fetches = true
		b.WriteString(j.fetching())
	}
	b.WriteString(about)
	if direct {
		return b.String() + "await show(" + j.sdk.send(c, client) + ");\n"
	}
	b.WriteString("// by fetch: the SDK's functions cannot send it as it was\nawait show(send(" + client + ", " + quoted(c.base()+c.path()) + ", " + quoted(c.method()) + ", [\n")
	for _, h := range c.forwarded() {
		b.WriteString("  [" + quoted(h.Name) + ", " + quoted(h.Value) + "],\n")
	}
	b.WriteString("]")
	switch {
	case len(c.body) == 0:
	case utf8.Valid(c.body):
		b.WriteString(", Buffer.from(" + quoted(string(c.body)) + ")")
	default:
		b.WriteString(`, Buffer.from("` + base64.StdEncoding.EncodeToString(c.body) + `", "base64")`)
	}
	return b.String() + "));\n"
}

// simple reports a call that the functions of either SDK can send: of their methods, a
// body only where they have one and with its type, and an answer that is text.
func simple(c *call) bool {
	methods := []string{"POST", "PUT", "PATCH"}
	if len(c.body) == 0 {
		methods = append(methods, "GET", "DELETE")
	}
	return slices.Contains(methods, c.method()) && (len(c.body) == 0 || history.MediaType(c.headers) != "") &&
		(c.x.Response == nil || utf8.Valid(c.x.Response.Body) || c.x.Response.BodyTruncated)
}

// sdk3 is Pipedream's SDK 3.
type sdk3 struct{}

func (sdk3) imported() string    { return "import { PipedreamClient } from \"@pipedream/sdk\"; // 3.x\n" }
func (sdk3) refuse(*call) string { return "" }
func (sdk3) token() string       { return "await client.rawAccessToken" }

func (sdk3) client(c *call) string {
	return `new PipedreamClient({
  clientId: process.env.PIPEDREAM_CLIENT_ID,
  clientSecret: process.env.PIPEDREAM_CLIENT_SECRET,
  projectId: ` + quoted(c.x.ProjectID) + `,
  projectEnvironment: ` + quoted(string(c.x.Environment)) + `,
  baseUrl: ` + quoted(c.base()) + `,
})`
}

// sends wants a body that is an object: the SDK takes nothing else.
func (sdk3) sends(c *call) bool { return simple(c) && (len(c.body) == 0 || plainObject(c.body)) }

func (sdk3) send(c *call, client string) string {
	body := ""
	if len(c.body) > 0 {
		body = "  body: " + string(visible.JSON(c.body)) + ",\n"
	}
	return client + ".proxy." + strings.ToLower(c.method()) + `({
  externalUserId: ` + quoted(c.x.ExternalUserID) + `,
  accountId: ` + quoted(c.x.Account.ID) + `,
  url: ` + quoted(c.url) + `,
  headers: ` + object(c.joined()) + `,
` + body + "})"
}

// sdk1 is Pipedream's SDK 1.
type sdk1 struct{}

func (sdk1) imported() string {
	return "import { createBackendClient } from \"@pipedream/sdk/server\"; // 1.x\n"
}

func (sdk1) refuse(c *call) string {
	if !strings.HasPrefix(c.base(), "https://") {
		return "SDK 1 speaks https alone, and Connect is at " + c.base() + "; --format js does both"
	}
	return ""
}

func (sdk1) token() string { return "await client.rawAccessToken()" }

func (sdk1) client(c *call) string {
	host := ""
	if c.base() != proxy.DefaultBaseURL {
		host = "  apiHost: " + quoted(strings.TrimPrefix(c.base(), "https://")) + ",\n"
	}
	return `createBackendClient({
` + host + `  environment: ` + quoted(string(c.x.Environment)) + `,
  projectId: ` + quoted(c.x.ProjectID) + `,
  credentials: { clientId: process.env.PIPEDREAM_CLIENT_ID, clientSecret: process.env.PIPEDREAM_CLIENT_SECRET },
})`
}

// sends wants a body that is text: the SDK sends one as it stands.
func (sdk1) sends(c *call) bool { return simple(c) && utf8.Valid(c.body) }

// send writes the URL in ASCII: the SDK takes no other.
func (sdk1) send(c *call, client string) string {
	body := ""
	switch {
	case len(c.body) == 0:
	case plainObject(c.body):
		body = "      body: " + string(visible.JSON(c.body)) + ",\n"
	default:
		body = "      body: " + quoted(string(c.body)) + ",\n"
	}
	return client + `.makeProxyRequest(
  { searchParams: { external_user_id: ` + quoted(c.x.ExternalUserID) + `, account_id: ` + quoted(c.x.Account.ID) + ` } },
  {
    url: ` + quoted(onWire(c.url)) + `,
    options: {
      method: ` + quoted(c.method()) + `,
      headers: ` + object(c.joined()) + `,
` + body + `    },
  },
)`
}

// quoted is a text as JavaScript reads it.
func quoted(s string) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // text can always be written
	return string(visible.JSON(bytes.TrimSpace(b.Bytes())))
}

func object(headers []proxy.Field) string {
	parts := make([]string, len(headers))
	for i, h := range headers {
		parts[i] = quoted(h.Name) + ": " + quoted(h.Value)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// plainObject reports a JSON object that means the same as an object of JavaScript:
// numbers keep their digits there, and no name is special.
func plainObject(body []byte) bool {
	if !json.Valid(body) || bytes.TrimSpace(body)[0] != '{' {
		return false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		number, isNumber := token.(json.Number)
		if token == "__proto__" || isNumber && !kept(string(number)) {
			return false
		}
	}
}

// kept reports a number that JavaScript does not round.
func kept(number string) bool {
	const exact = 15 // decimal digits that a float64 always keeps
	value, err := strconv.ParseFloat(number, 64)
	digits, _, _ := strings.Cut(strings.ToLower(number), "e")
	digits = strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(digits), "0")
	return err == nil && len(digits) <= exact && (value != 0) == (digits != "")
}
