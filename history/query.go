package history

import (
	"strconv"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// Query narrows a list. Empty fields do not narrow.
type Query struct {
	ProjectID      string
	Environment    proxy.Environment
	ExternalUserID string
	AccountID      string
	App            string
	Method         string
	Status         string // "429", "5xx", or "none" where no answer came
	Who            string // failed: a party of package diagnose
	Ticket         string
	Starred        bool      // only those with a star
	After, Until   time.Time // begun at or after, and before
	Text           string    // words that are found; all must be
	Before         string    // id: only older ones, for paging
	Skip           int       // leave out so many of the newest
	Limit          int       // default 100
	Quick          bool      // at once, even if some that have a longer word are left out

	since string // id: only newer ones
}

// Filters are the names of what ParseQuery takes beside words.
func Filters() []string {
	return []string{"env", "project", "user", "app", "account", "method", "status", "who", "after", "before", "ticket", "starred"}
}

// ParseQuery reads what a person types to find exchanges at a time: words, of which all
// must be found, and filters such as app:slack status:5xx user:"Jane Doe" after:7d
// starred:. What is none of them, or not yet, is a word.
func ParseQuery(text string) Query { return parseQuery(text, time.Now()) }

func parseQuery(text string, now time.Time) Query {
	var q Query
	var words []string
	for _, word := range fields(text) {
		name, value, ok := strings.Cut(word, ":")
		if !ok || !filter(&q, strings.ToLower(name), strings.Trim(value, `"`), now) {
			words = append(words, strings.Trim(word, `"`))
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

// filter puts one filter into a query; false where it is none.
func filter(q *Query, name, value string, now time.Time) bool {
	texts := map[string]*string{
		"project": &q.ProjectID, "user": &q.ExternalUserID, "app": &q.App, "account": &q.AccountID, "method": &q.Method,
		"status": &q.Status, "who": &q.Who, "ticket": &q.Ticket,
	}
	if to, is := texts[name]; is && value != "" {
		*to = value
		if name == "method" {
			q.Method = strings.ToUpper(value)
		}
		if name == "status" {
			q.Status = strings.ToLower(value)
		}
		return true
	}
	var at time.Time
	var ok bool
	switch name {
	case "starred":
		q.Starred = value != "no"
		return true
	case "env":
		if env := environment(value); env != "" {
			q.Environment = env
			return true
		}
	case "after":
		at, ok = moment(value, now)
		q.After = at
	case "before":
		at, ok = moment(value, now)
		q.Until = at
	}
	return ok
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

// moment reads a day such as 2026-11-01, today or yesterday, or how long ago: 90m, 12h,
// 7d, 3w.
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
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, value, now.Location()); err == nil {
			return t, true
		}
	}
	units := map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}
	unit, known := units[value[len(value)-1]]
	n, err := strconv.Atoi(value[:len(value)-1])
	if !known || err != nil || n < 0 || n > 100_000 {
		return time.Time{}, false
	}
	return now.Add(-time.Duration(n) * unit), true
}

// Words are those that are looked for, as a list marks them.
func (q Query) Words() []string { return strings.Fields(q.Text) }

// conditions returns what SQL can check of a query, with its arguments; by is the number
// that rows are sorted by.
func (q Query) conditions(by string) (string, []any) {
	conditions, args := []string{"1"}, []any{}
	and := func(condition string, values ...any) {
		conditions, args = append(conditions, condition), append(args, values...)
	}
	for _, c := range []struct{ column, value string }{
		{"project_id", q.ProjectID},
		{"account_id", q.AccountID},
		{"external_user_id", q.ExternalUserID},
		{"environment", string(q.Environment)},
		{"ticket", q.Ticket},
	} {
		if c.value != "" {
			and("x."+c.column+" = ?", c.value)
		}
	}
	if q.App != "" {
		and("x.app = ? COLLATE NOCASE", q.App)
	}
	if q.Method != "" {
		and("x.method = ?", q.Method)
	}
	if q.Who != "" {
		and("x.who = ? COLLATE NOCASE", q.Who)
	}
	switch class, whole := strings.CutSuffix(q.Status, "xx"); {
	case q.Status == noAnswer:
		and("x.status IS NULL")
	case whole:
		and("x.status / 100 = ?", number(class))
	case q.Status != "":
		and("x.status = ?", number(q.Status))
	}
	if q.Starred {
		and("x.starred = 1")
	}
	if !q.After.IsZero() {
		and(by+" >= ?", order("", q.After))
	}
	if !q.Until.IsZero() {
		and(by+" < ?", order("", q.Until))
	}
	if q.Before != "" {
		and(by+" < (SELECT n FROM exchange WHERE id = ?)", q.Before)
	}
	if q.since != "" {
		and(by+" > (SELECT n FROM exchange WHERE id = ?)", q.since)
	}
	return strings.Join(conditions, " AND "), args
}

// number is a number that was typed; -1, which finds nothing, for anything else.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// term is a word that is looked for.
type term struct {
	text   string   // as it is compared with what is found
	tokens []string // of which all are in the index
	open   bool     // the last of them may go on
	verify bool     // the tokens alone do not tell: they must stand side by side
	spelt  []string // what the last may go on to; nil where all of it is asked for
}

// short is up to how many letters a word may have to be looked for in the newest rows
// first: an index of words is slow at what nearly all of them begin with.
const short = 2

func (t term) short() bool {
	return len(t.tokens) == 1 && len([]rune(t.text)) <= short && !isDense([]rune(t.text)[0])
}

// terms are the words of a query.
func (q Query) terms() []term {
	var out []term
	for word := range strings.FieldsSeq(q.Text) {
		t := term{text: fold(word)}
		if t.text == "" {
			continue // marks without a letter
		}
		tokens(word, func(w string) { t.tokens = append(t.tokens, w) })
		runes := []rune(word)
		t.open = isWord(runes[len(runes)-1])
		if n := len(t.tokens); n > 1 && isDense([]rune(t.tokens[n-1])[0]) {
			t.tokens, t.open = t.tokens[:n-1], false // the last character alone is in the pair before it
		}
		t.verify = len(t.tokens) != 1 || t.tokens[0] != t.text
		out = append(out, t)
	}
	return out
}

// parts are the tokens as the index is asked for them.
func (t term) parts(exact bool) []string {
	var out []string
	for i, w := range t.tokens {
		part := `"` + w + `"`
		switch last := i == len(t.tokens)-1 && t.open && !exact; {
		case last && t.spelt != nil:
			part = `("` + strings.Join(t.spelt, `" OR "`) + `")`
		case last:
			part += "*"
		}
		out = append(out, part)
	}
	return out
}

// match is what the index is asked, for words as they were typed or for any that begin
// like it; empty where it cannot help.
func (q Query) match(terms []term, exact bool) string {
	var parts []string
	for _, t := range terms {
		if !t.short() {
			parts = append(parts, t.parts(exact)...)
		}
	}
	for _, f := range []struct{ name, value string }{
		{"app", q.App}, {"method", q.Method}, {"status", q.Status}, {"who", q.Who}, {"ticket", q.Ticket},
	} {
		if f.value != "" {
			parts = append(parts, `"`+filterWord(f.name, f.value)+`"`)
		}
	}
	if q.Starred {
		parts = append(parts, `"`+filterWord("starred", "")+`"`)
	}
	if len(parts) == 0 {
		return ""
	}
	for _, f := range []struct{ name, value string }{ // these have indexes of their own
		{"project", q.ProjectID}, {"env", string(q.Environment)}, {"user", q.ExternalUserID}, {"account", q.AccountID},
	} {
		if f.value != "" {
			parts = append(parts, `"`+filterWord(f.name, f.value)+`"`)
		}
	}
	return strings.Join(parts, " AND ")
}
