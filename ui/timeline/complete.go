package timeline

import (
	"fmt"
	"slices"
	"strings"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// mostKnown is how many values of a filter are known at most.
const mostKnown = 200

// known are values that filters can take, by their names, as they were seen.
type known map[string][]string

// see takes in what an exchange could be found by.
func (k known) see(x history.Exchange) {
	values := map[string]string{
		"user": x.ExternalUserID, "account": x.Account.ID, "app": x.Account.App, "method": x.Request.Method, "who": string(x.Finding.Who), "ticket": x.Ticket,
	}
	if x.Response != nil {
		values["status"] = fmt.Sprint(x.Response.Status)
	}
	for name, value := range values {
		if value != "" && len(k[name]) < mostKnown && !slices.Contains(k[name], value) {
			k[name] = append(k[name], value)
		}
	}
}

// fixed are values that need not have been seen.
var fixed = map[string][]string{
	"env": {string(proxy.Development), string(proxy.Production)}, "status": {"2xx", "4xx", "5xx", "none"},
	"after": {"today", "yesterday", "7d", "30d"}, "before": {"today", "yesterday"},
}

// completion is how what was typed could go on: the last word as a whole; empty for
// nothing.
func (k known) completion(typed string) string {
	last := typed[strings.LastIndexByte(typed, ' ')+1:]
	name, begun, ok := strings.Cut(strings.ToLower(last), ":")
	if last == "" {
		return ""
	}
	if !ok {
		for _, f := range history.Filters() {
			if strings.HasPrefix(f, name) {
				return f + ":"
			}
		}
		return ""
	}
	for _, value := range slices.Concat(fixed[name], k[name]) {
		if len(value) > len(begun) && strings.HasPrefix(strings.ToLower(value), begun) {
			if strings.Contains(value, " ") {
				value = `"` + value + `"`
			}
			return name + ":" + value
		}
	}
	return ""
}

// takeCompletion puts the completion in the place of the last word; false where there is none.
func (m *Model) takeCompletion() bool {
	typed := m.find.Value()
	whole := m.known.completion(typed)
	if whole == "" || m.find.Position() < len([]rune(typed)) {
		return false
	}
	m.find.SetValue(typed[:strings.LastIndexByte(typed, ' ')+1] + whole)
	m.find.CursorEnd()
	return true
}
