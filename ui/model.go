package ui

import (
	"context"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/accounts"
	"github.com/connectty/connectty/ui/action"
	comparepane "github.com/connectty/connectty/ui/compare"
	"github.com/connectty/connectty/ui/environment"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
	"github.com/connectty/connectty/ui/response"
	sweeppane "github.com/connectty/connectty/ui/sweep"
	"github.com/connectty/connectty/ui/timeline"
	"github.com/connectty/connectty/ui/users"
)

// pane is what the root needs of each of its parts.
type pane interface {
	Init() tea.Cmd
	Update(msg tea.Msg) tea.Cmd
	View(width, height int, th *themes.Theme) string
	Resize(width, height int)
	Actions() []action.Action
	Title(th *themes.Theme) (state, right string)
	Status(th *themes.Theme) (left, right string)
	Editing() bool
	Focus(on bool)
}

// model is the whole screen. It routes; the panes know.
type model struct {
	opts    Options
	jobs    *job.Runner
	table   *action.Table
	th      *themes.Theme
	now     func() time.Time
	session *session.Session // nil until it is open
	refused error            // why it will not be

	environment *environment.Model
	users       *users.Model
	accounts    *accounts.Model
	request     *request.Model
	response    *response.Model
	history     *timeline.Model
	bin         []history.Exchange // deleted, and can be put back
	sweep       *sweeppane.Model
	compare     *comparepane.Model
	panes       [places]pane
	overlays    overlay.Stack
	// The picker that is open, if any: it is fed while its pane loads.
	userPicker, accountPicker *overlay.Picker
	search                    search
	fed                       fed // what the user picker was filled from

	width, height int
	layout        layout
	scene         scene
	splits        splits
	drag          dragging
	before        scene // the one that this one came from
	focus         place
	lender        place // the pane that gets the focus back once it has a place again; nowhere for none
	zoom          bool

	target      target
	sweepEnv    proxy.Environment // that the sweep's accounts are of
	linking     linking
	apps        appSearch
	lost        string // a user without accounts, while the list of users is not whole; empty for none
	naming      naming
	collection  []request.Example // of .http files
	wanted      wanted            // what the command line asked to open on
	spent       spending
	draft       drafting
	whereabouts whereabouts
	tally       tally
	coach       coach
	jump        func() tea.Cmd // goes where somebody was found; nil for nowhere
	notice      notice
	leaving     bool          // ctrl+c was pressed once, idle
	uploaded    *atomic.Int64 // bytes of the body that went out, of the last send
	ticking     bool          // the clock of a running send is on
	keys        keyboard
}

// keyboard is what is known of the terminal's keys.
type keyboard struct {
	unambiguous bool // alt+enter and esc, enter come apart
}

// target is whom the next request acts for, as far as it is picked.
type target struct {
	env     proxy.Environment
	user    string // external user id
	all     bool   // "all users" instead of one
	account proxy.Account
	sure    bool       // account is Connect's record, not what the history remembers
	asked   bool       // the environment was switched: a person picks the account
	app     *proxy.App // what is known of the account's app; nil until it came
}

func newModel(ctx context.Context, opts Options) (*model, error) {
	m := &model{
		opts: opts, now: time.Now, uploaded: new(atomic.Int64),
		focus:  usersPane,
		lender: nowhere,
		target: target{env: opts.Session.Profile.Environment},
		wanted: wanted{user: opts.User, account: opts.Account},
	}
	if m.target.env == "" {
		m.target.env = proxy.Development
	}
	m.makePanes()
	m.jobs = job.NewRunner(ctx, m.now)
	if err := m.setTheme(true); err != nil {
		return nil, err
	}
	var overrides map[string][]string
	if opts.Settings != nil {
		overrides = opts.Settings.Keys
	}
	table, err := action.NewTable(overrides, m.groups()...)
	m.table = table
	if err != nil {
		m.warn("config: "+err.Error(), "the default keys are in place")
	}
	m.draft.seen = m.composed()
	m.environment.Set(m.target.env)
	m.panes[m.focus].Focus(true)
	return m, nil
}

func (m *model) makePanes() {
	m.environment, m.users, m.accounts = environment.New(), users.New(), accounts.New()
	m.request, m.response, m.history = request.New(), response.New(), timeline.New()
	m.sweep, m.compare = sweeppane.New(), comparepane.New()
	m.panes = [places]pane{m.environment, m.users, m.accounts, m.request, m.response, m.history, m.sweep, m.compare}
}

// Init opens the session behind the first frame.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.open(), m.readSplits()}
	if m.followsTerminal() {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	for _, p := range m.panes {
		cmds = append(cmds, p.Init())
	}
	return tea.Batch(cmds...)
}

// opened answers open.
type opened struct {
	session *session.Session
	budget  session.Budget
	err     error
}

func (m *model) open() tea.Cmd {
	if m.opts.SettingsErr != nil {
		m.warn(m.opts.SettingsErr.Error(), "nothing is sent until it is mended; q quits")
		m.refuse(m.opts.SettingsErr)
		return nil
	}
	opts := m.opts.Session
	label := "opening the history"
	if opts.Embedded {
		label = "starting the sandbox"
	}
	return job.Start("session", label, func(ctx context.Context) tea.Msg {
		s, err := session.Open(ctx, opts)
		if err != nil {
			return opened{err: err}
		}
		return opened{session: s, budget: s.Budget(ctx)}
	})
}

// refuse tells the lists that there is nothing to wait for; a notice goes with the
// next key.
func (m *model) refuse(err error) {
	m.refused = err
	m.users.Refuse(err)
	m.history.Refuse(err)
}

func (msg opened) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(msg.err.Error(), "nothing can be sent; q quits")
		m.refuse(msg.err)
		return nil
	}
	m.session = msg.session
	m.spent.Budget, m.spent.read = msg.budget, m.now()
	if m.opts.Session.Embedded {
		m.say("This is the embedded sandbox: a Connect of its own, no account needed")
	}
	cmds := []tea.Cmd{m.followEnvironment(), m.request.SetSource(m.session), m.resumeWatches(), m.readDraft(), m.knowCollections()}
	if err := m.session.HistoryErr(); err != nil {
		m.warn("the history is off: "+err.Error(), "exchanges of this session are not kept")
	}
	if store := m.session.History(); store != nil {
		if aside := store.SetAside(); aside != "" {
			m.warn("the history could not be read, and a new one begins", "the old one lies in "+visible.Line(aside))
			m.history.SetAside(aside)
		}
		cmds = append(cmds, m.history.SetSource(store), m.prune(store), watchHistory(store))
	} else {
		m.history.Refuse(m.session.HistoryErr())
	}
	cmds = append(cmds, m.openWanted())
	return tea.Batch(cmds...)
}

// pruned answers prune.
type pruned struct{ err error }

func (msg pruned) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn(msg.err.Error(), "")
	}
	return nil
}

// prune indexes what a crash or an older connectty left, and takes out of the history what
// config.toml does not keep, behind all else.
func (m *model) prune(store *history.Store) tea.Cmd {
	settings, now := m.opts.Settings, m.now()
	return job.Start("prune", "", func(ctx context.Context) tea.Msg {
		_, err := store.Index(ctx)
		if settings != nil && err == nil {
			_, err = store.Prune(ctx, now.Add(-settings.History.Retention), settings.History.MaxSize)
		}
		if ctx.Err() != nil {
			return nil
		}
		return pruned{err}
	})
}

// followsTerminal reports that the theme is chosen by the terminal's background.
func (m *model) followsTerminal() bool { return m.opts.Theme == "" || m.opts.Theme == "auto" }

// setTheme loads the theme asked for, or the one for the background.
func (m *model) setTheme(dark bool) error {
	if m.followsTerminal() {
		m.th = themes.For(dark)
		return nil
	}
	th, err := themes.Load(m.opts.Theme, m.opts.ThemeDir)
	if err != nil {
		return err
	}
	m.th = th
	return nil
}

// profiled takes in what colours the terminal can show.
func (m *model) profiled(msg tea.ColorProfileMsg) {
	if msg.Profile <= colorprofile.ASCII {
		m.th = themes.Mono()
	}
}
