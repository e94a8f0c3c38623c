package document

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/alecthomas/chroma/v2"
)

// dataField is the field of an event that holds its data.
var dataField = []byte("data:")

// eventLexer shows server-sent events: fields as they came, and JSON among the data
// indented below its field. Source: the HTML standard, "Server-sent events".
type eventLexer struct {
	json *jsonLexer // goes through the data; it passes all bytes, so that its places are right
	mode eventMode
	hidden

	sourceLine
}

// eventMode is where on a line an event lexer stands.
type eventMode uint8

const (
	inField eventMode = iota // its name comes next
	inValue                  // of a field that is no data, or data that is no JSON
	inData                   // behind data:
	inJSON
)

func newEventLexer(off int64) *eventLexer {
	return &eventLexer{json: &jsonLexer{pos: off}, sourceLine: sourceLine{fresh: true}}
}

func (x *eventLexer) clone() lexer {
	c := *x
	c.json = x.json.clone().(*jsonLexer)
	return &c
}

func (x *eventLexer) next(b []byte) token {
	t := x.take(b)
	x.pass(&t)
	return t
}

func (x *eventLexer) take(b []byte) token {
	if t, n := x.feed(b); n > 0 {
		x.endLine()
		x.json.pos += int64(n)
		return t
	}
	if x.mode == inData {
		lead := 0
		if b[0] == ' ' {
			lead = 1
		}
		x.mode = inValue
		if x.open() || isData(rest(b)[lead:]) {
			x.mode = inJSON
		}
		if lead > 0 {
			x.json.pos++
			return token{lead: lead}
		}
	}
	if x.mode == inJSON {
		return x.data(rest(b))
	}
	t := x.field(x.room(b))
	x.json.pos += int64(t.len())
	return t
}

// rest returns what b holds of its source line, as far as a lexer may look: what fits the
// line of the view is for the JSON lexer to say.
func rest(b []byte) []byte {
	size, _, _ := cutLine(b, ahead)
	return b[:size]
}

// open reports that an array or object of the event goes on.
func (x *eventLexer) open() bool { return len(x.json.frames) > 0 }

// field is the name of a field, or a value that is no JSON.
func (x *eventLexer) field(line []byte) token {
	if x.mode == inValue {
		return x.place(token{size: len(line), kind: chroma.LiteralString})
	}
	switch n := bytes.IndexByte(line, ':'); {
	case bytes.HasPrefix(line, dataField) && x.open(): // the data goes on: its field says nothing new
		x.mode, x.fresh = inData, false
		return token{lead: len(dataField)}
	case bytes.HasPrefix(line, dataField):
		x.mode = inData
		return x.place(token{size: len(dataField), kind: chroma.NameAttribute, space: len(line) > len(dataField)})
	case n > 0:
		x.stop()
		x.mode = inValue
		return x.place(token{size: n + 1, kind: chroma.NameAttribute})
	}
	x.stop()
	x.mode = inValue
	return x.place(token{size: len(line), kind: chroma.Comment})
}

// data is the next token of JSON.
func (x *eventLexer) data(line []byte) token {
	pos := x.json.pos
	t := x.json.next(line)
	if x.json.mode == inRest { // it is none: from here to the end of the line it is text
		x.stop()
		x.json.pos = pos + int64(t.len())
		x.mode = inValue
	}
	x.fresh, x.col = false, x.json.col
	return t
}

// stop gives up what is open.
func (x *eventLexer) stop() {
	*x.json = jsonLexer{pos: x.json.pos, docs: x.json.docs}
}

// endLine follows a line break. A number may end with it; a string may not.
func (x *eventLexer) endLine() {
	switch x.json.mode { //nolint:exhaustive // the others go on
	case inNumber:
		x.json.valueDone()
	case inString, inKey:
		x.stop()
	}
	x.json.cut = false
	if x.mode == inField { // an empty line: the event ends
		x.stop()
	}
	x.mode = inField
}

// isData reports that the data of an event is JSON worth indenting.
func isData(line []byte) bool {
	const looked = 512
	return len(line) > 0 && (line[0] == '{' || line[0] == '[') && beginsJSON(line[:min(len(line), looked)], looked)
}

// beginsEvents reports that a text is a stream of events beyond doubt.
func beginsEvents(text []byte) bool {
	const looked = 8 // lines
	lines := 0
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		name, value, ok := bytes.Cut(line, []byte(":"))
		switch {
		case len(line) == 0:
			return false // an event without data
		case ok && string(name) == "data":
			return isData(bytes.TrimPrefix(value, []byte(" "))) || lines > 0
		case !ok, len(name) > 0 && string(name) != "event" && string(name) != "id" && string(name) != "retry":
			return false
		}
		if lines++; lines == looked {
			break
		}
	}
	return false
}

// Values returns the JSON of a document in UTF-8: of events what their data holds of it, of
// a JSON sequence its values without what parts them.
func (d *Document) Values() io.Reader {
	if d.State().Kind != Events {
		return unparted{d.Text()}
	}
	return &eventData{lines: bufio.NewReaderSize(d.Text(), piece)}
}

// unparted reads a blank in the place of a record separator (RFC 7464), which no value holds.
type unparted struct{ io.Reader }

func (u unparted) Read(p []byte) (int, error) {
	n, err := u.Reader.Read(p)
	for rest := p[:n]; ; {
		i := bytes.IndexByte(rest, separator)
		if i < 0 {
			return n, err
		}
		rest[i] = ' '
		rest = rest[i+1:]
	}
}

// eventData reads the JSON among the data of events, line by line.
type eventData struct {
	lines *bufio.Reader
	open  bool   // the data of the event is JSON so far
	line  []byte // what is left of the newest line
	long  bool   // its end has not come yet
}

func (e *eventData) Read(p []byte) (int, error) {
	for len(e.line) == 0 {
		if err := e.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, e.line)
	e.line = e.line[n:]
	return n, nil
}

// more reads the next line, or the next part of a long one.
func (e *eventData) more() error {
	part, err := e.lines.ReadSlice('\n')
	going := e.long
	e.long = errors.Is(err, bufio.ErrBufferFull)
	if len(part) == 0 && err != nil {
		return err
	}
	switch value, is := bytes.CutPrefix(part, dataField); {
	case going:
		if e.open {
			e.line = part
		}
	case !is:
		e.open = e.open && len(bytes.TrimSpace(part)) > 0
	default:
		value = bytes.TrimPrefix(value, []byte(" "))
		e.open = e.open || isData(bytes.TrimRight(value, "\r\n"))
		if e.open {
			e.line = value
		}
	}
	return nil
}
