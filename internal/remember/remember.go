// Package remember keeps how connectty was left: where one was, what is pinned, how
// the screen is divided, what was composed and not sent. No secret is in it.
package remember

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"

	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/proxy"
)

// State is all that is remembered.
type State struct {
	CoachDone bool                `json:"coach_done,omitempty"` // the coach strip was dismissed, or has nothing left to say
	Splits    map[string]float64  `json:"splits,omitempty"`     // by name: the share of the screen, between 0 and 1
	Projects  map[string]Project  `json:"projects,omitempty"`   // by [Key]
	Filters   map[string][]string `json:"filters,omitempty"`    // of jq, by app, the newest first
}

// mostFilters is how many filters of an app are remembered.
const mostFilters = 50

// Filter puts a filter of an app before its others.
func (s *State) Filter(app, filter string) {
	if s.Filters == nil {
		s.Filters = map[string][]string{}
	}
	s.Filters[app] = Newest(s.Filters[app], filter, mostFilters)
}

// Newest puts a text before all others, and keeps no more than most.
func Newest(texts []string, text string, most int) []string {
	texts = slices.DeleteFunc(slices.Clone(texts), func(other string) bool { return other == text })
	texts = slices.Insert(texts, 0, text)
	return texts[:min(len(texts), most)]
}

// Project is what is remembered of one project.
type Project struct {
	Environment proxy.Environment `json:"environment,omitempty"` // never production: that is chosen anew
	User        string            `json:"external_user_id,omitempty"`
	Account     string            `json:"account_id,omitempty"`
	Pinned      []string          `json:"pinned,omitempty"` // external user ids, in the order they were pinned
	Recent      []string          `json:"recent,omitempty"` // external user ids, the newest first
}

// Key names a project of a Connect.
func Key(baseURL, projectID string) string { return baseURL + " " + projectID }

// File is where the state lies. Two programs may change it at once.
type File struct{ path string }

// In returns the file of a data folder. It need not be there.
func In(folder string) *File { return &File{filepath.Join(folder, "state.json")} }

// Read returns what is remembered: nothing where there is no file yet. A file that
// cannot be read as state is an error, and what it holds stays.
func (f *File) Read() (State, error) {
	var s State
	data, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return State{}, fmt.Errorf("%s: %w; remove it to begin anew", f.path, err)
	}
	return s, nil
}

// Change reads the state, lets change work on it and writes it, while no other
// program does. It waits for one that is writing.
func (f *File) Change(change func(*State)) error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	lock := flock.New(f.path+".lock", flock.SetPermissions(0o600))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("lock %s: %w", f.path, err)
	}
	defer lock.Unlock() //nolint:errcheck // it goes with the file handle
	s, err := f.Read()
	if err != nil {
		return err
	}
	change(&s)
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.WriteBytes(f.path, append(data, '\n'))
}

// In gives change one project of the state to work on.
func (s *State) In(key string, change func(*Project)) {
	p := s.Projects[key]
	change(&p)
	if s.Projects == nil {
		s.Projects = map[string]Project{}
	}
	s.Projects[key] = p
}

// forget removes a user.
func (p *Project) forget(user string) {
	is := func(id string) bool { return id == user }
	p.Pinned, p.Recent = slices.DeleteFunc(p.Pinned, is), slices.DeleteFunc(p.Recent, is)
	if p.User == user {
		p.User, p.Account = "", ""
	}
}
