package request

import (
	"net/url"
	"strings"
)

// row is a parameter or a header.
type row struct {
	name, value string
	off         bool   // kept, but not sent
	raw         string // of a parameter: as it stands in the URL
	file        bool   // of a part: the value is a path
}

// The URL stays as it was written: a parameter is a piece of it, between two
// ampersands, and only a piece that is edited is written anew.

// cut splits a URL around its query.
func cut(text string) (base, query, fragment string, hasQuery bool) {
	text, fragment, found := strings.Cut(text, "#")
	if found {
		fragment = "#" + fragment
	}
	base, query, hasQuery = strings.Cut(text, "?")
	return base, query, fragment, hasQuery
}

// readParams makes the table follow the URL. Parameters that are switched off
// stand behind those of the URL.
func (m *Model) readParams() {
	_, query, _, has := cut(m.url.Value())
	var rows []row
	if has && query != "" {
		for piece := range strings.SplitSeq(query, "&") {
			rows = append(rows, parsePiece(piece))
		}
	}
	for _, r := range m.params.rows {
		if r.off {
			rows = append(rows, r)
		}
	}
	m.params.rows = rows
}

func parsePiece(piece string) row {
	name, value, _ := strings.Cut(piece, "=")
	return row{name: unescape(name), value: unescape(value), raw: piece}
}

// unescape reads what can be read; the rest is shown as it stands.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// writeParams makes the URL follow the table.
func (m *Model) writeParams() {
	base, _, fragment, _ := cut(m.url.Value())
	var pieces []string
	for i, r := range m.params.rows {
		if was := parsePiece(r.raw); r.raw == "" || was.name != r.name || was.value != r.value {
			m.params.rows[i].raw = escape(r.name) + "=" + escape(r.value)
		}
		if !r.off && (r.name != "" || r.value != "") {
			pieces = append(pieces, m.params.rows[i].raw)
		}
	}
	text := base
	if len(pieces) > 0 {
		text += "?" + strings.Join(pieces, "&")
	}
	m.url.SetValue(text + fragment)
}

// escape writes a space as %20, which every server reads; a plus not all do.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
