package proxy

import (
	"context"
	"io"
	"sync"
	"time"
)

// longestEnding is how long a refused attempt may take to let go of its body,
// where the caller sets no limit.
const longestEnding = 5 * time.Second

// upload is a request's body as one attempt reads it. The transport may read on
// after it returned an answer; what it closes is the attempt's, not the body.
type upload struct {
	body io.Reader
	done chan struct{} // closed when the body is read no more

	mu      sync.Mutex
	reading bool
	closed  bool
}

func newUpload(body io.Reader) *upload { return &upload{body: body, done: make(chan struct{})} }

func (u *upload) Read(p []byte) (int, error) {
	if !u.enter() {
		return 0, io.ErrClosedPipe
	}
	defer u.leave()
	return u.body.Read(p)
}

func (u *upload) enter() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.reading = !u.closed
	return u.reading
}

func (u *upload) leave() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.reading = false
	if u.closed {
		close(u.done)
	}
}

// Close ends the attempt's reading. It does not wait for a read under way:
// HTTP/2 closes a body that it still reads.
func (u *upload) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.closed && !u.reading {
		close(u.done)
	}
	u.closed = true
	return nil
}

// ended waits until the attempt reads no more, and reports whether that came.
func (u *upload) ended(ctx context.Context) bool {
	timer := time.NewTimer(longestEnding)
	defer timer.Stop()
	select {
	case <-u.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}
