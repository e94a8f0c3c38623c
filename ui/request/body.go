package request

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/home"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/editor"
)

// kind is what a body is made of.
type kind int

const (
	asWritten kind = iota // JSON where the text is that, else text
	noBody
	jsonBody
	textBody
	formBody  // a table, sent as application/x-www-form-urlencoded
	partsBody // a table, files among it, sent as multipart/form-data
	fileBody  // a file, as it is
)

// The media types of the kinds.
const (
	contentType = "Content-Type"
	jsonType    = "application/json"
	textType    = "text/plain"
	formType    = "application/x-www-form-urlencoded"
	partsType   = "multipart/form-data"
)

// body is the request's body, of each kind: who changes the kind and changes it
// back loses nothing.
type body struct {
	kind     kind
	text     *editor.Model
	form     table
	parts    table
	file     string // a path
	boundary string // of parts
	checked  checked
}

func newBody() body {
	var random [12]byte
	_, _ = rand.Read(random[:]) // never fails
	return body{text: editor.New(), boundary: "connectty-" + hex.EncodeToString(random[:])}
}

// table is the rows of a kind that has them; nil for the others.
func (b *body) table() *table {
	switch b.kind {
	case formBody:
		return &b.form
	case partsBody:
		return &b.parts
	case asWritten, noBody, jsonBody, textBody, fileBody:
	}
	return nil
}

// written reports a body that is text in the editor.
func (b *body) written() bool { return b.kind == asWritten || b.kind == jsonBody || b.kind == textBody }

// json reports that the text is meant to be JSON.
func (b *body) json() bool {
	return b.kind == jsonBody || b.kind == asWritten && b.looksLikeJSON()
}

// looksLikeJSON judges by how the text begins.
func (b *body) looksLikeJSON() bool {
	start := bytes.TrimLeft(b.text.Head(256), " \t\r\n")
	return len(start) == 0 || strings.IndexByte(`{["`, start[0]) >= 0
}

// follow tells the editor what its text is written in.
func (b *body) follow() {
	if b.json() {
		b.text.SetLanguage(editor.JSON)
	} else {
		b.text.SetLanguage(editor.Plain)
	}
}

// name is the kind in a word.
func (b *body) name() string {
	switch b.kind {
	case formBody:
		return "form"
	case partsBody:
		return "multipart"
	case fileBody:
		return "file"
	case textBody:
		return "text"
	case jsonBody:
		return "JSON"
	case noBody:
	case asWritten:
		switch {
		case b.text.Len() == 0:
		case b.json():
			return "JSON"
		default:
			return "text"
		}
	}
	return "–"
}

// active are the rows that are sent.
func active(rows []row) []row {
	var out []row
	for _, r := range rows {
		if !r.off && (r.name != "" || r.value != "") {
			out = append(out, r)
		}
	}
	return out
}

// encode writes rows as a form.
func encode(rows []row) []byte {
	pieces := []string{}
	for _, r := range active(rows) {
		pieces = append(pieces, url.QueryEscape(r.name)+"="+url.QueryEscape(r.value))
	}
	return []byte(strings.Join(pieces, "&"))
}

// decode reads a form whose rows give the same bytes again.
func decode(text []byte) ([]row, bool) {
	var rows []row
	for piece := range strings.SplitSeq(string(text), "&") {
		r := parsePiece(piece)
		rows = append(rows, row{name: r.name, value: r.value})
	}
	return rows, bytes.Equal(encode(rows), text)
}

// mediaType is the Content-Type that goes with the kind; empty where nothing is
// sent.
func (b *body) mediaType() string {
	switch {
	case b.written() && b.text.Len() == 0, b.kind == formBody && len(active(b.form.rows)) == 0,
		b.kind == partsBody && len(active(b.parts.rows)) == 0, b.kind == fileBody && b.file == "":
		return ""
	}
	switch b.kind {
	case jsonBody:
		return jsonType
	case textBody:
		return textType
	case formBody:
		return formType
	case partsBody:
		return partsType + "; boundary=" + b.boundary
	case fileBody:
		return typeByName(b.file)
	case asWritten:
		if b.valid() {
			return jsonType
		}
		return textType
	case noBody:
	}
	return ""
}

// write puts the body into a draft, and the Content-Type that goes with its kind.
func (b *body) write(d *Draft) {
	switch b.kind {
	case asWritten, jsonBody, textBody:
		d.Body = b.text.Text()
	case formBody:
		if text := encode(b.form.rows); len(text) > 0 {
			d.Body = text
		}
	case partsBody:
		for _, r := range active(b.parts.rows) {
			if r.file {
				r.value = home.Expand(r.value)
			}
			d.Parts = append(d.Parts, session.Part{Name: r.name, Value: r.value, File: r.file})
		}
		d.Boundary = b.boundary
	case fileBody:
		d.File = home.Expand(b.file)
	case noBody:
	}
	if kind := b.mediaType(); kind != "" && typeOf(d.Headers) == "" {
		d.Headers = append(d.Headers, proxy.Field{Name: contentType, Value: kind})
	}
}

// read takes a draft's body in. It returns the headers without a Content-Type that
// the kind sets by itself.
func (b *body) read(d Draft) []proxy.Field {
	b.checked = checked{running: b.checked.running}
	b.text.SetText(d.Body)
	defer b.follow()
	said := typeOf(d.Headers)
	rest := d.Headers
	without := func() []proxy.Field {
		var out []proxy.Field
		for _, f := range d.Headers {
			if !strings.EqualFold(f.Name, contentType) {
				out = append(out, f)
			}
		}
		return out
	}
	b.kind = asWritten
	switch {
	case d.File != "":
		b.kind, b.file = fileBody, d.File
		if said == typeByName(d.File) {
			rest = without()
		}
	case len(d.Parts) > 0:
		b.kind, b.parts.rows = partsBody, nil
		for _, p := range d.Parts {
			b.parts.rows = append(b.parts.rows, row{name: p.Name, value: p.Value, file: p.File})
		}
		if said == partsType+"; boundary="+d.Boundary {
			b.boundary, rest = d.Boundary, without()
		}
	case len(d.Body) == 0:
	case said == formType:
		if rows, ok := decode(d.Body); ok {
			b.kind, b.form.rows, rest = formBody, rows, without()
			b.text.SetText(nil)
		}
	case said == jsonType:
		b.kind, rest = jsonBody, without()
	case said == textType:
		b.kind, rest = textBody, without()
	}
	return rest
}

// KindAsked asks the root to offer the kinds of body.
type KindAsked struct{}

// Kind is one kind of body to choose.
type Kind struct {
	Key, Label, Detail string
	Run                func() tea.Cmd
}

// Kinds lists the kinds of body.
func (m *Model) Kinds() []Kind {
	choose := func(k kind) func() tea.Cmd {
		return func() tea.Cmd {
			m.leave()
			m.tab, m.inside = bodyTab, k != noBody
			m.body.kind = k
			m.resize()
			if k == noBody {
				return nil
			}
			return tea.Batch(m.EditBody(), m.edited())
		}
	}
	return []Kind{
		{"j", "JSON", "checked while one types", choose(jsonBody)},
		{"t", "text", "any text, as it is", choose(textBody)},
		{"f", "form", formType, choose(formBody)},
		{"m", "multipart", "fields and files", choose(partsBody)},
		{"d", "a file from disk", "sent as it is", choose(fileBody)},
		{"a", "as it is written", "JSON if it parses, else text", choose(asWritten)},
		{"n", "none", "", choose(noBody)},
	}
}
