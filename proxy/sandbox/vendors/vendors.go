package vendors

import (
	"cmp"
	"encoding/json"
	"net/http"
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
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // the caller may have gone: nothing to do about it
}

// maxBody is the longest body a vendor reads.
const maxBody = 4 << 20

// fields reads a body of JSON or of a form into one flat set of words, as the
// lenient of the real APIs do.
func fields(r *http.Request) (map[string]string, error) {
	r.Body = http.MaxBytesReader(nil, r.Body, maxBody)
	out := map[string]string{}
	if isForm(r) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		if len(r.PostForm) != 1 || !strings.HasPrefix(firstKey(r.PostForm), "{") {
			for name := range r.PostForm {
				out[name] = r.PostForm.Get(name)
			}
			return out, nil
		}
		return out, flatten(firstForm(r.PostForm), out)
	}
	var body json.RawMessage
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		return nil, err
	}
	return out, flatten(string(body), out)
}

func isForm(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// firstForm returns a JSON object that curl -d sent under the form's type: the
// parser took it for a name, cut at its first equals sign.
func firstForm(form map[string][]string) string {
	name := firstKey(form)
	if value := form[name]; len(value) == 1 && value[0] != "" {
		return name + "=" + value[0]
	}
	return name
}

func firstKey(form map[string][]string) string {
	for name := range form {
		return name
	}
	return ""
}

func flatten(text string, out map[string]string) error {
	var body map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &body); err != nil {
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
