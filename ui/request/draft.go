package request

import (
	"encoding/json"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// Draft is what a person composed.
type Draft struct {
	Method  string
	URL     string
	Headers []proxy.Field // those that are switched on
	Body    []byte        // nil for none
}

// Compose returns what would be sent now. A body without a Content-Type gets
// one: application/json if it parses as such, else text/plain.
func (m *Model) Compose() Draft {
	m.settle()
	d := Draft{Method: m.method, URL: strings.TrimSpace(m.url.Value()), Body: m.body.bytes()}
	typed := false
	for _, r := range m.headers.rows {
		if r.off || r.name == "" && r.value == "" {
			continue
		}
		typed = typed || strings.EqualFold(r.name, "Content-Type")
		d.Headers = append(d.Headers, proxy.Field{Name: r.name, Value: r.value})
	}
	if len(d.Body) > 0 && !typed {
		d.Headers = append(d.Headers, proxy.Field{Name: "Content-Type", Value: mediaType(d.Body)})
	}
	return d
}

func mediaType(body []byte) string {
	if json.Valid(body) {
		return "application/json"
	}
	return "text/plain"
}

// Load replaces what is composed. ctrl+z brings back what was there.
func (m *Model) Load(d Draft) {
	before := m.snapshot()
	m.undo = &before
	m.put(d, nil)
}

// snapshot is everything that is composed, rows that are switched off included.
type snapshot struct {
	draft  Draft
	params []row
	rows   []row
}

func (m *Model) snapshot() snapshot {
	m.settle()
	return snapshot{
		draft:  Draft{Method: m.method, URL: m.url.Value(), Body: m.body.bytes()},
		params: append([]row{}, m.params.rows...), rows: append([]row{}, m.headers.rows...),
	}
}

// put fills the pane. rows, if not nil, are the headers with those switched off.
func (m *Model) put(d Draft, rows []row) {
	m.edit = nothing
	m.err = nil
	m.method = strings.ToUpper(strings.TrimSpace(d.Method))
	if m.method == "" {
		m.method = "GET"
	}
	m.url.SetValue(d.URL)
	m.params.rows = nil
	m.readParams()
	m.headers.rows = rows
	if rows == nil {
		for _, h := range d.Headers {
			m.headers.rows = append(m.headers.rows, row{name: h.Name, value: h.Value})
		}
	}
	m.body.set(d.Body)
	m.resize()
}

// takeBack brings back what Load replaced; once more, and it is as before.
func (m *Model) takeBack() {
	if m.undo == nil {
		return
	}
	now, then := m.snapshot(), *m.undo
	m.put(then.draft, then.rows)
	m.params.rows = then.params
	m.undo = &now
	m.resize()
}
