package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

func (a *app) test() *cobra.Command {
	var user, account string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "test", Short: "Ask an account who it is, and say who failed",
		Long: `Sends the app's who-am-I call, which changes nothing, and prints the finding. What the account was
not granted is named, without being tried. Ends with 1 when something failed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runTest(cmd.Context(), user, account, asJSON) },
	}
	fl := cmd.Flags()
	fl.StringVarP(&user, "user", "u", "", "external user; may be left out with an apn_ id")
	fl.StringVarP(&account, "account", "a", "", "account: apn_…, or an app of which the user has one account")
	fl.BoolVar(&asJSON, "json", false, "print the whole exchange as one JSON object")
	return cmd
}

func (a *app) runTest(ctx context.Context, user, account string, asJSON bool) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // what was to be kept is written by now
	target, err := s.Resolve(ctx, s.Profile().Environment, user, account)
	if err != nil {
		return err
	}
	a.appSlug = target.Account.App.Slug
	t, err := s.Test(ctx, target, nil)
	if err != nil {
		return usage(fmt.Errorf("app %q: %w", a.appSlug, err))
	}
	if t.Result.Document != nil {
		defer func() { _ = t.Result.Document.Close() }() // a spool that is the system's to clean up
	}
	if asJSON {
		if err := a.printResult(t.Result); err != nil {
			return err
		}
	} else if err := a.printFinding(t.Result.Exchange.Finding, a.appSlug); err != nil {
		return err
	}
	if t.Result.Err != nil {
		return t.Result.Err
	}
	if t.Result.Exchange.Finding.Who != diagnose.None {
		return &statusError{code: exitFailed, silent: true}
	}
	return nil
}

// printFinding prints a finding as people read it.
func (a *app) printFinding(f diagnose.Finding, app string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", visible.Line(f.Who.Words(app)), visible.Line(f.Summary))
	for _, e := range f.Evidence {
		fmt.Fprintf(&b, "  %s\n", visible.Line(e))
	}
	for _, s := range f.Next {
		fmt.Fprintf(&b, "  %s: %s\n", s.Actor, visible.Line(s.Text))
	}
	_, err := fmt.Fprint(a.out, b.String())
	return err
}

func (a *app) link() *cobra.Command {
	var user, appSlug string
	var wait bool
	cmd := &cobra.Command{
		Use: "link", Short: "Make a link with which an end user connects or reconnects an account",
		Long: `Prints a Connect link for one end user, on standard output and nothing else there. It is good for one
account and four hours; whoever has it can connect an account in that user's name. With --wait it ends when an account was
connected, whose id it then prints; with 4 when the link has expired before.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runLink(cmd.Context(), user, appSlug, wait) },
	}
	cmd.Flags().StringVarP(&user, "user", "u", "", "external user; need not exist yet")
	cmd.Flags().StringVar(&appSlug, "app", "", "app to connect, by its slug; without it the page asks")
	cmd.Flags().BoolVar(&wait, "wait", false, "wait until an account was connected, and print its id")
	return cmd
}

func (a *app) runLink(ctx context.Context, user, appSlug string, wait bool) error {
	if user == "" {
		return &proxy.InputError{Field: "user", Reason: "is missing", Hint: "say whose account it will be: -u abc-123"}
	}
	a.noHistory = true // a link leaves no exchange
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // nothing was written
	env := s.Profile().Environment
	var old proxy.Account // whose OAuth client is used again
	if appSlug != "" {
		app, err := s.Client(env).App(ctx, appSlug)
		if err != nil {
			return err
		}
		appSlug = app.Slug
		accounts, err := s.Client(env).UserAccounts(ctx, user, appSlug)
		if err == nil && len(accounts) == 1 {
			old = accounts[0]
		}
	}
	link, err := s.Link(ctx, env, user, appSlug, old)
	if errors.Is(err, session.ErrReadOnly) {
		return usage(errors.New("this profile is read-only: it makes no links"))
	}
	if err != nil {
		return err
	}
	a.tell(fmt.Sprintf("for %s in %s, until %s; it is good for one account", visible.Line(user), env, link.ExpiresAt.Local().Format("15:04")))
	if !wait {
		_, err = fmt.Fprintln(a.out, visible.Line(link.URL))
		return err
	}
	w, err := s.BeginWatch(ctx, env, link, "")
	if err != nil {
		return err
	}
	defer s.EndWatch(w)
	if _, err := fmt.Fprintln(a.out, visible.Line(link.URL)); err != nil {
		return err
	}
	account, err := s.Await(ctx, w)
	if errors.Is(err, context.DeadlineExceeded) {
		return &statusError{code: exitNetwork, err: errors.New("the link has expired, and nobody used it")}
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.out, visible.Line(account.ID))
	return err
}

// sweepFlags is what `connectty sweep` is told.
type sweepFlags struct {
	opts   sweep.Options
	format string
}

func (a *app) sweep() *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use: "sweep", Short: "Ask many accounts who they are, inside the rate budget",
		Long: `Lists the accounts of an app, a user or the project, asks a sample of them (or, with --all, every one
that is not dead) the app's who-am-I question, and says what they have in common. It uses the profile's budget_share of the
limit, waits where Connect says so, and goes on where it stood when it is started again after it was ended. Ends with 1 when
an account failed.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("sample") && f.opts.Sample < 1 {
				return usage(errors.New("--sample: give a number above 0, or --all"))
			}
			return a.runSweep(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.opts.App, "app", "", "only accounts of this app")
	fl.StringVarP(&f.opts.User, "user", "u", "", "only accounts of this external user")
	fl.IntVar(&f.opts.Sample, "sample", 0, fmt.Sprintf("how many are asked, spread over health and age (default %d)", sweep.DefaultSample))
	fl.BoolVar(&f.opts.All, "all", false, "ask every account that is not dead")
	fl.IntVar(&f.opts.Concurrency, "concurrency", sweep.DefaultConcurrency, "how many at once")
	fl.StringVar(&f.format, "format", "text", strings.Join(sweep.Formats, ", "))
	return cmd
}

func (a *app) runSweep(ctx context.Context, f sweepFlags) error {
	if !slices.Contains(sweep.Formats, f.format) {
		return usage(fmt.Errorf("--format %q: there are %s%s", f.format, strings.Join(sweep.Formats, ", "), nearest.Hint(f.format, sweep.Formats)))
	}
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // what was to be kept is written by now
	f.opts.Environment = s.Profile().Environment
	if !a.noHistory {
		f.opts.StateDir = filepath.Join(a.inputs().DataDir(), "sweeps")
	}
	w, err := sweep.New(s, f.opts)
	if err != nil {
		return usage(err)
	}
	plan, err := w.List(ctx, a.swept)
	if err != nil {
		return err
	}
	a.tell(fmt.Sprintf("%d accounts; %s: inside this profile's share of the limit", len(plan.Rows), plan.Words()))
	if plan.Known > 0 {
		a.tell(fmt.Sprintf("%d were answered before the last sweep was ended, and are not asked again", plan.Known))
	}
	report, err := w.Run(ctx, a.swept)
	key, keyErr := redact.Key(a.inputs().DataDir())
	if keyErr != nil {
		a.tell("connectty: stand-ins differ from report to report:", visible.Line(keyErr.Error()))
	}
	if werr := report.Write(a.out, f.format, redact.NewPseudonyms(key)); werr != nil {
		return errors.Join(err, werr)
	}
	switch {
	case err != nil:
		return err
	case report.Failures() > 0:
		return &statusError{code: exitFailed, silent: true}
	}
	return nil
}

// swept tells on a terminal how far a sweep is.
func (a *app) swept(p sweep.Progress) {
	if !a.asks {
		return
	}
	switch {
	case !p.Paused.IsZero():
		a.tell("Connect wants no calls until", p.Paused.Local().Format("15:04:05"))
	case p.Planned == 0:
		_, _ = fmt.Fprintf(a.err, "\r%d accounts read", p.Listed) // nobody waits for it
	case p.Asked == p.Planned:
		_, _ = fmt.Fprintf(a.err, "\r%d of %d asked\n", p.Asked, p.Planned)
	default:
		_, _ = fmt.Fprintf(a.err, "\r%d of %d asked", p.Asked, p.Planned)
	}
}
