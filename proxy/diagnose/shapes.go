package diagnose

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// shape is a way in which an API says within a success that it failed. says is what
// it holds against itself, for the evidence; parts are the values whose words
// tell why. The first shape that holds wins.
type shape struct {
	says string
	find func(a *answer) (parts []json.RawMessage, failed bool)
	part bool // some of it failed: the rest is good
	// means is what it means where its words do not tell; empty for nothing.
	means kind
}

var shapes = []shape{
	{says: "ok: false", find: flag("ok", "error", "error_code", "description", "message", "errors")},                          // Slack, Telegram
	{says: "success: false", find: flag("success", "error", "errors", "message", "error_info", "error-codes", "code", "msg")}, // Pipedrive, Marketo
	{says: "errors", find: graphErrors},
	{says: "userErrors", find: userErrors, means: request}, // Shopify's mutations
	{says: "an error", find: soleError},
	{says: "status: fail", find: jsendFail, means: request},
	{says: "a status that says so", find: statusWord},
	{says: "a status of the request that says so", find: placesStatus}, // Google Maps
	{says: "an error code", find: errorCode},
	{says: "stat: fail", find: when("stat", "fail")},                               // Flickr
	{says: "Response: False", find: when("response", "False")},                     // OMDb
	{says: "an error message", find: only("error message", "note", "information")}, // Alpha Vantage
	{says: "an error of each item", find: rejectedItems},                           // Zoho, Salesforce
	{says: "an error text", find: messageTexts},                                    // Vonage
	{says: "an error", find: nestedError},                                          // Zoho People
	{says: "an error", find: xmlError},                                             // S3, SOAP
	{says: "errors beside data", find: partErrors, part: true},                     // X, batches
	{says: "parts that failed", find: failedParts, part: true},                     // batches of Graph, Salesforce, Elasticsearch
}

// flag finds a member that is exactly false. It takes a reason beside it to be a
// failure: one of the others, not empty. A thing with an id may have such a
// member of its own.
func flag(name string, reasons ...string) func(*answer) ([]json.RawMessage, bool) {
	return func(a *answer) ([]json.RawMessage, bool) {
		if !a.is(name, "false") || a.resource() {
			return nil, false
		}
		failed := slices.ContainsFunc(reasons, func(r string) bool { return !empty(a.top[r]) })
		return nil, failed
	}
}

// graphErrors finds the errors of GraphQL, with or without data, and those of an
// API that sends nothing else.
func graphErrors(a *answer) ([]json.RawMessage, bool) {
	list := errorList(a.top["errors"])
	if len(list) == 0 || a.aboutErrors() {
		return nil, false
	}
	return list, a.graphQL() || a.shapedAsGraph() || a.closed() && empty(a.top["data"])
}

// shapedAsGraph reports an object that holds data and errors and nothing that
// GraphQL does not know, the errors as GraphQL has them.
func (a *answer) shapedAsGraph() bool {
	for name := range a.top {
		if name != "data" && name != "errors" && name != "extensions" && name != "hasnext" && name != "account_id" {
			return false
		}
	}
	for _, e := range errorList(a.top["errors"]) {
		m := members(e)
		_, locations := m["locations"]
		_, path := m["path"]
		if m != nil && (locations || path) {
			return true
		}
	}
	return false
}

// errorList returns a list's elements that look like errors: texts, objects that
// say something, or lists of those, as Reddit has them.
func errorList(raw json.RawMessage) []json.RawMessage {
	var out []json.RawMessage
	for _, e := range elements(raw) {
		m := members(e)
		says := slices.ContainsFunc([]string{"message", "detail", "title", "code", "error", "description"}, func(name string) bool { return !empty(m[name]) })
		if says || m == nil && (plain(e) != "" || elements(e) != nil && len(errorList(e)) > 0) {
			out = append(out, e)
		}
	}
	return out
}

// userErrors finds what a mutation of GraphQL minds about its input.
func userErrors(a *answer) ([]json.RawMessage, bool) {
	if !a.graphQL() {
		return nil, false
	}
	for _, v := range members(a.top["data"]) {
		for name, errs := range members(v) {
			if strings.HasSuffix(bare(name), "usererrors") && len(elements(errs)) > 0 {
				return elements(errs), true
			}
		}
	}
	return nil, false
}

// noError are texts and codes of an error member that says that there is none.
var noError = []string{"ok", "none", "no", "noerror", "success", "0", "200", "false", "null"}

// soleError finds an error that stands alone: no data beside it, no id of a thing
// whose own member it could be.
func soleError(a *answer) ([]json.RawMessage, bool) {
	if !a.closed() || a.aboutErrors() {
		return nil, false
	}
	for _, name := range []string{"error", "errors", "err", "fault", "error_message", "errormessage", "errorcode"} {
		v := a.top[name]
		if empty(v) || slices.Contains(noError, bare(plain(v))) {
			continue
		}
		m := members(v)
		if code := firstOf(m, "code", "status"); code != "" && slices.Contains(noError, bare(code)) {
			continue // {"error":{"code":"ok"}}
		}
		if !a.errorLike(v) || !empty(a.top["data"]) || !empty(a.top["result"]) && a.text("result") == "" {
			continue
		}
		return nil, true
	}
	return nil, false
}

// errorLike reports a value that tells of an error: a text, a list of them, an
// object that says something, or a bare number or true with a sentence beside it.
// {"errors":3} and {"error":{"rate":0.1}} are figures.
func (a *answer) errorLike(v json.RawMessage) bool {
	var text string
	if json.Unmarshal(v, &text) == nil {
		return true
	}
	if list := elements(v); list != nil {
		return len(errorList(v)) > 0
	}
	m := members(v)
	if m == nil {
		return firstOf(a.top, "message", "msg", "error_description", "description", "error_message", "errormessage", "detail", "reason") != ""
	}
	for name, inner := range m {
		says := slices.Contains(errorMembers, bare(name))
		if says && plain(inner) != "" || elements(inner) != nil && errorList(inner) != nil || says && members(inner) != nil {
			return true
		}
	}
	return false
}

// errorMembers are members of an object that is an error, without separators.
var errorMembers = strings.Fields("message msg code type description detail details reason title tag name error errors errorcode errormessage errormsg errordescription errorsummary faultstring text status")

func firstOf(m map[string]json.RawMessage, names ...string) string {
	for _, n := range names {
		if s := plain(m[n]); s != "" {
			return s
		}
	}
	return ""
}

// jsendFail finds JSend's word for input that is wrong: what it minds is in data.
func jsendFail(a *answer) ([]json.RawMessage, bool) {
	data := a.top["data"]
	return []json.RawMessage{data}, a.text("status") == "fail" && members(data) != nil && !empty(data) && a.closedBut("data")
}

// statusWord finds the envelope of JSend and its kin, and a status of HTTP that
// the body names.
func statusWord(a *answer) ([]json.RawMessage, bool) {
	if !a.closed() {
		return nil, false
	}
	says := func(name string) bool { return !empty(a.top[name]) }
	word := bare(firstOf(a.top, "status", "result"))
	if slices.Contains([]string{"error", "fail", "failure", "failed"}, word) {
		return nil, slices.ContainsFunc([]string{"message", "msg", "code", "error-type", "reason", "errors", "error", "category", "description"}, says)
	}
	for _, name := range []string{"status", "statuscode", "status_code", "code", "cod"} {
		if n := a.text(name); len(n) == 3 && n >= "400" && n < "600" && says("message") {
			return nil, true
		}
	}
	return nil, false
}

// placesStatus finds the statuses of Google Maps' web services.
func placesStatus(a *answer) ([]json.RawMessage, bool) {
	if !slices.Contains([]string{"REQUEST_DENIED", "OVER_QUERY_LIMIT", "OVER_DAILY_LIMIT", "INVALID_REQUEST", "UNKNOWN_ERROR", "NOT_FOUND", "MAX_ELEMENTS_EXCEEDED", "MAX_WAYPOINTS_EXCEEDED", "MAX_ROUTE_LENGTH_EXCEEDED"}, a.text("status")) {
		return nil, false
	}
	known := slices.ContainsFunc([]string{"results", "candidates", "predictions", "routes", "rows", "html_attributions", "error_message"}, func(n string) bool {
		_, there := a.top[n]
		return there
	})
	return nil, known && !a.resource()
}

// errorCode finds a code that is not the one for "well", with a message beside it.
func errorCode(a *answer) ([]json.RawMessage, bool) {
	for _, pair := range [][2]string{{"error_code", "error_message"}, {"errcode", "errmsg"}, {"errorcode", "errormessage"}, {"error_code", "error_msg"}, {"error_code", "message"}} {
		code := a.text(pair[0])
		if code != "" && !slices.Contains(noError, bare(code)) && !empty(a.top[pair[1]]) && !a.resource() {
			return nil, true
		}
	}
	if a.text("result_code") == "0" && !empty(a.top["result_message"]) { // ActiveCampaign
		return nil, true
	}
	// {"code":40105,"message":"…"}: TikTok, Lark, Zoho
	code, message := a.text("code"), firstOf(a.top, "message", "msg")
	if code == "" || message == "" || slices.Contains(noError, bare(code)) || slices.Contains(noError, bare(message)) || !a.closed() || !empty(a.top["data"]) {
		return nil, false
	}
	_, known := meanings()[bare(code)]
	_, weakly := weakMeanings()[bare(code)]
	numbered := strings.Trim(code, "0123456789-") == "" && len(code) > 3
	return nil, known || weakly || numbered
}

// when finds a member with one text.
func when(name, text string) func(*answer) ([]json.RawMessage, bool) {
	return func(a *answer) ([]json.RawMessage, bool) { return nil, a.text(name) == text && !a.resource() }
}

// only finds an object that holds one of the members and nothing else.
func only(names ...string) func(*answer) ([]json.RawMessage, bool) {
	return func(a *answer) ([]json.RawMessage, bool) {
		if len(a.top) != 1 {
			return nil, false
		}
		for _, n := range names {
			if a.text(n) != "" && (n == "error message" || a.in("alphavantage.co")) {
				return []json.RawMessage{json.RawMessage(fmt.Sprintf(`{"message":%q}`, a.text(n)))}, true
			}
		}
		return nil, false
	}
}

// rejectedItems finds a list in which each item is a refusal in the way of Zoho or
// of Salesforce, and nothing else.
func rejectedItems(a *answer) ([]json.RawMessage, bool) {
	items := a.items
	if items == nil && a.closedBut("data") {
		items = elements(a.top["data"])
	}
	if len(items) == 0 {
		return nil, false
	}
	for _, item := range items {
		m := members(item)
		zoho := plain(m["status"]) == "error" && !empty(m["code"]) && !empty(m["message"]) && within(m, "code", "details", "message", "status", "action", "duplicate_field")
		salesforce := string(m["success"]) == "false" && !empty(m["errors"]) && within(m, "success", "errors", "id", "created")
		coded := !empty(m["errorcode"]) && !empty(m["message"]) && within(m, "errorcode", "message", "fields")
		if !zoho && !salesforce && !coded {
			return nil, false
		}
	}
	return items, true
}

// closedBut reports that nothing but an error remains without the member.
func (a *answer) closedBut(name string) bool {
	rest := *a
	rest.top = maps.Clone(a.top)
	delete(rest.top, name)
	return rest.closed()
}

// within reports that an object has no other members.
func within(m map[string]json.RawMessage, names ...string) bool {
	for n := range m {
		if !slices.Contains(names, n) {
			return false
		}
	}
	return m != nil
}

// messageTexts finds messages that were not sent, in the way of Vonage.
func messageTexts(a *answer) ([]json.RawMessage, bool) {
	list := elements(a.top["messages"])
	if _, counted := a.top["message-count"]; !counted || len(list) == 0 {
		return nil, false
	}
	for _, m := range list {
		if empty(members(m)["error-text"]) {
			return nil, false
		}
	}
	return list, true
}

// nestedError finds an error in the one member that wraps the whole answer.
func nestedError(a *answer) ([]json.RawMessage, bool) {
	if len(a.top) != 1 || a.aboutErrors() {
		return nil, false
	}
	for name, v := range a.top {
		m := members(v)
		if !slices.Contains([]string{"response", "result", "ocs", "json"}, name) || m == nil {
			continue
		}
		inner := *a
		inner.top = m
		if errs := m["errors"]; !empty(errs) && inner.closed() {
			return []json.RawMessage{v}, true
		}
		if _, failed := soleError(&inner); failed {
			return []json.RawMessage{v}, true
		}
	}
	return nil, false
}

// xmlError finds a document whose root is an error.
func xmlError(a *answer) ([]json.RawMessage, bool) {
	if a.top != nil || a.items != nil || !xmlRoot().Match(a.Body) {
		return nil, false
	}
	a.words = a.readBody()
	return nil, len(a.words.texts) > 0
}

// partErrors finds errors beside data. Where the answer is one thing with an id
// they are its own.
func partErrors(a *answer) ([]json.RawMessage, bool) {
	if a.aboutErrors() || a.resource() {
		return nil, false
	}
	list := errorList(a.top["errors"])
	return list, len(list) > 0
}

// failedParts finds a batch in which a part failed.
func failedParts(a *answer) ([]json.RawMessage, bool) {
	switch {
	case a.is("haserrors", "true"), !empty(a.top["numerrors"]) && a.text("numerrors") != "":
		return []json.RawMessage{}, true
	case a.is("errors", "true") && a.top["items"] != nil:
		return []json.RawMessage{}, true
	case a.text("failure") != "" && a.text("failure") != "0" && a.top["multicast_id"] != nil:
		return []json.RawMessage{a.top["results"]}, true
	}
	for list, status := range map[string]string{"responses": "status", "results": "statuscode", "compositeresponse": "httpstatuscode"} {
		for _, part := range elements(a.top[list]) {
			if n := plain(members(part)[status]); len(n) == 3 && n >= "400" && n < "600" {
				return []json.RawMessage{part}, true
			}
		}
	}
	return nil, false
}
