// Package document shows bodies of any size: bytes are appended as they arrive,
// and only the lines in the window are tokenised. It knows nothing of Bubble Tea.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// piece is how many bytes are taken in at once, so that a reader never waits
// long for the lock.
const piece = 32 << 10

// ErrClosed is what a document answers after Close.
var ErrClosed = errors.New("the document is closed")

// Options describe a body that is about to arrive.
type Options struct {
	MediaType string // the Content-Type header, parameters included; empty if unknown
	// Kind is what the bytes are read as, whatever they seem to be; empty for what they
	// seem to be.
	Kind Kind
	// Charset is what they are written in, whatever says otherwise: "utf-8" or a name of
	// the encoding standard; empty for what the bytes or the media type say.
	Charset string
}

// Document is one body. One goroutine writes; any number may read meanwhile.
//
// The bytes lie in a spool; where they are in another charset than UTF-8, their text
// lies in a second one. Beside the text two sparse indexes grow with each Write,
// one for the lines as they came and one for the pretty view: a mark every 32 kB
// with the state of the tokenizer there. A window is tokenised from the mark
// before it. What lies behind the last whole token is not indexed yet; it is at
// most a few kB and tokenised anew when someone asks.
type Document struct {
	spool spool
	opts  Options

	mu      sync.RWMutex // whoever reads waits for one piece at most: a waiting writer lets readers in first
	size    int64
	head    []byte // the first bytes, until the kind is sure
	charset string // of the bytes; empty for UTF-8
	decoder *decoder
	text    *spool // what the views show: spool itself, unless there is a decoder
	length  int64  // of the text
	kind    Kind
	start   int64  // where its lines begin: behind a byte order mark
	sure    bool   // kind and charset no longer change
	tail    []byte // the newest text, from base on
	base    int64
	raw     *index
	pretty  *index // raw itself where lines are shown as they came
	ended   bool
	err     error
	closed  bool

	indent atomic.Int64 // the widest, in cells; 0 for any
}

// New returns an empty document that waits for bytes.
func New(opts Options) *Document {
	d := &Document{opts: opts}
	d.begin("")
	return d
}

// begin waits for the first byte of a text in a charset.
func (d *Document) begin(charset string) {
	d.charset, d.decoder = charset, newDecoder(charset)
	d.text = &d.spool
	if d.decoder != nil {
		d.text = &spool{}
	}
	d.length, d.kind, d.start, d.tail, d.base = 0, Empty, 0, nil, 0
	d.raw = newIndex(&textLexer{}, 0)
	d.pretty = d.raw
}

// Write appends bytes as they came. It never fails while memory or disk lasts.
func (d *Document) Write(p []byte) (int, error) {
	done := 0
	for done < len(p) {
		part := p[done:min(len(p), done+d.most())]
		if err := d.append(part); err != nil {
			return done, err
		}
		done += len(part)
	}
	return done, nil
}

// most is how many bytes are taken in next: what the bytes are is decided by the same
// first ones, in whatever pieces they come.
func (d *Document) most() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if !d.sure {
		return sniffed - len(d.head)
	}
	return piece
}

func (d *Document) append(p []byte) error {
	if err := d.spool.write(p); err != nil {
		return fmt.Errorf("keep the body: %w", err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed || d.ended {
		return ErrClosed
	}
	d.size += int64(len(p))
	if !d.sure {
		d.head = append(d.head, p...)
		if charset := d.opts.charset(d.head); charset != d.charset {
			d.begin(charset)
			p = d.head
		}
	}
	if err := d.take(p, false); err != nil {
		return err
	}
	d.look(false)
	d.advance(false)
	return nil
}

// take adds bytes to the text.
func (d *Document) take(p []byte, last bool) error {
	if d.decoder != nil {
		p = d.decoder.decode(p, last)
		if err := d.text.write(p); err != nil {
			return fmt.Errorf("keep the text of the body: %w", err)
		}
	}
	d.length += int64(len(p))
	d.tail = append(d.tail, p...)
	return nil
}

// look decides from the first bytes what they are, until it is sure: nothing is indexed
// before.
func (d *Document) look(last bool) {
	if d.sure {
		return
	}
	kind := kindOf(d.opts.MediaType, d.tail)
	if d.opts.Kind != "" && kind != Empty {
		kind = d.opts.Kind
	}
	if d.sure = last || len(d.head) >= sniffed; d.sure {
		d.head = nil
	}
	start := int64(0)
	if bytes.HasPrefix(d.tail, []byte(bom)) {
		start = int64(len(bom))
	}
	if kind == d.kind && start == d.start {
		return
	}
	d.kind, d.start = kind, start
	d.raw = newIndex(&textLexer{}, start)
	d.pretty = d.raw
	if lex := lexerFor(kind, start); lex != nil {
		d.pretty = newIndex(lex, start)
	}
}

// advance indexes what has come. Both indexes take their bytes from tail, which
// keeps what one of them has not passed.
func (d *Document) advance(last bool) {
	d.raw.feed(d.tail[d.raw.off-d.base:], last)
	passed := d.raw.off
	if d.pretty != d.raw {
		d.pretty.feed(d.tail[d.pretty.off-d.base:], last)
		passed = min(passed, d.pretty.off)
	}
	if !d.sure {
		return // the kind may change, then the pretty view starts anew
	}
	if n := int(passed - d.base); n > 0 {
		d.tail = append(d.tail[:0], d.tail[n:]...)
		d.base = passed
	}
}

// End tells that nothing more comes: nil when the body is whole, else why it
// broke off.
func (d *Document) End(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended || d.closed {
		return
	}
	if d.decoder != nil {
		err = errors.Join(err, d.take(nil, true))
	}
	d.look(true)
	d.advance(true)
	d.tail = nil
	d.base = d.length
	d.ended, d.err = true, err
}

// Close frees what the document holds. Windows after it are empty. It may be
// called more than once.
func (d *Document) Close() error {
	d.mu.Lock()
	d.closed = true
	d.tail = nil
	text := d.text
	d.mu.Unlock()
	return errors.Join(d.spool.close(), text.close())
}

// State is what is known of a document now.
type State struct {
	Size  int64
	Ended bool
	Err   error // why it broke off; nil while it arrives and when it is whole
	Kind  Kind
	// Charset is what the bytes are written in; empty for UTF-8.
	Charset string
	// Fault is where the pretty view gave up, as the bytes are not what their
	// kind demands; nil if it did not. From there on lines are shown as they came.
	Fault *Fault
}

// Fault is a place where a body is not well-formed.
type Fault struct {
	Offset int64  // in bytes
	Line   int    // of the pretty view, 0-based
	What   string // such as "expected a comma or }"
}

// State returns what is known now. Indexing keeps pace with Write.
func (d *Document) State() State {
	d.mu.RLock()
	defer d.mu.RUnlock()
	s := State{Size: d.size, Ended: d.ended, Err: d.err, Kind: d.kind, Charset: d.charset}
	if lex, ok := d.pretty.lex.(*jsonLexer); ok {
		s.Fault = lex.fault(d.pretty, d.ended)
	}
	return s
}

// Reader returns the bytes as they came, from the first to the last that was
// there when Reader was called. Reading after Close is an error.
func (d *Document) Reader() io.Reader {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return io.NewSectionReader(&d.spool, 0, d.size)
}

// Text returns the same in UTF-8, without a byte order mark.
func (d *Document) Text() io.Reader {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return io.NewSectionReader(d.text, d.start, d.length-d.start)
}

// Section returns the text from one offset to another.
func (d *Document) Section(from, to int64) *io.SectionReader {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return io.NewSectionReader(d.text, from, to-from)
}

// LimitIndent bounds how far the pretty view indents, in cells; 0 for no bound.
func (d *Document) LimitIndent(cells int) {
	d.indent.Store(int64(cells))
}
