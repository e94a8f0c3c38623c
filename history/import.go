package history

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// importBatch is how many exchanges an import stores at once.
const importBatch = 500

// Imported is what became of an import.
type Imported struct {
	Added int
	Known int // were there already, and stay as they are
}

// Import stores exchanges that next brings, until it returns [io.EOF]. One without an
// id gets one; one whose id is there already is counted and left alone. What was
// stored before an error stays. next is called by another goroutine.
func (s *Store) Import(ctx context.Context, next func() (Exchange, error)) (Imported, error) {
	ctx, stop := context.WithCancel(ctx)
	batches := make(chan batch, 1)
	go func() {
		defer close(batches)
		for s.prepare(ctx, next, batches) {
		}
	}()
	last := &lastWords{}
	var done Imported
	var err error
	for b := range batches { // to its end, so that next is not called any more
		if err != nil {
			continue
		}
		var added int
		if added, err = s.importBatch(ctx, b.ready); err != nil {
			err = fmt.Errorf("import into the history: %w", err)
			stop()
			continue
		}
		last.keep(b.ready)
		done.Added, done.Known, err = done.Added+added, done.Known+len(b.ready)-added, b.end
	}
	if err == nil {
		err = ctx.Err()
	}
	stop()
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if done.Added > 0 {
		err = errors.Join(err, s.fillRecent(context.WithoutCancel(ctx), last.words))
	}
	return done, err
}

// batch is what is stored at once, and why nothing follows.
type batch struct {
	ready []ready
	end   error
}

// ready is an exchange as it is stored, and its words.
type ready struct {
	Exchange

	words string
}

// prepare takes the next batch, while the one before is written. It reports whether more
// may follow.
func (s *Store) prepare(ctx context.Context, next func() (Exchange, error), to chan<- batch) bool {
	var b batch
	for len(b.ready) < importBatch && b.end == nil {
		var x Exchange
		if x, b.end = next(); b.end != nil {
			break
		}
		if x.ID == "" {
			x.ID = idAt(x.StartedAt)
		}
		x = s.clean(x)
		b.ready = append(b.ready, ready{x, wordsOf(&x)})
	}
	select {
	case to <- b:
		return b.end == nil
	case <-ctx.Done():
		return false
	}
}

func (s *Store) importBatch(ctx context.Context, all []ready) (added int, err error) {
	err = s.change(ctx, func(c *change) error {
		added = 0
		for _, x := range all {
			var known int
			if err := c.QueryRowContext(ctx, "SELECT count(*) FROM exchange WHERE id = ?", x.ID).Scan(&known); err != nil {
				return err
			}
			if known > 0 {
				continue
			}
			n, err := s.insert(ctx, c, &x.Exchange, true)
			if err != nil {
				return err
			}
			c.words = append(c.words, entry{n, x.words, large})
			added++
		}
		return nil
	})
	return added, err
}

// lastWords holds the words of what was imported last: most imports are in order of time, and
// it belongs into the small index.
type lastWords struct {
	words map[string]string // by id
	order []string
}

func (k *lastWords) keep(all []ready) {
	if k.words == nil {
		k.words = make(map[string]string, recentRows)
	}
	for _, x := range all {
		if len(k.order) == recentRows {
			delete(k.words, k.order[0])
			k.order = k.order[1:]
		}
		k.words[x.ID] = x.words
		k.order = append(k.order, x.ID)
	}
}
