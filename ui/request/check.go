package request

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/editor"
	"github.com/connectty/connectty/ui/job"
)

// atOnce is the longest body that is checked with each key; a longer one is
// checked beside the typing.
const atOnce = 64 << 10

// fault is where a body is no JSON.
type fault struct {
	line, column int
	what         string
	short        bool // it only ends too early: one may still be typing
}

// checked is what is known of the text as JSON.
type checked struct {
	version int // of the text that was checked
	known   bool
	fault   *fault
	running bool
}

// judged answers check; tidied answers format.
type (
	judged struct {
		version int
		fault   *fault
	}
	tidied struct {
		version int
		text    []byte
		fault   *fault
	}
)

// check looks whether the text is JSON, if it is meant to be and has changed.
func (m *Model) check() tea.Cmd {
	b := &m.body
	v := b.text.Version()
	if b.settled() || b.checked.running || !b.json() {
		return nil
	}
	text := b.text.Text()
	if len(text) <= atOnce {
		b.checked = checked{version: v, known: true, fault: faultOf(text)}
		return nil
	}
	b.checked.running = true // what is known stays in view meanwhile
	return job.Start("request.check", "", func(context.Context) tea.Msg { return judged{v, faultOf(text)} })
}

func (m *Model) judged(msg judged) {
	m.body.checked = checked{version: msg.version, known: true, fault: msg.fault}
}

// settled reports that the text was checked as it is now.
func (b *body) settled() bool { return b.checked.known && b.checked.version == b.text.Version() }

// valid reports that the text is JSON.
func (b *body) valid() bool {
	if b.settled() {
		return b.checked.fault == nil
	}
	return json.Valid(b.text.Text())
}

// fault is where the text is no JSON, as far as that is known: while a long one is
// looked at again, where it was none before.
func (b *body) fault() *fault {
	if !b.json() || b.text.Len() == 0 {
		return nil
	}
	return b.checked.fault
}

// wrong is the fault, unless the text is being typed and only ends too early.
func (m *Model) wrong() *fault {
	f := m.body.fault()
	if f != nil && f.short && m.edit == bodyField {
		return nil
	}
	return f
}

// faultOf returns where a text is no JSON; nil where it is.
func faultOf(text []byte) *fault {
	var raw json.RawMessage
	err := json.Unmarshal(text, &raw)
	syntax, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return nil
	}
	at, what := int(syntax.Offset)-1, words(syntax.Error())
	short := what == cutShort
	if short {
		at = len(bytes.TrimRight(text, " \t\r\n"))
	}
	line, column := editor.PlaceOf(text, at)
	return &fault{line, column, what, short}
}

const cutShort = "it ends before it is complete"

// words says what is wrong as one would say it.
func words(what string) string {
	if what == "unexpected end of JSON input" {
		return cutShort
	}
	what = strings.TrimPrefix(what, "invalid character ")
	for _, w := range [][2]string{
		{"looking for beginning of object key string", "where a key in double quotes should be"},
		{"looking for beginning of value", "where a value should be"},
		{"after object key:value pair", "where a comma or } should be"},
		{"after object key", "where a colon should be"},
		{"after array element", "where a comma or ] should be"},
		{"after top-level value", "behind the end"},
	} {
		if start, ok := strings.CutSuffix(what, w[0]); ok {
			return start + w[1]
		}
	}
	return what
}

// format indents the body, in a job where it is long.
func (m *Model) format() tea.Cmd {
	text, v := m.body.text.Text(), m.body.text.Version()
	if len(text) <= atOnce {
		return m.tidied(tidy(text, v))
	}
	return job.Start("request.format", "indenting the body", func(context.Context) tea.Msg { return tidy(text, v) })
}

func tidy(text []byte, version int) tidied {
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(text), "", "  "); err != nil {
		return tidied{version: version, fault: faultOf(text)}
	}
	return tidied{version: version, text: b.Bytes()}
}

// tidied takes in the indented body, unless one typed meanwhile.
func (m *Model) tidied(msg tidied) tea.Cmd {
	if msg.version != m.body.text.Version() {
		return nil
	}
	if msg.fault != nil {
		m.body.checked = checked{version: msg.version, known: true, fault: msg.fault}
		m.body.text.GoTo(msg.fault.line, msg.fault.column)
		return nil
	}
	if !bytes.Equal(msg.text, m.body.text.Text()) {
		m.body.text.Replace(msg.text)
	}
	return m.edited()
}
