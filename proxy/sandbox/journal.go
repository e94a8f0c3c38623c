package sandbox

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Call is one call that the sandbox received. It never holds a query, a header,
// a body or a credential.
type Call struct {
	Time           time.Time `json:"time"`
	Method         string    `json:"method"`
	Host           string    `json:"host"` // of the upstream; empty for a call of the API itself
	Path           string    `json:"path"` // as the caller wrote it, before a credential goes in
	Status         int       `json:"status"`
	Duration       float64   `json:"duration_ms"`
	Source         string    `json:"source"` // who answered: sandbox or upstream
	AccountID      string    `json:"account_id,omitempty"`
	ExternalUserID string    `json:"external_user_id,omitempty"`
	Broken         bool      `json:"broken,omitempty"` // the answer broke off
}

// journal keeps the newest calls, and tells a log of each. It never makes a call
// wait: what the log is too slow for is counted, and the count is logged.
type journal struct {
	mu     sync.Mutex
	ring   []Call
	next   int // where the next one goes, once the ring is full
	lines  chan func(*slog.Logger)
	missed int
	ended  chan struct{}
}

const (
	journalSize = 1000
	logBacklog  = 1024
	logBuffer   = 32 << 10

	longestField = 1 << 10                // of a call, in bytes
	logFarewell  = 200 * time.Millisecond // for what is not logged yet, at the end
)

// newJournal logs to a writer; nil for no log.
func newJournal(log io.Writer) *journal {
	j := &journal{}
	if log != nil {
		j.lines, j.ended = make(chan func(*slog.Logger), logBacklog), make(chan struct{})
		go j.write(j.lines, bufio.NewWriterSize(log, logBuffer))
	}
	return j
}

func (j *journal) add(c Call) {
	for _, field := range []*string{&c.Method, &c.Host, &c.Path, &c.AccountID, &c.ExternalUserID} {
		*field = cut(*field)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.ring) < journalSize {
		j.ring = append(j.ring, c)
	} else {
		j.ring[j.next] = c
		j.next = (j.next + 1) % journalSize
	}
	j.send(c.log)
}

// loggable is a path without what is nobody's to read: a connect token, and the
// URL of a proxied call, whose query may hold a key.
func loggable(path string) string {
	if project, _, ok := proxyPath(path); ok {
		return "/v1/connect/" + project + proxyMark + "…"
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if strings.HasPrefix(s, "ctok_") {
			segments[i] = "ctok_…"
		}
	}
	return strings.Join(segments, "/")
}

// cut keeps the beginning of a text that a caller chose, and not the rest of the
// memory that it stands in.
func cut(s string) string {
	if len(s) <= longestField {
		return strings.Clone(s) // a method is part of the whole request line
	}
	return strings.ToValidUTF8(s[:longestField], "") + "…"
}

// tell logs something that is no call.
func (j *journal) tell(line func(*slog.Logger)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.send(line)
}

func (j *journal) send(line func(*slog.Logger)) {
	if j.lines == nil {
		return
	}
	select {
	case j.lines <- line:
	default:
		j.missed++
	}
}

// newest returns the calls, the newest first.
func (j *journal) newest() []Call {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]Call, len(j.ring))
	for i := range j.ring {
		out[i] = j.ring[(j.next+len(j.ring)-1-i)%len(j.ring)]
	}
	return out
}

// write logs what comes, and hands it on when nothing more waits.
func (j *journal) write(lines chan func(*slog.Logger), out *bufio.Writer) {
	defer close(j.ended)
	log := slog.New(slog.NewTextHandler(out, nil))
	for line := range lines {
		line(log)
		if n := j.unlogged(); n > 0 {
			log.Warn("calls came faster than they could be logged", slog.Int("missed", n))
		}
		if len(lines) == 0 {
			_ = out.Flush() // where nobody reads it, there is nobody to tell that to
		}
	}
	_ = out.Flush()
}

// log is the call's line. What a caller sent is quoted where it is no plain word.
func (c Call) log(to *slog.Logger) {
	level := slog.LevelInfo
	if c.Status >= http.StatusInternalServerError || c.Broken {
		level = slog.LevelWarn
	}
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs, slog.String("method", c.Method), slog.String("host", c.Host), slog.String("path", c.Path),
		slog.Int("status", c.Status), slog.Float64("ms", c.Duration), slog.String("source", c.Source))
	if c.AccountID != "" {
		attrs = append(attrs, slog.String("account", c.AccountID))
	}
	if c.Broken {
		attrs = append(attrs, slog.Bool("broken", true))
	}
	to.LogAttrs(context.Background(), level, "call", attrs...) //nolint:forbidigo // a log line belongs to no call
}

func (j *journal) unlogged() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := j.missed
	j.missed = 0
	return n
}

// Write takes a line of net/http's own, for [log.New].
func (j *journal) Write(line []byte) (int, error) {
	text := strings.TrimSpace(string(line))
	j.tell(func(log *slog.Logger) { log.Warn(text) })
	return len(line), nil
}

// close ends the log. Where nobody reads it, it does not wait for that.
func (j *journal) close() {
	j.mu.Lock()
	lines := j.lines
	j.lines = nil
	j.mu.Unlock()
	if lines == nil {
		return
	}
	close(lines)
	t := time.NewTimer(logFarewell)
	defer t.Stop()
	select {
	case <-j.ended:
	case <-t.C:
	}
}

// serveCalls answers with the journal, the newest call first.
func (s *Server) serveCalls(w http.ResponseWriter) {
	answer(w, http.StatusOK, listOf(s.journal.newest()))
}

// recorder notes what a handler answers.
type recorder struct {
	http.ResponseWriter

	call    Call
	server  *Server
	began   time.Time
	interim interim
	body    *sentBody // the caller's; nil for none
}

// WriteHeader notes the status; those of the 1xx kind come before it.
func (r *recorder) WriteHeader(status int) {
	if r.call.Status == 0 && status >= http.StatusOK {
		r.call.Status = status
		if r.body.unread() && r.call.Source == "sandbox" {
			r.Header().Set("Connection", "close") // what may still come is nobody's to read
		}
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write is the body's; a handler that named no status means 200.
func (r *recorder) Write(p []byte) (int, error) {
	if r.call.Status == 0 {
		r.call.Status = http.StatusOK
	}
	return r.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// done writes the call down; whole tells that the handler came to its end.
func (r *recorder) done(whole bool) {
	r.call.Duration = float64(r.server.cfg.Now().Sub(r.began).Microseconds()) / 1000
	r.call.Broken = !whole
	r.server.journal.add(r.call)
}
