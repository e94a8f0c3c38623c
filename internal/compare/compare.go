// Package compare sets two exchanges side by side: what failed in which, and in
// what their answers differ. Values that differ in any two answers, such as ids and
// times, are told apart from those that mean something.
package compare

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// Side is one of the two exchanges.
type Side struct {
	Label    string           // how a person calls it: a user, an environment, a time
	Exchange history.Exchange // Response.Body is compared as far as it is there
	Account  *proxy.Account   // what Connect says of it; nil where that is not known
}

// Class is how the two sides of a row relate.
type Class int

// The classes of a row.
const (
	Same  Class = iota
	Noise       // they differ, as ids and times do in any two answers
	Changed
	OnlyLeft
	OnlyRight
)

// Row is one thing that both sides may have.
type Row struct {
	Name        string // what it is: a header, or a path such as $.data[3].name
	Left, Right string
	Class       Class
}

// Comparison is two exchanges side by side.
type Comparison struct {
	Left, Right string // labels
	Verdict     string // one sentence that claims only what was seen
	Facts       []Row  // status, finding, time, health, scopes
	Headers     []Row
	Body        []Row
	Cut         string // what was left out, in words; empty for nothing
}

// What is compared of a body, and of two bodies how many rows are told.
const (
	MaxBody = 2 << 20
	maxRows = 20_000
)

// Of compares two exchanges.
func Of(left, right Side) Comparison {
	c := Comparison{Left: left.Label, Right: right.Label, Facts: facts(left, right)}
	lh, rh := headers(left), headers(right)
	c.Headers = named(lh, rh)
	c.Body, c.Cut = bodies(body(left), body(right))
	c.Verdict = verdict(left, right, c)
	return c
}

// Differences is how many rows differ by more than noise.
func Differences(rows []Row) int {
	n := 0
	for _, r := range rows {
		if r.Class > Noise {
			n++
		}
	}
	return n
}

// Swapped returns the comparison with its sides exchanged.
func (c Comparison) Swapped() Comparison {
	c.Left, c.Right = c.Right, c.Left
	for _, rows := range []*[]Row{&c.Facts, &c.Headers, &c.Body} {
		*rows = slices.Clone(*rows)
		for i, r := range *rows {
			r.Left, r.Right = r.Right, r.Left
			switch r.Class {
			case OnlyLeft:
				r.Class = OnlyRight
			case OnlyRight:
				r.Class = OnlyLeft
			case Same, Noise, Changed:
			}
			(*rows)[i] = r
		}
	}
	return c
}

// facts are what is known of the two exchanges beside what they carry.
func facts(left, right Side) []Row {
	rows := []Row{
		fact("status", status(left), status(right)),
		fact("who failed", left.Exchange.Finding.Who.Words(app(left)), right.Exchange.Finding.Who.Words(app(right))),
		fact("why", left.Exchange.Finding.Summary, right.Exchange.Finding.Summary),
		given("environment", string(left.Exchange.Environment), string(right.Exchange.Environment)),
		given("user", left.Exchange.ExternalUserID, right.Exchange.ExternalUserID),
		given("account", left.Exchange.Account.ID, right.Exchange.Account.ID),
	}
	if l, r := asked(left), asked(right); l != r { // two of the history may be of any two requests
		rows = slices.Insert(rows, 0, given("request", l, r))
	}
	if left.Account != nil && right.Account != nil {
		rows = append(rows, fact("health", string(left.Account.Health()), string(right.Account.Health())))
		rows = append(rows, scopes(left.Account.AuthorizedScopes, right.Account.AuthorizedScopes)...)
	}
	return append(rows, given("took", took(left), took(right)), given("sent", sent(left), sent(right)))
}

func asked(s Side) string { return s.Exchange.Request.Method + " " + s.Exchange.Request.URL }

// given is a fact whose difference was wanted, or means nothing.
func given(name, left, right string) Row {
	r := fact(name, left, right)
	r.Class = min(r.Class, Noise)
	return r
}

// fact is a row whose value may be missing on a side.
func fact(name, left, right string) Row {
	class := Changed
	switch {
	case left == right:
		class = Same
	case left == "":
		class = OnlyRight
	case right == "":
		class = OnlyLeft
	}
	return Row{name, left, right, class}
}

// scopes are one row of what both were granted, and one for each that only one
// was.
func scopes(left, right []string) []Row {
	var both []string
	var rows []Row
	for _, s := range left {
		if slices.Contains(right, s) {
			both = append(both, s)
		} else {
			rows = append(rows, Row{"scope", s, "", OnlyLeft})
		}
	}
	for _, s := range right {
		if !slices.Contains(left, s) {
			rows = append(rows, Row{"scope", "", s, OnlyRight})
		}
	}
	if len(both) > 0 {
		text := strings.Join(both, " ")
		rows = append([]Row{{"scopes", text, text, Same}}, rows...)
	}
	return rows
}

func app(s Side) string {
	if s.Exchange.Account.App == "" {
		return "the third party"
	}
	return s.Exchange.Account.App
}

func status(s Side) string {
	r := s.Exchange.Response
	if r == nil {
		return "no answer"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)))
}

func took(s Side) string { return s.Exchange.Timing.Total.Round(time.Millisecond).String() }

func sent(s Side) string { return s.Exchange.StartedAt.Local().Format("2006-01-02 15:04:05") }

func headers(s Side) []proxy.Field {
	if s.Exchange.Response == nil {
		return nil
	}
	return s.Exchange.Response.Headers
}

func body(s Side) []byte {
	if s.Exchange.Response == nil {
		return nil
	}
	return s.Exchange.Response.Body
}

// named compares header lines by their names; the order of names is the left
// side's.
func named(left, right []proxy.Field) []Row {
	values := func(fields []proxy.Field, name string) string {
		var out []string
		for _, f := range fields {
			if strings.EqualFold(f.Name, name) {
				out = append(out, f.Value)
			}
		}
		return strings.Join(out, ", ")
	}
	var rows []Row
	seen := map[string]bool{}
	for _, f := range slices.Concat(left, right) {
		name := http.CanonicalHeaderKey(f.Name)
		if seen[name] {
			continue
		}
		seen[name] = true
		row := fact(name, values(left, name), values(right, name))
		if row.Class == Changed && noisyHeader(name) {
			row.Class = Noise
		}
		rows = append(rows, row)
	}
	return rows
}

// bodies compares two bodies: as JSON where both are, else line by line.
func bodies(left, right []byte) (rows []Row, cut string) {
	if len(left) > MaxBody || len(right) > MaxBody {
		cut = fmt.Sprintf("the first %d MB of each body are compared", MaxBody>>20)
		left, right = left[:min(len(left), MaxBody)], right[:min(len(right), MaxBody)]
	}
	l, lok := parse(left)
	r, rok := parse(right)
	if lok && rok {
		d := &differ{}
		d.diff("$", "", l, r)
		rows = d.rows
	} else {
		rows = lines(left, right)
	}
	if len(rows) > maxRows {
		cut = fmt.Sprintf("the first %d of %d rows are told", maxRows, len(rows))
		rows = rows[:maxRows]
	}
	return rows, cut
}

// lines compares texts line by line.
func lines(left, right []byte) []Row {
	var rows []Row
	l, r := split(left), split(right)
	align(l, r, func(i, j int) {
		n := max(i, j) + 1
		switch {
		case i < 0:
			rows = append(rows, Row{fmt.Sprintf("line %d", n), "", r[j], OnlyRight})
		case j < 0:
			rows = append(rows, Row{fmt.Sprintf("line %d", n), l[i], "", OnlyLeft})
		default:
			rows = append(rows, fact(fmt.Sprintf("line %d", i+1), l[i], r[j]))
		}
	})
	return rows
}

func split(text []byte) []string {
	if len(text) == 0 {
		return nil
	}
	return strings.Split(string(bytes.TrimSuffix(text, []byte("\n"))), "\n")
}
