package session

import (
	"context"
	"iter"

	"github.com/connectty/connectty/proxy"
)

// Source lists the users and accounts of an environment, and notes in the history
// what it sees of accounts.
type Source struct {
	*proxy.Client

	session *Session
	env     proxy.Environment
}

// Source returns the lists of an environment.
func (s *Session) Source(env proxy.Environment) *Source { return &Source{s.Client(env), s, env} }

// Accounts lists accounts as [proxy.Client.Accounts] does.
func (c *Source) Accounts(ctx context.Context, q proxy.AccountQuery) iter.Seq2[proxy.Account, error] {
	return func(yield func(proxy.Account, error) bool) {
		var seen []proxy.Account
		defer func() { c.session.saw(ctx, c.env, seen) }()
		for a, err := range c.Client.Accounts(ctx, q) {
			if err == nil {
				seen = append(seen, a)
			}
			if !yield(a, err) {
				return
			}
		}
	}
}

// saw notes what is known of accounts now. What cannot be written is missing from the
// account's timeline, and keeps nobody from working.
func (s *Session) saw(ctx context.Context, env proxy.Environment, accounts []proxy.Account) {
	if s.store != nil && !s.Paused() {
		_ = s.store.Saw(context.WithoutCancel(ctx), s.profile.ProjectID, env, accounts, s.now())
	}
}
