// Package document shows bodies of any size: bytes are appended as they arrive,
// and only the lines in the window are tokenised. It knows nothing of Bubble Tea.
package document

import (
	"context"
	"io"

	"github.com/alecthomas/chroma/v2"
)

// Options describe a body that is about to arrive.
type Options struct {
	MediaType string // the Content-Type header, parameters included; empty if unknown
}

// Document is one body. One goroutine writes; any number may read meanwhile.
type Document struct{}

// New returns an empty document that waits for bytes.
func New(opts Options) *Document { panic("contract") }

// Write appends bytes as they came. It never fails while memory or disk lasts.
func (d *Document) Write(p []byte) (int, error) { panic("contract") }

// End tells that nothing more comes: nil when the body is whole, else why it
// broke off.
func (d *Document) End(err error) { panic("contract") }

// Close frees what the document holds. Windows after it are empty.
func (d *Document) Close() error { panic("contract") }

// State is what is known of a document now.
type State struct {
	Size  int64
	Ended bool
	Err   error // why it broke off; nil while it arrives and when it is whole
	Kind  Kind
	// Ready is false while the pretty view of an ended document is still being
	// indexed.
	Ready bool
}

// State returns what is known now.
func (d *Document) State() State { panic("contract") }

// Kind is what the bytes are, by Content-Type corrected by a look at them.
type Kind string

// The kinds of body.
const (
	Empty  Kind = "empty"
	JSON   Kind = "JSON"
	XML    Kind = "XML"
	HTML   Kind = "HTML"
	Form   Kind = "form"
	Text   Kind = "text"
	Binary Kind = "binary"
)

// View is one way to show the same bytes. None of them copies the body.
type View int

// The views of a document.
const (
	Pretty View = iota // indented where the kind allows it, else as Raw, coloured
	Raw                // lines as they came
	Hex                // offset, bytes, characters
)

// Lines returns how many lines the view has now; it grows while bytes arrive.
func (d *Document) Lines(v View) int { panic("contract") }

// Line is one line of a view, safe to print: control characters, escape
// sequences and bidi marks are shown as symbols, tabs are spaces.
type Line struct {
	Spans []Span
	// Continued marks a line that goes on the one before: a source line too
	// long for one line of the view.
	Continued bool
}

// Span is a run of one token type.
type Span struct {
	Text string
	Type chroma.TokenType
}

// Window returns at most count lines from first (0-based) on. Its cost follows
// count, not the size of the body, so a View may call it.
func (d *Document) Window(v View, first, count int) []Line { panic("contract") }

// Query is what to look for.
type Query struct {
	Text string
	// Case makes it case-sensitive.
	Case bool
}

// Match is a place in a view. Column and Width are in cells.
type Match struct {
	Line, Column, Width int
}

// Find returns the first match after (or, backward, before) the given place,
// going round at the end once. ok is false where there is none. It may take
// long: run it in a job.
func (d *Document) Find(ctx context.Context, v View, q Query, from Match, backward bool) (m Match, ok bool, err error) {
	panic("contract")
}

// Count returns how many matches the view holds. It may take long.
func (d *Document) Count(ctx context.Context, v View, q Query) (int, error) { panic("contract") }

// Reader returns the bytes as they came, from the first to the last that was
// there when Reader was called.
func (d *Document) Reader() io.Reader { panic("contract") }

// Path returns the path of the JSON value on a line of the pretty view, such as
// $.data[3].name; empty for other kinds.
func (d *Document) Path(line int) string { panic("contract") }
