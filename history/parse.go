package history

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// Filters are the names of what ParseQuery takes beside words.
func Filters() []string {
	return []string{"env", "project", "user", "app", "account", "method", "status", "who", "after", "before", "ticket", "starred"}
}

// ParseQuery reads what a person types to find exchanges at a time: words, of which all
// must be found, and filters such as app:slack status:5xx user:"Jane Doe" after:7d
// starred:. What is none of them is a word; one with a value that it does not take, or not
// yet, does not count, and Misread says what it takes.
func ParseQuery(text string) Query { return parseQuery(text, time.Now()) }

func parseQuery(text string, now time.Time) Query {
	var q Query
	var words []string
	for _, word := range fields(text) {
		name, value, ok := strings.Cut(word, ":")
		name = strings.ToLower(name)
		switch {
		case !ok || !slices.Contains(Filters(), name):
			words = append(words, strings.Trim(word, `"`))
		case !filter(&q, name, strings.Trim(value, `"`), now):
			q.Misread = word + ": " + takes[name]
		}
	}
	q.Text = strings.Join(words, " ")
	return q
}

// fields parts a text at its blanks, but not within quotes.
func fields(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\n')
	})
}

// takes says what the filters take.
var takes = map[string]string{
	"env": "give development or production", "project": "give its id", "user": "give the external user's id", "app": "give its name, such as slack",
	"account": "give its id", "method": "give one, such as POST", "status": "give a number such as 404, a class such as 5xx, or none where no answer came",
	"who":   "give who failed: request, setup, network, connect, account, upstream or unknown; none where it worked",
	"after": timesTaken, "before": timesTaken, "ticket": "give its id", "starred": "give nothing behind it, yes or no",
}

const timesTaken = "give a day such as 2026-11-01, a month, today, yesterday, or how long ago: 90m, 12h, 7d, 3w, 1y"

// filter puts one filter into a query; false where it does not take the value.
func filter(q *Query, name, value string, now time.Time) bool {
	ok := value != ""
	switch name {
	case "project":
		q.ProjectID = value
	case "user":
		q.ExternalUserID = value
	case "app":
		q.App = value
	case "account":
		q.AccountID = value
	case "method":
		q.Method = strings.ToUpper(value)
	case "ticket":
		q.Ticket = value
	case "status":
		if ok = isStatus(strings.ToLower(value)); ok {
			q.Status = strings.ToLower(value)
		}
	case "who":
		q.Who = party(value)
		ok = q.Who != ""
	case "starred":
		q.Starred = value == "" || value == "yes"
		ok = q.Starred || value == "no"
	case "env":
		q.Environment = environment(value)
		ok = q.Environment != ""
	case "after":
		q.After, ok = moment(value, now)
	case "before":
		q.Until, ok = moment(value, now)
	}
	return ok
}

// isStatus reports a code, a class of them, or the word where there is none.
func isStatus(value string) bool {
	class, whole := strings.CutSuffix(value, "xx")
	n := number(class)
	return value == noAnswer || whole && n >= 1 && n <= 9 || !whole && n >= 100 && n <= 999
}

// party reads who failed, as far as it is typed.
func party(value string) string {
	for _, who := range []diagnose.Who{
		diagnose.Request, diagnose.Setup, diagnose.Network, diagnose.Connect, diagnose.Account, diagnose.Upstream, diagnose.Unknown, diagnose.None,
	} {
		if value != "" && strings.HasPrefix(string(who), strings.ToLower(value)) {
			return string(who)
		}
	}
	return ""
}

// environment reads one as far as it is typed.
func environment(value string) proxy.Environment {
	for _, env := range []proxy.Environment{proxy.Development, proxy.Production} {
		if value != "" && strings.HasPrefix(string(env), strings.ToLower(value)) {
			return env
		}
	}
	return ""
}

// moment reads a day such as 2026-11-01, a month, a year, today or yesterday, or how long
// ago: 90m, 12h, 7d, 3w, 1y.
func moment(value string, now time.Time) (time.Time, bool) {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()) }
	switch value {
	case "today":
		return day(now), true
	case "yesterday":
		return day(now.AddDate(0, 0, -1)), true
	case "":
		return time.Time{}, false
	}
	for _, layout := range []string{time.DateOnly, "2006-01", "2006", "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, value, now.Location()); err == nil {
			return t, true
		}
	}
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour, 'y': 365 * 24 * time.Hour}
	unit, known := units[value[len(value)-1]]
	n, err := strconv.Atoi(value[:len(value)-1])
	if !known || err != nil || n < 0 || n > 100_000 {
		return time.Time{}, false
	}
	return now.Add(-time.Duration(n) * unit), true
}

// number is a number that was typed; -1, which finds nothing, for anything else.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
