package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
)

func (a *app) profiles() *cobra.Command {
	return &cobra.Command{
		Use: "profiles", Short: "List the profiles of config.toml; * marks the one that is used", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			settings, err := a.settings()
			if err != nil {
				return usage(err)
			}
			if len(settings.Profiles) == 0 {
				a.tell("there are no profiles in", a.inputs().ConfigPath()+"; connectty login makes one")
				return nil
			}
			used := ""
			if p, err := settings.Resolve(a.inputs()); err == nil {
				used = p.Name
			}
			t := a.table()
			for _, name := range slices.Sorted(maps.Keys(settings.Profiles)) {
				p, mark, writes := settings.Profiles[name], " ", ""
				if name == used {
					mark = "*"
				}
				if p.ReadOnly {
					writes = "read-only"
				}
				if err := t.row(mark+" "+name, p.ProjectID, string(p.Environment), p.BaseURL, p.ClientSecret.String(), writes); err != nil {
					return err
				}
			}
			return t.end()
		},
	}
}

func (a *app) doctor() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Check this installation: profile, token, project, environments, clock, terminal", Args: cobra.NoArgs,
		Long: `Checks what a call needs, one line each, and says what to do about what fails. It asks Connect a few harmless
questions. Ends with 1 when something failed.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.examine(cmd.Context()) },
	}
}

// examination collects what was found.
type examination struct {
	app    *app
	failed bool
}

// line tells one finding; next is what to do about a failure.
func (e *examination) line(what string, err error, text, next string) {
	mark := "ok  "
	if err != nil {
		e.failed = true
		mark, text = "FAIL", err.Error()
		if next != "" {
			text += "; " + next
		}
	}
	_, _ = fmt.Fprintf(e.app.out, "%s  %-12s %s\n", mark, what, visible.Line(text)) // a pipe that closed ends the program
}

func (a *app) examine(ctx context.Context) error {
	settings, p, err := a.profile()
	if err != nil {
		return err
	}
	e := &examination{app: a}
	where := cmp.Or(settings.Path, "the PIPEDREAM_* variables")
	e.line("profile", nil, fmt.Sprintf("%s, from %s", cmp.Or(p.Name, "no name"), where), "")
	s, err := session.Open(ctx, a.sessionOptions(settings, p))
	if err != nil {
		e.line("secret", err, "", "look at where the profile keeps it")
		return &statusError{code: exitFailed, silent: true}
	}
	defer func() { _ = s.Close() }() // nothing was written
	e.line("history", s.HistoryErr(), a.inputs().DataDir(), "exchanges are not kept")
	e.connect(ctx, s)
	e.clock(ctx, p.BaseURL)
	e.terminal()
	if e.failed {
		return &statusError{code: exitFailed, silent: true}
	}
	return nil
}

// connect asks Connect for the project, and each environment for a user.
func (e *examination) connect(ctx context.Context, s *session.Session) {
	project, err := s.Client(proxy.Development).Project(ctx)
	why, next := diagnose.Explain(err)
	if refused, ok := errors.AsType[*proxy.APIError](err); ok && refused.Operation == "token" || err != nil && why == "" {
		e.line("token", err, "", cmp.Or(next, e.app.secretFrom))
		return
	}
	e.line("token", nil, "accepted by "+s.Profile().BaseURL, "")
	if err != nil {
		e.line("project", errors.New(why), "", next)
		return
	}
	e.line("project", nil, strings.TrimSpace(project.ID+" "+project.Name), "")
	for _, env := range []proxy.Environment{proxy.Development, proxy.Production} {
		users := 0
		var failure error
		for _, err := range s.Client(env).Users(ctx, proxy.UserQuery{Limit: 1}) {
			if failure = err; err == nil {
				users++
			}
		}
		text := "it has users"
		if users == 0 {
			text = "it has no users yet"
		}
		_, next := diagnose.Explain(failure)
		e.line(string(env), failure, text, next)
	}
}

// skew is how far a clock may be off: tokens and links are good for a time.
const skew = time.Minute

// clock compares this machine's with Connect's, as its answers tell it.
func (e *examination) clock(ctx context.Context, base string) {
	const patience = 5 * time.Second
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, base, http.NoBody)
	if err != nil {
		return // the lines above told of it
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		e.line("clock", nil, "not checked: "+err.Error(), "")
		return
	}
	_ = resp.Body.Close() // a HEAD has none
	there, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		e.line("clock", nil, "not checked: the answer names no time", "")
		return
	}
	off := time.Since(there).Round(time.Second)
	if off.Abs() > skew {
		e.line("clock", fmt.Errorf("it is %s off Connect's", off), "", "set it: tokens and links are good for a time")
		return
	}
	e.line("clock", nil, "as Connect's, to the minute", "")
}

// terminal tells what the screen has to work with.
func (e *examination) terminal() {
	switch {
	case !e.app.terminal:
		e.line("terminal", nil, "none: the explorer needs one, the commands do not", "")
		return
	case dumb():
		e.line("terminal", fmt.Errorf("TERM=%s cannot move the cursor", os.Getenv("TERM")), "", "set TERM to what it is")
		return
	}
	e.line("terminal", nil, strings.Join(strings.Fields("TERM="+os.Getenv("TERM")+" "+os.Getenv("COLORTERM")), ", "), "")
	way := "by OSC 52: the terminal decides whether it takes it, also over SSH"
	if os.Getenv("TMUX") != "" {
		way = "by tmux's buffer, which hands it on to the terminal"
	}
	e.line("clipboard", nil, way, "")
}
