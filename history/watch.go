package history

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long after a write one is told: several come together.
const settle = 150 * time.Millisecond

// Watch calls changed after this process or another has written to the history, until the
// context ends. While nobody writes, nothing runs.
func (s *Store) Watch(ctx context.Context, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch the history: %w", err)
	}
	defer func() { _ = w.Close() }() // nothing is read from it any more
	if err := w.Add(filepath.Dir(s.opts.Path)); err != nil {
		return fmt.Errorf("watch the history: %w", err)
	}
	var due <-chan time.Time // nil while nothing is to be told
	soon := func() {
		if due == nil { // not put off by the next: somebody may write all the time
			due = time.After(settle)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case event, open := <-w.Events:
			if !open {
				return nil
			}
			name := filepath.Base(event.Name)
			if event.Has(fsnotify.Write|fsnotify.Create) && strings.HasPrefix(name, filepath.Base(s.opts.Path)) && !strings.HasSuffix(name, "-shm") {
				soon()
			}
		case err, open := <-w.Errors:
			if !open {
				return nil
			}
			if err != nil {
				soon() // events may be lost: better to look
			}
		case <-due:
			due = nil
			changed()
		}
	}
}
