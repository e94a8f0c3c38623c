package diagnose

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// verdict is what a row of a table says. Words in braces stand for facts of the
// exchange, as {host}; a row that needs a fact holds only where it is known.
type verdict struct {
	who     Who
	code    string
	summary string
	next    []Step
	needs   string // the name of that fact; empty for none
}

// facts are what the words in braces stand for. One that is not known is empty.
type facts map[string]string

// first returns the first verdict whose fact is known.
func (k facts) first(rows []verdict) (verdict, bool) {
	i := slices.IndexFunc(rows, func(v verdict) bool { return v.needs == "" || k[v.needs] != "" })
	if i < 0 {
		return verdict{}, false
	}
	return rows[i], true
}

func (k facts) fill(text string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var pairs []string
	for name, words := range k {
		pairs = append(pairs, "{"+name+"}", words)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// finding fills the verdict's words.
func (v verdict) finding(k facts, evidence []string) Finding {
	f := Finding{Who: v.who, Code: v.code, Summary: k.fill(v.summary), Evidence: evidence}
	for _, s := range v.next {
		f.Next = append(f.Next, Step{Text: k.fill(s.Text), Actor: s.Actor, Key: s.Key})
	}
	return f
}

// facts gathers what is known, whatever came back.
func (in Input) facts() facts {
	k := facts{
		"host": in.host(), "near": quoted(in.Near), "elsewhere": environments(in.Elsewhere), "owner": in.Account.ExternalUserID,
		"domains": "", "base": "", "when": "wait a while", "elapsed": "", "dead": "", "unhealthy": "", "expired": "", "empty": "",
	}
	if in.Elapsed > 0 {
		k["elapsed"] = span(in.Elapsed)
	}
	if in.App != nil && in.App.Connect != nil {
		k["domains"], k["base"] = strings.Join(in.App.Connect.AllowedDomains, ", "), in.App.Connect.BaseURL
	}
	in.accountFacts(k)
	return k
}

func quoted(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, fmt.Sprintf("%q", id))
	}
	return strings.Join(out, " or ")
}

func environments(list []proxy.Environment) string {
	var out []string
	for _, e := range list {
		out = append(out, string(e))
	}
	return strings.Join(out, " and ")
}

func (in Input) statusLine() string {
	return strings.TrimSpace(fmt.Sprintf("%s answered %d %s", in.host(), in.Status, http.StatusText(in.Status)))
}

// span says a length of time in the two units that matter.
func span(d time.Duration) string {
	switch {
	case d < 10*time.Second && d%time.Second != 0:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	}
	return fmt.Sprintf("%.0f days", d.Hours()/24)
}

// Steps that many rows share.
var (
	reconnect  = Step{"reconnect the account", EndUser, "L"}
	compare    = Step{"compare with an account that works", You, "C"}
	whoAmI     = Step{"test the account with its who-am-I call", You, "t"}
	sendLater  = Step{"{when}, then send it again", You, "r"}
	statusPage = Step{"look at the status page of {host}, and send it again later", You, "r"}
	mendIt     = Step{"mend the request as its answer says", You, ""}
	readAnswer = Step{"read its answer: no rule explains it", You, ""}
)
