package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
)

func (a *app) login() *cobra.Command {
	return &cobra.Command{
		Use: "login", Short: "Make a profile: asks for the project and its OAuth client, and checks them", Args: cobra.NoArgs,
		Long: `Asks for project, client id and client secret, checks them with Connect, keeps the secret in the system's keyring, and
writes a profile into config.toml, which never holds the secret itself.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !a.asks {
				return usage(errors.New("login asks at a terminal; in a script set PIPEDREAM_CLIENT_ID, PIPEDREAM_CLIENT_SECRET and PIPEDREAM_PROJECT_ID"))
			}
			settings, err := a.settings()
			if err != nil {
				return usage(err)
			}
			return a.runLogin(cmd.Context(), settings, &asker{ctx: cmd.Context(), app: a, in: bufio.NewReader(a.in)})
		},
	}
}

// asker asks a person at a terminal, until the context ends.
type asker struct {
	ctx context.Context //nolint:containedctx // it lives as long as the command
	app *app
	in  *bufio.Reader
}

// await runs what waits for a person. A reader that nobody ends is left to the end of
// the program.
func (q *asker) await(read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := read()
		answers <- answer{text, err}
	}()
	select {
	case <-q.ctx.Done():
		return "", q.ctx.Err()
	case a := <-answers:
		if a.err != nil {
			return "", context.Canceled // the terminal is gone
		}
		return strings.TrimSpace(a.text), nil
	}
}

// line asks until an answer is good; an empty one stands for the usual.
func (q *asker) line(what, usual string, check func(string) error) (string, error) {
	for {
		prompt := what
		if usual != "" {
			prompt += " [" + usual + "]"
		}
		_, _ = fmt.Fprint(q.app.err, prompt+": ") // where nobody reads it, nobody answers
		text, err := q.await(func() (string, error) { return q.in.ReadString('\n') })
		if err != nil {
			return "", err
		}
		text = cmp.Or(text, usual)
		if err := check(text); err != nil {
			q.app.tell(" ", visible.Line(err.Error()))
			continue
		}
		return text, nil
	}
}

// secret asks without showing what is typed.
func (q *asker) secret(what string) (string, error) {
	_, _ = fmt.Fprint(q.app.err, what+" (not shown): ")
	file, ok := q.app.in.(*os.File)
	if !ok {
		return q.line("", "", needed)
	}
	before, err := term.GetState(file.Fd())
	if err != nil {
		return "", err
	}
	text, err := q.await(func() (string, error) {
		line, err := term.ReadPassword(file.Fd())
		return string(line), err
	})
	q.app.tell()
	if err != nil {
		return "", errors.Join(err, term.Restore(file.Fd(), before)) // what is typed shows again
	}
	return text, needed(text)
}

func needed(text string) error {
	if text == "" {
		return errors.New("it is needed")
	}
	return nil
}

func project(text string) error {
	if !strings.HasPrefix(text, "proj_") {
		return errors.New("a project id begins with proj_: it stands in the project's settings on pipedream.com")
	}
	return nil
}

func environment(text string) error {
	_, err := proxy.ParseEnvironment(text)
	return err
}

func (a *app) runLogin(ctx context.Context, settings *config.Settings, q *asker) error {
	a.tell("The values stand in your project's settings on pipedream.com. Nothing is written before Connect has accepted them.")
	p := config.NewProfile{BaseURL: a.base}
	var err error
	if p.Name, err = q.line("Name of the profile", "default", settings.CheckProfileName); err != nil {
		return err
	}
	if p.ProjectID, err = q.line("Project id", "", project); err != nil {
		return err
	}
	env, err := q.line("Environment", string(proxy.Development), environment)
	if err != nil {
		return err
	}
	p.Environment = proxy.Environment(env)
	secret, err := a.accepted(ctx, q, &p)
	if err != nil {
		return err
	}
	if p.ClientSecret, err = config.KeepSecret(p.Name, secret); err != nil {
		name := "CONNECTTY_" + strings.ToUpper(strings.ReplaceAll(p.Name, "-", "_")) + "_SECRET"
		p.ClientSecret = "env:" + name
		a.tell("No keyring answers here (" + visible.Line(err.Error()) + "): keep the secret in the variable " + name)
	}
	if err := config.Add(a.inputs(), p); err != nil {
		return usage(err)
	}
	a.tell("Written to", a.inputs().ConfigPath()+": connectty -p "+p.Name)
	return nil
}

// attempts is how often a client is asked for.
const attempts = 3

// accepted asks for the OAuth client until Connect accepts it.
func (a *app) accepted(ctx context.Context, q *asker, p *config.NewProfile) (secret string, err error) {
	for try := 1; ; try++ {
		if p.ClientID, err = q.line("Client id", p.ClientID, needed); err != nil {
			return "", err
		}
		if secret, err = q.secret("Client secret"); err != nil {
			return "", err
		}
		client, err := proxy.New(proxy.Options{
			ProjectID: p.ProjectID, ClientID: p.ClientID, ClientSecret: secret, Environment: p.Environment, BaseURL: a.base, InsecureHTTP: a.insecure,
		})
		if err != nil {
			return "", usage(err)
		}
		project, err := client.Project(ctx)
		if err == nil {
			a.tell("Connect accepts it:", visible.Line(strings.TrimSpace(project.ID+" "+project.Name)))
			return secret, nil
		}
		if try == attempts || ctx.Err() != nil {
			return "", err
		}
		a.tell(" ", visible.Line(err.Error()))
	}
}
