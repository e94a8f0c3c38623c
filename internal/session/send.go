package session

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

const (
	// judgedBytes is how much of a body the diagnosis may read.
	judgedBytes = diagnose.MostBody
	// saveTimeout bounds the last write of an exchange whose call was cancelled.
	saveTimeout = 5 * time.Second
)

// Send is the one way a request goes out: guard, client, document, finding,
// history. progress, if not nil, is called when the answer begins and, at most every
// 50 ms, while its body arrives; never twice at once, and not after Send returned.
//
// The exchange is on disk before Send returns; a call that was refused before
// anything was sent leaves none.
func (s *Session) Send(ctx context.Context, req Request, progress func(Result)) Result {
	if progress == nil {
		progress = func(Result) {}
	}
	req, err := s.Fill(req)
	f := &flight{session: s, req: req, progress: progress, result: Result{Exchange: s.exchange(req), Demo: s.Demo()}}
	if err == nil {
		err = s.Check(req)
	}
	if err != nil {
		f.refuse(err)
		return f.result
	}
	if err := f.open(); err != nil {
		f.refuse(err)
		return f.result
	}
	defer f.content.close()
	timeout := cmp.Or(req.Timeout, DefaultTimeout)
	call, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	f.begin(ctx)
	f.fly(call)
	f.end(ctx)
	return f.result
}

// Failed is the result of a request that could not be sent, for those who must
// tell of it all the same. It leaves no trace in the history.
func (s *Session) Failed(req Request, err error) Result {
	f := &flight{session: s, req: req, result: Result{Exchange: s.exchange(req), Err: err, Done: true}}
	f.result.Exchange.Finding = diagnose.Judge(f.evidence())
	return f.result
}

// Planned is the record of a request that is not sent. It leaves no trace in the
// history.
func (s *Session) Planned(req Request) history.Exchange {
	x := s.exchange(req)
	x.Finding.Summary = "nothing was sent"
	return x
}

// exchange is the record of a request that is about to go out.
func (s *Session) exchange(req Request) history.Exchange {
	now := s.now()
	return history.Exchange{
		ID: history.NewID(now), StartedAt: now.UTC().Truncate(time.Microsecond), // what the history keeps
		Profile: s.profile.Name, ProjectID: s.profile.ProjectID, BaseURL: s.profile.BaseURL,
		Environment:    req.Target.Environment,
		ExternalUserID: req.Target.ExternalUserID,
		Account: history.Account{
			ID: req.Target.Account.ID, Name: req.Target.Account.Name, App: req.Target.Account.App.Slug,
		},
		Request: history.Request{Method: req.Method, URL: req.URL, Headers: req.Headers, Body: req.Body},
		Ticket:  s.Ticket(),
		Finding: diagnose.Finding{Who: diagnose.Unknown, Evidence: []string{}, Next: []diagnose.Step{}},
	}
}

// flight is one request on its way.
type flight struct {
	session  *Session
	req      Request
	progress func(Result)
	result   Result
	content  *content // the body, where it is not at hand; nil else
	answer   *proxy.Response
	saved    bool       // the history holds the beginning
	growing  sync.Mutex // guards the result while its body arrives
}

// refuse ends a flight before anything was sent.
func (f *flight) refuse(err error) {
	f.result.Err, f.result.Done = err, true
	f.result.Exchange.Finding = diagnose.Finding{
		Who: diagnose.Request, Code: "refused_here", Summary: err.Error(),
		Evidence: []string{"nothing was sent"}, Next: []diagnose.Step{},
	}
}

// open makes the body that is read while it is sent, and notes its beginning.
func (f *flight) open() error {
	var err error
	if f.content, err = f.req.open(); err != nil || f.content == nil {
		return err
	}
	request := &f.result.Exchange.Request
	request.Body, request.BodyTruncated, err = f.content.recorded(f.session.store)
	if err != nil {
		f.content.close()
	}
	return err
}

// begin writes that the request goes out, so that a crash leaves a trace.
func (f *flight) begin(ctx context.Context) {
	f.session.spend(f.session.now())
	if store := f.session.store; store != nil && !f.session.Paused() {
		err := store.Begin(ctx, f.result.Exchange)
		f.saved = err == nil
		f.result.SaveErr = err
	}
}

// fly sends the request and takes in the answer.
func (f *flight) fly(ctx context.Context) {
	answer, err := f.session.Client(f.req.Target.Environment).Do(ctx, f.call())
	if err != nil {
		f.result.Err = err
		return
	}
	f.answer = answer
	f.land()
	err = errors.Join(f.receive(ctx, answer.Body), answer.Body.Close())
	f.result.Document.End(err)
	f.result.Err = err
	f.result.Exchange.Response.BodyTruncated = err != nil
}

func (f *flight) call() *proxy.Request {
	call := &proxy.Request{
		Method: f.req.Method, URL: f.req.URL, Header: f.req.Headers,
		ExternalUserID: f.req.Target.ExternalUserID, AccountID: f.req.Target.Account.ID,
		App: f.req.App, AnyDomain: f.req.AnyDomain,
	}
	switch {
	case f.content != nil && f.content.Size() > 0:
		call.Body, call.BodySize = f.content, f.content.Size()
	case f.content != nil || f.req.Body != nil:
		call.Body, call.BodySize = bytes.NewReader(f.req.Body), int64(len(f.req.Body))
	}
	if call.Body != nil && f.req.Uploaded != nil {
		call.Body = counted{call.Body, f.req.Uploaded}
	}
	return call
}

// land takes in the head of the answer.
func (f *flight) land() {
	f.result.Notes = f.answer.Notes
	f.result.Document = document.New(document.Options{MediaType: f.answer.Header.Get("Content-Type")})
	f.result.Exchange.Response = &history.Response{
		Status: f.answer.Status, Headers: fields(f.answer.Header),
	}
	f.result.Exchange.Timing = f.answer.Timing()
	f.progress(f.snapshot())
}

// end judges the exchange and writes it down.
func (f *flight) end(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	if f.answer != nil {
		f.result.Exchange.Timing = f.answer.Timing()
	} else {
		f.result.Exchange.Timing.Total = f.session.now().Sub(f.result.Exchange.StartedAt)
	}
	f.result.Exchange.Finding = diagnose.Judge(f.evidence())
	if f.saved {
		f.result.SaveErr = f.save(ctx)
	}
	f.result.Budget = f.session.Budget(ctx)
	f.result.Done = true
}

func (f *flight) evidence() diagnose.Input {
	in := diagnose.Input{
		Method: f.req.Method, URL: f.req.URL, Account: f.req.Target.Account, Err: f.result.Err,
		App: f.req.App, Now: f.session.now(), Elapsed: f.result.Exchange.Timing.Total,
	}
	for _, h := range f.req.Headers {
		if strings.EqualFold(h.Name, "Accept") {
			in.Accept = h.Value
		}
	}
	if f.answer != nil {
		in.Status, in.Header, in.Evidence = f.answer.Status, f.answer.Header, f.answer.Evidence
		in.Body, _ = io.ReadAll(io.LimitReader(f.result.Document.Reader(), judgedBytes))
	}
	return in
}

// save completes the record, with as much of the body as the history keeps.
func (f *flight) save(ctx context.Context) error {
	if _, ok := errors.AsType[*proxy.InputError](f.result.Err); ok { // nothing went out: no exchange took place
		return f.session.store.Delete(ctx, f.result.Exchange.ID)
	}
	x := f.snapshot().Exchange
	if x.Response != nil {
		limit := f.session.store.MaxBody()
		body, err := io.ReadAll(io.LimitReader(f.result.Document.Reader(), limit))
		if err != nil {
			return fmt.Errorf("read the response back: %w", err)
		}
		x.Response.Body = body
		x.Response.BodyTruncated = x.Response.BodyTruncated || int64(len(body)) < x.Response.Size
	}
	return f.session.store.Complete(ctx, x)
}

// fields returns a header as sorted lines; repeats keep their order.
func fields(h http.Header) []proxy.Field {
	out := make([]proxy.Field, 0, len(h))
	for name, values := range h {
		for _, v := range values {
			out = append(out, proxy.Field{Name: name, Value: v})
		}
	}
	slices.SortStableFunc(out, func(a, b proxy.Field) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
