package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// AmbiguousError tells that an app's slug stands for several accounts.
type AmbiguousError struct {
	App, ExternalUserID string
	Accounts            []proxy.Account
}

// Error lists the accounts.
func (e *AmbiguousError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "user %q has %d %s accounts; name one by its id:", e.ExternalUserID, len(e.Accounts), e.App)
	for _, a := range e.Accounts {
		fmt.Fprintf(&b, "\n  %s  %s (%s)", a.ID, a.Label(), a.Health())
	}
	return b.String()
}

// Resolve finds whom a request acts for. account is an apn_ id, whose user may
// be left out, or the slug of an app of which the user has one account. Errors
// are package proxy's, or an [*AmbiguousError].
func (s *Session) Resolve(ctx context.Context, env proxy.Environment, user, account string) (Target, error) {
	switch {
	case account == "":
		return Target{}, &proxy.InputError{
			Field: "account", Reason: "is missing", Hint: "name an apn_… id, or an app of which the user has one account",
		}
	case strings.HasPrefix(account, "apn_"):
		return s.byID(ctx, env, user, account)
	case user == "":
		return Target{}, &proxy.InputError{
			Field: "user", Reason: "is missing",
			Hint: fmt.Sprintf("%q is an app, not an account: say whose", account),
		}
	}
	return s.byApp(ctx, env, user, account)
}

// byID reads the account. Whether it belongs to the user is Connect's to judge.
func (s *Session) byID(ctx context.Context, env proxy.Environment, user, id string) (Target, error) {
	a, err := s.Client(env).Account(ctx, id)
	if err != nil {
		return Target{}, err
	}
	s.saw(ctx, env, []proxy.Account{a})
	if user == "" {
		user = a.ExternalUserID
	}
	return Target{Environment: env, ExternalUserID: user, Account: a}, nil
}

func (s *Session) byApp(ctx context.Context, env proxy.Environment, user, app string) (Target, error) {
	var found []proxy.Account
	for a, err := range s.Source(env).Accounts(ctx, proxy.AccountQuery{ExternalUserID: user, App: app}) {
		if err != nil {
			return Target{}, err
		}
		found = append(found, a)
	}
	switch len(found) {
	case 0:
		return Target{}, &proxy.InputError{
			Field: "account", Value: app, Reason: fmt.Sprintf("is no app of user %q in %s", user, env),
			Hint: "connectty accounts -u " + user + " lists what there is",
		}
	case 1:
		return Target{Environment: env, ExternalUserID: user, Account: found[0]}, nil
	}
	return Target{}, &AmbiguousError{App: app, ExternalUserID: user, Accounts: found}
}
