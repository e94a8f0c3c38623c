package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/proxy"
)

// state keeps in a file what calls changed: accounts that were connected,
// renewed or deleted. The rest stands in the sandbox's own file, which is never
// written. The file holds credentials, so only its owner may read it.
type state struct {
	path   string
	server *Server
	wake   chan struct{}
	stop   func() // ends the writing
	quit   chan struct{}
	ended  chan struct{}

	mu  sync.Mutex
	err error // of the last write
}

// stateVersion is the shape of the file.
const stateVersion = 1

// writePause is the least time between two writes.
const writePause = 500 * time.Millisecond

type stateFile struct {
	Version  int            `json:"version"`
	Project  string         `json:"project"`
	Accounts []stateAccount `json:"accounts"` // changed or new ones, whole
	Deleted  []string       `json:"deleted"`  // ids that the sandbox's file names
	Invited  []stateUser    `json:"invited"`  // users without accounts
}

type stateAccount struct {
	ID             string            `json:"id"`
	App            string            `json:"app"`
	ExternalUserID string            `json:"external_user_id"`
	Name           string            `json:"name,omitempty"`
	Environment    proxy.Environment `json:"environment"`
	Unhealthy      bool              `json:"unhealthy,omitempty"`
	Dead           bool              `json:"dead,omitempty"`
	Error          string            `json:"error,omitempty"`
	ExpiresAt      string            `json:"expires_at,omitempty"`
	Scopes         []string          `json:"authorized_scopes,omitempty"`
	Credentials    map[string]string `json:"credentials,omitempty"`
	Made           time.Time         `json:"created_at"`
	Updated        time.Time         `json:"updated_at"`
	Refreshed      time.Time         `json:"last_refreshed_at,omitzero"`
}

type stateUser struct {
	Environment proxy.Environment `json:"environment"`
	ExternalID  string            `json:"external_id"`
	Made        time.Time         `json:"created_at"`
}

// openState lays a state file over the book, and keeps it from then on. A file
// that is not there yet is none.
func openState(path string, server *Server) (*state, error) {
	st := &state{path: path, server: server, wake: make(chan struct{}, 1), quit: make(chan struct{}), ended: make(chan struct{})}
	st.stop = sync.OnceFunc(func() { close(st.quit) })
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = st.write() // a folder that cannot be written is told now
	case err == nil:
		err = st.load(data)
	}
	if err != nil {
		return nil, fmt.Errorf("state file %s: %w", path, err)
	}
	go st.run()
	return st, nil
}

func (st *state) load(data []byte) error {
	var f stateFile
	if err := json.Unmarshal(data, &f); err != nil {
		return fmt.Errorf("it cannot be read (%w); move it away to start without it", err)
	}
	switch {
	case f.Version != stateVersion:
		return fmt.Errorf("it is of version %d, this connectty reads %d; move it away to start without it", f.Version, stateVersion)
	case f.Project != st.server.cfg.Project.ID:
		return fmt.Errorf("it is of project %q, the sandbox serves %q; name another file", f.Project, st.server.cfg.Project.ID)
	}
	b := st.server.book
	for env := range b.shelves {
		b.remove(env, func(a *account) bool { return slices.Contains(f.Deleted, a.ID) })
	}
	for _, u := range f.Invited {
		if _, err := proxy.ParseEnvironment(string(u.Environment)); err == nil && u.Environment != "" {
			b.invite(u.Environment, u.ExternalID, u.Made)
		}
	}
	for _, a := range f.Accounts {
		if b.shelves[a.Environment] == nil || st.server.apps[a.App] == nil {
			continue // its app is no longer in the file
		}
		b.lay(a.account())
	}
	return nil
}

func (a stateAccount) account() *account {
	return &account{
		Account: Account{
			ID: a.ID, App: a.App, ExternalUserID: a.ExternalUserID, Name: a.Name, Environment: a.Environment,
			Unhealthy: a.Unhealthy, Dead: a.Dead, Error: a.Error, ExpiresAt: a.ExpiresAt, AuthorizedScopes: a.Scopes,
			Credentials: a.Credentials,
		},
		made: a.Made, updated: a.Updated, refreshed: a.Refreshed, kept: true,
	}
}

// changed asks for a write, soon.
func (st *state) changed() {
	select {
	case st.wake <- struct{}{}:
	default: // one is asked for already
	}
}

func (st *state) run() {
	defer close(st.ended)
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-st.wake:
		case <-st.quit:
			return
		}
		select {
		case <-pause.C:
		case <-st.quit:
			return // close writes once more
		}
		err := st.write()
		st.note(err)
		if err != nil {
			st.changed() // once more
		}
		pause.Reset(writePause)
	}
}

func (st *state) note(err error) {
	st.mu.Lock()
	st.err = err
	st.mu.Unlock()
	if err != nil {
		st.server.journal.tell(func(log *slog.Logger) {
			log.Error("the state file was not written", slog.String("file", st.path), slog.Any("err", err))
		})
	}
}

// close writes what was not yet, and returns what went wrong at the last write.
func (st *state) close() error {
	st.stop()
	<-st.ended
	st.note(st.write())
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.err != nil {
		return fmt.Errorf("state file %s: %w", st.path, st.err)
	}
	return nil
}

// write replaces the file at once, so that a crash leaves the old or the new one.
func (st *state) write() error {
	data, err := json.MarshalIndent(st.collect(), "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.WriteBytes(st.path, append(data, '\n'))
}

func (st *state) collect() stateFile {
	f := stateFile{Version: stateVersion, Project: st.server.cfg.Project.ID, Accounts: []stateAccount{}, Deleted: []string{}, Invited: []stateUser{}}
	b := st.server.book
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, env := range []proxy.Environment{proxy.Development, proxy.Production} {
		for _, a := range b.shelves[env].accounts {
			if a.kept {
				f.Accounts = append(f.Accounts, stateAccount{
					a.ID, a.App, a.ExternalUserID, a.Name, a.Environment, a.Unhealthy, a.Dead, a.Error, a.ExpiresAt,
					a.AuthorizedScopes, a.Credentials, a.made, a.updated, a.refreshed,
				})
			}
		}
		for _, u := range b.shelves[env].users {
			if u.invited {
				f.Invited = append(f.Invited, stateUser{env, u.external, u.made})
			}
		}
	}
	for _, a := range st.server.cfg.Accounts {
		if b.shelves[a.Environment].byID[a.ID] == nil {
			f.Deleted = append(f.Deleted, a.ID)
		}
	}
	return f
}
