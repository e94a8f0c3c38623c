package request

import (
	"slices"
	"strings"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
)

// Draft is what a person composed. Of Body, File and Parts at most one is set.
type Draft struct {
	Method   string
	URL      string
	Headers  []proxy.Field // those that are switched on
	Body     []byte        // nil for none
	File     string        // path of a file that is the body
	Parts    []session.Part
	Boundary string // of Parts
	Cut      bool   // Body is what was kept of a longer one
}

// Compose returns what would be sent now. A body without a Content-Type gets
// the one of its kind.
func (m *Model) Compose() Draft {
	m.settle()
	d := Draft{Method: m.method, URL: strings.TrimSpace(m.url.Value())}
	for _, r := range active(m.headers.rows) {
		d.Headers = append(d.Headers, proxy.Field{Name: r.name, Value: r.value})
	}
	m.body.write(&d)
	d.Cut = m.isCut()
	return d
}

// Load replaces what is composed. ctrl+z brings back what was there.
func (m *Model) Load(d Draft) {
	before := m.snapshot()
	m.undo = &before
	m.edit = nothing
	m.err = nil
	m.setMethod(d.Method)
	m.url.SetValue(d.URL)
	m.params.rows = nil
	m.readParams()
	m.headers.rows = nil
	for _, h := range m.body.read(d) {
		m.headers.rows = append(m.headers.rows, row{name: h.Name, value: h.Value})
	}
	m.markCut(d.Cut)
	m.resize()
}

func (m *Model) setMethod(method string) {
	m.method = strings.ToUpper(strings.TrimSpace(method))
	if m.method == "" {
		m.method = "GET"
	}
}

// snapshot is everything that is composed, rows that are switched off included.
type snapshot struct {
	method, url     string
	params, headers []row
	kind            kind
	text            []byte
	form, parts     []row
	file, boundary  string
	cut             bool
}

func (m *Model) snapshot() snapshot {
	m.settle()
	return snapshot{
		method: m.method, url: m.url.Value(), params: slices.Clone(m.params.rows), headers: slices.Clone(m.headers.rows),
		kind: m.body.kind, text: m.body.text.Text(), form: slices.Clone(m.body.form.rows), parts: slices.Clone(m.body.parts.rows),
		file: m.body.file, boundary: m.body.boundary, cut: m.isCut(),
	}
}

// restore fills the pane with what was composed once.
func (m *Model) restore(s snapshot) {
	m.edit = nothing
	m.err = nil
	m.method = s.method
	m.url.SetValue(s.url)
	m.params.rows, m.headers.rows = s.params, s.headers
	m.body.kind, m.body.form.rows, m.body.parts.rows, m.body.file, m.body.boundary = s.kind, s.form, s.parts, s.file, s.boundary
	m.body.text.SetText(s.text)
	m.body.follow()
	m.markCut(s.cut)
	m.resize()
}

// takeBack brings back what Load replaced; once more, and it is as before.
func (m *Model) takeBack() {
	now, then := m.snapshot(), *m.undo
	m.restore(then)
	m.undo = &now
}
