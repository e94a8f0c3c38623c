package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/connectty/connectty/proxy"
)

const (
	// importBatch is how many exchanges an import stores at once.
	importBatch = 500
	// importBytes is of how many bytes they are, or little more: batches wait in memory.
	importBytes = 8 << 20
)

// longestID is how many letters an id may have that comes from elsewhere.
const longestID = 128

// Imported is what became of an import.
type Imported struct {
	Added int
	Known int // were there already, and stay as they are
}

// Import stores exchanges that next brings, until it returns [io.EOF]. One without an
// id gets one; one whose id is there already is counted and left alone; one that no
// client could have sent ends the import. What was stored before an error stays. next is
// called by another goroutine, which may still wait in it when the context ends.
func (s *Store) Import(ctx context.Context, next func() (Exchange, error)) (Imported, error) {
	running, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan batch, 1)
	go func() {
		defer close(batches)
		reader := importReader{next: next}
		for s.prepare(running, &reader, batches) {
		}
	}()
	last := &lastWords{}
	done, err := s.store(ctx, batches, last)
	if done.Added > 0 {
		err = errors.Join(err, s.fillRecent(context.WithoutCancel(ctx), last.words))
	}
	return done, err
}

// store writes what comes, until it ends or cannot be written.
func (s *Store) store(ctx context.Context, batches <-chan batch, last *lastWords) (Imported, error) {
	var done Imported
	for {
		select {
		case <-ctx.Done():
			return done, ctx.Err()
		case b, more := <-batches:
			if !more {
				return done, ctx.Err()
			}
			added, err := s.importBatch(ctx, b.ready)
			if err != nil {
				return done, fmt.Errorf("import into the history: %w", err)
			}
			last.keep(added)
			done.Added, done.Known = done.Added+len(added), done.Known+len(b.ready)-len(added)
			if b.end == io.EOF { //nolint:errorlint // one that is wrapped is the end of something else
				return done, nil
			}
			if b.end != nil {
				return done, b.end
			}
		}
	}
}

// batch is what is stored at once, and why nothing follows.
type batch struct {
	ready []ready
	end   error
}

// ready is an exchange as it is stored, and its words.
type ready struct {
	*record

	words string
}

// importReader gives what is read the ids that are missing.
type importReader struct {
	next func() (Exchange, error)
	last uint64 // time and counter of the last id that was given
}

func (r *importReader) read() (Exchange, error) {
	x, err := r.next()
	if err == nil && x.StartedAt.IsZero() {
		x.StartedAt = time.Now()
	}
	if err == nil {
		err = x.sendable()
	}
	if err != nil || x.ID != "" {
		return x, err
	}
	at := since1970(x.StartedAt)
	if r.last>>counterBits == at>>counterBits { // behind the one before, as it came
		at = r.last + 1
	}
	r.last = at
	x.ID = idOf(at)
	return x, nil
}

// sendable refuses a request that nobody can have sent: in a command that is made of it
// each part must stay what it is.
func (x Exchange) sendable() error {
	if x.Request.Method != "" && !httpguts.ValidHeaderFieldName(x.Request.Method) { // both are tokens
		return fmt.Errorf("an exchange has the method %q, which is none", x.Request.Method)
	}
	if x.ID == newest || len(x.ID) > longestID || strings.ContainsFunc(x.ID, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("an exchange has the id %q, by which it could not be found", x.ID)
	}
	if env := x.Environment; env != "" && env != proxy.Development && env != proxy.Production {
		return fmt.Errorf("an exchange has the environment %q; there are development and production", env)
	}
	if r := x.Response; r != nil && (r.Status < 100 || r.Status > 999) {
		return fmt.Errorf("an exchange has the status %d, which is none", r.Status)
	}
	if strings.ContainsAny(x.Request.URL, "\r\n\x00") {
		return fmt.Errorf("an exchange has a URL of several lines: %q", x.Request.URL)
	}
	for _, h := range x.Request.Headers {
		if strings.ContainsAny(h.Name, ":\r\n\x00") || strings.ContainsAny(h.Value, "\r\n\x00") {
			return fmt.Errorf("an exchange has a header that is none: %q", h.Name+": "+h.Value)
		}
	}
	return nil
}

// prepare takes the next batch, while the one before is written. It reports whether more
// may follow.
func (s *Store) prepare(ctx context.Context, from *importReader, to chan<- batch) bool {
	var b batch
	for size := int64(0); len(b.ready) < importBatch && size < importBytes; {
		var x Exchange
		if x, b.end = from.read(); b.end != nil {
			break
		}
		x = s.clean(x)
		b.ready = append(b.ready, ready{s.recordOf(&x, true), wordsOf(&x)})
		size += int64(len(x.Request.Body))
		if x.Response != nil {
			size += int64(len(x.Response.Body))
		}
	}
	select {
	case to <- b:
		return b.end == nil
	case <-ctx.Done():
		return false
	}
}

// importBatch stores those that are not there yet, and returns them.
func (s *Store) importBatch(ctx context.Context, all []ready) (added []ready, err error) {
	err = s.change(ctx, func(c *change) error {
		added, c.imports = nil, true
		for _, x := range all {
			var known int
			if err := c.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE id = ?", x.ID).Scan(&known); err != nil {
				return err
			}
			if known > 0 {
				continue
			}
			n, err := s.insert(ctx, c, x.record, true)
			if err != nil {
				return err
			}
			c.words = append(c.words, entry{n, x.words, large})
			added = append(added, x)
		}
		if len(added) == 0 {
			return nil
		}
		return missRecent(ctx, c)
	})
	return added, err
}

// lastWords holds the words of what was imported last: most imports are in order of time, and
// it belongs into the small index.
type lastWords struct {
	words map[string]string // by id
	order []string
	bytes int
}

// mostLastWords is how many bytes of words are held.
const mostLastWords = 16 << 20

func (k *lastWords) keep(all []ready) {
	if k.words == nil {
		k.words = make(map[string]string, recentRows)
	}
	for _, x := range all {
		k.words[x.ID] = x.words
		k.order = append(k.order, x.ID)
		for k.bytes += len(x.words); len(k.order) > recentRows || k.bytes > mostLastWords; k.order = k.order[1:] {
			k.bytes -= len(k.words[k.order[0]])
			delete(k.words, k.order[0])
		}
	}
}
