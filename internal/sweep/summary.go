package sweep

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// Report is what a sweep found.
type Report struct {
	Environment proxy.Environment `json:"environment"`
	App         string            `json:"app,omitempty"`
	User        string            `json:"external_user_id,omitempty"`
	Headline    string            `json:"headline"`
	Facts       Facts             `json:"facts"`
	Groups      []Group           `json:"groups"`    // of the answers, the largest first
	New         []string          `json:"new"`       // ids that failed now and did not the last time
	Recovered   []string          `json:"recovered"` // ids that failed the last time and work now
	Planned     int               `json:"planned"`
	Rows        []Row             `json:"accounts"`
}

// Facts is what the list alone says, without a call.
type Facts struct {
	Accounts  int `json:"accounts"`
	Healthy   int `json:"healthy"`
	Unhealthy int `json:"unhealthy"`
	Dead      int `json:"dead"`
	Skipped   int `json:"skipped"` // not dead, and not asked for another reason
	Asked     int `json:"asked"`
}

// Group is the accounts that one thing is said of.
type Group struct {
	Who     diagnose.Who `json:"who"`
	Code    string       `json:"code"`
	App     string       `json:"app"`
	Status  int          `json:"status,omitempty"`
	Summary string       `json:"summary"`
	Count   int          `json:"count"`
	IDs     []string     `json:"ids"` // the first of them
}

// namedIDs is how many accounts a group names.
const namedIDs = 5

// Failures is how many of those that were asked failed.
func (r Report) Failures() int {
	n := 0
	for _, g := range r.Groups {
		if g.Who != diagnose.None {
			n += g.Count
		}
	}
	return n
}

func (w *Sweep) report() Report {
	r := Report{
		Environment: w.opts.Environment, App: w.opts.App, User: w.opts.User, Planned: len(w.plan.Asks), Rows: w.plan.Rows,
		New: []string{}, Recovered: []string{},
	}
	for _, row := range r.Rows {
		r.Facts.add(row)
		if !row.Asked || w.last == nil {
			continue
		}
		switch failedBefore, known := w.last[row.ID]; {
		case row.Failed() && known && !failedBefore:
			r.New = append(r.New, row.ID)
		case !row.Failed() && failedBefore:
			r.Recovered = append(r.Recovered, row.ID)
		}
	}
	r.Groups = groups(r.Rows)
	r.Headline = headline(r)
	return r
}

func (f *Facts) add(row Row) {
	f.Accounts++
	switch row.Health {
	case proxy.Healthy:
		f.Healthy++
	case proxy.Unhealthy:
		f.Unhealthy++
	case proxy.Dead:
		f.Dead++
	}
	if row.Asked {
		f.Asked++
	} else if row.Skipped != "" && row.Health != proxy.Dead {
		f.Skipped++
	}
}

func groups(rows []Row) []Group {
	type key struct {
		who    diagnose.Who
		code   string
		app    string
		status int
	}
	index := map[key]int{}
	out := []Group{}
	for _, r := range rows {
		if !r.Asked || r.Finding == nil {
			continue
		}
		k := key{r.Finding.Who, r.Finding.Code, r.App, r.Status}
		i, known := index[k]
		if !known {
			i = len(out)
			index[k] = i
			out = append(out, Group{Who: k.who, Code: k.code, App: k.app, Status: k.status, Summary: r.Finding.Summary})
		}
		out[i].Count++
		if len(out[i].IDs) < namedIDs {
			out[i].IDs = append(out[i].IDs, r.ID)
		}
	}
	slices.SortStableFunc(out, func(a, b Group) int { return cmp.Compare(b.Count, a.Count) })
	return out
}

// most is the share of a set from which one thing is said of all of it.
const most = 0.8

// headline says in one sentence what holds for the set, and where to look.
func headline(r Report) string {
	asked, failed := r.Facts.Asked, r.Failures()
	switch {
	case r.Facts.Accounts == 0:
		return "there are no such accounts"
	case asked == 0:
		return fmt.Sprintf("none of %d accounts could be asked: %d are dead", r.Facts.Accounts, r.Facts.Dead)
	case failed == 0:
		return fmt.Sprintf("%d of %d accounts that were asked work", asked, asked)
	}
	top := r.Groups[slices.IndexFunc(r.Groups, func(g Group) bool { return g.Who != diagnose.None })]
	if float64(top.Count) >= most*float64(asked) && asked > 1 {
		return fmt.Sprintf("%d of %d fail with %s%s: %s", top.Count, asked, symptom(top), stopped(r.Rows), look(top))
	}
	var parts []string
	for _, g := range r.Groups {
		if g.Who != diagnose.None && len(parts) < 3 {
			parts = append(parts, fmt.Sprintf("%d by %s (%s)", g.Count, culprit(g), symptom(g)))
		}
	}
	return fmt.Sprintf("%d of %d fail: %s", failed, asked, strings.Join(parts, ", "))
}

// culprit is the party of a group, as one of several accounts.
func culprit(g Group) string {
	switch g.Who {
	case diagnose.Account:
		return "the account"
	case diagnose.Unknown:
		return "an unknown cause"
	case diagnose.None, diagnose.Request, diagnose.Setup, diagnose.Network, diagnose.Connect, diagnose.Upstream:
	}
	return g.Who.Words(g.App)
}

func symptom(g Group) string {
	if g.Status >= 400 {
		return fmt.Sprint(g.Status)
	}
	return strings.ReplaceAll(g.Code, "_", " ")
}

// look says where to look when nearly all fail alike: then it is hardly each end
// user's own account.
func look(g Group) string {
	switch g.Who {
	case diagnose.Account:
		return "look at your OAuth client for " + g.App + ", or at its status page"
	case diagnose.Upstream:
		return "look at the status page of " + g.App
	case diagnose.Setup:
		return "look at your own setup: " + g.Summary
	case diagnose.Network:
		return "look at the network between here and Connect"
	case diagnose.Connect:
		return "look at Pipedream's status page"
	case diagnose.None, diagnose.Request, diagnose.Unknown:
	}
	return g.Summary
}

// together is how near the last refreshes of broken accounts lie when they
// stopped for one reason.
const together = 2 * time.Hour

// stopped says when refreshes stopped, if they did for all at about one time.
func stopped(rows []Row) string {
	var first, last time.Time
	n := 0
	for _, r := range rows {
		if r.Health != proxy.Unhealthy || r.Refreshed.IsZero() {
			continue
		}
		if n++; n == 1 || r.Refreshed.Before(first) {
			first = r.Refreshed
		}
		if r.Refreshed.After(last) {
			last = r.Refreshed
		}
	}
	if n < 3 || last.Sub(first) > together {
		return ""
	}
	return ", refreshes stopped " + last.UTC().Format("Mon 15:04 UTC")
}
