package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

// sendFlags is what `connectty send` is told.
type sendFlags struct {
	user, account string
	headers       []string
	data          string
	hasData       bool
	form          []string
	include       bool
	output        string
	json          bool
	checkStatus   bool
	timeout       time.Duration
	dryRun        bool
}

func (a *app) send() *cobra.Command {
	var f sendFlags
	cmd := &cobra.Command{
		Use:   "send METHOD URL",
		Short: "Send one request through the proxy",
		Long: `Sends one request through the Connect proxy, with the account's credentials inserted, and prints the
body of the answer. The exchange is kept in the history.`,
		Example: `  connectty send GET https://slack.com/api/auth.test -u abc-123 -a slack
  connectty send POST /api/chat.postMessage -u abc-123 -a apn_1234567 -d '{"channel":"C1","text":"hi"}'`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return a.unsent(f, nil, session.Request{}, usage(errors.New("send needs METHOD and URL, as in: connectty send GET https://slack.com/api/auth.test -u abc-123 -a slack")))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.hasData = cmd.Flags().Changed("data")
			if f.timeout < 0 {
				return a.unsent(f, nil, session.Request{Method: args[0], URL: args[1]}, usage(fmt.Errorf("--timeout %s: give a time above 0, or 0 for %s", f.timeout, session.DefaultTimeout)))
			}
			return a.runSend(cmd.Context(), f, strings.ToUpper(args[0]), args[1])
		},
	}
	fl := cmd.Flags()
	f.target(fl)
	fl.StringArrayVarP(&f.headers, "header", "H", nil, "header of the upstream, 'Name: value'; may be repeated")
	fl.StringVarP(&f.data, "data", "d", "", "body: text, @file, or - for standard input")
	fl.StringArrayVarP(&f.form, "form", "F", nil, "multipart field: name=value or name=@file; may be repeated")
	f.answer(fl)
	fl.StringVar(&a.ticket, "ticket", "", "put this ticket on the exchange")
	return cmd
}

// target adds the flags that say for whom a request is sent.
func (f *sendFlags) target(fl *pflag.FlagSet) {
	fl.StringVarP(&f.user, "user", "u", "", "external user; may be left out with an apn_ id")
	fl.StringVarP(&f.account, "account", "a", "", "account: apn_…, or an app of which the user has one account")
}

// answer adds the flags that say what is done with the answer.
func (f *sendFlags) answer(fl *pflag.FlagSet) {
	fl.BoolVarP(&f.include, "include", "i", false, "print status and headers before the body")
	fl.StringVarP(&f.output, "output", "o", "", "write the body to a file")
	fl.BoolVar(&f.json, "json", false, "print the whole exchange as one JSON object")
	fl.BoolVar(&f.checkStatus, "check-status", false, "exit 1 when the status is 400 or more")
	fl.DurationVar(&f.timeout, "timeout", session.DefaultTimeout, "give up after this time; 0 for the usual one")
	fl.BoolVar(&f.dryRun, "dry-run", false, "print what would be sent, and send nothing")
}

// runSend sends, and whatever happens prints one object where --json is asked for.
func (a *app) runSend(ctx context.Context, f sendFlags, method, url string) error {
	req := session.Request{Method: method, URL: url, AnyDomain: a.anyDomain, Confirmed: a.yes, Timeout: f.timeout}
	req.Target.ExternalUserID, req.Target.Account.ID = f.user, f.account
	s, err := a.open(ctx)
	if err != nil {
		return a.unsent(f, nil, req, err)
	}
	defer func() { _ = s.Close() }() // what was to be kept is written by now
	if err := a.compose(f, &req); err != nil {
		return a.unsent(f, s, req, err)
	}
	return a.launch(ctx, f, s, req)
}

// launch finds the target, asks where a person must be asked, sends, and tells.
func (a *app) launch(ctx context.Context, f sendFlags, s *session.Session, req session.Request) error {
	var err error
	if req.Target, err = s.Resolve(ctx, s.Profile().Environment, f.user, f.account); err != nil {
		req.Target.Environment, req.Target.ExternalUserID, req.Target.Account.ID = s.Profile().Environment, f.user, f.account
		return a.unsent(f, s, req, err)
	}
	a.appSlug = req.Target.Account.App.Slug
	if err := fill(s, &req); err != nil {
		return a.unsent(f, s, req, err)
	}
	if f.dryRun {
		return a.printDryRun(f, s, req)
	}
	out, err := a.output(f)
	if err != nil {
		return a.unsent(f, s, req, err)
	}
	if err := a.confirm(ctx, s, f, &req); err != nil {
		return a.unsent(f, s, req, err)
	}
	result := a.sendWhole(ctx, s, req, out)
	if result.Document != nil {
		defer func() { _ = result.Document.Close() }() // a spool that is the system's to clean up
	}
	return a.report(f, out, result)
}

// sendWhole sends, and keeps the exchange also where nobody reads what is printed any more:
// that only cancels it.
func (a *app) sendWhole(ctx context.Context, s *session.Session, req session.Request, out *sink) session.Result {
	signal.Ignore(syscall.SIGPIPE) // it would end the program in the midst of it
	defer signal.Reset(syscall.SIGPIPE)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	return s.Send(ctx, req, func(r session.Result) {
		if out.progress(r); out.deaf() {
			cancel()
		}
	})
}

// confirm asks a person at a terminal before a write in production. In a script
// the session refuses it.
func (a *app) confirm(ctx context.Context, s *session.Session, f sendFlags, req *session.Request) error {
	ask, ok := errors.AsType[*session.ConfirmError](s.Check(*req))
	if !ok || !a.asks || f.data == "-" {
		return nil
	}
	_, _ = fmt.Fprint(a.err, visible.Line(ask.Error())+". Send it? [y/N] ") // where nobody reads it, nobody answers
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(a.in).ReadString('\n') // an end without a word is no
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case word := <-answer:
		if word != "y" && word != "yes" {
			return usage(errors.New("nothing was sent"))
		}
	}
	req.Confirmed = true
	return nil
}

// compose fills in headers and body.
func (a *app) compose(f sendFlags, req *session.Request) error {
	for _, h := range f.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return &proxy.InputError{Field: "header", Value: h, Reason: "has no colon", Hint: "write it as -H 'Name: value'"}
		}
		req.Headers = append(req.Headers, proxy.Field{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	return a.body(f, req)
}

// unsent tells why nothing was sent; as an object, too, where --json is asked for.
func (a *app) unsent(f sendFlags, s *session.Session, req session.Request, err error) error {
	if !f.json {
		return err
	}
	var x history.Exchange
	if s != nil {
		x = s.Failed(req, err).Exchange
	} else {
		now := time.Now()
		x = history.Exchange{
			ID: history.NewID(now), StartedAt: now.UTC(), Environment: a.environment, BaseURL: a.baseURL, ExternalUserID: f.user,
			Account: history.Account{ID: f.account}, Request: history.Request{Method: req.Method, URL: req.URL},
			Finding: diagnose.Finding{Who: diagnose.Setup, Code: "not_configured", Summary: err.Error()},
		}
	}
	return errors.Join(err, a.printJSON(x))
}

func (a *app) printDryRun(f sendFlags, s *session.Session, req session.Request) error {
	if f.json {
		return a.printJSON(s.Planned(req))
	}
	call := &proxy.Request{URL: req.URL, ExternalUserID: req.Target.ExternalUserID, AccountID: req.Target.Account.ID}
	lines := []string{
		req.Method + " " + s.Profile().BaseURL + s.Client(req.Target.Environment).ProxyPath(call),
		"Authorization: Bearer [redacted]", "x-pd-environment: " + string(req.Target.Environment),
	}
	for _, h := range req.Headers {
		lines = append(lines, "x-pd-proxy-"+h.Name+": "+h.Value)
	}
	text := visible.Block(strings.Join(lines, "\n")) + "\n"
	if len(req.Body) > 0 {
		text += "\n" + string(req.Body) + "\n"
	}
	_, err := io.WriteString(a.out, text)
	return err
}

// report prints how a send ended, and picks the exit status.
func (a *app) report(f sendFlags, out *sink, r session.Result) error {
	for _, note := range r.Notes {
		a.tell("note:", visible.Line(note))
	}
	if r.SaveErr != nil {
		a.tell("connectty: not kept:", visible.Line(r.SaveErr.Error()))
	}
	if err := out.end(r); out.deaf() {
		return &statusError{code: exitFailed, silent: true}
	} else if err != nil {
		return usage(err)
	}
	if f.json {
		if err := a.printResult(r); err != nil {
			return err
		}
	}
	if r.Err != nil {
		return r.Err
	}
	a.explain(r.Exchange.Finding)
	if f.checkStatus && r.Exchange.Response.Status >= http.StatusBadRequest {
		return &statusError{code: exitFailed, silent: true}
	}
	return nil
}

// explain says who failed, where somebody did although an answer came.
func (a *app) explain(f diagnose.Finding) {
	if f.Who == diagnose.None || f.Who == "" {
		return
	}
	a.tell(visible.Line(f.Summary))
	for _, step := range f.Next {
		a.tell("  "+string(step.Actor)+":", visible.Line(step.Text))
	}
}

// printResult prints the exchange with its whole body.
func (a *app) printResult(r session.Result) error {
	if r.Document == nil {
		return a.printJSON(r.Exchange)
	}
	return history.WriteJSON(&jsonLines{app: a}, r.Exchange, r.Document.Reader)
}
