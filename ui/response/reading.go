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

// reread answers read.
type reread struct {
	from   *document.Document
	label  string
	as     document.Options
	result *document.Document
	err    error
}

// read shows what write makes of the body, in its place. What can be shown of it stays
// when it fails.
func (m *Model) read(label string, opts document.Options, write func(ctx context.Context, from, to *document.Document) error) tea.Cmd {
	from := m.original()
	return job.Start("response.read", "reading "+label, func(ctx context.Context) tea.Msg {
		result := document.New(opts)
		err := finish(ctx, result, write(ctx, from, result))
		return reread{from, label, opts, result, err}
	})
}

// finish ends what was written with an error or nil. Of what nobody waits for any more
// nothing stays: its answer may be dropped.
func finish(ctx context.Context, result *document.Document, err error) error {
	result.End(nil)
	if ctx.Err() == nil {
		return err
	}
	_ = result.Close() // a spool that is the system's to clean up
	return ctx.Err()
}

// reread shows a reading; one of another body is dropped.
func (m *Model) reread(msg reread) {
	if !m.replace(msg.from, msg.result, msg.label, msg.err) {
		return
	}
	if m.reading.words = msg.label == asWords; !m.reading.words {
		m.reading.as = msg.as
	}
	if msg.err != nil {
		m.word = visible.Line(msg.err.Error())
	}
}

// copyBytes reads the same bytes anew.
func copyBytes(ctx context.Context, from, to *document.Document) error {
	_, err := io.Copy(to, until{ctx.Err, from.Reader()})
	return err
}

// readWords shows a page of HTML as the text that it says.
func (m *Model) readWords() tea.Cmd {
	const narrowest = 40
	width := max(narrowest, m.width-m.gutter()-1)
	return m.read(asWords, document.Options{Kind: document.Text}, func(ctx context.Context, from, to *document.Document) error {
		return from.Prose(ctx, width, to)
	})
}

// kindKeys are the letters of the kinds in the menu.
var kindKeys = map[document.Kind]string{
	document.JSON: "j", document.Events: "e", document.XML: "x", document.HTML: "h", document.Form: "f", document.YAML: "y", document.TOML: "l",
	document.CSV: "v", document.Markdown: "m", document.JavaScript: "s", document.CSS: "d", document.GraphQL: "g", document.HTTP: "p", document.Text: "t",
}

// Readings lists what the body can be read as.
func (m *Model) Readings() []Copy {
	state := m.original().State()
	out := []Copy{{"o", "as it seems", string(state.Kind), func() tea.Cmd {
		m.Unfilter()
		return nil
	}}}
	if state.Kind == document.HTML {
		out = append(out, Copy{"w", "text", "what the page says, without its tags", m.readWords})
	}
	as := m.readAs()
	for _, kind := range document.Kinds() {
		out = append(out, Copy{kindKeys[kind], string(kind), "", func() tea.Cmd {
			return m.read("as "+string(kind), document.Options{Kind: kind, Charset: as.Charset}, copyBytes)
		}})
	}
	return append(out, Copy{"c", "another charset", "now " + as.Charset, func() tea.Cmd { return tell(ReadingAsked{Charset: true}) }})
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
func (m *Model) Charsets() []Copy {
	var out []Copy
	kind := m.readAs().Kind
	for _, c := range charsets {
		out = append(out, Copy{c.key, c.name, c.where, func() tea.Cmd {
			return m.read("in "+c.name, document.Options{Kind: kind, Charset: c.name}, copyBytes)
		}})
	}
	return out
}

// reading is what shows in the place of the body: what a filter made of it, or the body
// read as something else.
type reading struct {
	whole *document.Document // the body meanwhile; nil while it shows itself
	label string
	words bool             // it is a page as text
	as    document.Options // what the bytes were read as; the zero value for no such reading
	was   spot             // where one stood in the body
}

// spot is where one stands in a body, and what is folded and found there.
type spot struct {
	view  document.View
	body  list.Cursor
	folds document.Folds
	shift int
	deep  depth
	find  finder
}

// readAs is what the bytes of the body are read as now. What seems to be no text has no
// kind yet: in another charset it may be one.
func (m *Model) readAs() document.Options {
	if m.reading.as != (document.Options{}) {
		return m.reading.as
	}
	state := m.original().State()
	as := document.Options{Kind: state.Kind, Charset: charset(state)}
	if state.Kind.Bytes() {
		as.Kind = ""
	}
	return as
}

// replace shows a result in the place of the body it was made of, as far as it came. It
// reports whether it does: not where another body shows by now, or nothing came.
func (m *Model) replace(from, result *document.Document, label string, err error) bool {
	if m.original() != from || err != nil && (errors.Is(err, context.Canceled) || result.State().Size == 0) {
		_ = result.Close() // a spool that is the system's to clean up
		if m.original() == from && !errors.Is(err, context.Canceled) {
			m.word = visible.Line(err.Error())
		}
		return false
	}
	m.Unfilter()
	m.reading = reading{whole: m.doc, label: label, was: spot{m.view, m.body, m.folds, m.shift, m.deep, m.find}}
	m.doc = result
	m.anew()
	return true
}

// original is the body itself, whatever shows of it.
func (m *Model) original() *document.Document {
	if m.reading.whole != nil {
		return m.reading.whole
	}
	return m.doc
}

// Unfilter shows the body itself again, where one was in it; it reports whether something else showed.
func (m *Model) Unfilter() bool {
	if m.reading.whole == nil {
		return false
	}
	if !m.save.holds(m.doc) {
		_ = m.doc.Close() // a spool that is the system's to clean up
	}
	was := m.reading.was
	m.doc, m.reading = m.reading.whole, reading{}
	m.anew()
	typed := m.find.input
	m.view, m.body, m.folds, m.shift, m.deep, m.find = was.view, was.body, was.folds, was.shift, was.deep, was.find
	m.find.input = typed
	m.Resize(m.width, m.height)
	return true
}
