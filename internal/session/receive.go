package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectty/connectty/internal/pause"
)

// progressEvery is the least time between two reports of a growing body.
const progressEvery = 50 * time.Millisecond

// receive copies the body into the document. What came is reported as soon as the last
// report is old enough, also while nothing more comes: the last event of a stream that
// goes quiet is seen at once.
func (f *flight) receive(ctx context.Context, body io.Reader) error {
	more := make(chan struct{}, 1) // something came that was not reported yet
	reporting, done := context.WithCancel(ctx)
	var reporter sync.WaitGroup
	reporter.Go(func() {
		for range more {
			f.progress(f.snapshot())
			pause.For(reporting, progressEvery)
		}
	})
	err := f.copy(body, more)
	done()
	close(more)
	reporter.Wait()
	return err
}

func (f *flight) copy(body io.Reader, more chan<- struct{}) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			if _, werr := f.result.Document.Write(buf[:n]); werr != nil {
				return fmt.Errorf("keep the response: %w", werr)
			}
			f.grow(int64(n))
			select {
			case more <- struct{}{}:
			default: // it will be reported with what came before
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (f *flight) grow(by int64) {
	f.growing.Lock()
	defer f.growing.Unlock()
	f.result.Exchange.Response.Size += by
}

// snapshot copies the result for a report: the flight goes on writing its own.
func (f *flight) snapshot() Result {
	f.growing.Lock()
	defer f.growing.Unlock()
	r := f.result
	if r.Exchange.Response != nil {
		response := *r.Exchange.Response
		r.Exchange.Response = &response
	}
	if f.answer != nil {
		r.Exchange.Timing = f.answer.Timing()
	}
	return r
}

// counted counts the bytes of a body as they go out.
type counted struct {
	io.Reader

	n *atomic.Int64
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
