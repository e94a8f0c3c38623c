package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/connectty/connectty/proxy"
)

// book holds users and accounts by environment. What it hands out is never
// changed afterwards: a change puts another record in its place, so that readers
// need no lock.
type book struct {
	mu      sync.RWMutex
	shelves map[proxy.Environment]*shelf
	serial  int // of the newest record
	changed func()
}

// shelf is one environment. Lists are in the order of creation, so that a page
// is found by a search.
type shelf struct {
	accounts []*account
	byID     map[string]*account
	perApp   map[string]int // accounts by slug
	users    []*user
	byUser   map[string]*user // by external id
}

// account is an Account with its place in time.
type account struct {
	Account

	serial    int
	made      time.Time
	updated   time.Time
	refreshed time.Time // zero: never
	kept      bool      // differs from the file: the state has it
}

func (a *account) place() int { return a.serial }

// user exists while it has an account, or a token was made for it.
type user struct {
	serial   int
	id       string // exu_…
	external string
	made     time.Time
	updated  time.Time
	invited  bool // by a token: stays without accounts
	accounts []*account
}

func (u *user) place() int { return u.serial }

func newBook() *book {
	b := &book{shelves: map[proxy.Environment]*shelf{}, changed: func() {}}
	for _, env := range []proxy.Environment{proxy.Development, proxy.Production} {
		b.shelves[env] = &shelf{byID: map[string]*account{}, perApp: map[string]int{}, byUser: map[string]*user{}}
	}
	return b
}

// find returns an account of an environment; nil where there is none.
func (b *book) find(env proxy.Environment, id string) *account {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.shelves[env].byID[id]
}

// read lets a reader look at one environment while nothing changes.
func (b *book) read(env proxy.Environment, look func(*shelf)) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	look(b.shelves[env])
}

// add puts a new account, or one that replaces the account of the same id.
func (b *book) add(a *account) {
	b.mu.Lock()
	b.put(a)
	b.mu.Unlock()
	b.changed()
}

// lay puts an account in, wherever one of its id stands: another file may have
// had it under another user, app or environment. Its fault stays the file's.
func (b *book) lay(a *account) {
	for env, s := range b.shelves {
		old := s.byID[a.ID]
		if old == nil {
			continue
		}
		a.Fault = old.Fault
		if env != a.Environment || old.ExternalUserID != a.ExternalUserID || old.App != a.App {
			b.remove(env, func(other *account) bool { return other.ID == a.ID })
		}
	}
	b.put(a)
}

func (b *book) put(a *account) {
	s := b.shelves[a.Environment]
	if old := s.byID[a.ID]; old != nil {
		a.serial, a.made = old.serial, old.made
		s.replace(old, a)
		return
	}
	b.serial++
	a.serial = b.serial
	u := b.person(s, a.Environment, a.ExternalUserID, a.made)
	s.accounts = append(s.accounts, a)
	u.accounts = append(u.accounts, a)
	s.byID[a.ID] = a
	s.perApp[a.App]++
}

// replace puts an account in the place of one of the same id, user and app.
func (s *shelf) replace(old, a *account) {
	swap := func(list []*account) {
		if i, ok := search(list, old.serial); ok {
			list[i] = a
		}
	}
	swap(s.accounts)
	swap(s.byUser[a.ExternalUserID].accounts)
	s.byID[a.ID] = a
}

// person returns the user of an external id, made where there is none.
func (b *book) person(s *shelf, env proxy.Environment, external string, at time.Time) *user {
	if u := s.byUser[external]; u != nil {
		return u
	}
	b.serial++
	sum := sha256.Sum256([]byte(string(env) + "/" + external))
	u := &user{serial: b.serial, id: "exu_" + hex.EncodeToString(sum[:6]), external: external, made: at, updated: at}
	s.users = append(s.users, u)
	s.byUser[external] = u
	return u
}

// invite makes sure that a user exists.
func (b *book) invite(env proxy.Environment, external string, at time.Time) {
	b.mu.Lock()
	u := b.person(b.shelves[env], env, external, at)
	known := u.invited
	u.invited = true
	b.mu.Unlock()
	if !known {
		b.changed()
	}
}

// change replaces an account by what edit makes of a copy; where edit reports
// that it left it alone, nothing is. It reports whether the account is still there.
func (b *book) change(env proxy.Environment, id string, at time.Time, edit func(*account) bool) (*account, bool) {
	b.mu.Lock()
	old := b.shelves[env].byID[id]
	if old == nil {
		b.mu.Unlock()
		return nil, false
	}
	a := *old
	a.Credentials = maps.Clone(old.Credentials)
	if !edit(&a) {
		b.mu.Unlock()
		return old, true
	}
	a.updated, a.kept = at, true
	b.shelves[env].replace(old, &a)
	b.mu.Unlock()
	b.changed()
	return &a, true
}

// remove deletes the accounts of an environment that match, and returns how many.
func (b *book) remove(env proxy.Environment, match func(*account) bool) int {
	b.mu.Lock()
	s := b.shelves[env]
	before := len(s.accounts)
	s.accounts = slices.DeleteFunc(s.accounts, func(a *account) bool {
		if !match(a) {
			return false
		}
		delete(s.byID, a.ID)
		s.perApp[a.App]--
		u := s.byUser[a.ExternalUserID]
		u.accounts = slices.DeleteFunc(u.accounts, func(other *account) bool { return other.ID == a.ID })
		return true
	})
	gone := before - len(s.accounts)
	s.sweep()
	b.mu.Unlock()
	if gone > 0 {
		b.changed()
	}
	return gone
}

// sweep drops the users who have no account left and were never invited.
func (s *shelf) sweep() {
	s.users = slices.DeleteFunc(s.users, func(u *user) bool {
		gone := len(u.accounts) == 0 && !u.invited
		if gone {
			delete(s.byUser, u.external)
		}
		return gone
	})
}

// removeUser deletes a user with all accounts, and reports whether there was one.
func (b *book) removeUser(env proxy.Environment, external string) bool {
	b.mu.Lock()
	u := b.shelves[env].byUser[external]
	if u != nil {
		u.invited = false
	}
	b.mu.Unlock()
	if u == nil {
		return false
	}
	b.remove(env, func(a *account) bool { return a.ExternalUserID == external })
	b.changed() // one without accounts, too
	return true
}
