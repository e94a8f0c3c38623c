package session_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
)

// The last event before a stream goes quiet is reported while nothing follows it.
func TestQuietStream(t *testing.T) {
	t.Parallel()
	seen := make(chan struct{})
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, event := range []string{"data: one\n\n", "data: two\n\n", "data: three\n\n"} {
			_, _ = io.WriteString(w, event)
			w.(http.Flusher).Flush()
		}
		select {
		case <-seen:
		case <-r.Context().Done():
		}
	}))
	req := request(proxy.Development, "GET")
	req.Timeout = 20 * time.Second
	told := false
	r := s.Send(t.Context(), req, func(r session.Result) {
		if r.Document == nil || told {
			return
		}
		body, err := io.ReadAll(r.Document.Reader())
		if err == nil && strings.HasSuffix(string(body), "three\n\n") && r.Exchange.Response.Size == int64(len(body)) {
			told = true
			close(seen)
		}
	})
	if r.Document != nil {
		defer func() { _ = r.Document.Close() }()
	}
	if r.Err != nil || !told {
		t.Errorf("seen %v, %v", told, r.Err)
	}
}

// What went out is counted while no answer is there yet.
func TestUploaded(t *testing.T) {
	t.Parallel()
	const size = 3 << 20
	var sent atomic.Int64
	atUpstream := make(chan int64, 1)
	s := open(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		atUpstream <- sent.Load()
		_, _ = io.WriteString(w, "{}")
	}))
	req := request(proxy.Development, "POST")
	req.Body, req.Uploaded = bytes.Repeat([]byte("x"), size), &sent
	r := s.Send(t.Context(), req, nil)
	if r.Document != nil {
		defer func() { _ = r.Document.Close() }()
	}
	if got := <-atUpstream; r.Err != nil || got != size || sent.Load() != size {
		t.Errorf("%d counted before the answer, %d after, of %d; %v", got, sent.Load(), size, r.Err)
	}
}
