package response

import (
	"context"
	"errors"
	"io"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// ReadingAsked asks the root to offer what the body can be read as.
type ReadingAsked struct{ Charset bool }

// asWords is the label of a page of HTML that is shown as plain text.
const asWords = "the page as text"

// made is a text that was made of the body, to show in its place.
type made struct {
	from   *document.Document
	label  string
	result *document.Document
	err    error
}

// Drop closes a text that nobody waits for any more.
func (d made) Drop() {
	_ = d.result.Close() // a spool that is the system's to clean up
}

// reread answers read.
type reread struct {
	made

	as document.Options // how the same bytes are read; none where they are not
}

// readBytes reads the same bytes anew, in another way.
func (m *Model) readBytes(label string, opts document.Options) tea.Cmd {
	from := m.original()
	return job.Start("response.read", "reading "+label, func(ctx context.Context) tea.Msg {
		result, err := again(ctx, from, opts)
		state := result.State()
		return reread{made{from, label, result, err}, document.Options{Kind: state.Kind, Charset: charset(state)}}
	})
}

// again is a document of the same bytes, as far as they could be read.
func again(ctx context.Context, from *document.Document, opts document.Options) (*document.Document, error) {
	to := document.New(opts)
	_, err := io.Copy(to, until{ctx.Err, from.Reader()})
	to.End(nil)
	return to, err
}

// reread shows a reading; one of another body is dropped.
func (m *Model) reread(msg reread) {
	if !m.replace(msg.made) {
		return
	}
	m.reading.as, m.reading.words = msg.as, msg.as == document.Options{}
	if msg.err != nil {
		m.word = visible.Line(msg.err.Error())
	}
}

// readAs is how the bytes are read that show; of what is no text the kind is left open, as
// it may be one in another charset.
func (m *Model) readAs() document.Options {
	opts := m.reading.as
	if opts == (document.Options{}) {
		state := m.original().State()
		opts = document.Options{Kind: state.Kind, Charset: charset(state)}
	}
	if opts.Kind.Bytes() {
		opts.Kind = ""
	}
	return opts
}

// readWords shows a page of HTML as the text that it says.
func (m *Model) readWords() tea.Cmd {
	const narrowest = 40
	from, width := m.original(), max(narrowest, m.width-m.gutter()-1)
	return job.Start("response.read", "reading "+asWords, func(ctx context.Context) tea.Msg {
		result := document.New(document.Options{Kind: document.Text})
		err := from.Prose(ctx, width, result)
		result.End(nil)
		return reread{made: made{from, asWords, result, err}}
	})
}

// kindKeys are the letters of the kinds in the menu.
var kindKeys = map[document.Kind]string{
	document.JSON: "j", document.Events: "e", document.XML: "x", document.HTML: "h", document.Form: "f", document.YAML: "y", document.TOML: "l",
	document.CSV: "v", document.Markdown: "m", document.JavaScript: "s", document.CSS: "d", document.GraphQL: "g", document.HTTP: "p", document.Text: "t",
}

// Readings lists what the body can be read as.
func (m *Model) Readings() []Choice {
	state, now := m.original().State(), m.readAs()
	out := []Choice{{"o", "as it seems", string(state.Kind), func() tea.Cmd {
		m.Unfilter()
		return nil
	}}}
	if state.Kind == document.HTML {
		out = append(out, Choice{"w", "text", "what the page says, without its tags", m.readWords})
	}
	for _, kind := range document.Kinds() {
		out = append(out, Choice{kindKeys[kind], string(kind), "", func() tea.Cmd {
			return m.readBytes("as "+string(kind), document.Options{Kind: kind, Charset: now.Charset})
		}})
	}
	return append(out, Choice{"c", "another charset", "now " + now.Charset, func() tea.Cmd { return tell(ReadingAsked{Charset: true}) }})
}

// charset is the name of what the bytes are written in.
func charset(s document.State) string {
	if s.Charset == "" {
		return "utf-8"
	}
	return s.Charset
}

// charsets are those that a body can be read in, with their letters.
var charsets = []struct{ key, name, where string }{
	{"u", "utf-8", ""},
	{"w", "windows-1252", "Western Europe, also called iso-8859-1"},
	{"2", "iso-8859-2", "Central Europe"},
	{"l", "utf-16le", ""},
	{"b", "utf-16be", ""},
	{"s", "shift_jis", "Japanese"},
	{"e", "euc-jp", "Japanese"},
	{"g", "gb18030", "Chinese, simplified"},
	{"5", "big5", "Chinese, traditional"},
	{"k", "euc-kr", "Korean"},
	{"r", "windows-1251", "Cyrillic"},
	{"o", "koi8-r", "Cyrillic"},
}

// Charsets lists what the bytes of the body can be read in.
func (m *Model) Charsets() []Choice {
	var out []Choice
	kind := m.readAs().Kind
	for _, c := range charsets {
		out = append(out, Choice{c.key, c.name, c.where, func() tea.Cmd {
			return m.readBytes("in "+c.name, document.Options{Kind: kind, Charset: c.name})
		}})
	}
	return out
}

// reading is what shows in the place of the body: what a filter made of it, or the body
// read as something else.
type reading struct {
	whole  *document.Document // the body meanwhile; nil while it shows itself
	label  string
	as     document.Options // how the bytes are read that show, or that a filter is of; none for as they seem
	words  bool             // it is a page as text
	before standing
}

// standing is where one is in the body.
type standing struct {
	view  document.View
	body  list.Cursor
	folds document.Folds
	shift int
	deep  deep
	find  finder
}

// leaveBody begins at the top of another text; where one was is for [Model.backTo].
func (m *Model) leaveBody() standing {
	s := standing{m.view, m.body, m.folds, m.shift, m.deep, m.find}
	m.body, m.folds, m.shift, m.deep, m.word = list.Cursor{}, document.Folds{}, 0, deep{}, ""
	m.find.forget()
	return s
}

// backTo goes back to where one was; what is being typed stays.
func (m *Model) backTo(s standing) {
	s.find.input = m.find.input
	m.view, m.body, m.folds, m.shift, m.deep, m.find, m.word = s.view, s.body, s.folds, s.shift, s.deep, s.find, ""
}

// replace shows what was made of the body in its place, as far as it came. It reports
// whether it does: not where another body shows by now, or nothing came.
func (m *Model) replace(by made) bool {
	from, err := by.from, by.err
	if m.original() != from || err != nil && (errors.Is(err, context.Canceled) || by.result.State().Size == 0) {
		by.Drop()
		if m.original() == from && !errors.Is(err, context.Canceled) {
			m.word = visible.Line(err.Error())
		}
		return false
	}
	m.Unfilter()
	m.reading = reading{whole: m.doc, label: by.label, before: m.leaveBody()}
	m.doc = by.result
	m.Resize(m.width, m.height)
	return true
}

// original is the body itself, whatever shows of it.
func (m *Model) original() *document.Document {
	if m.reading.whole != nil {
		return m.reading.whole
	}
	return m.doc
}

// Unfilter shows the body itself again, where one left it; it reports whether something
// else showed.
func (m *Model) Unfilter() bool {
	if m.reading.whole == nil {
		return false
	}
	if !m.save.holds(m.doc) {
		_ = m.doc.Close() // a spool that is the system's to clean up
	}
	m.doc = m.reading.whole
	m.backTo(m.reading.before)
	m.reading = reading{}
	m.Resize(m.width, m.height)
	return true
}
