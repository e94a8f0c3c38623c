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
	if err == nil {
		err = w.Add(filepath.Dir(s.opts.Path))
	}
	if err != nil {
		return fmt.Errorf("watch the history: %w", err)
	}
	defer func() { _ = w.Close() }() // nothing is read from it any more
	due := time.NewTimer(0)
	<-due.C
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
				due.Reset(settle)
			}
		case err, open := <-w.Errors:
			if !open {
				return nil
			}
			if err != nil {
				due.Reset(settle) // events may be lost: better to look
			}
		case <-due.C:
			changed()
		}
	}
}
