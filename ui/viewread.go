package ui

import (
	"context"
	"errors"
	"io"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/ui/job"
)

// grown reports that more was read; done, that it was the end.
type grown struct{ done bool }

// read takes the source in, while its beginning is shown. Nobody waits for a source that
// says nothing: only what came of it is reported, and that as often as a person can follow.
func (v *viewer) read() tea.Cmd {
	doc, source := v.doc, v.opts.Source
	return job.Stream("read", "", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		more, ended := make(chan struct{}, 1), make(chan struct{})
		go func() {
			defer close(ended)
			pour(ctx, doc, source, more)
		}()
		for {
			select {
			case <-more:
				emit(grown{})
			case <-ended:
				return grown{done: true}
			case <-ctx.Done():
				return nil
			}
			select {
			case <-time.After(often):
			case <-ended:
			case <-ctx.Done():
			}
		}
	})
}

// pour writes a source into a document to its end, and tells when there is more of it.
func pour(ctx context.Context, doc *document.Document, source io.Reader, more chan<- struct{}) {
	buf := make([]byte, 256<<10)
	for ctx.Err() == nil {
		n, err := source.Read(buf)
		if _, failed := doc.Write(buf[:n]); failed != nil {
			err = failed
		}
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			doc.End(err)
			return
		}
		select {
		case more <- struct{}{}:
		default: // it was told already
		}
	}
}
