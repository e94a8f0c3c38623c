package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/session"
)

// Options say how the explorer opens.
type Options struct {
	Session session.Options
	// Settings is what config.toml says; nil where it could not be read.
	Settings *config.Settings
	// SettingsErr tells what is wrong in config.toml or the environment. The
	// explorer then opens without a profile, says so, and sends nothing.
	SettingsErr error
	// Profiles are those that can be switched to, and Resolve tells how one is opened; an
	// empty name stands for the embedded sandbox.
	Profiles  []ProfileChoice
	Resolve   func(name string) (session.Options, error)
	Theme     string // a name, or auto; empty for auto
	DataDir   string // where history, sweeps and the key of stand-ins lie
	ConfigDir string // where the user's collections lie; may be absent
	ThemeDir  string // where the user's themes lie; may be absent
	Plain     bool   // linear, without borders, for screen readers
	User      string // external user to open on; empty for none
	Account   string // apn_ id or app slug to open on; empty for none
	AnyDomain bool   // lets URLs pass that are off the app's allowed domains
	Version   string
}

// ProfileChoice is a profile as it is offered.
type ProfileChoice struct{ Name, Detail string }

// stopWait bounds how long quitting waits for what is under way to be written.
const stopWait = 3 * time.Second

// ErrInterrupted tells that a signal ended the explorer.
var ErrInterrupted = errors.New("interrupted")

// Run shows the explorer on the terminal until the person quits or the context
// ends.
func Run(ctx context.Context, opts Options) error {
	return runScreen(ctx, func(ctx context.Context) (screen, error) { return newModel(ctx, opts) })
}

// screen is what a program of this package shows. end waits for what is under way, and
// keeps what is not yet kept; the context of its jobs is done by then.
type screen interface {
	tea.Model
	end() error
}

func runScreen(ctx context.Context, open func(ctx context.Context) (screen, error)) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	s, err := open(running)
	if err != nil {
		return err
	}
	_, err = tea.NewProgram(s, tea.WithContext(running), tea.WithoutSignalHandler()).Run()
	stop()
	err = errors.Join(err, s.end())
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	return err
}

func (m *model) end() error {
	m.jobs.Wait(stopWait)
	err := m.flushDraft()
	if m.session != nil {
		err = errors.Join(err, m.session.Close())
	}
	return err
}
