package proxy

import (
	"bufio"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// origin is who answered a proxied call.
type origin bool

const (
	fromUpstream origin = false
	fromConnect  origin = true
)

// sourceHeader is the sandbox's mark: sandbox or upstream.
const sourceHeader = "X-Connectty-Source"

// longestRefusal bounds what is looked at: Connect's refusals are one short line.
const longestRefusal = 4 << 10

// source tells who sent an answer. A sandbox says so itself. The real Connect
// does not: its exact words, without any sign of an upstream, are taken for its
// own, and all else for the upstream's (connect-api.md, section 6). evidence says
// why, where the status alone would leave it open. The stream that is returned
// begins at the body's first byte.
func (c *Client) source(resp *http.Response, stream io.Reader) (sender origin, evidence string, rest io.Reader) {
	if !slices.Contains(refusalStatuses, resp.StatusCode) {
		return fromUpstream, "", stream
	}
	if c.opts.TrustMark {
		switch resp.Header.Get(sourceHeader) {
		case "sandbox":
			return fromConnect, "the sandbox marks the answer as its own", stream
		case "upstream":
			return fromUpstream, "the sandbox marks the answer as the upstream's", stream
		}
	}
	if why := foreignTo(resp); why != "" {
		return fromUpstream, why, stream
	}
	if resp.Request.Method == http.MethodHead {
		if resp.StatusCode == http.StatusUnauthorized && resp.ContentLength == int64(len(unauthorizedBody)) && resp.Header.Get("Content-Encoding") == "" {
			return fromConnect, "the body would be as long as Connect's own, and no header of another service came with it", stream
		}
		return fromUpstream, "a body that would be in Connect's words did not come with it", stream
	}
	peeked := bufio.NewReaderSize(stream, longestRefusal+1)
	head, err := peeked.Peek(longestRefusal + 1)
	if err != io.EOF || !refusalBody(resp.StatusCode, head) {
		return fromUpstream, "the body is not in Connect's words", peeked
	}
	return fromConnect, "the body is in Connect's own words, and no header of another service came with it", peeked
}

func (c *Client) marked(resp *http.Response) bool {
	return c.opts.TrustMark && resp.Header.Get(sourceHeader) != ""
}

// refusalStatuses are those that Connect itself answers on the proxy.
var refusalStatuses = []int{400, 401, 403, 404, 413, 429, 500, 502, 504}

// foreign are beginnings of headers that an upstream sends and Connect does not.
var foreign = []string{
	"x-github-", "x-slack-", "x-oauth-", "x-accepted-oauth-", "x-goog-", "x-zendesk-", "x-hubspot-",
	"x-shopify-", "stripe-", "twilio-", "x-notion-", "openai-", "anthropic-", "www-authenticate",
	"x-powered-by",
}

// balancers are beginnings of cookies that whatever stands before a service sets,
// be it Connect or another.
var balancers = []string{"AWSALB", "__cf", "_cf", "cf_"}

// foreignCookie returns the name of a cookie that a service set itself: Connect
// keeps no session (connect-api.md, section 1).
func foreignCookie(resp *http.Response) string {
	for _, c := range resp.Cookies() {
		if !slices.ContainsFunc(balancers, func(b string) bool { return strings.HasPrefix(c.Name, b) }) {
			return c.Name
		}
	}
	return ""
}

// foreignTo says what of an answer's head cannot be Connect's; nothing where all
// of it can.
func foreignTo(resp *http.Response) string {
	media, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return "Connect answers with application/json"
	}
	for name := range resp.Header {
		for _, f := range foreign {
			if strings.HasPrefix(strings.ToLower(name), f) {
				return "the header " + name + " is another service's"
			}
		}
	}
	if name := foreignCookie(resp); name != "" {
		return "the cookie " + oneLine(name) + " is another service's"
	}
	if resp.ContentLength > longestRefusal {
		return "the body is longer than any refusal of Connect's"
	}
	return ""
}

// unauthorizedBody is what Connect answers to a token that it refuses
// (connect-api.md, section 7).
const unauthorizedBody = `{"error":"Unauthorized"}`

// ownWords are Connect's refusals by status: a whole text, or its beginning
// where a star ends it (connect-api.md, section 7).
var ownWords = map[int][]string{
	400: {
		"Domain *", "App record not found", "account and user mismatch", "Unsupported header*", "x-pd-environment must be *",
		"external_user_id is required", "account_id is required", "Invalid URL", "Account is dead",
	},
	401: {"Unauthorized"},
	403: {"Forbidden"},
	404: {"record not found"},
	413: {"Request body too large"},
	429: {"Throttled"},
	500: {"Unexpected error, please reach out to our team*"},
	502: {"*"},
	504: {"Gateway Timeout"},
}

// refusalBody reports whether a whole body is one of Connect's own.
func refusalBody(status int, body []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || len(fields["error"]) == 0 {
		return false
	}
	for name := range fields {
		if name != "error" && name != "code" && name != "details" {
			return false
		}
	}
	message, _ := refusalWords(body)
	if strings.HasPrefix(message, "Domain ") && !strings.HasSuffix(message, " is not allowed for this app") {
		return false
	}
	return slices.ContainsFunc(ownWords[status], func(words string) bool {
		start, open := strings.CutSuffix(words, "*")
		return message == words || open && message != "" && strings.HasPrefix(message, start)
	})
}
