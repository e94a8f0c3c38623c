package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
)

// listFlags are what the lists have in common.
type listFlags struct {
	json, count       bool
	limit             int
	text              string
	app, user, health string
	state             proxy.Health // what health says, read
}

func (f *listFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.json, "json", false, "one JSON object a line, as Connect sent it")
	fl.BoolVar(&f.count, "count", false, "only how many there are")
	fl.IntVar(&f.limit, "limit", 0, "stop after so many; 0 for all")
	fl.StringVarP(&f.text, "query", "q", "", "part of the name")
	fl.StringVar(&f.app, "app", "", "only what has accounts of this app")
	fl.StringVarP(&f.user, "user", "u", "", "only what is of this external user")
	fl.StringVar(&f.health, "health", "", "only what has healthy, unhealthy or dead accounts")
}

// byAccounts reports that the list is asked of the accounts that it has.
func (f *listFlags) byAccounts() bool { return f.app != "" || f.user != "" || f.state != "" }

func (f *listFlags) check() (err error) {
	if f.state, err = proxy.ParseHealth(f.health); err != nil {
		return usage(err)
	}
	if f.limit < 0 {
		return usage(errors.New("--limit: give a number above 0, or 0 for all"))
	}
	return nil
}

// printList prints records as they come, as objects or as columns, or counts
// them.
func printList[T any](a *app, f listFlags, records iter.Seq2[T, error], raw func(T) json.RawMessage, cells func(T) []string) error {
	t, n := a.table(), 0
	for r, err := range records {
		if err != nil {
			return errors.Join(err, t.end())
		}
		n++
		switch {
		case f.count:
		case f.json:
			if err := a.printJSON(raw(r)); err != nil {
				return err
			}
		default:
			if err := t.row(cells(r)...); err != nil {
				return err
			}
		}
	}
	if f.count {
		_, err := fmt.Fprintln(a.out, n)
		return err
	}
	if n == 0 {
		a.tell("nothing found")
	}
	return t.end()
}

// keeping filters records where Connect's own filters look at less than people do.
func keeping[T any](records iter.Seq2[T, error], limit int, keep func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for r, err := range records {
			if err == nil && !keep(r) {
				continue
			}
			if !yield(r, err) {
				return
			}
			if n++; limit > 0 && n >= limit {
				return
			}
		}
	}
}

// contains reports whether one of the texts holds the query, in any case.
func contains(query string, texts ...string) bool {
	query = strings.ToLower(query)
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(strings.ToLower(text), query) })
}

// listing opens a session for a list and hands it on.
func (a *app) listing(ctx context.Context, list func(*session.Session) error) error {
	a.noHistory = true // a list leaves no exchange
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // nothing was written
	return list(s)
}

// list makes the command of a list.
func (a *app) list(use, short string, args cobra.PositionalArgs, run func(ctx context.Context, s *session.Session, f listFlags, args []string) error) *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use: use, Short: short, Args: args,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.listing(cmd.Context(), func(s *session.Session) error { return run(cmd.Context(), s, f, args) })
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) users() *cobra.Command {
	return a.list("users", "List the external users", cobra.NoArgs, func(ctx context.Context, s *session.Session, f listFlags, _ []string) error {
		c := s.Client(s.Profile().Environment)
		users := c.Users(ctx, proxy.UserQuery{Text: f.text, Limit: f.limitUnless(f.byAccounts())})
		if f.byAccounts() {
			with, err := related(ctx, c, f, func(x proxy.Account) string { return x.ExternalUserID })
			if err != nil {
				return err
			}
			users = keeping(users, f.limit, func(u proxy.User) bool { return with[u.ExternalID] })
		}
		if f.text != "" {
			a.tellFound(ctx, s, f.text)
		}
		return printList(a, f, users, func(u proxy.User) json.RawMessage { return u.Raw },
			func(u proxy.User) []string { return []string{u.ExternalID, u.ID, u.CreatedAt.Format("2006-01-02")} })
	})
}

// tellFound tells on standard error what the profile's lookup finds: Connect knows
// ids, a ticket holds an address or a name.
func (a *app) tellFound(ctx context.Context, s *session.Session, text string) {
	if !s.CanLookUp() {
		return
	}
	people, err := s.LookUp(ctx, text)
	if err != nil {
		a.tell("connectty:", visible.Line(err.Error()))
		return
	}
	for _, p := range people {
		a.tell("lookup:", visible.Line(p.ID), visible.Line(p.Label))
	}
}

func (a *app) accounts() *cobra.Command {
	return a.list("accounts", "List the connected accounts", cobra.NoArgs, func(ctx context.Context, s *session.Session, f listFlags, _ []string) error {
		c := s.Client(s.Profile().Environment)
		q := proxy.AccountQuery{ExternalUserID: f.user, App: f.app, Health: f.state, Limit: f.limitUnless(f.text != "")}
		accounts := keeping(c.Accounts(ctx, q), f.limit, func(x proxy.Account) bool {
			return contains(f.text, x.ID, x.Name, x.ExternalUserID, x.App.Slug)
		})
		return printList(a, f, accounts, func(x proxy.Account) json.RawMessage { return x.Raw },
			func(x proxy.Account) []string {
				return []string{x.ID, string(x.Health()), x.App.Slug, x.ExternalUserID, x.Name, x.Error}
			})
	})
}

func (a *app) apps() *cobra.Command {
	return a.list("apps [SLUG]", "List the apps, or show one", cobra.MaximumNArgs(1), func(ctx context.Context, s *session.Session, f listFlags, args []string) error {
		c := s.Client(s.Profile().Environment)
		if len(args) == 1 {
			return a.showApp(ctx, c, args[0], f)
		}
		apps := c.Apps(ctx, proxy.AppQuery{Text: f.text, Limit: f.limitUnless(f.byAccounts())})
		if f.byAccounts() {
			with, err := related(ctx, c, f, func(x proxy.Account) string { return x.App.Slug })
			if err != nil {
				return err
			}
			apps = keeping(apps, f.limit, func(x proxy.App) bool { return with[x.Slug] })
		}
		return printList(a, f, apps, func(x proxy.App) json.RawMessage { return x.Raw },
			func(x proxy.App) []string { return []string{x.Slug, x.Name, x.AuthType, proxied(x)} })
	})
}

// limitUnless is the limit to ask Connect for; none where a filter of ours comes
// after.
func (f *listFlags) limitUnless(filtered bool) int {
	if filtered {
		return 0
	}
	return f.limit
}

// related collects a name of each account that passes the filters.
func related(ctx context.Context, c *proxy.Client, f listFlags, name func(proxy.Account) string) (map[string]bool, error) {
	out := map[string]bool{}
	for x, err := range c.Accounts(ctx, proxy.AccountQuery{ExternalUserID: f.user, App: f.app, Health: f.state}) {
		if err != nil {
			return nil, err
		}
		out[name(x)] = true
	}
	return out, nil
}

func proxied(x proxy.App) string {
	switch {
	case x.Connect == nil:
		return ""
	case !x.Connect.ProxyEnabled:
		return "no proxy"
	}
	return strings.Join(x.Connect.AllowedDomains, ", ")
}

func (a *app) showApp(ctx context.Context, c *proxy.Client, slug string, f listFlags) error {
	x, err := c.App(ctx, slug)
	if err != nil {
		return err
	}
	switch {
	case f.count:
		_, err := fmt.Fprintln(a.out, 1)
		return err
	case f.json:
		return a.printJSON(x.Raw)
	}
	t := a.table()
	rows := [][]string{{"slug", x.Slug}, {"name", x.Name}, {"id", x.ID}, {"auth", x.AuthType}}
	if x.Connect != nil {
		rows = append(rows, []string{"proxy", fmt.Sprint(x.Connect.ProxyEnabled)},
			[]string{"domains", strings.Join(x.Connect.AllowedDomains, ", ")}, []string{"base URL", x.Connect.BaseURL})
	}
	for _, r := range rows {
		if err := t.row(r...); err != nil {
			return err
		}
	}
	return t.end()
}
