package session

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/internal/pause"
	"github.com/connectty/connectty/proxy"
)

// Watch is somebody who was given a link, and the accounts that stood there before.
// It is kept on disk and outlives the program that began it; the link, which is a
// secret, is not in it.
type Watch struct {
	ID          string            `json:"id"`
	BaseURL     string            `json:"base_url"`
	ProjectID   string            `json:"project_id"`
	Environment proxy.Environment `json:"environment"`
	User        string            `json:"external_user_id"`
	App         string            `json:"app,omitempty"` // slug; empty for any
	Before      map[string]Mark   `json:"before"`        // by account id
	Exchange    string            `json:"exchange,omitempty"`
	ExpiresAt   time.Time         `json:"expires_at"`
}

// Mark is what tells whether an account was connected anew.
type Mark struct {
	Updated time.Time `json:"updated_at"`
	Healthy bool      `json:"healthy"`
	Dead    bool      `json:"dead"`
	Scopes  []string  `json:"scopes,omitempty"`
}

// The times between two looks at the accounts.
const (
	firstLook = 2 * time.Second // after a link was given
	lastLook  = 15 * time.Second
)

// BeginWatch notes which accounts are there before a link is used, and keeps that on
// disk. exchange is the call that is to be sent again; it may be empty.
func (s *Session) BeginWatch(ctx context.Context, env proxy.Environment, link Link, exchange string) (Watch, error) {
	w := Watch{
		ID: history.NewID(s.now()), BaseURL: s.profile.BaseURL, ProjectID: s.profile.ProjectID, Environment: env, User: link.User, App: link.App,
		Before: map[string]Mark{}, Exchange: exchange, ExpiresAt: link.ExpiresAt,
	}
	accounts, err := s.look(ctx, w)
	if err != nil {
		return w, err
	}
	for _, a := range accounts {
		w.Before[a.ID] = Mark{a.UpdatedAt, a.Healthy, a.Dead, a.AuthorizedScopes}
	}
	return w, s.keep(w)
}

// Await looks at the accounts until one is new or was connected anew, and returns it.
// It ends with the context, and with [context.DeadlineExceeded] when the link can no
// longer be used.
func (s *Session) Await(ctx context.Context, w Watch) (proxy.Account, error) {
	ctx, stop := context.WithDeadline(ctx, w.ExpiresAt)
	defer stop()
	for every := firstLook; ; every = min(every*3/2, lastLook) {
		accounts, err := s.look(ctx, w) // an error of one look is no end: the next may go well
		if err == nil {
			for _, a := range accounts {
				if old, known := w.Before[a.ID]; !known || old.renewed(a) {
					return a, nil
				}
			}
		}
		if !pause.For(ctx, every) {
			return proxy.Account{}, ctx.Err()
		}
	}
}

// look lists the accounts of a user and an app; a user whom Connect does not know has
// none.
func (s *Session) look(ctx context.Context, w Watch) ([]proxy.Account, error) {
	var out []proxy.Account
	for a, err := range s.Source(w.Environment).Accounts(ctx, proxy.AccountQuery{ExternalUserID: w.User, App: w.App}) {
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

// renewed reports that an end user has connected an account anew.
func (m Mark) renewed(now proxy.Account) bool {
	return now.UpdatedAt.After(m.Updated) || now.Healthy && !m.Healthy || m.Dead && !now.Dead || !slices.Equal(now.AuthorizedScopes, m.Scopes)
}

// path is where a watch is kept; empty where none is: the embedded sandbox ends with
// the program.
func (s *Session) path(id string) string {
	if s.watchDir == "" || s.embedded {
		return ""
	}
	return filepath.Join(s.watchDir, id+".json")
}

func (s *Session) keep(w Watch) error {
	path := s.path(w.ID)
	if path == "" {
		return nil
	}
	data, err := json.Marshal(w)
	if err == nil {
		err = os.MkdirAll(s.watchDir, 0o700)
	}
	if err != nil {
		return err
	}
	return atomicfile.WriteBytes(path, data)
}

// EndWatch forgets a watch. It reports whether this process was the first to: of two
// that wait for one person, one goes on with the account.
func (s *Session) EndWatch(w Watch) bool {
	path := s.path(w.ID)
	return path == "" || os.Remove(path) == nil
}

// Watches returns those that a former run began for this project, and forgets those
// whose links have expired: they are the second list.
func (s *Session) Watches() (open, expired []Watch, err error) {
	if s.path("") == "" {
		return nil, nil, nil
	}
	files, err := os.ReadDir(s.watchDir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	for _, f := range files {
		id, ok := strings.CutSuffix(f.Name(), ".json")
		data, err := os.ReadFile(filepath.Join(s.watchDir, f.Name()))
		if !ok || err != nil {
			continue // a file of somebody else's, or one that another process just ended
		}
		var w Watch
		if json.Unmarshal(data, &w) != nil || w.ID != id || w.ProjectID != s.profile.ProjectID || w.BaseURL != s.profile.BaseURL {
			continue
		}
		if s.now().Before(w.ExpiresAt) {
			open = append(open, w)
		} else if s.EndWatch(w) {
			expired = append(expired, w)
		}
	}
	return open, expired, err
}
