package request

import (
	"bytes"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"golang.org/x/net/http/httpguts"

	"github.com/connectty/connectty/proxy"
)

// What is a part of the request that another editor can be given.
type What int

// The parts.
const (
	Whole What = iota
	BodyText
	HeaderText
)

// OutsideAsked asks the root to open the whole request in the person's editor.
type OutsideAsked struct{}

// Shown is the part that shows, as far as it is a text.
func (m *Model) Shown() What {
	switch {
	case m.tab == bodyTab && (m.body.written() || m.body.kind == noBody):
		return BodyText
	case m.tab == headersTab:
		return HeaderText
	}
	return Whole
}

// Outside returns a part of the request as text, and how a file that holds it is to
// end.
func (m *Model) Outside(what What) (text []byte, suffix string) {
	m.settle()
	switch what {
	case BodyText:
		if suffix = ".txt"; m.body.json() {
			suffix = ".json"
		}
		return m.body.text.Text(), suffix
	case HeaderText:
		return bulk(m.headers.rows), ".txt"
	case Whole:
	}
	return m.whole(), ".http"
}

// whole is the request as it stands in an .http file.
func (m *Model) whole() []byte {
	d := m.Compose()
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s\n", d.Method, d.URL)
	b.Write(bulk(m.headers.rows))
	b.WriteString("\n")
	switch {
	case len(d.Parts) > 0:
		b.WriteString("# the multipart body stays as it is\n")
	case d.File != "":
		b.WriteString("< " + m.body.file + "\n")
	default:
		b.Write(d.Body)
	}
	return b.Bytes()
}

// TakeOutside takes in what became of a part of the request. What was there can be
// brought back. An error tells why nothing changed.
func (m *Model) TakeOutside(what What, text []byte) (tea.Cmd, error) {
	switch what {
	case BodyText:
		m.tab, m.inside = bodyTab, true
		if m.body.kind == noBody {
			m.body.kind = asWritten
		}
		m.body.text.Replace(untailed(text, m.body.text.Text()))
	case HeaderText:
		before := m.snapshot()
		m.undo = &before
		m.headers.rows = parseBulk(text)
	case Whole:
		if err := m.takeWhole(text); err != nil {
			return nil, err
		}
	}
	return m.edited(), nil
}

// untailed takes away the line feed that editors put behind the last line, where
// there was none.
func untailed(text, before []byte) []byte {
	if bytes.HasSuffix(before, []byte("\n")) || bytes.Count(text, []byte("\n")) == 0 {
		return text
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
}

// takeWhole reads a request as it stands in an .http file.
func (m *Model) takeWhole(text []byte) error {
	before := m.snapshot()
	composed := m.Compose()
	method, target, rest, err := requestLine(text)
	if err != nil {
		return err
	}
	head, body, _ := cutHead(rest)
	rows := parseBulk(head)
	for _, r := range rows {
		if !r.off && !httpguts.ValidHeaderFieldName(r.name) {
			return fmt.Errorf("%q is no header name", r.name)
		}
	}
	m.undo = &before
	m.setMethod(method)
	m.url.SetValue(target)
	m.params.rows = nil
	m.readParams()
	if len(composed.Parts) == 0 {
		m.takeBody(untailed(body, composed.Body), rows)
	}
	m.headers.rows = rows
	return nil
}

// takeBody takes in the body of an .http file: of a form as one, else as text.
func (m *Model) takeBody(text []byte, rows []row) {
	if path, ok := bytes.CutPrefix(text, []byte("< ")); ok && !bytes.ContainsAny(bytes.TrimSpace(path), "\r\n") {
		m.body.kind, m.body.file = fileBody, string(bytes.TrimSpace(path))
		return
	}
	kind := m.body.kind
	d := Draft{Body: text}
	if typed := (Draft{Headers: fieldsOf(rows)}); kind == formBody && typeOf(typed.Headers) == "" {
		d.Headers = []proxy.Field{{Name: contentType, Value: formType}}
	}
	m.body.read(d)
	if m.body.kind == asWritten && (kind == jsonBody || kind == textBody) {
		m.body.kind = kind
		m.body.follow()
	}
}

func fieldsOf(rows []row) []proxy.Field {
	var out []proxy.Field
	for _, r := range active(rows) {
		out = append(out, proxy.Field{Name: r.name, Value: r.value})
	}
	return out
}

// requestLine finds the line that names method and URL, and what follows it.
func requestLine(text []byte) (method, target string, rest []byte, err error) {
	for len(text) > 0 {
		line, after, _ := bytes.Cut(text, []byte("\n"))
		text = after
		words := strings.Fields(string(line))
		switch {
		case len(words) == 0, strings.HasPrefix(words[0], "#"), strings.HasPrefix(words[0], "//"):
			continue
		case len(words) == 1:
			return "GET", words[0], text, nil
		case !httpguts.ValidHeaderFieldName(words[0]):
			return "", "", nil, fmt.Errorf("%q is no HTTP method", words[0])
		}
		if last := len(words) - 1; last > 1 && strings.HasPrefix(words[last], "HTTP/") {
			words = words[:last]
		}
		return words[0], strings.Join(words[1:], " "), text, nil
	}
	return "", "", nil, fmt.Errorf("there is no line with a method and a URL")
}

// cutHead parts headers and body at the first empty line.
func cutHead(text []byte) (head, body []byte, found bool) {
	for at := 0; at < len(text); {
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			break
		}
		if len(bytes.TrimSpace(text[at:at+end])) == 0 {
			return text[:at], text[at+end+1:], true
		}
		at += end + 1
	}
	return text, nil, false
}
