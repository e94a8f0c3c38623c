package sandbox

import (
	"cmp"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// serveProxy answers one proxied call: it refuses in Connect's order
// (connect-api.md, section 10), or forwards.
func (s *Server) serveProxy(w http.ResponseWriter, r *http.Request, project, encoded string) {
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
	call, refused := s.accept(r, project, encoded)
	if refused != nil {
		refuse(w, refused.status, refused.words)
		return
	}
	call.forward(w, r)
}

// call is a proxied call that was accepted.
type call struct {
	server *Server
	app    *app
	acc    *account
	out    *http.Request // without context and body yet
}

// accept checks a call and prepares what goes upstream.
func (s *Server) accept(r *http.Request, project, encoded string) (*call, *refusal) {
	if project != s.cfg.Project.ID {
		return nil, &refusal{http.StatusNotFound, wordsNotFound}
	}
	env, ok := environment(r)
	if !ok {
		return nil, badRequest(wordsEnvironment)
	}
	q := r.URL.Query()
	user, id := q.Get("external_user_id"), q.Get("account_id")
	if user == "" {
		return nil, badRequest("external_user_id is required")
	}
	if id == "" {
		return nil, badRequest("account_id is required")
	}
	acc := s.find(env, id)
	switch {
	case acc == nil:
		return nil, &refusal{http.StatusNotFound, wordsNotFound}
	case acc.ExternalUserID != user:
		return nil, badRequest(object{"account": []string{"account and user mismatch"}})
	case s.apps[acc.App].ProxyOff:
		return nil, badRequest("App record not found")
	case acc.Dead:
		return nil, badRequest("Account is dead")
	}
	text, err := proxy.DecodeURL(encoded)
	if err != nil {
		return nil, badRequest(wordsURL)
	}
	c := &call{server: s, app: s.apps[acc.App], acc: acc}
	return c, c.prepare(r, text)
}

func (s *Server) find(env proxy.Environment, id string) *account {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		if a.ID == id && a.Environment == env {
			return a
		}
	}
	return nil
}

// prepare makes the upstream's request: URL, headers, credential.
func (c *call) prepare(r *http.Request, text string) *refusal {
	u, misdirected := c.app.target(text, c.acc)
	if misdirected != nil && misdirected.words == wordsURL {
		return misdirected
	}
	header, refused := c.header(r) // Connect's order: URL, header, domain
	if refused = cmp.Or(refused, misdirected); refused != nil {
		return refused
	}
	c.out = &http.Request{Method: r.Method, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	for _, in := range c.app.Insert {
		if err := in.insert(c.out, c.acc); err != nil {
			return badRequest(err.Error())
		}
	}
	return nil
}

// header is what the upstream gets (connect-api.md, "Headers").
func (c *call) header(r *http.Request) (http.Header, *refusal) {
	const prefix = "X-Pd-Proxy-"
	out := http.Header{}
	for name, values := range r.Header {
		forwarded, ok := strings.CutPrefix(textproto.CanonicalMIMEHeaderKey(name), prefix)
		if !ok {
			continue
		}
		if _, restricted := proxy.RestrictedHeader(forwarded); restricted {
			return nil, badRequest("Unsupported header: " + strings.ToLower(forwarded))
		}
		out[textproto.CanonicalMIMEHeaderKey(forwarded)] = values
	}
	if r.ContentLength != 0 && out.Get("Content-Type") == "" && r.Header.Get("Content-Type") != "" {
		out.Set("Content-Type", r.Header.Get("Content-Type"))
	}
	if out.Get("Accept") == "" {
		out.Set("Accept", "*/*")
	}
	out.Set("User-Agent", strings.TrimSuffix("connectty-sandbox/"+c.server.cfg.Version, "/"))
	return out, nil
}

// forward sends the call upstream and hands the answer back.
func (c *call) forward(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), c.server.cfg.Project.Timeout)
	defer cancel()
	fault := c.fault()
	if !wait(ctx, fault.Delay) {
		c.failed(ctx, w, ctx.Err())
		return
	}
	if fault.Drop {
		panic(http.ErrAbortHandler) // net/http ends the connection without a word
	}
	if fault.Status > 0 || fault.Malformed {
		fault.answer(w)
		return
	}
	out := c.out.WithContext(ctx)
	if !c.body(w, r, out) {
		refuse(w, http.StatusRequestEntityTooLarge, wordsTooLarge)
		return
	}
	c.server.count()
	resp, err := c.app.transport.RoundTrip(out)
	if err != nil {
		c.failed(ctx, w, err)
		return
	}
	defer func() { _ = resp.Body.Close() }() // read to its end, or given up
	hand(w, resp, fault.Truncate)
}

// count notes a call that goes upstream, for the usage.
func (s *Server) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forwarded = append(s.forwarded, s.cfg.Now().Unix())
}

const wordsTooLarge = "Request body too large"

// body streams the caller's body, up to the limit; one that is known to be
// longer is none.
func (c *call) body(w http.ResponseWriter, r *http.Request, out *http.Request) bool {
	if r.ContentLength == 0 {
		return true
	}
	limit := c.server.cfg.Project.MaxRequestBody
	if limit > 0 && r.ContentLength > limit {
		return false
	}
	out.Body, out.ContentLength = r.Body, r.ContentLength
	if limit > 0 {
		out.Body = http.MaxBytesReader(w, r.Body, limit)
	}
	return true
}

// failed says why no answer came (connect-api.md, section 7).
func (c *call) failed(ctx context.Context, w http.ResponseWriter, err error) {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(w, http.StatusRequestEntityTooLarge, wordsTooLarge)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		refuse(w, http.StatusGatewayTimeout, "Gateway Timeout")
	case ctx.Err() != nil:
		panic(http.ErrAbortHandler) // the caller has gone
	default:
		refuse(w, http.StatusBadGateway, "could not reach "+c.out.URL.Hostname()+": "+err.Error())
	}
}

// hand writes the upstream's answer as it came. One that breaks off breaks off
// here, too; cut > 0 makes it.
func hand(w http.ResponseWriter, resp *http.Response, cut int64) {
	h := w.Header()
	named := resp.Header.Values("Connection")
	for name, values := range resp.Header {
		if !hopByHop(name, named) {
			h[name] = values
		}
	}
	if _, typed := resp.Header["Content-Type"]; !typed {
		h["Content-Type"] = nil // none was sent, so none is guessed
	}
	h.Set(sourceHeader, "upstream")
	if resp.ContentLength >= 0 && resp.Header.Get("Content-Length") != "" {
		h.Set("Content-Length", strconv.FormatInt(resp.ContentLength, 10))
	}
	w.WriteHeader(resp.StatusCode)
	var body io.Reader = resp.Body
	if cut > 0 {
		body = io.LimitReader(body, cut)
	}
	if err := stream(w, body, resp.ContentLength < 0); err != nil || cut > 0 {
		_ = http.NewResponseController(w).Flush() // what came is shown; then the end is missing
		panic(http.ErrAbortHandler)
	}
}

// hopByHop reports a header that is for one connection only.
func hopByHop(name string, named []string) bool {
	switch name {
	case "Connection", "Keep-Alive", "Transfer-Encoding", "Te", "Trailer", "Upgrade":
		return true
	}
	if strings.HasPrefix(name, "Proxy-") {
		return true
	}
	for _, list := range named {
		for word := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(word), name) {
				return true
			}
		}
	}
	return false
}

// stream copies a body; one of unknown length may be a stream of events, so each
// piece goes out at once.
func stream(w http.ResponseWriter, body io.Reader, flush bool) error {
	if !flush {
		_, err := io.CopyBuffer(w, body, make([]byte, copyBuffer))
		return err
	}
	out := http.NewResponseController(w)
	buf := make([]byte, copyBuffer)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			if _, werr := w.Write(buf[:n]); werr != nil {
				return werr
			}
			if ferr := out.Flush(); ferr != nil {
				return ferr
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

// fault is what befalls this call: the account's before the app's.
func (c *call) fault() Fault {
	for _, f := range []Fault{c.acc.Fault, c.app.Fault} {
		if f != (Fault{}) && (f.Rate == 0 || rand.Float64() < f.Rate) { //nolint:gosec // chance, no secret
			return f
		}
	}
	return Fault{}
}

// wait passes the time of a fault; false when the call's own ran out first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer is a fault's answer, in the upstream's name.
func (f Fault) answer(w http.ResponseWriter) {
	status, body := f.Status, f.Body
	if status == 0 {
		status = http.StatusOK
	}
	if f.Malformed && body == "" {
		body = `{"ok": true, "items": [`
	}
	h := w.Header()
	h.Set(sourceHeader, "upstream")
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a caller that went needs no answer
}
