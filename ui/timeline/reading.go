package timeline

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/ui/job"
)

// Lister is what the pane needs of the history.
type Lister interface {
	List(ctx context.Context, q history.Query) ([]history.Exchange, error)
	Load(ctx context.Context, id string) (history.Exchange, error)
	Outline(ctx context.Context, q history.Query, every int) (history.Outline, error)
	Rank(ctx context.Context, q history.Query, id string) (int, error)
}

// asking is which list was asked for.
type asking struct {
	find, project, user, account, env string
	scope                             scope
}

func (m *Model) asking() asking {
	t := m.target
	return asking{m.find.Value(), m.project, t.ExternalUserID, t.Account.ID, string(t.Environment), m.scope}
}

func (m *Model) query() history.Query {
	q := history.ParseQuery(m.find.Value())
	switch m.reachOf(q) {
	case thisAccount:
		q.AccountID, q.Environment = m.target.Account.ID, m.target.Environment
	case thisUser:
		q.ExternalUserID, q.Environment = m.target.ExternalUserID, m.target.Environment
	case everything, asTyped:
	}
	q.ProjectID = cmp.Or(q.ProjectID, m.project)
	return q
}

// reach is how much of the history is looked through.
func (m *Model) reach() scope { return m.reachOf(history.ParseQuery(m.find.Value())) }

// reachOf is the scope as far as it has somebody to narrow to, unless a filter says whose
// exchanges are meant.
func (m *Model) reachOf(typed history.Query) scope {
	switch {
	case typed.ProjectID != "" || typed.Environment != "" || typed.ExternalUserID != "" || typed.AccountID != "":
		return asTyped
	case m.scope == thisAccount && m.target.Account.ID != "":
		return thisAccount
	case m.scope != everything && m.target.ExternalUserID != "":
		return thisUser
	}
	return everything
}

// arrived answers Reload: the first page, and that of the cursor.
type arrived struct {
	load  int
	first []history.Exchange
	page  int
	rows  []history.Exchange // of the page, where it is not the first
	row   int                // of the cursor
	stays bool               // it is the list that was there before
	quick bool               // the whole follows
	err   error
}

// Reload lists the newest again. The cursor stays on its exchange, wherever that stands
// now; on the first row it follows the newest.
func (m *Model) Reload() tea.Cmd {
	if m.at() <= 0 {
		return m.reload("", 0)
	}
	return m.reload(m.Current(), m.at())
}

// GoTo lists the newest again, and puts the cursor on an exchange.
func (m *Model) GoTo(id string) tea.Cmd { return m.reload(id, max(0, m.at())) }

func (m *Model) reload(id string, row int) tea.Cmd {
	if m.store == nil {
		return nil
	}
	now := m.asking()
	stays := now == m.asked
	if !stays {
		m.toEnd = false
	}
	m.loading, m.paging, m.asked = true, noPage, now
	m.loads++
	q, store, load := m.query(), m.store, m.loads // the job must not touch m
	m.sought, m.words = q, strings.Fields(strings.ToLower(q.Text))
	return job.Stream("timeline", "reading the history", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		if q.Text != "" && !stays { // what can be found at once shows while the rest is looked for
			quick := q
			quick.Quick, quick.Limit = true, pageRows
			if rows, err := store.List(ctx, quick); err == nil && len(rows) > 0 {
				emit(arrived{load: load, first: rows, quick: true})
			}
		}
		got := arrived{load: load, stays: stays}
		got.err = got.read(ctx, store, q, id)
		if got.row < 0 && stays { // it is gone: the next one takes its place
			got.row = row
		}
		return got
	})
}

// read reads the first page, and looks for an exchange: row is -1 where it is not there.
func (a *arrived) read(ctx context.Context, store Lister, q history.Query, id string) error {
	q.Limit = pageRows
	var err error
	if a.first, err = store.List(ctx, q); err != nil {
		return err
	}
	if a.row = rowOf(a.first, id); a.row >= 0 || len(a.first) < pageRows || id == "" {
		return nil
	}
	rank, err := store.Rank(ctx, q, id)
	if err != nil {
		return err
	}
	a.page = rank / pageRows
	if a.rows, err = store.List(ctx, history.Outline{}.At(q, a.page*pageRows)); err != nil {
		return err
	}
	if i := rowOf(a.rows, id); i >= 0 {
		a.row = a.page*pageRows + i
	}
	return nil
}

func rowOf(rows []history.Exchange, id string) int {
	return slices.IndexFunc(rows, func(x history.Exchange) bool { return x.ID == id })
}

// Changed follows a change of the history by somebody else. What is on its way is not
// asked for twice.
func (m *Model) Changed() tea.Cmd {
	if m.loading {
		return nil
	}
	return m.Reload()
}

func (m *Model) take(msg arrived) {
	m.loading, m.err = msg.quick, msg.err
	if msg.err != nil {
		return
	}
	if m.quick && m.at() > 0 { // somebody moved on meanwhile
		msg.row = max(0, rowOf(msg.first, m.Current()))
	}
	m.quick = msg.quick
	before := m.win.count
	m.win = newWindow()
	if msg.stays { // until they are counted anew
		m.win.count = before
	}
	m.add(0, msg.first)
	if msg.page > 0 {
		m.add(msg.page, msg.rows)
	}
	m.preview.id = "" // a note or a star may be new
	m.resize()
	m.cursor.Put(msg.row)
	m.settle()
}

// add takes a page of rows.
func (m *Model) add(page int, rows []history.Exchange) {
	m.win.put(page, rows)
	for _, x := range rows {
		m.known.see(x)
	}
}

// noPage says that no page is being read.
const noPage = -1

// turned answers a page that was asked for.
type turned struct {
	load, page int
	rows       []history.Exchange
	err        error
}

// surveyed answers a look at the whole list.
type surveyed struct {
	load    int
	outline history.Outline
	err     error
}

// Follow reads what the cursor came near to: rows, how many there are, and the preview.
// The root asks after each message: only the pane knows.
func (m *Model) Follow() tea.Cmd { return tea.Batch(m.follow(), m.peek()) }

func (m *Model) follow() tea.Cmd {
	if m.store == nil || m.loading || m.err != nil {
		return nil
	}
	return tea.Batch(m.survey(), m.turn())
}

// survey looks at the whole list where there is more than a page. A list of words is looked
// at only for somebody who goes to its end: that can take long.
func (m *Model) survey() tea.Cmd {
	if m.win.whole || m.counted == m.loads || m.sought.Text != "" && !m.toEnd {
		return nil
	}
	m.counted = m.loads
	q, store, load := m.sought, m.store, m.loads
	label := ""
	if m.toEnd {
		label = "counting what was found"
	}
	return job.Start("timeline.survey", label, func(ctx context.Context) tea.Msg {
		outline, err := store.Outline(ctx, q, stride)
		return surveyed{load, outline, err}
	})
}

// turn reads the page that is missing.
func (m *Model) turn() tea.Cmd {
	page, is := m.win.missing(m.cursor.Top(), m.cursor.Top()+m.cursor.Height())
	if !is || page == m.paging {
		return nil
	}
	m.paging = page
	q, store, load := m.win.query(m.sought, page), m.store, m.loads
	return job.Start("timeline.page", "", func(ctx context.Context) tea.Msg {
		rows, err := store.List(ctx, q)
		return turned{load, page, rows, err}
	})
}

func (m *Model) turned(msg turned) tea.Cmd {
	if msg.load != m.loads || msg.page != m.paging {
		return nil
	}
	m.paging = noPage
	if m.err = msg.err; msg.err != nil {
		return nil
	}
	m.add(msg.page, msg.rows)
	m.win.trim(max(0, m.cursor.Row()))
	m.resize()
	return m.follow()
}

func (m *Model) takeSurvey(msg surveyed) tea.Cmd {
	if msg.load != m.loads {
		return nil
	}
	if msg.err != nil {
		if m.toEnd { // it may be asked for once more
			m.toEnd, m.counted = false, 0
		}
		if !errors.Is(msg.err, context.Canceled) {
			m.err = msg.err
		}
		return nil
	}
	m.win.survey(msg.outline)
	m.resize()
	if m.toEnd {
		m.toEnd = false
		m.cursor.Put(m.win.count - 1)
		m.settle()
	}
	return m.follow()
}

// last goes to the oldest of all, also where it has yet to be found out which that is.
func (m *Model) last() tea.Cmd {
	if m.win.whole {
		m.cursor.Put(m.win.count - 1)
		return m.moved()
	}
	m.toEnd = true
	return m.follow()
}
