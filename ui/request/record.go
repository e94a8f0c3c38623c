package request

import (
	"encoding/binary"
	"hash/maphash"
	"slices"

	"github.com/connectty/connectty/internal/remember"
)

// kindWords are the kinds of body as drafts name them.
var kindWords = map[kind]string{
	asWritten: "", noBody: "none", jsonBody: "json", textBody: "text", formBody: "form", partsBody: "multipart", fileBody: "file",
}

// Record returns all that is composed, rows that are switched off and bodies of other
// kinds included. A cell that is still being typed is in it once it is left.
func (m *Model) Record() remember.Draft {
	d := remember.Draft{
		Method: m.method, URL: m.url.Value(), Headers: recorded(m.headers.rows), Kind: kindWords[m.body.kind],
		Form: recorded(m.body.form.rows), Parts: recorded(m.body.parts.rows), File: m.body.file,
	}
	for _, r := range m.params.rows {
		if r.off {
			d.Params = append(d.Params, remember.Row{Name: r.name, Value: r.value, Off: true})
		}
	}
	d.SetText(m.body.text.Text())
	d.Cut = m.isCut()
	return d
}

// Recall replaces what is composed with what was recorded.
func (m *Model) Recall(d remember.Draft) {
	s := snapshot{
		method: d.Method, url: d.URL, params: recalledRows(d.Params), headers: recalledRows(d.Headers), text: d.Body(),
		form: recalledRows(d.Form), parts: recalledRows(d.Parts), file: d.File, boundary: m.body.boundary, cut: d.Cut,
	}
	for k, word := range kindWords {
		if word == d.Kind {
			s.kind = k
		}
	}
	m.restore(s)
	m.readParams()
	m.resize()
}

func recorded(rows []row) []remember.Row {
	var out []remember.Row
	for _, r := range rows {
		out = append(out, remember.Row{Name: r.name, Value: r.value, Off: r.off, File: r.file})
	}
	return out
}

func recalledRows(rows []remember.Row) []row {
	var out []row
	for _, r := range rows {
		out = append(out, row{name: r.Name, value: r.Value, off: r.Off, file: r.File})
	}
	return out
}

// markSeed makes marks of one run comparable.
var markSeed = maphash.MakeSeed()

// Mark changes with every change of what Record returns, at the cost of the small
// texts: of a long body only the version counts.
func (m *Model) Mark() uint64 {
	var h maphash.Hash
	h.SetSeed(markSeed)
	number := func(n int) { _ = binary.Write(&h, binary.LittleEndian, int64(n)) } // a hash takes everything
	word := func(s string) {
		number(len(s))
		_, _ = h.WriteString(s)
	}
	for _, s := range []string{m.method, m.url.Value(), m.body.file} {
		word(s)
	}
	for _, r := range slices.Concat(m.params.rows, m.headers.rows, m.body.form.rows, m.body.parts.rows) {
		word(r.name)
		word(r.value)
		if r.off {
			number(1)
		}
		if r.file {
			number(2)
		}
	}
	number(int(m.body.kind))
	number(m.body.text.Version())
	return h.Sum64()
}
