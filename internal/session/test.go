package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/proxy/presets"
)

// ErrNoPreset tells that no harmless call is known for an app.
var ErrNoPreset = errors.New("no harmless call is known for this app; a file in the presets folder can name one")

// Test is how an account answered the question who it is.
type Test struct {
	Result   Result // its finding says whether the account works; the caller closes Document
	Preset   presets.Preset
	Identity string        // whom the API takes the account for; empty where it does not say
	Missing  []presets.Act // what the account was not granted; none of it was tried
}

// WhoAmI returns the harmless call that tells whose an app's account is.
func (s *Session) WhoAmI(app string) (presets.Call, bool) {
	p, ok := s.presets.For(app)
	if !ok || p.WhoAmI == nil {
		return presets.Call{}, false
	}
	return *p.WhoAmI, true
}

// Preset returns what is known of an app.
func (s *Session) Preset(app string) (presets.Preset, bool) { return s.presets.For(app) }

// Test asks an account who it is, by the app's who-am-I call, and compares what
// it was granted with what people do with the app, without doing any of it.
// [ErrNoPreset] where no such call is known; nothing is sent then.
func (s *Session) Test(ctx context.Context, target Target, progress func(Result)) (Test, error) {
	req, p, err := s.question(target)
	if err != nil {
		return Test{}, err
	}
	t := Test{Preset: p, Result: s.Send(ctx, req, progress), Missing: p.Missing(target.Account.AuthorizedScopes)}
	if t.Result.Document == nil {
		return t, nil // the finding says why
	}
	// Of a body that breaks off its beginning is read: the finding tells the rest.
	body, _ := io.ReadAll(io.LimitReader(t.Result.Document.Reader(), judgedBytes))
	t.Identity = p.Identify(body)
	f := &t.Result.Exchange.Finding
	if f.Who != diagnose.None {
		return t, nil
	}
	if ok, why := p.Works(body); !ok {
		*f = diagnose.Finding{
			Who: diagnose.Account, Code: "stranger", Summary: "the call was answered, but not to this account: " + why,
			Evidence: f.Evidence, Next: []diagnose.Step{{Text: "reconnect the account", Actor: diagnose.EndUser, Key: "L"}},
		}
		return t, nil
	}
	t.claim(f)
	return t, nil
}

// claim writes into a finding what the test proved, and no more.
func (t Test) claim(f *diagnose.Finding) {
	f.Summary = "the token works"
	if t.Identity != "" {
		f.Summary += " as " + t.Identity
	}
	if len(t.Missing) == 0 {
		f.Summary += "; nothing else was tried"
		return
	}
	names := make([]string, len(t.Missing))
	for i, a := range t.Missing {
		names[i] = a.Name
		f.Evidence = append(f.Evidence, fmt.Sprintf("not granted, and not tried: %s, which needs %s", a.Name, strings.Join(a.Scopes, " or ")))
	}
	f.Summary += ", but was not granted: " + strings.Join(names, ", ")
	f.Next = append(f.Next, diagnose.Step{Text: "reconnect the account and grant that, where it is needed", Actor: diagnose.EndUser, Key: "L"})
}

// Question is the who-am-I call of a target's app, as [Session.Test] sends it. It
// fails with [ErrNoPreset] where none is known.
func (s *Session) Question(target Target) (Request, error) {
	req, _, err := s.question(target)
	return req, err
}

// question is the who-am-I call for a target.
func (s *Session) question(target Target) (Request, presets.Preset, error) {
	p, ok := s.presets.For(target.Account.App.Slug)
	if !ok || p.WhoAmI == nil {
		return Request{}, p, ErrNoPreset
	}
	call := p.WhoAmI
	req := Request{Target: target, Method: call.Method, URL: call.URL, Preset: call.Read}
	req.Headers = append(append(req.Headers, p.Headers...), call.Headers...)
	if call.Body != "" {
		req.Body = []byte(call.Body)
		setContentType(&req, "application/json")
	}
	return req, p, nil
}

func setContentType(req *Request, kind string) {
	for _, h := range req.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return
		}
	}
	req.Headers = append(req.Headers, proxy.Field{Name: "Content-Type", Value: kind})
}

// Answer is a Test in short, for many accounts: nothing in it is a secret, and
// nothing is left to close.
type Answer struct {
	Exchange string // its id in the history; empty where none is kept
	Status   int    // of the upstream; 0 where no answer came
	Took     time.Duration
	Finding  diagnose.Finding
	Err      error // as in [Result]
}

// Ask is Test for one of many accounts.
func (s *Session) Ask(ctx context.Context, env proxy.Environment, account proxy.Account) Answer {
	t, err := s.Test(ctx, Target{Environment: env, ExternalUserID: account.ExternalUserID, Account: account}, nil)
	if err != nil {
		return Answer{Err: err, Finding: diagnose.Judge(diagnose.Input{Err: err})}
	}
	if t.Result.Document != nil {
		_ = t.Result.Document.Close() // a spool that is the system's to clean up
	}
	mask := s.Masker()
	t.Result.Exchange.Request.Teach(mask)
	f := t.Result.Exchange.Finding
	f.Summary, _ = mask.Text(f.Summary)
	for i := range f.Evidence {
		f.Evidence[i], _ = mask.Text(f.Evidence[i])
	}
	a := Answer{Finding: f, Err: t.Result.Err, Took: t.Result.Exchange.Timing.Total}
	if s.store != nil && t.Result.SaveErr == nil && !s.Paused() {
		a.Exchange = t.Result.Exchange.ID
	}
	if r := t.Result.Exchange.Response; r != nil {
		a.Status = r.Status
	}
	return a
}
