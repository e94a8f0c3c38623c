package cli

import (
	"fmt"
	"io"
	"iter"
	"sync"
	"time"

	"github.com/connectty/connectty/history"
)

// counter shows on a terminal how far something long has come. Elsewhere it says nothing.
type counter struct {
	to   io.Writer // nil for none
	done string    // what was done to those that are counted, in a word

	mu    sync.Mutex
	n     int
	shown time.Time
	wrote bool
}

// counter counts on standard error, unless something else goes to that terminal meanwhile.
func (a *app) counter(done string, alone bool) *counter {
	c := &counter{done: done, shown: time.Now()}
	if a.errTTY && alone {
		c.to = a.err
	}
	return c
}

// countEvery is how often the number changes on the screen.
const countEvery = 250 * time.Millisecond

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	if now := time.Now(); c.to != nil && now.Sub(c.shown) >= countEvery {
		c.shown, c.wrote = now, true
		_, _ = fmt.Fprintf(c.to, "\r%d exchanges %s\x1b[K", c.n, c.done) // where it cannot be shown, it is not
	}
}

// end takes the number off the screen.
func (c *counter) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wrote {
		_, _ = io.WriteString(c.to, "\r\x1b[K")
	}
	c.to = nil
}

// each counts exchanges as they go by; an error is none.
func (c *counter) each(all iter.Seq2[history.Exchange, error]) iter.Seq2[history.Exchange, error] {
	return func(yield func(history.Exchange, error) bool) {
		for x, err := range all {
			if err == nil {
				c.add()
			}
			if !yield(x, err) {
				return
			}
		}
	}
}
