package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/internal/compare"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
)

// compareJob is the key of the one comparison that is under way.
const compareJob = "compare"

// compared answers whatever compares.
type compared struct {
	comparison compare.Comparison
	err        error
}

// contender is a request with what its side is called.
type contender struct {
	req   session.Request
	label string
}

// chooseCompare asks what to compare with.
func (m *model) chooseCompare() tea.Cmd {
	if row, ok := m.sweep.Current(); ok && m.focus == sweepPane {
		if other, works := m.sweep.Working(row.App); works && other.ID != row.ID {
			return m.compareAccounts(rowAccount(other), rowAccount(row), m.sweepEnv)
		}
	}
	if m.focus == historyPane {
		return m.chooseStored()
	}
	if why := m.missing(); why != "" {
		m.warn(why, "")
		return nil
	}
	choices := m.others()
	if x := m.response.Exchange(); x.ID != "" {
		choices = append(choices, m.sameBefore(x))
	}
	m.offer(choices, m.asked().Method+" "+m.asked().URL)
	return nil
}

// others are those that the request can be sent to beside the target.
func (m *model) others() []overlay.Choice {
	app, other := visible.Line(m.appName()), m.otherEnvironment()
	return []overlay.Choice{
		{Key: "a", Label: "another " + app + " account", Detail: "sent to both", Run: m.listRivals},
		{Key: "e", Label: "this user's " + app + " account in " + string(other), Detail: "sent to both", Run: func() tea.Cmd { return m.findTwin(other) }},
	}
}

// sameBefore is the same request, the time before.
func (m *model) sameBefore(x history.Exchange) overlay.Choice {
	return overlay.Choice{Key: "t", Label: "the time before that it was asked", Detail: "from the history", Run: func() tea.Cmd { return m.compareBefore(x) }}
}

// chooseStored asks what to compare the exchange under the cursor of the history with; one
// that is marked is what was meant.
func (m *model) chooseStored() tea.Cmd {
	x, here := m.history.Exchange()
	if !here {
		m.warn("the history has nothing to compare here", "")
		return nil
	}
	if one, other, both := m.history.Marked(); both {
		return m.compareStored(one, other)
	}
	choices := []overlay.Choice{m.sameBefore(x)}
	if shown := m.response.Exchange().ID; shown != "" && shown != x.ID {
		choices = append(choices, overlay.Choice{Key: "r", Label: "what the response shows", Run: func() tea.Cmd { return m.compareStored(shown, x.ID) }})
	}
	m.offer(choices, x.Request.Method+" "+x.Request.URL, "space marks one or two of the history; C compares them")
	return nil
}

// offer shows what something can be compared with.
func (m *model) offer(choices []overlay.Choice, notes ...string) {
	if m.compare.Any() && m.scene != comparing {
		choices = append(choices, overlay.Choice{Key: "c", Label: "back to the comparison", Run: func() tea.Cmd {
			m.stage(comparing)
			return nil
		}})
	}
	for i := range notes {
		notes[i] = visible.Line(notes[i])
	}
	m.overlays.Push(&overlay.Menu{Title: "Compare with", Choices: choices, Notes: notes})
}

func (m *model) appName() string {
	return cmp.Or(m.target.account.App.Name, m.target.account.App.Slug, "app")
}

// asked is the request that is compared: what is composed, or, where nothing is, the
// app's who-am-I call.
func (m *model) asked() session.Request {
	d := m.request.Compose()
	if d.URL == "" && m.session != nil {
		if req, err := m.session.Question(m.sessionTarget()); err == nil {
			return req
		}
	}
	req := m.outgoing(d)
	req.App = m.target.app
	return m.withNames(req)
}

// rivals answers listRivals.
type rivals struct {
	accounts []proxy.Account
	err      error
}

// mostRivals is how many accounts a comparison offers.
const mostRivals = 500

// listRivals reads the accounts of the app.
func (m *model) listRivals() tea.Cmd {
	api, q, own := m.client(), proxy.AccountQuery{App: m.target.account.App.Ref()}, m.target.account.ID
	return job.Start(compareJob, "reading the accounts of "+visible.Line(m.appName()), func(ctx context.Context) tea.Msg {
		var out []proxy.Account
		for a, err := range api.Accounts(ctx, q) {
			if err != nil {
				return rivals{out, err}
			}
			if a.ID != own {
				out = append(out, a)
			}
			if len(out) == mostRivals {
				break
			}
		}
		slices.SortStableFunc(out, func(a, b proxy.Account) int { return cmp.Compare(rank(a), rank(b)) })
		return rivals{out, nil}
	})
}

// rank puts accounts that are likely to work first.
func rank(a proxy.Account) int {
	return slices.Index([]proxy.Health{proxy.Healthy, proxy.Unhealthy, proxy.Dead}, a.Health())
}

func (msg rivals) land(m *model) tea.Cmd {
	switch {
	case errors.Is(msg.err, context.Canceled):
		return nil
	case msg.err != nil:
		m.warn("no accounts to compare with: "+msg.err.Error(), "C tries again")
		return nil
	case len(msg.accounts) == 0:
		m.warn("there is no other account of this app in "+string(m.target.env), "C, then e, looks in the other environment")
		return nil
	}
	items := make([]overlay.Item, len(msg.accounts))
	for i, a := range msg.accounts {
		items[i] = overlay.Item{Label: visible.Line(a.Label()), Detail: visible.Line(a.ExternalUserID), Keywords: a.ID}
		items[i].Mark, items[i].Tone = healthItem(a.Health())
	}
	env := m.target.env
	m.overlays.Push(&overlay.Picker{
		Title: "Compare with", Items: items,
		Choose: func(i int) tea.Cmd { return m.compareAccounts(msg.accounts[i], m.target.account, env) },
	})
	return nil
}

// compareAccounts sends one request for two accounts: one that is likely to work, and
// the one that is looked into.
func (m *model) compareAccounts(good, looked proxy.Account, env proxy.Environment) tea.Cmd {
	left, right := m.asked(), m.asked()
	if m.focus == sweepPane {
		target := session.Target{Environment: env, Account: looked}
		req, err := m.session.Question(target)
		if err != nil {
			m.warn(err.Error(), "")
			return nil
		}
		left, right = req, req
	}
	left.Target = session.Target{Environment: env, ExternalUserID: good.ExternalUserID, Account: good}
	right.Target = session.Target{Environment: env, ExternalUserID: cmp.Or(looked.ExternalUserID, m.target.user), Account: looked}
	l, r := right.Target.ExternalUserID, left.Target.ExternalUserID
	if l == r { // two accounts of one user
		l, r = accountName(looked), accountName(good)
	}
	return m.compareRequests(contender{left, r}, contender{right, l})
}

// twin answers findTwin.
type twin struct {
	env     proxy.Environment
	account proxy.Account
	err     error
}

// findTwin looks for the user's account of this app in another environment.
func (m *model) findTwin(env proxy.Environment) tea.Cmd {
	s, user, app := m.session, m.target.user, m.target.account.App.Ref()
	return job.Start(compareJob, "looking in "+string(env), func(ctx context.Context) tea.Msg {
		t, err := s.Resolve(ctx, env, user, app)
		return twin{env, t.Account, err}
	})
}

func (msg twin) land(m *model) tea.Cmd {
	if msg.err != nil {
		if !errors.Is(msg.err, context.Canceled) {
			m.warn("nothing to compare with in "+string(msg.env)+": "+msg.err.Error(), "C offers others")
		}
		return nil
	}
	left, right := m.asked(), m.asked()
	left.App = nil // what is known is of this environment's
	left.Target = session.Target{Environment: msg.env, ExternalUserID: m.target.user, Account: msg.account}
	return m.compareRequests(contender{left, string(msg.env)}, contender{right, string(m.target.env)})
}

// compareRequests sends two requests at once; a write in production asks first.
func (m *model) compareRequests(left, right contender) tea.Cmd {
	for _, c := range []*contender{&left, &right} {
		var confirm *session.ConfirmError
		switch err := m.session.Check(c.req); {
		case errors.As(err, &confirm):
			return m.confirmCompare(left, right)
		case err != nil:
			m.warn(err.Error(), "")
			return nil
		}
	}
	s := m.session
	return job.Start(compareJob, "asking "+visible.Line(left.label)+" and "+visible.Line(right.label), func(ctx context.Context) tea.Msg {
		var sides [2]compare.Side
		var wait sync.WaitGroup
		for i, c := range []contender{left, right} {
			wait.Go(func() { sides[i] = answer(ctx, s, c) })
		}
		wait.Wait()
		if ctx.Err() != nil {
			return compared{err: ctx.Err()}
		}
		return compared{comparison: compare.Of(sides[0], sides[1])}
	})
}

// answer sends a request, and keeps of its answer what is compared. For jobs.
func answer(ctx context.Context, s *session.Session, c contender) compare.Side {
	r := s.Send(ctx, c.req, nil)
	x := r.Exchange
	if r.Document != nil {
		body, _ := io.ReadAll(io.LimitReader(r.Document.Reader(), compare.MaxBody+1)) // what can be read is compared
		response := *x.Response
		response.Body = body
		x.Response = &response
		_ = r.Document.Close() // a spool that is the system's to clean up
	}
	account := c.req.Target.Account
	return compare.Side{Label: c.label, Exchange: x, Account: &account}
}

func (m *model) confirmCompare(left, right contender) tea.Cmd {
	lines := guardedURL(left.req)
	for _, c := range []contender{left, right} {
		lines = append(lines, overlay.Line{Label: "for", Text: visible.Line(fmt.Sprintf("%s · %s · %s", c.req.Target.Environment, c.req.Target.ExternalUserID, accountName(c.req.Target.Account)))})
	}
	lines = append(lines, overlay.Line{}, overlay.Line{Text: "It is sent twice, and changes data each time; there is no undo.", Tone: overlay.Warn})
	left.req.Confirmed, right.req.Confirmed = true, true
	m.overlays.Push(&overlay.Confirm{
		Title: "Compare in PRODUCTION?", Alarm: true, Lines: lines, Yes: "Send both", No: "Cancel",
		OnYes: func() tea.Cmd { return m.compareRequests(left, right) },
	})
	return nil
}

// compareStored compares two exchanges of the history, the older on the left.
func (m *model) compareStored(one, other string) tea.Cmd {
	store := m.session.History()
	if store == nil {
		m.warn("no history is kept", "")
		return nil
	}
	return job.Start(compareJob, "reading two exchanges", func(ctx context.Context) tea.Msg {
		return stored(ctx, store, one, other)
	})
}

// compareBefore compares an exchange with the one before it of the same account and
// request.
func (m *model) compareBefore(x history.Exchange) tea.Cmd {
	store := m.session.History()
	if store == nil {
		m.warn("no history is kept", "")
		return nil
	}
	return job.Start(compareJob, "looking in the history", func(ctx context.Context) tea.Msg {
		rows, err := store.List(ctx, history.Query{ProjectID: x.ProjectID, Environment: x.Environment, AccountID: x.Account.ID, Before: x.ID, Limit: 1000})
		if err != nil {
			return compared{err: err}
		}
		for _, old := range rows {
			if old.Request.Method == x.Request.Method && old.Request.URL == x.Request.URL {
				return stored(ctx, store, x.ID, old.ID)
			}
		}
		return compared{err: errors.New("it was not asked before")}
	})
}

func stored(ctx context.Context, store *history.Store, one, other string) tea.Msg {
	var sides [2]compare.Side
	ids := []string{one, other}
	slices.Sort(ids) // ids sort by time
	for i, id := range ids {
		x, err := store.Load(ctx, id)
		if err != nil {
			return compared{err: err}
		}
		sides[i] = compare.Side{Label: "at " + x.StartedAt.Local().Format(moment(x.StartedAt)), Exchange: x}
	}
	a, b := sides[0].Exchange, sides[1].Exchange
	switch {
	case a.Request.URL != b.Request.URL:
		sides[0].Label, sides[1].Label = pathOf(a.Request.URL), pathOf(b.Request.URL)
	case a.Account.ID != b.Account.ID:
		sides[0].Label, sides[1].Label = a.ExternalUserID, b.ExternalUserID
	}
	return compared{comparison: compare.Of(sides[0], sides[1])}
}

// pathOf is what tells two requests of one API apart.
func pathOf(raw string) string {
	if u, err := url.Parse(raw); err == nil && u.Host != "" {
		return u.RequestURI()
	}
	return raw
}

// moment is the layout of a time that tells its day only where it is another.
func moment(t time.Time) string {
	if time.Since(t) < 12*time.Hour {
		return "15:04:05"
	}
	return "2 Jan 15:04"
}

func (msg compared) land(m *model) tea.Cmd {
	switch {
	case errors.Is(msg.err, context.Canceled):
		return nil
	case msg.err != nil:
		m.warn("nothing to compare: "+msg.err.Error(), "C offers others")
		return nil
	}
	m.compare.Show(msg.comparison)
	m.stage(comparing)
	m.say(visible.Line(msg.comparison.Verdict))
	return tea.Batch(m.history.Reload(), m.readBudget(0))
}

// copyComparison puts the comparison on the clipboard, masked.
func (m *model) copyComparison() tea.Cmd {
	c, report := m.compare.Comparison(), m.reporter()
	return job.Start("compare.copy", "writing the report", func(context.Context) tea.Msg {
		var b strings.Builder
		told := export.Comparison{
			Left: c.Left, Right: c.Right, Verdict: c.Verdict, Facts: differences(c.Facts), Headers: differences(c.Headers), Body: differences(c.Body),
		}
		for _, r := range c.Facts {
			if r.Name == "user" {
				told.Users = []string{r.Left, r.Right}
			}
		}
		if err := report().Compare(&b, told); err != nil {
			return failed{err}
		}
		return written{b.String(), "copied the comparison, masked"}
	})
}

func differences(rows []compare.Row) []export.Difference {
	var out []export.Difference
	for _, r := range rows {
		if r.Class > compare.Noise {
			out = append(out, export.Difference{Name: r.Name, Left: r.Left, Right: r.Right})
		}
	}
	return out
}
