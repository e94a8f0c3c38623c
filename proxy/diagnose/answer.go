package diagnose

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// answer is an upstream's answer, read as far as a verdict needs it.
type answer struct {
	Input

	media string                     // of Content-Type, in small letters
	top   map[string]json.RawMessage // a JSON object's own members, names in small letters
	items []json.RawMessage          // of a JSON list
	whole bool                       // the JSON was read to its end
	cut   bool                       // JSON that breaks off in the middle of a whole body
	words words                      // of a body that is known to speak of an error
}

func read(in Input) *answer {
	a := &answer{Input: in}
	a.media, _, _ = mime.ParseMediaType(in.Header.Get("Content-Type")) // none is none
	body := bytes.TrimSpace(bytes.TrimPrefix(in.Body, []byte("\xef\xbb\xbf")))
	if len(body) == 0 {
		return a
	}
	switch body[0] {
	case '{':
		a.object(body)
	case '[':
		a.whole = json.Unmarshal(body, &a.items) == nil
	}
	length := in.Header.Get("Content-Length")
	a.cut = !a.whole && strings.Contains(a.media, "json") && len(in.Body) < MostBody && breaksOff(body) &&
		(length == "" || length == strconv.Itoa(len(in.Body)))
	return a
}

// object reads the members that came, even where the end is missing.
func (a *answer) object(body []byte) {
	a.top = map[string]json.RawMessage{}
	dec := json.NewDecoder(bytes.NewReader(body))
	_, _ = dec.Token() // the brace
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return
		}
		var v json.RawMessage
		if dec.Decode(&v) != nil {
			return
		}
		if text, ok := name.(string); ok {
			a.top[strings.ToLower(text)] = v
		}
	}
	_, err := dec.Token()
	a.whole = err == nil
}

// breaksOff reports JSON that is right as far as it goes, and ends too early.
func breaksOff(body []byte) bool {
	if body[0] != '{' && body[0] != '[' {
		return false
	}
	var v json.RawMessage
	err := json.Unmarshal(body, &v)
	return err != nil && err.Error() == "unexpected end of JSON input"
}

// empty reports a JSON value that says nothing: null, "", 0, false, [] or {}.
func empty(raw json.RawMessage) bool {
	switch string(bytes.TrimSpace(raw)) {
	case "", "null", `""`, "0", "false", "[]", "{}":
		return true
	}
	return false
}

// is reports a member with exactly this JSON text.
func (a *answer) is(name, text string) bool {
	return string(bytes.TrimSpace(a.top[name])) == text
}

// text returns a member that is a JSON string, or a number, as it stands.
func (a *answer) text(name string) string { return plain(a.top[name]) }

func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// members reads a value as an object, names in small letters; nil where it is none.
func members(raw json.RawMessage) map[string]json.RawMessage {
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return nil
	}
	out := make(map[string]json.RawMessage, len(m))
	for name, v := range m {
		out[strings.ToLower(name)] = v
	}
	return out
}

// elements reads a value as a list; nil where it is none.
func elements(raw json.RawMessage) []json.RawMessage {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil
	}
	return list
}

// envelope are members that an error answer has beside the error itself; any
// other one that is not empty is taken for data.
var envelope = strings.Fields(`
	ok success succeeded issuccess status statuscode status_code statustext code error errors err error_code errorcode error_message
	errormessage error_msg error_description error_uri error_type errortype error_data error_user_title error_user_msg error_subcode
	errcode errmsg errno error-type error-codes ecode message messages msg description detail details reason title type name category
	request_id requestid request-id req_id trace_id traceid correlationid correlation_id log_id logid request timestamp time
	path instance meta metadata documentation_url doc_url help help_url more_info moreinfo jsonrpc version extensions stat result
	response response_metadata needed provided warning warnings debug fault __type account_id locations retry_after ratelimit
	scope html_attributions additional_data links support cod`)

// closed reports an object that holds an error and nothing else: no data beside
// it, and no id of a resource whose own member the error could be.
func (a *answer) closed() bool {
	if !a.whole || a.resource() {
		return false
	}
	for name, v := range a.top {
		if !slices.Contains(envelope, name) && !empty(v) && (name != "id" || a.top["jsonrpc"] == nil) {
			return false
		}
	}
	return true
}

// resourceNames are members by which a thing of the API's own is known. Its error
// member is data: a job that failed is a good answer to "how is the job?".
var resourceNames = strings.Fields("id _id uuid guid sid gid key created created_at createdat created_time started_at updated_at updatedat completed_at finished_at done job_id")

func (a *answer) resource() bool {
	if _, rpc := a.top["jsonrpc"]; rpc {
		return false
	}
	if o := a.text("object"); o != "" && o != "error" {
		return true
	}
	for _, name := range []string{"valid", "is_valid", "isvalid"} { // what is wrong with a thing is the answer that was asked for
		if _, there := a.top[name]; there {
			return true
		}
	}
	return slices.ContainsFunc(resourceNames, func(name string) bool { return !empty(a.top[name]) })
}

// segment reports whether a part of the URL's path passes the test.
func (in Input) segment(test func(string) bool) bool {
	u, err := url.Parse(in.URL)
	return err == nil && slices.ContainsFunc(strings.Split(strings.ToLower(u.Path), "/"), test)
}

// aboutErrors reports a URL that asks for errors: then they are data.
func (in Input) aboutErrors() bool {
	return in.segment(func(s string) bool { return strings.Contains(s, "error") || strings.Contains(s, "failure") })
}

func (in Input) graphQL() bool {
	return in.segment(func(s string) bool { return strings.Contains(s, "graphql") || s == "gql" })
}

// in reports whether the host is a domain or lies below it.
func (in Input) in(domain string) bool {
	host := strings.ToLower(in.host())
	return host == domain || strings.HasSuffix(host, "."+domain)
}

var (
	challengeError = pattern(`(?i)\berror="?([a-z_]+)`)
	challengeScope = pattern(`(?i)\bscope="([^"]*)"`)
)

// challenge reads error and scope of WWW-Authenticate (RFC 6750, section 3).
func (a *answer) challenge() (code, scope string) {
	for _, v := range a.Header.Values("Www-Authenticate") {
		if m := challengeError().FindStringSubmatch(v); m != nil {
			code = strings.ToLower(m[1])
		}
		if m := challengeScope().FindStringSubmatch(v); m != nil {
			scope = m[1]
		}
	}
	return code, scope
}
