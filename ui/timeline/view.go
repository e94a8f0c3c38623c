package timeline

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// headLines is the room of the search field, where it is open or narrows.
func (m *Model) headLines() int {
	if m.typing || m.find.Value() != "" {
		return 1
	}
	return 0
}

// Title says how much of the history shows.
func (m *Model) Title(th *themes.Theme) (state, right string) {
	state = th.Muted.Paint(m.reach().words())
	if m.paused {
		right = th.Warn.Paint("paused")
	}
	return state, right
}

// Status says which row the cursor is on.
func (m *Model) Status(th *themes.Theme) (left, right string) {
	row := m.at()
	switch {
	case m.typing:
		text := "⏎ keeps what was found · ctrl+u shows all · app: status: user: after: narrow"
		whole := m.known.completion(m.find.Value())
		switch {
		case whole != "":
			text = "tab " + visible.Line(whole) + " · " + text
		case m.sought.Misread != "":
			return th.Warn.Paint(visible.Line(m.sought.Misread)), ""
		}
		return th.Muted.Paint(text), ""
	case row < 0 && m.sought.Misread != "":
		return th.Warn.Paint(visible.Line(m.sought.Misread)), ""
	case row < 0:
		return "", ""
	case m.err != nil:
		return th.Bad.Paint(visible.Line(m.err.Error())) + th.Muted.Paint(" · R reads the history again"), ""
	}
	more := "+"
	if m.win.whole {
		more = ""
	}
	right = th.Muted.Paint(list.Count(row+1) + "/" + list.Count(m.win.count) + more)
	x, here := m.Exchange()
	if !here {
		return th.Muted.Paint("reading…"), right
	}
	left = th.Text.Paint(visible.Line(x.Request.Method+" "+x.Request.URL)) + th.Muted.Paint(" · "+visible.Line(told(x)))
	if _, _, both := m.Marked(); both {
		text := "C compares it with the one that is marked"
		if len(m.marked) > 1 {
			text = "C compares the two that are marked"
		}
		left = th.Accent.Paint(text) + th.Muted.Paint(" · ") + left
	}
	return left, right
}

// View draws the list, or in words why there is none.
func (m *Model) View(width, height int, th *themes.Theme) string {
	head := ""
	if m.headLines() > 0 {
		query := th.Strong.Paint(visible.Line(m.find.Value()))
		if m.typing {
			query += th.Accent.Paint("▏")
		}
		head = " " + th.Accent.Paint("/") + " " + query + "\n"
		height--
	}
	if m.win.count > 0 && m.beside() {
		return head + m.split(m.list(m.listWidth(width), height, th), width, height, th)
	}
	return head + m.list(width, height, th)
}

func (m *Model) list(width, height int, th *themes.Theme) string {
	switch {
	case m.win.count > 0:
		return m.exchanges(width, height, th)
	case m.err != nil && m.off:
		return list.Words(width, th.Bad, visible.Line(m.err.Error()), th, "nothing is kept of this session")
	case m.err != nil:
		return list.Words(width, th.Bad, visible.Line(m.err.Error()), th, "R reads it again")
	case m.off:
		return list.Words(width, th.Muted, "no history is kept", th, "what you send shows in the response only")
	case m.loading || m.store == nil:
		return list.Words(width, th.Muted, "loading…", th, "")
	case m.find.Value() != "":
		return list.Words(width, th.Muted, "nothing was found", th, m.wayOut())
	case m.aside != "":
		return list.Words(width, th.Warn, "the history could not be read; it is kept, and a new one begins", th, visible.Line(m.aside))
	}
	return list.Words(width, th.Muted, "nothing sent yet", th, "what you send stands here, to load and resend")
}

// wayOut says what finds more where nothing was found.
func (m *Model) wayOut() string {
	text, then := "/ changes the words", " · f widens the scope"
	if m.typing {
		text, then = "ctrl+u shows all", " · ⏎, then f, widens the scope"
	}
	if r := m.reach(); r == everything || r == asTyped {
		return text
	}
	return text + then
}

func (m *Model) exchanges(width, height int, th *themes.Theme) string {
	now, users := time.Now(), m.reach() >= everything
	out := make([]string, height)
	for line, row := range m.layout(height) {
		i := row
		if row < 0 {
			i = -1 - row
		}
		x, here := m.win.row(i)
		switch {
		case row < 0:
			out[line] = th.Muted.Paint(frame.Clip(" "+heading(x.StartedAt, now), width))
		case here:
			out[line] = list.Chosen(m.row(x, users, width, th), i == m.at(), m.focused, width, th)
		default:
			out[line] = list.Chosen(th.Faint.Paint(" …"), i == m.at(), m.focused, width, th)
		}
	}
	return strings.Join(out, "\n")
}

// heading names a day.
func heading(at, now time.Time) string {
	at = at.Local()
	switch {
	case dayOf(at) == dayOf(now): // behind one that the clock puts later
		return "Today"
	case dayOf(at) == dayOf(now.AddDate(0, 0, -1)):
		return "Yesterday"
	case at.Year() == now.Year():
		return at.Format("Monday 2 January")
	}
	return at.Format("Monday 2 January 2006")
}

// row is time, method, status and path; the host, and among those of several users the
// user, where it fits. What is looked for is marked.
func (m *Model) row(x history.Exchange, users bool, width int, th *themes.Theme) string {
	clock := th.Muted.Paint(x.StartedAt.Local().Format(" 15:04"))
	if slices.Contains(m.marked, x.ID) {
		clock = th.Accent.Paint("•" + x.StartedAt.Local().Format("15:04"))
	}
	status, ink := verdict(x, th)
	host, path := place(x.Request.URL)
	left := clock + " " + th.Text.Paint(frame.Fit(short(x.Request.Method), 4)) + " " +
		frame.Fit(ink.Paint(status), 4) + " " + m.highlight(frame.Clip(visible.Line(path), width), th)
	var right []string
	if x.Note != "" {
		right = append(right, th.Muted.Paint("✎"))
	}
	if x.Starred {
		right = append(right, th.Accent.Paint("★"))
	}
	if host == "" { // Connect knows it
		host = x.Account.App
	}
	host = visible.Line(host)
	const between = 3 // cells, with the border's
	if width >= wide {
		if x.Ticket != "" {
			right = append(right, th.Text.Paint(frame.Clip(visible.Line(x.Ticket), ticketCells)))
		}
		right = append(right, th.Muted.Paint(host))
	} else if ansi.StringWidth(left)+ansi.StringWidth(host)+between < width && len(right) == 0 {
		right = append(right, th.Muted.Paint(host))
	}
	if users && width >= wider {
		right = append(right, th.Muted.Paint(frame.Fit(frame.Clip(visible.Line(x.ExternalUserID), userCells), userCells)))
	}
	return frame.Columns(left, strings.Join(right, " "), width-1) + " "
}

// highlight paints a text with the words that are looked for in it.
func (m *Model) highlight(text string, th *themes.Theme) string {
	for _, word := range m.words {
		i := strings.Index(strings.ToLower(text), word)
		if i < 0 || len(strings.ToLower(text)) != len(text) {
			continue
		}
		return m.highlight(text[:i], th) + th.Match.Paint(text[i:i+len(word)]) + m.highlight(text[i+len(word):], th)
	}
	return th.Text.Paint(text)
}

// told is what the status line says of an exchange: ticket and note before the
// finding.
func told(x history.Exchange) string {
	parts := []string{x.Ticket, x.Note, x.Finding.Summary}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " · ")
}

// short is a method in four letters, as far as it is one of the usual.
func short(method string) string {
	switch method {
	case http.MethodPatch:
		return "PTCH"
	case http.MethodDelete:
		return "DEL"
	case http.MethodOptions:
		return "OPT"
	}
	return visible.Line(method)
}

// ticketCells is the room that a row has for a ticket.
const ticketCells = 14

const (
	wide      = 60 // the width from which a row names ticket and host, however long the path
	wider     = 84 // and the user, where there are several
	userCells = 16
)

// verdict is the status, with a mark where the answer failed all the same.
func verdict(x history.Exchange, th *themes.Theme) (string, themes.Ink) {
	if x.Response == nil {
		return "—", th.Bad
	}
	text := fmt.Sprint(x.Response.Status)
	failed := x.Finding.Who != diagnose.None && x.Finding.Who != ""
	switch {
	case x.Response.Status >= http.StatusBadRequest:
		return text, th.Bad
	case failed:
		return text + "!", th.Warn
	case x.Response.Status >= http.StatusMultipleChoices:
		return text, th.Warn
	}
	return text, th.Good
}

func place(raw string) (host, path string) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", raw
	}
	_, rest, _ := strings.Cut(strings.TrimPrefix(raw, u.Scheme+"://"), "/")
	return u.Host, "/" + rest
}
