package proxy

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// maxUserID is Connect's limit of an external user id, in characters.
const maxUserID = 250

var accountID = regexp.MustCompile(`^apn_[a-zA-Z0-9_]+$`)

func badAccount(id string) error {
	if id == "" {
		return &InputError{Field: "account", Reason: "is missing", Hint: "name its id, apn_…"}
	}
	return &InputError{Field: "account", Value: id, Reason: "is no account id", Hint: "it looks like apn_1234567"}
}

// Do sends a request through the proxy and returns the upstream's answer. It
// sends once: only when Connect refuses the access token itself is a new one
// fetched and the request sent again, provided its body can be read again.
//
// Below it, net/http repeats a GET, HEAD, OPTIONS or TRACE without a body when a
// kept connection breaks before the answer's first byte. No other method and no
// body is repeated: such a call ends in a [*NetworkError].
func (c *Client) Do(ctx context.Context, req *Request) (*Response, error) {
	defer closeBody(req.Body)
	call, err := c.prepare(req)
	if err != nil {
		return nil, err
	}
	token, err := c.tokens.get(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := c.send(ctx, call, token)
	if !unauthorized(err) {
		return answer, err
	}
	c.tokens.drop(token)
	if !call.repeatable() {
		return answer, err
	}
	fresh, failed := c.tokens.get(ctx)
	switch {
	case failed != nil:
		return nil, failed
	case fresh == token || !call.rewind(ctx): // no other is to be had, or nothing to send with it
		return answer, err
	}
	return c.send(ctx, call, fresh)
}

func unauthorized(err error) bool {
	e, ok := err.(*APIError) //nolint:errorlint // send returns it bare
	return ok && e.Status == http.StatusUnauthorized
}

func closeBody(body io.Reader) {
	if c, ok := body.(io.Closer); ok {
		_ = c.Close() // it was read as far as it was needed
	}
}

// call is a request that was checked and is ready to go.
type call struct {
	method string
	target string
	header http.Header
	body   io.Reader
	start  int64 // where in body the request's begins; -1 where it cannot be set back
	size   int64
	notes  []string
	upload *upload // the body as the newest attempt reads it; nil where it is empty
}

// repeatable reports whether the body, if there is one, can be set back.
func (k *call) repeatable() bool { return k.body == nil || k.start >= 0 }

// rewind makes the body readable from where it was handed over, once the attempt before reads
// it no more, and reports whether it could.
func (k *call) rewind(ctx context.Context) bool {
	if k.body == nil {
		return true
	}
	if k.upload != nil && !k.upload.ended(ctx) {
		return false
	}
	_, err := k.body.(io.Seeker).Seek(k.start, io.SeekStart)
	return err == nil
}

// offset returns where a body stands, -1 where it has no such place.
func offset(body io.Reader) int64 {
	if seeker, ok := body.(io.Seeker); ok {
		if at, err := seeker.Seek(0, io.SeekCurrent); err == nil {
			return at
		}
	}
	return -1
}

// prepare refuses what Connect would refuse, before anything is sent.
func (c *Client) prepare(req *Request) (*call, error) {
	if err := checkRequest(req); err != nil {
		return nil, err
	}
	header, notes, err := outgoing(req.Header, req.Body != nil)
	if err != nil {
		return nil, err
	}
	header.Set("X-Pd-Environment", string(c.env))
	return &call{
		method: strings.ToUpper(req.Method), target: c.base + c.ProxyPath(req),
		header: header, body: req.Body, start: offset(req.Body), size: sizeOf(req), notes: notes,
	}, nil
}

// ProxyPath returns path and query of the call that Do makes for a request:
// what a curl command names after the base URL.
func (c *Client) ProxyPath(req *Request) string {
	q := url.Values{"external_user_id": {req.ExternalUserID}, "account_id": {req.AccountID}}
	return c.project("/proxy/") + EncodeURL(req.URL) + "?" + q.Encode()
}

// sizeOf returns the body's length where it is known, else -1.
func sizeOf(req *Request) int64 {
	if sized, ok := req.Body.(interface{ Len() int }); ok && req.BodySize <= 0 {
		return int64(sized.Len())
	}
	if req.BodySize <= 0 {
		return -1
	}
	return req.BodySize
}

func checkRequest(req *Request) error {
	switch {
	case !httpguts.ValidHeaderFieldName(req.Method):
		return &InputError{Field: "method", Value: req.Method, Reason: "is no HTTP method", Hint: "GET, POST, PUT, PATCH, DELETE, HEAD, …"}
	case !accountID.MatchString(req.AccountID):
		return badAccount(req.AccountID)
	}
	if err := checkUser(req.ExternalUserID); err != nil {
		return err
	}
	return checkURL(req)
}

// checkURL refuses what is no upstream URL, and what the app's domains exclude.
func checkURL(req *Request) error {
	const field = "url"
	const hint = "write a whole https:// URL, or a path that starts with a slash"
	switch {
	case req.URL == "":
		return &InputError{Field: field, Reason: "is empty", Hint: hint}
	case strings.ContainsAny(req.URL, "\r\n\t") || strings.ContainsRune(req.URL, 0):
		return &InputError{Field: field, Value: req.URL, Reason: "holds a control character", Hint: hint}
	case strings.HasPrefix(req.URL, "/"):
		return checkPath(req)
	}
	u, err := url.Parse(req.URL)
	switch {
	case err != nil:
		return &InputError{Field: field, Value: req.URL, Reason: "cannot be read", Hint: hint}
	case u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "":
		return &InputError{Field: field, Value: req.URL, Reason: "names no host", Hint: hint}
	case u.User != nil:
		return &InputError{Field: field, Reason: "holds a user name or password", Hint: "leave them out: Connect inserts the credential"}
	case req.AnyDomain || req.App.Allows(u.Host):
		return nil
	}
	return &InputError{
		Field: field, Value: u.Hostname(),
		Reason: "is not a host that Connect allows for " + req.App.label(),
		Hint:   "allowed: " + strings.Join(req.App.allowed(), ", ") + "; --any-domain sends it all the same",
	}
}

// checkPath refuses a path for an app that is known to have no base URL.
func checkPath(req *Request) error {
	a := req.App
	if req.AnyDomain || a == nil || a.Connect == nil || a.Connect.BaseURL != "" {
		return nil
	}
	return &InputError{
		Field: "url", Value: req.URL, Reason: "names no host, and " + a.label() + " has no base URL to add it to",
		Hint: "write a whole https:// URL",
	}
}

func (a *App) label() string {
	if a.Name != "" {
		return a.Name
	}
	return a.Slug
}

// send makes the call once.
func (c *Client) send(ctx context.Context, k *call, token string) (*Response, error) {
	const operation = "proxy"
	watch := newStopwatch(c.opts.Now)
	early := &interims{}
	var body io.Reader
	k.upload = nil
	if k.body != nil && k.size != 0 {
		k.upload = newUpload(k.body)
		body = k.upload
	}
	req, err := http.NewRequestWithContext(early.trace(watch.trace(ctx)), k.method, k.target, body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", operation, err)
	}
	req.Header = k.header.Clone()
	c.identify(req, token)
	req.Header.Set("Accept-Encoding", acceptEncoding)
	switch {
	case k.upload != nil:
		req.ContentLength = k.size
	case k.body != nil:
		req.Body = http.NoBody
	}
	resp, err := c.http.Do(req) //nolint:bodyclose // the caller closes it, or refused does
	if err != nil {
		return nil, watch.failure(ctx, operation, c.host, err)
	}
	notes := append([]string{}, k.notes...)
	wire := &counted{Reader: resp.Body}
	stream, note := unpack(resp.Header, wire)
	if note != "" {
		notes = append(notes, note)
	}
	sender, evidence, stream := c.source(resp, stream)
	if sender == fromConnect {
		return nil, c.refused(operation, resp, stream, evidence)
	}
	return &Response{
		Status: resp.StatusCode, Proto: resp.Proto, Header: resp.Header, Interim: early.list(), Marked: c.marked(resp),
		Evidence: evidence, Notes: notes, timing: watch, wire: wire, trailer: resp, now: c.opts.Now,
		Body: &answerBody{Reader: stream, ctx: ctx, wire: resp.Body, watch: watch, host: c.host},
	}, nil
}

func (c *Client) refused(operation string, resp *http.Response, stream io.Reader, evidence string) error {
	defer func() { _ = resp.Body.Close() }()                  // it was read as far as it was needed
	body, _ := io.ReadAll(io.LimitReader(stream, maxRefusal)) // what came is what there is to say
	refusal := c.refusalOf(operation, resp, body)
	refusal.Evidence = evidence
	return refusal
}

// answerBody reads an upstream's body and names what breaks it off.
type answerBody struct {
	io.Reader

	ctx   context.Context //nolint:containedctx // of the one call whose body it is
	wire  io.Closer
	watch *stopwatch
	host  string
}

func (b *answerBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == nil {
		return n, nil
	}
	b.watch.stop()
	if err == io.EOF {
		return n, io.EOF
	}
	return n, b.watch.failure(b.ctx, "read the answer", b.host, err)
}

func (b *answerBody) Close() error {
	b.watch.stop()
	return b.wire.Close()
}
