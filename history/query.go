package history

import (
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
	Misread        string    // why a filter that was typed does not count, in words; empty where all do

	since string // id: only newer ones
	from  string // id: only this one and newer ones
	upTo  string // id: only this one and older ones
}

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
	} {
		if c.value != "" {
			and("x."+c.column+" = ?", c.value)
		}
	}
	if q.App != "" {
		and("x.app = ? COLLATE NOCASE", q.App)
	}
	if q.Ticket != "" {
		and("x.ticket = ? COLLATE NOCASE", q.Ticket)
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
		and(by+" < coalesce((SELECT n FROM exchange WHERE id = ?), ?)", q.Before, order(q.Before, time.Time{})) // it may be deleted
	}
	if q.upTo != "" {
		and(by+" <= coalesce((SELECT n FROM exchange WHERE id = ?), ?)", q.upTo, order(q.upTo, time.Time{}))
	}
	if q.from != "" {
		and(by+" >= coalesce((SELECT n FROM exchange WHERE id = ?), ?)", q.from, order(q.from, time.Time{}))
	}
	if q.since != "" {
		and(by+" > (SELECT n FROM exchange WHERE id = ?)", q.since)
	}
	return strings.Join(conditions, " AND "), args
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
