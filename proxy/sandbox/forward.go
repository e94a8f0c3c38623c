package sandbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/proxy"
)

// serveProxy answers one proxied call: it refuses in Connect's order
// (connect-api.md, section 10), or forwards.
func (s *Server) serveProxy(w *recorder, r *http.Request, project, encoded string) {
	scopes, ok := s.bearer(r)
	if !ok {
		refuse(w, http.StatusUnauthorized, wordsUnauthorized)
		return
	}
	if !allows(scopes, "connect:proxy") {
		refuse(w, http.StatusForbidden, wordsForbidden)
		return
	}
	if next, ok := s.limit.take(); !ok {
		s.throttled(w, next)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), s.cfg.Project.Timeout)
	defer cancel()
	// A caller who does not read holds nothing for longer.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.cfg.Project.Timeout + farewell))
	c := &call{server: s, w: w, r: r, ctx: ctx}
	if refused := c.accept(project, encoded); refused != nil {
		refuse(w, refused.status, refused.words)
		return
	}
	c.forward()
}

// call is one proxied call.
type call struct {
	server *Server
	w      *recorder
	r      *http.Request
	ctx    context.Context //nolint:containedctx // of this one call, with its time limit
	app    *app
	acc    *account
	out    *http.Request // what goes upstream; without a body yet
}

// accept checks a call and prepares what goes upstream.
func (c *call) accept(project, encoded string) *refusal {
	s := c.server
	if project != s.cfg.Project.ID {
		return &refusal{http.StatusNotFound, wordsNotFound}
	}
	env, ok := environment(c.r)
	if !ok {
		return badRequest(wordsEnvironment)
	}
	q := c.r.URL.Query()
	external, id := q.Get("external_user_id"), q.Get("account_id")
	if external == "" {
		return badRequest("external_user_id is required")
	}
	if id == "" {
		return badRequest("account_id is required")
	}
	c.w.call.AccountID, c.w.call.ExternalUserID = id, external
	c.acc = s.book.find(env, id)
	switch {
	case c.acc == nil:
		return &refusal{http.StatusNotFound, wordsNotFound}
	case c.acc.ExternalUserID != external:
		return badRequest(object{"account": []string{"account and user mismatch"}})
	case s.apps[c.acc.App].ProxyOff:
		return badRequest("App record not found")
	case c.acc.Dead:
		return badRequest("Account is dead")
	}
	text, err := proxy.DecodeURL(encoded)
	if err != nil {
		return badRequest(wordsURL)
	}
	c.app = s.apps[c.acc.App]
	return c.prepare(text)
}

// prepare makes the upstream's request: URL, headers, credential.
func (c *call) prepare(text string) *refusal {
	u, misdirected := c.app.target(text, c.acc)
	if misdirected != nil && misdirected.words == wordsURL {
		return misdirected
	}
	header, refused := c.header() // Connect's order: URL, header, domain
	if refused = cmp.Or(refused, misdirected); refused != nil {
		return refused
	}
	c.w.call.Host, c.w.call.Path = u.Host, c.app.written(text, u)
	c.acc = c.server.refreshed(c.ctx, c.app, c.acc)
	out := &http.Request{Method: c.r.Method, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	for _, in := range c.app.inserts {
		if err := in.insert(out, c.acc); err != nil {
			return badRequest(err.Error())
		}
	}
	c.out = out.WithContext(httptrace.WithClientTrace(c.ctx, &httptrace.ClientTrace{Got1xxResponse: c.w.inform}))
	return nil
}

const prefix = "X-Pd-Proxy-"

// header is what the upstream gets (connect-api.md, "Headers").
func (c *call) header() (http.Header, *refusal) {
	out := make(http.Header, len(c.r.Header))
	for name, values := range c.r.Header { // names are in canonical form
		forwarded, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		if _, restricted := proxy.RestrictedHeader(forwarded); restricted || forwarded == "" {
			return nil, badRequest("Unsupported header: " + strings.ToLower(forwarded))
		}
		forwarded = textproto.CanonicalMIMEHeaderKey(forwarded)
		out[forwarded] = append(out[forwarded], values...)
	}
	if kind := c.r.Header.Get("Content-Type"); c.r.ContentLength != 0 && kind != "" && out.Get("Content-Type") == "" {
		out.Set("Content-Type", kind)
	}
	if out.Get("Accept") == "" {
		out.Set("Accept", "*/*")
	}
	out.Set("User-Agent", strings.TrimSuffix("connectty-sandbox/"+c.server.cfg.Version, "/"))
	return out, nil
}

// forward sends the call upstream and hands the answer back.
func (c *call) forward() {
	fault := c.fault()
	if !pause.For(c.ctx, fault.Delay) {
		c.failed(c.ctx.Err())
		return
	}
	if fault.Drop {
		panic(http.ErrAbortHandler) // net/http ends the connection without a word
	}
	if fault.Status > 0 || fault.Malformed {
		fault.answer(c.w)
		return
	}
	if !c.body() {
		refuse(c.w, http.StatusRequestEntityTooLarge, wordsTooLarge)
		return
	}
	defer c.release()
	c.server.meter.count(c.server.cfg.Now().Unix())
	resp, err := c.app.transport.RoundTrip(c.out)
	c.w.answered()
	if err != nil {
		c.failed(err)
		return
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	if resp.StatusCode < http.StatusOK || resp.StatusCode > 999 {
		c.failed(fmt.Errorf("it answered with the status %d, which is none", resp.StatusCode))
		return
	}
	c.hand(resp, fault.Truncate)
}

// body streams the caller's body, up to the limit; one that is known to be
// longer is none.
func (c *call) body() bool {
	if c.r.ContentLength == 0 {
		return true
	}
	limit := c.server.cfg.Project.MaxRequestBody
	if limit > 0 && c.r.ContentLength > limit {
		return false
	}
	c.out.Body, c.out.ContentLength = c.r.Body, c.r.ContentLength
	if limit > 0 {
		c.out.Body = http.MaxBytesReader(c.w, c.r.Body, limit)
	}
	return true
}

// sentBody is a caller's body; it remembers how it ended.
type sentBody struct {
	io.ReadCloser

	end atomic.Pointer[error]
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.end.Store(&err)
	}
	return n, err
}

// unread reports that the end was not seen.
func (b *sentBody) unread() bool { return b != nil && b.end.Load() == nil }

// failure is why the caller's body could not be read; nil where it could.
func (b *sentBody) failure() error {
	if b == nil {
		return nil
	}
	if end := b.end.Load(); end != nil && !errors.Is(*end, io.EOF) {
		return *end
	}
	return nil
}

// release ends the reading of the caller's body: the transport may still be at
// it, as an upstream may answer before it has read everything.
func (c *call) release() {
	if c.out.Body == nil {
		return
	}
	if c.w.body.unread() {
		out := http.NewResponseController(c.w)
		_ = out.Flush() // the answer does not wait for what the caller still sends
		_ = out.SetReadDeadline(time.Now())
	}
	_ = c.out.Body.Close() // the connection says itself what is wrong with it
}

// failed says why no answer came (connect-api.md, section 7).
func (c *call) failed(err error) {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(c.w, http.StatusRequestEntityTooLarge, wordsTooLarge)
	case c.w.body.failure() != nil && c.ctx.Err() == nil && c.r.Context().Err() == nil:
		refuse(c.w, http.StatusBadRequest, "the request's body could not be read: "+c.w.body.failure().Error())
	case errors.Is(c.ctx.Err(), context.DeadlineExceeded):
		refuse(c.w, http.StatusGatewayTimeout, "Gateway Timeout")
	case c.ctx.Err() != nil:
		panic(http.ErrAbortHandler) // the caller has gone
	default:
		refuse(c.w, http.StatusBadGateway, "could not reach "+c.out.URL.Hostname()+": "+unreachable(err))
	}
}

// unreachable says why in words that hold no secret: an error of the URL would
// repeat it with the credential in it.
func unreachable(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		if strings.Contains(err.Error(), "://") {
			err = next
			continue
		}
		return err.Error()
	}
}

// hand writes the upstream's answer as it came. One that breaks off breaks off
// here, too; cut > 0 makes it.
func (c *call) hand(resp *http.Response, cut int64) {
	h := c.w.Header()
	copyHeader(h, resp.Header)
	for _, name := range []string{"Content-Type", "Date"} {
		if _, sent := resp.Header[name]; !sent {
			h[name] = nil // none was sent, so none is made up
		}
	}
	c.w.call.Source = "upstream"
	h.Set(sourceHeader, "upstream")
	if resp.ContentLength >= 0 && resp.Header.Get("Content-Length") != "" {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
	c.w.WriteHeader(resp.StatusCode)
	var body io.Reader = resp.Body
	if cut > 0 {
		body = io.LimitReader(body, cut)
	}
	if err := c.stream(body, resp.ContentLength); err != nil || cut > 0 {
		_ = http.NewResponseController(c.w).Flush() // what came is shown; then the end is missing
		panic(http.ErrAbortHandler)
	}
	for name, values := range resp.Trailer {
		if !hopByHop(name) {
			h[http.TrailerPrefix+name] = values
		}
	}
}

// copyHeader copies what is not for one connection only.
func copyHeader(to, from http.Header) {
	var named []string // by the Connection header
	for _, list := range from["Connection"] {
		for word := range strings.SplitSeq(list, ",") {
			named = append(named, textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(word)))
		}
	}
	for name, values := range from {
		if !hopByHop(name) {
			to[name] = values
		}
	}
	for _, name := range named {
		delete(to, name)
	}
}

// hopByHop reports a header that is for one connection only.
func hopByHop(name string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Transfer-Encoding", "Te", "Trailer", "Upgrade":
		return true
	}
	return strings.HasPrefix(name, "Proxy-")
}

// stream copies a body. Each piece goes out at once, as it may be an event or a
// drop of a slow answer; at the end of a known length net/http does that.
func (c *call) stream(body io.Reader, length int64) error {
	held := c.server.buffers.Get().(*[]byte)
	defer c.server.buffers.Put(held)
	buf := *held
	out := http.NewResponseController(c.w)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			if _, werr := c.w.Write(buf[:n]); werr != nil {
				return werr
			}
			if length -= int64(n); length != 0 {
				if ferr := out.Flush(); ferr != nil {
					return ferr
				}
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

// interim hands on the upstream's 1xx answers, from the transport's goroutine,
// until the final one came.
type interim struct {
	mu   sync.Mutex
	over bool
}

// inform hands one 1xx answer on. 100 is for one connection only.
func (r *recorder) inform(status int, header textproto.MIMEHeader) error {
	r.interim.mu.Lock()
	defer r.interim.mu.Unlock()
	if r.interim.over || status == http.StatusContinue {
		return nil
	}
	h := r.Header()
	copyHeader(h, http.Header(header))
	r.WriteHeader(status)
	for name := range header {
		delete(h, name) // they are not the final answer's
	}
	h.Set(sourceHeader, "sandbox")
	return nil
}

// answered ends the time of 1xx answers.
func (r *recorder) answered() {
	r.interim.mu.Lock()
	r.interim.over = true
	r.interim.mu.Unlock()
}
