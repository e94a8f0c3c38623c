package ui

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/paging"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
	"github.com/connectty/connectty/ui/overlay"
)

// paged answers nextPage.
type paged struct {
	url, how string
	found    bool
}

// unpaged tells why no page can be asked for behind the answer that shows; empty where
// one can.
func (m *model) unpaged() (why, next string) {
	x, doc := m.response.Exchange(), m.response.Document()
	switch {
	case m.session == nil || x.Response == nil || doc == nil:
		return "there is no answer whose next page could be asked for", ""
	case x.Request.Method != http.MethodGet:
		return "pages are followed for GET only", "put the cursor into the body yourself"
	}
	return "", ""
}

// pagingHint is how an exchange's app pages, in its preset's words.
func (m *model) pagingHint(x history.Exchange) string {
	p, _ := m.session.Preset(x.Account.App)
	return p.Paging
}

// nextPage looks in the answer for how to get the page behind it, and gets it.
func (m *model) nextPage() tea.Cmd {
	if why, next := m.unpaged(); why != "" {
		m.warn(why, next)
		return nil
	}
	x, doc, hint := m.response.Exchange(), m.response.Document(), m.pagingHint(m.response.Exchange())
	return job.Start("page", "looking for the next page", func(context.Context) tea.Msg {
		body, err := pageOf(doc)
		if err != nil {
			return paged{}
		}
		next, how, found := paging.Next(x.Request.URL, x.Response.Headers, body, hint)
		return paged{next, how, found}
	})
}

// pageOf reads as much of a body as a page may have.
func pageOf(doc *document.Document) ([]byte, error) {
	return io.ReadAll(io.LimitReader(doc.Reader(), paging.MaxBody+1))
}

func (msg paged) land(m *model) tea.Cmd {
	if !msg.found {
		m.warn("the answer names no next page: it is the last, or pages by numbers", "change the URL (u) where it does")
		return nil
	}
	d := m.request.Compose()
	d.Method, d.URL = http.MethodGet, msg.url
	m.request.Load(d)
	cmd := m.send()
	m.say("The next page, by " + visible.Line(msg.how))
	return cmd
}

// usualPages is how many pages are offered to be joined.
const usualPages = 10

// askPages asks how many pages are joined.
func (m *model) askPages() tea.Cmd {
	why, next := m.unpaged()
	if why == "" {
		why = m.unsendable(m.response.Exchange())
	}
	if why != "" {
		m.warn(why, next)
		return nil
	}
	m.overlays.Push(overlay.NewAsk("Join pages", strconv.Itoa(usualPages), "how many pages at most, with this one; each is a call of its own",
		func(text string) tea.Cmd {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil || n < 2 {
				m.warn(fmt.Sprintf("%q is no number of pages from 2 on", visible.Line(text)), "")
				return nil
			}
			return m.joinPages(n)
		}))
	return nil
}

// joined answers joinPages.
type joined struct {
	result session.Result // of the last page, with the rows of all
	pages  int
	rows   int
	why    string // no more were asked for; empty where that many were wanted
}

// joinPages gets the pages behind the answer, at most n with it, and shows their rows as
// one body. Each page is an exchange of its own in the history.
func (m *model) joinPages(n int) tea.Cmd {
	if m.flying() {
		m.warn("a request is still on its way", "esc cancels it")
		return nil
	}
	x := m.response.Exchange()
	f := pageFetcher{session: m.session, exchange: x, hint: m.pagingHint(x), anyDomain: m.opts.AnyDomain, now: m.response.Document()}
	label := fmt.Sprintf("joining up to %d pages", n)
	return tea.Batch(job.Start(sendJob, label, func(ctx context.Context) tea.Msg { return f.run(ctx, n) }), m.startClock())
}

// pageFetcher gets one page after the other.
type pageFetcher struct {
	session   *session.Session
	exchange  history.Exchange // of the newest page
	hint      string
	anyDomain bool
	now       *document.Document // the newest page's body
	pages     [][]byte
	size      int
	budget    session.Budget
}

// mostJoined is how many bytes of pages are joined.
const mostJoined = 64 << 20

func (f *pageFetcher) run(ctx context.Context, n int) tea.Msg {
	body, err := pageOf(f.now)
	if err != nil {
		return failed{fmt.Errorf("read the first page: %w", err)}
	}
	f.keep(body)
	why := ""
	for why == "" && len(f.pages) < n {
		why = f.next(ctx)
	}
	all, rows, ok := paging.Join(f.pages)
	switch {
	case len(f.pages) == 1:
		return failed{fmt.Errorf("there is nothing to join: %s", why)}
	case !ok:
		return failed{fmt.Errorf("%d pages came, and have no list in common; the history has each", len(f.pages))}
	}
	doc := document.New(document.Options{MediaType: "application/json"})
	_, err = bytes.NewReader(all).WriteTo(doc)
	doc.End(err)
	x := f.exchange
	response := *x.Response
	response.Size = int64(len(all))
	x.Response = &response
	return joined{session.Result{Exchange: x, Document: doc, Budget: f.budget, Demo: f.session.Demo(), Done: true, Err: err}, len(f.pages), rows, why}
}

func (f *pageFetcher) keep(body []byte) {
	f.pages = append(f.pages, body)
	f.size += len(body)
}

// next gets the page behind the newest one; it tells why there is none.
func (f *pageFetcher) next(ctx context.Context) (why string) {
	x := f.exchange
	url, _, found := paging.Next(x.Request.URL, x.Response.Headers, f.pages[len(f.pages)-1], f.hint)
	switch {
	case !found:
		return "the answer names no next page"
	case url == x.Request.URL:
		return "the answer names itself as the next page"
	case f.size > mostJoined:
		return "the pages are " + list.Bytes(int64(f.size)) + " already"
	}
	r := f.session.Send(ctx, session.Request{
		Target: session.Target{Environment: x.Environment, ExternalUserID: x.ExternalUserID, Account: storedAccount(x)},
		Method: http.MethodGet, URL: url, Headers: x.Request.Headers, AnyDomain: f.anyDomain,
	}, nil)
	if r.Document == nil {
		return cmp.Or(r.Exchange.Finding.Summary, "no answer came")
	}
	defer func() { _ = r.Document.Close() }() // a spool that is the system's to clean up
	f.budget = r.Budget
	if r.Err != nil || r.Exchange.Response.Status >= http.StatusBadRequest {
		return cmp.Or(r.Exchange.Finding.Summary, "the answer was no page")
	}
	body, err := pageOf(r.Document)
	if err != nil || len(body) > paging.MaxBody {
		return "the page is too long to be one"
	}
	f.exchange = r.Exchange
	f.keep(body)
	return ""
}

func (msg joined) land(m *model) tea.Cmd {
	m.response.Show(msg.result)
	text := fmt.Sprintf("%d pages · %s rows", msg.pages, list.Count(msg.rows))
	if msg.why != "" {
		text += " · ended: " + visible.Line(msg.why)
	}
	m.say(text)
	return tea.Batch(m.history.Reload(), m.spend(msg.result.Budget))
}
