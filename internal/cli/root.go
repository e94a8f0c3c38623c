package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui"
	"github.com/connectty/connectty/ui/action"
)

// app is one run of the program: its streams, the flags that work everywhere,
// and what errors are explained with.
type app struct {
	streams

	args        []string // the command line, for what must be known although it was not read
	profileName string
	envName     string
	base        string
	theme       string
	plain       bool
	noHistory   bool
	yes         bool
	insecure    bool
	anyDomain   bool
	ticket      string

	// What was found out on the way, for the hint that an error ends with.
	baseURL     string
	secretFrom  string
	appSlug     string
	environment proxy.Environment
}

// root is the tree of commands.
func (a *app) root() *cobra.Command {
	var user, account string
	root := &cobra.Command{
		Use:   "connectty",
		Short: "The terminal explorer for the Pipedream Connect API proxy",
		Long: `connectty explores the Pipedream Connect API proxy: pick environment, external user and
account, compose a request, send it with the account's credentials inserted, read the answer.

Without a project it opens on the embedded sandbox, a Connect of its own.`,
		Args:          cobra.NoArgs,
		SilenceErrors: true, SilenceUsage: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.explore(cmd.Context(), false, user, account) },
	}
	root.Flags().StringVarP(&user, "user", "u", "", "open on this external user")
	root.Flags().StringVarP(&account, "account", "a", "", "open on this account: apn_… or an app's slug")
	root.Flags().StringVar(&a.ticket, "ticket", "", "put this ticket on what is sent")
	f := root.PersistentFlags()
	f.StringVarP(&a.profileName, "profile", "p", "", "profile of config.toml")
	f.StringVarP(&a.envName, "env", "e", "", "environment: development or production")
	f.StringVar(&a.base, "base-url", "", "where the Connect API is, without a path")
	f.StringVar(&a.theme, "theme", "", "theme: a name, or auto")
	f.BoolVar(&a.plain, "plain", false, "no borders: for screen readers")
	f.BoolVar(&a.noHistory, "no-history", false, "keep nothing on disk")
	f.BoolVar(&a.yes, "yes", false, "send a write in production without asking")
	f.BoolVar(&a.insecure, "insecure-http", false, "allow http:// to a host that is not this machine")
	f.BoolVar(&a.anyDomain, "any-domain", false, "let URLs pass that are off the app's allowed domains")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		if bad, is := errors.AsType[*pflag.InvalidValueError](err); is {
			err = fmt.Errorf("--%s %q is no %s", bad.GetFlag().Name, bad.GetValue(), kindOf(bad.GetFlag()))
		}
		err = usage(fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath()))
		if cmd.Name() == "send" && slices.Contains(a.args, "--json") { // one object, whatever happens
			return a.unsent(sendFlags{json: true}, nil, session.Request{}, err)
		}
		return err
	})
	root.Version = Version()
	root.SetVersionTemplate("connectty {{.Version}}\n")
	root.AddCommand(
		a.demo(), a.send(), a.runFile(), a.users(), a.accounts(), a.apps(), a.history(), a.sandbox(), a.view(),
		a.test(), a.link(), a.sweep(), a.login(), a.profiles(), a.doctor(), a.themes(), a.keys(), a.config(), a.version(),
	)
	return root
}

// kindOf is what a flag takes, in words.
func kindOf(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "int", "float64":
		return "number"
	case "duration":
		return "time such as 30s"
	case "bool":
		return "true or false"
	}
	return f.Value.Type()
}

// inputs are what flags and variables say about the project.
func (a *app) inputs() config.Inputs {
	return config.Inputs{Profile: a.profileName, Environment: a.envName, BaseURL: a.base}
}

// settings reads config.toml, and checks what only the screen knows: the keys.
func (a *app) settings() (*config.Settings, error) {
	settings, err := config.Load(a.inputs())
	if err != nil {
		return nil, err
	}
	if bad, ok := errors.AsType[*action.KeyError](ui.CheckKeys(settings.Keys)); ok {
		return settings, settings.Mistake("keys", bad.ID, bad.Text)
	}
	return settings, nil
}

// checkTheme reads the theme that is asked for, so that a mistake in its name or
// its file is told where it stands.
func (a *app) checkTheme(settings *config.Settings) error {
	name := cmp.Or(a.theme, settings.Theme)
	if name == "auto" {
		return nil
	}
	_, err := themes.Load(name, a.themeDir())
	if err != nil && a.theme == "" {
		return settings.Mistake("", "theme", err.Error())
	}
	return err
}

func (a *app) themeDir() string { return filepath.Join(a.inputs().ConfigDir(), "themes") }

// profile resolves the project that a command works with.
func (a *app) profile() (*config.Settings, config.Profile, error) {
	settings, err := a.settings()
	if err != nil {
		return nil, config.Profile{}, usage(err)
	}
	if a.theme != "" {
		if err := a.checkTheme(settings); err != nil {
			return nil, config.Profile{}, usage(err)
		}
	}
	p, err := settings.Resolve(a.inputs())
	if err != nil {
		return settings, p, usage(err)
	}
	a.baseURL, a.environment, a.secretFrom = p.BaseURL, p.Environment, p.ClientSecret.String()
	return settings, p, nil
}

// open opens the session that a command works with, and says in which
// environment. The caller closes it.
func (a *app) open(ctx context.Context) (*session.Session, error) {
	settings, p, err := a.profile()
	if err != nil {
		return nil, err
	}
	a.tell(fmt.Sprintf("environment: %s (project %s)", p.Environment, p.ProjectID))
	s, err := session.Open(ctx, a.sessionOptions(settings, p))
	if err != nil {
		var input *proxy.InputError
		if errors.As(err, &input) || !errors.Is(err, context.Canceled) {
			return nil, usage(err)
		}
		return nil, err
	}
	if err := s.HistoryErr(); err != nil {
		a.tell("connectty: nothing is kept:", err)
	}
	return s, nil
}

func (a *app) sessionOptions(settings *config.Settings, p config.Profile) session.Options {
	return session.Options{
		Ticket:  a.ticket,
		Profile: p, NoHistory: a.noHistory, InsecureHTTP: a.insecure, UserAgent: "connectty/" + strings.ReplaceAll(Version(), " ", "-"),
		PresetDir: filepath.Join(a.inputs().ConfigDir(), "presets"),
		History:   a.historyOptions(settings),
		WatchDir:  filepath.Join(a.inputs().DataDir(), "links"),
	}
}

// historyOptions say where the history is, and what config.toml keeps of an exchange;
// settings may be nil.
func (a *app) historyOptions(settings *config.Settings) history.Options {
	opts := history.Options{Path: filepath.Join(a.inputs().DataDir(), "history.db")}
	if settings != nil {
		h := settings.History
		opts.MaxBody, opts.Bodies, opts.ProductionBodies = h.MaxBody, h.Bodies, h.ProductionBodies
		opts.Redact = redact.Rules{Names: h.RedactNames, Patterns: h.RedactPatterns}
	}
	return opts
}

// explore opens the explorer: on the project, or, where there is none or demo is
// asked for, on the embedded sandbox.
func (a *app) explore(ctx context.Context, demo bool, user, account string) error {
	if !a.terminal {
		return usage(errors.New("the explorer needs a terminal on standard input and output; in a script use connectty send, users, accounts or history"))
	}
	if dumb() {
		return usage(errors.New("the explorer needs a terminal that can move the cursor, and TERM says it is none; set TERM to what it is, such as xterm-256color"))
	}
	opts := ui.Options{
		Theme: a.theme, ThemeDir: a.themeDir(), ConfigDir: a.inputs().ConfigDir(), DataDir: a.inputs().DataDir(), Plain: a.plain,
		User: user, Account: account, AnyDomain: a.anyDomain, Version: Version(),
	}
	settings, err := a.settings()
	opts.Settings = settings
	var p config.Profile
	switch {
	case demo:
	case err != nil:
		opts.SettingsErr = err
	default:
		p, err = settings.Resolve(a.inputs())
		demo = errors.Is(err, config.ErrNoProject)
		if err != nil && !demo {
			opts.SettingsErr = err
		}
	}
	if settings != nil && opts.Theme == "" {
		opts.Theme = settings.Theme
		if err := a.checkTheme(settings); err != nil { // said on the screen, which needs another
			opts.Theme, opts.SettingsErr = "auto", errors.Join(opts.SettingsErr, err)
		}
	}
	if opts.Session, err = a.explored(settings, p, demo); err != nil {
		return usage(err)
	}
	if settings != nil {
		opts.Profiles = choices(settings)
		opts.Resolve = func(name string) (session.Options, error) { return a.resolve(settings, name) }
	}
	return ui.Run(ctx, opts)
}

// explored is how the explorer opens a profile, or the embedded sandbox.
func (a *app) explored(settings *config.Settings, p config.Profile, embedded bool) (session.Options, error) {
	opts := a.sessionOptions(settings, p)
	opts.Embedded = embedded
	if !embedded {
		return opts, nil
	}
	var err error
	opts.Profile.Environment, err = proxy.ParseEnvironment(a.envName)
	return opts, err
}

// choices are the profiles of config.toml as the explorer offers them.
func choices(settings *config.Settings) []ui.ProfileChoice {
	var out []ui.ProfileChoice
	for _, name := range slices.Sorted(maps.Keys(settings.Profiles)) {
		p := settings.Profiles[name]
		detail := p.ProjectID + " · " + string(p.Environment)
		if p.ReadOnly {
			detail += " · read-only"
		}
		out = append(out, ui.ProfileChoice{Name: name, Detail: detail})
	}
	return out
}

// resolve is how a profile is opened that the explorer switches to; the flags hold for it
// too, but for the project's own.
func (a *app) resolve(settings *config.Settings, name string) (session.Options, error) {
	if name == "" {
		return a.explored(settings, config.Profile{}, true)
	}
	in := a.inputs()
	in.Profile = name
	p, err := settings.Resolve(in)
	if err != nil {
		return session.Options{}, err
	}
	return a.explored(settings, p, false)
}

// dumb reports a terminal that the explorer cannot draw on. Windows sets no TERM.
func dumb() bool {
	name, set := os.LookupEnv("TERM")
	return name == "dumb" || runtime.GOOS != "windows" && (!set || name == "")
}

// parent is a command that does nothing but through those below it.
func parent(name, short string) *cobra.Command {
	return &cobra.Command{
		Use: name, Short: short,
		RunE: func(cmd *cobra.Command, args []string) error {
			var names []string
			for _, c := range cmd.Commands() {
				names = append(names, c.Name())
			}
			if len(args) == 0 {
				return usage(fmt.Errorf("%s needs a command: %s", cmd.CommandPath(), strings.Join(names, ", ")))
			}
			return usage(fmt.Errorf("unknown command %q for %s%s; there are %s", args[0], cmd.CommandPath(), nearest.Hint(args[0], names), strings.Join(names, ", ")))
		},
	}
}

func (a *app) demo() *cobra.Command {
	var user, account string
	cmd := &cobra.Command{
		Use: "demo", Short: "The explorer on the embedded sandbox, whatever is configured", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.explore(cmd.Context(), true, user, account) },
	}
	cmd.Flags().StringVarP(&user, "user", "u", "", "open on this external user")
	cmd.Flags().StringVarP(&account, "account", "a", "", "open on this account: apn_… or an app's slug")
	return cmd
}
