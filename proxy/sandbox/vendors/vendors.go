package vendors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// All returns a fresh set of vendors by host name. Each set has a state of its
// own and is safe for concurrent use.
func All() map[string]http.Handler {
	return map[string]http.Handler{
		"slack.com":                         newSlack(),
		"api.github.com":                    newGitHub(),
		"acme.zendesk.com":                  newZendesk("acme", "zd-acme"),
		"globex.zendesk.com":                newZendesk("globex", "zd-globex"),
		"api.stripe.com":                    newStripe(),
		"httpbin.org":                       newHTTPBin(),
		"api.notion.com":                    newNotion(),
		"api.telegram.org":                  newTelegram(),
		"generativelanguage.googleapis.com": newGemini(),
		"api.datadoghq.com":                 newDatadog(),
		"api.twilio.com":                    newTwilio(),
		"api.linear.app":                    newLinear(),
		"api.hubapi.com":                    newHubSpot(),
		"api.openai.com":                    newOpenAI(),
	}
}

// grant is what a credential stands for.
type grant struct {
	owner   string   // whose it is, as the vendor names them
	scopes  []string // what it may do
	revoked bool
	limited bool // every call is one too many
}

// may reports whether a scope was granted.
func (g grant) may(scope string) bool { return slices.Contains(g.scopes, scope) }

// keyring is the credentials a vendor accepts.
type keyring map[string]grant

// bearer looks up the token of an Authorization header.
func (k keyring) bearer(r *http.Request) (grant, bool) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return grant{}, false
	}
	g, known := k[token]
	return g, known && !g.revoked
}

// header looks up the whole value of a header.
func (k keyring) header(r *http.Request, name string) (grant, bool) {
	g, known := k[r.Header.Get(name)]
	return g, known && !g.revoked
}

// object is a JSON object of an answer.
type object = map[string]any

// reply answers with JSON.
func reply(w http.ResponseWriter, status int, v any) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(status)
	if members, ok := v.(object); ok {
		v = inOrder(members)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the caller may have gone: nothing to do about it
}

// first are the members that the real APIs put at the front of an answer.
var first = []string{"ok", "object", "id", "code", "error", "message", "status"}

// inOrder writes an answer as the real APIs do: what it is, then what it holds.
func inOrder(members object) json.RawMessage {
	rank := func(name string) int {
		if i := slices.Index(first, name); i >= 0 {
			return i
		}
		return len(first)
	}
	names := slices.SortedFunc(maps.Keys(members), func(a, b string) int { return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b)) })
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for i, name := range names {
		b.WriteByte("{,"[min(i, 1)])
		_ = enc.Encode(name) // plain data can always be written
		b.WriteByte(':')
		_ = enc.Encode(members[name])
	}
	if len(names) == 0 {
		b.WriteByte('{')
	}
	b.WriteByte('}')
	return b.Bytes()
}

// maxBody is the longest body a vendor reads.
const maxBody = 4 << 20

// fields reads a body of JSON or of a form into one flat set of words. Like the
// lenient of the real APIs it knows JSON when it sees it: curl -d sends it under
// the form's type.
func fields(r *http.Request) (map[string]string, error) {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	if !isForm(r) || bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		return out, flatten(body, out)
	}
	form, err := url.ParseQuery(string(body))
	for name := range form {
		out[name] = form.Get(name)
	}
	return out, err
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

func flatten(text []byte, out map[string]string) error {
	var body map[string]json.RawMessage
	if err := json.Unmarshal(text, &body); err != nil {
		return err
	}
	for name, raw := range body {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			out[name] = s
		} else {
			out[name] = string(raw)
		}
	}
	return nil
}

// page cuts a list by the limit and cursor of a query: the cursor is the index
// to go on from. next is empty at the end.
func page[T any](items []T, limit, cursor string) (part []T, next string) {
	n := min(max(atoi(cmp.Or(limit, "100")), 1), 1000)
	from := min(max(atoi(cursor), 0), len(items))
	to := min(from+n, len(items))
	if to < len(items) {
		next = itoa(to)
	}
	return items[from:to], next
}
