package export

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// shell writes calls as commands of curl for any shell.
type shell struct {
	base string // whose access token $token is
}

func (*shell) comment() (indent, mark string) { return "", "#" }
func (*shell) begin() string                  { return "" }
func (*shell) apart() string                  { return "echo\n\n" }
func (*shell) leave(about string) string      { return about }
func (*shell) end() string                    { return "" }
func (*shell) refuse(c *call) string          { return c.addressed() }

func (s *shell) write(c *call, about string) string {
	var b strings.Builder
	b.WriteString(about)
	if s.base != c.base() {
		s.base = c.base()
		b.WriteString(`token=$(curl -sS ` + word(c.base()+"/v1/oauth/token") + ` -H 'Content-Type: application/json' -d "{\"grant_type\":\"client_credentials\",\"client_id\":\"$PIPEDREAM_CLIENT_ID\",\"client_secret\":\"$PIPEDREAM_CLIENT_SECRET\"}" | sed 's/.*"access_token": *"\([^"]*\)".*/\1/')` + "\n")
	}
	line := Curl{
		Method: c.method(), URL: c.base() + c.path(), Quiet: true, Body: c.body,
		Token: "token", Headers: c.forwarded(),
	}
	if !sayable(c.body) {
		b.WriteString("base64 -d <<'END' |\n" + wrapped(c.body) + "END\n")
		line.Body, line.File = nil, "-"
	}
	return b.String() + line.String() + "\n"
}

// sayable reports a body that any shell takes as one word.
func sayable(body []byte) bool {
	return len(body) <= longArgument && !bytes.ContainsRune(body, 0) && !strings.HasPrefix(word(string(body)), "$")
}

// wrapped is Base64 in lines.
func wrapped(data []byte) string {
	const width = 76
	var b strings.Builder
	for text := base64.StdEncoding.EncodeToString(data); text != ""; {
		n := min(width, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}
