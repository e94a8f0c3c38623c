// Package response is the pane that reads an answer: its body, highlighted line
// by line as it shows, its headers, who failed, what was sent, and how long each
// phase took.
package response

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/ui/input"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// tab is one side of an answer.
type tab int

const (
	bodyTab tab = iota
	headersTab
	diagnosisTab
	sentTab
	timingTab
	tabs int = iota
)

// flight is a send under way.
type flight struct {
	label string
	since time.Time
}

// Model is the pane.
type Model struct {
	exchange history.Exchange
	doc      *document.Document // nil where no answer came
	notes    []string
	demo     bool // a double answered in the place of the real host
	err      error
	done     bool
	shown    bool   // there is an exchange
	stored   bool   // it came from the history
	faded    bool   // it is the one before the request that is under way
	brief    bool   // who failed stands elsewhere
	bare     bool   // the body alone: no tabs
	why      string // there is nothing to show; empty for the usual reason
	flight   *flight
	now      time.Time

	tab     tab
	view    document.View
	body    list.Cursor // over the rows: a fold is one
	folds   document.Folds
	places  textinput.Model // a line or path to go to
	side    list.Cursor     // of the tabs other than the body
	sent    []sentLine
	shift   int  // cells that the body is scrolled to the right
	across  int  // cells that another tab is
	wrap    bool // long lines of the body are broken instead
	deep    depth
	find    finder
	save    saver
	filter  filter
	reading reading
	picture picture
	typing  field
	word    string // what was done last, until the next key
	focused bool
	width   int
	height  int
}

// field is what is being typed into.
type field int

const (
	nothing field = iota
	findField
	pathField
	filterField
	placeField
)

// New returns an empty pane.
func New() *Model {
	return &Model{find: finder{input: input.New(), count: unknown}, save: saver{input: input.New()}, filter: filter{input: input.New()}, places: input.New()}
}

// Init does nothing.
func (m *Model) Init() tea.Cmd { return nil }

// Begin tells that a request went out. What was there stays readable.
func (m *Model) Begin(label string, since time.Time) {
	m.flight, m.now = &flight{visible.Line(label), since}, since
	m.faded = m.shown
	m.word = ""
}

// Forget takes Begin back: nothing was sent after all.
func (m *Model) Forget() { m.flight, m.faded = nil, false }

// Note says more of an exchange in its diagnosis, if it is still the one that shows.
func (m *Model) Note(id, text string) {
	if m.shown && m.exchange.ID == id && text != "" {
		m.notes = append(slices.Clone(m.notes), text)
		m.Resize(m.width, m.height)
	}
}

// Say says what was done, until the next key.
func (m *Model) Say(word string) { m.word = word }

// Clear shows nothing, and says why.
func (m *Model) Clear(why string) {
	m.Close()
	m.exchange, m.shown, m.done, m.stored, m.faded, m.why = history.Exchange{}, false, false, false, false, why
	m.refresh(true)
}

// Bare leaves the body alone: for a text that is no answer.
func (m *Model) Bare() { m.bare, m.brief = true, true }

// Brief leaves out who failed below the body, where that stands beside the pane.
func (m *Model) Brief(on bool) {
	m.brief = on
	m.Resize(m.width, m.height)
}

// Exchange returns what is shown; the zero value where nothing is.
func (m *Model) Exchange() history.Exchange {
	if !m.shown {
		return history.Exchange{}
	}
	return m.exchange
}

// Document returns the body that is shown; nil for none.
func (m *Model) Document() *document.Document { return m.original() }

// Showing returns what shows of the body: what a filter made of it, or itself; nil for
// none.
func (m *Model) Showing() *document.Document { return m.doc }

// Failed reports that what is shown ended, and not well.
func (m *Model) Failed() bool { return m.failed() }

// Tick moves the clock of the request that is under way.
func (m *Model) Tick(now time.Time) { m.now = now }

// Show takes in how far an exchange is, or how it ended.
func (m *Model) Show(r session.Result) {
	if m.original() != r.Document { // else it may have grown, behind what a filter shows of it
		m.Close()
		m.doc = r.Document
	}
	first := m.exchange.ID != r.Exchange.ID
	m.exchange, m.notes, m.err, m.demo = r.Exchange, r.Notes, r.Err, r.Demo
	m.done, m.shown, m.stored, m.faded = r.Done, true, false, false
	if m.done {
		m.flight = nil
	}
	follows := !first && m.atEnd()
	m.refresh(first)
	if follows { // as a pager of a growing file does
		m.body.Put(m.folds.Rows(m.doc.Lines(m.view)))
	}
}

// atEnd reports that the cursor was put on the last line of an answer that grows.
func (m *Model) atEnd() bool {
	row := m.body.Row()
	return m.doc != nil && row > 0 && row == m.body.Last()
}

// opened answers Load.
type opened struct {
	exchange history.Exchange
	doc      *document.Document
}

// Load shows an exchange of the history.
func (m *Model) Load(x history.Exchange) tea.Cmd {
	return job.Start("response.open", "opening the response", func(ctx context.Context) tea.Msg {
		if x.Response == nil {
			return opened{x, nil}
		}
		doc := document.New(document.Options{MediaType: header(x.Response.Headers, "Content-Type")})
		_, err := bytes.NewReader(x.Response.Body).WriteTo(doc)
		doc.End(err)
		if ctx.Err() != nil { // nobody waits for it any more
			_ = doc.Close()
			return nil
		}
		return opened{x, doc}
	})
}

func (m *Model) opened(msg opened) {
	m.Close()
	m.exchange, m.doc, m.notes, m.err, m.demo = msg.exchange, msg.doc, nil, nil, false
	m.done, m.shown, m.stored, m.faded = true, true, true, false
	m.refresh(true)
}

// header returns the value of a stored header line.
func header(fields []proxy.Field, name string) string {
	i := slices.IndexFunc(fields, func(f proxy.Field) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 {
		return ""
	}
	return fields[i].Value
}

// refresh follows a change of what is shown; anew tells that it is another
// exchange.
func (m *Model) refresh(anew bool) {
	if anew {
		m.tab, m.shift, m.deep, m.across, m.sent = bodyTab, 0, depth{}, 0, sentLines(m.exchange)
		m.body, m.side, m.folds = list.Cursor{}, list.Cursor{}, document.Folds{}
		m.view, m.word = document.Pretty, ""
		m.find.forget()
		m.leave()
	}
	m.Resize(m.width, m.height)
}

// Close frees the body; one that is being saved, when that is done.
func (m *Model) Close() {
	m.Unfilter()
	if m.doc != nil && !m.save.holds(m.doc) {
		_ = m.doc.Close() // a spool that cannot be removed is the system's to clean up
	}
	m.doc = nil
}

// ShowDiagnosis turns to who failed, and why.
func (m *Model) ShowDiagnosis() { m.turnTo(diagnosisTab) }

func (m *Model) turnTo(t tab) {
	m.tab, m.across = t, 0
	m.side = list.Cursor{}
	m.Resize(m.width, m.height)
}

// lines is how many lines the tab has.
func (m *Model) lines() int {
	switch m.tab {
	case headersTab:
		if m.exchange.Response != nil {
			return len(m.exchange.Response.Headers)
		}
	case sentTab:
		return len(m.sent)
	case diagnosisTab:
		return len(m.diagnosis(m.width))
	case bodyTab, timingTab:
	}
	return 0
}

// Resize tells the room inside the border.
func (m *Model) Resize(width, height int) {
	m.width, m.height = width, height
	room := max(1, m.room(height))
	if m.doc != nil {
		m.resizeBody()
	} else {
		m.body.Resize(0, room)
	}
	m.side.Resize(m.lines(), max(1, height-m.top()))
}

// cursor is the one of the tab.
func (m *Model) cursor() *list.Cursor {
	if m.tab == bodyTab {
		return &m.body
	}
	return &m.side
}

// failed reports that the exchange ended, and not well: nobody failed where the
// person cancelled.
func (m *Model) failed() bool {
	who := m.exchange.Finding.Who
	return m.shown && m.done && who != diagnose.None && who != "" && !m.cancelled()
}

// Editing reports that letters are typed.
func (m *Model) Editing() bool { return m.typing != nothing }

// Focus tells whether keys go here.
func (m *Model) Focus(on bool) {
	m.focused = on
	if !on {
		m.leave()
	}
}

func (m *Model) leave() {
	m.typing = nothing
	m.find.input.Blur()
	m.save.input.Blur()
	m.filter.input.Blur()
	m.places.Blur()
}

// Update takes in one message. It does no I/O and never waits.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case opened:
		m.opened(msg)
	case found:
		m.found(msg)
	case counted:
		m.counted(msg)
	case saved:
		m.saved(msg)
	case filtered:
		return m.filtered(msg)
	case reread:
		m.reread(msg)
	case unpacked:
		m.unpacked(msg)
	case keysRead:
		m.keysRead(msg)
	case foldsFound:
		m.foldsFound(msg)
	case placed:
		m.placed(msg)
	case copied:
		m.word = msg.word
		if msg.text != "" {
			return tell(Clip{msg.text})
		}
	case tea.KeyPressMsg:
		return m.press(msg)
	case tea.PasteMsg:
		return m.typed(msg)
	case tea.MouseClickMsg:
		m.click(msg)
	case tea.MouseWheelMsg:
		m.wheel(msg)
	}
	return nil
}

// press is one key in a field.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	switch {
	case msg.String() == "esc":
		m.leave()
	case m.typing == findField && m.find.toggle(msg.String()):
		return m.follow()
	case m.typing == findField && msg.String() == "enter":
		m.leave()
		return m.beginFind()
	case m.typing == pathField && msg.String() == "enter":
		return m.write()
	case m.typing == filterField && m.pressFilter(msg.String()):
	case m.typing == placeField && msg.String() == "enter":
		m.leave()
		return m.goToPlace()
	case m.typing == filterField && msg.String() == "enter":
		m.leave()
		return m.runFilter()
	default:
		return m.typed(msg)
	}
	return nil
}

func (m *Model) typed(msg tea.Msg) tea.Cmd {
	in := &m.find.input
	switch m.typing {
	case nothing:
		return nil
	case pathField:
		in = &m.save.input
		m.save.exists = false
	case filterField:
		in = &m.filter.input
	case placeField:
		in = &m.places
	case findField:
	}
	before := in.Value()
	if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == "ctrl+u" {
		in.SetValue("")
	} else {
		*in, _ = in.Update(msg) // its commands blink and read the clipboard: neither is wanted
	}
	if in.Value() == before {
		return nil
	}
	switch m.typing { //nolint:exhaustive // the others wait for enter
	case findField:
		return m.follow()
	case pathField:
		m.save.typed = true
	}
	return nil
}

func (m *Model) click(msg tea.MouseClickMsg) {
	row := msg.Y - m.top()
	switch {
	case !m.shown:
	case row < 0 && msg.Y == 0:
		m.turnTo(m.tabAt(msg.X))
	case row < 0:
	case m.tab != bodyTab:
		m.side.Put(m.side.Top() + row)
	case m.doc != nil && row < m.room(m.height):
		m.body.Put(m.lineAt(row))
	}
}

var errNothing = errors.New("there is no body")
