package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/proxy"
)

// listFlags are what the lists have in common.
type listFlags struct {
	json, count bool
	limit       int
	text        string
}

func (f *listFlags) add(cmd *cobra.Command) {
	fl := cmd.Flags()
	fl.BoolVar(&f.json, "json", false, "one JSON object a line, as Connect sent it")
	fl.BoolVar(&f.count, "count", false, "only how many there are")
	fl.IntVar(&f.limit, "limit", 0, "stop after so many; 0 for all")
	fl.StringVarP(&f.text, "query", "q", "", "part of the name")
}

func (f *listFlags) check() error {
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

// matching keeps the records whose texts hold the query: where Connect's own
// filter looks at less than people do.
func matching[T any](records iter.Seq2[T, error], query string, limit int, texts func(T) string) iter.Seq2[T, error] {
	query = strings.ToLower(query)
	return func(yield func(T, error) bool) {
		n := 0
		for r, err := range records {
			if err == nil && !strings.Contains(strings.ToLower(texts(r)), query) {
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

// client opens a session for a list and hands its client on.
func (a *app) client(ctx context.Context, list func(*proxy.Client) error) error {
	a.noHistory = true // a list leaves no exchange
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // nothing was written
	return list(s.Client(s.Profile().Environment))
}

func (a *app) users() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use: "users", Short: "List the external users", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.client(cmd.Context(), func(c *proxy.Client) error {
				users := c.Users(cmd.Context(), proxy.UserQuery{Text: f.text, Limit: f.limit})
				return printList(a, f, users, func(u proxy.User) json.RawMessage { return u.Raw },
					func(u proxy.User) []string { return []string{u.ExternalID, u.ID, u.CreatedAt.Format("2006-01-02")} })
			})
		},
	}
	f.add(cmd)
	return cmd
}

func (a *app) accounts() *cobra.Command {
	var f listFlags
	var app, user, health string
	cmd := &cobra.Command{
		Use: "accounts", Short: "List the connected accounts", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			state, err := proxy.ParseHealth(health)
			if err != nil {
				return usage(err)
			}
			if err := f.check(); err != nil {
				return err
			}
			return a.client(cmd.Context(), func(c *proxy.Client) error {
				q := proxy.AccountQuery{ExternalUserID: user, App: app, Health: state}
				if f.text == "" {
					q.Limit = f.limit
				}
				texts := func(x proxy.Account) string { return x.ID + " " + x.Name + " " + x.ExternalUserID + " " + x.App.Slug }
				accounts := matching(c.Accounts(cmd.Context(), q), f.text, f.limit, texts)
				return printList(a, f, accounts, func(x proxy.Account) json.RawMessage { return x.Raw },
					func(x proxy.Account) []string {
						return []string{x.ID, string(x.Health()), x.App.Slug, x.ExternalUserID, x.Name, x.Error}
					})
			})
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&app, "app", "", "only accounts of this app")
	cmd.Flags().StringVarP(&user, "user", "u", "", "only accounts of this external user")
	cmd.Flags().StringVar(&health, "health", "", "only healthy, unhealthy or dead ones")
	return cmd
}

func (a *app) apps() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use: "apps [SLUG]", Short: "List the apps, or show one", Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return a.client(cmd.Context(), func(c *proxy.Client) error {
				if len(args) == 1 {
					return a.showApp(cmd.Context(), c, args[0], f.json)
				}
				apps := c.Apps(cmd.Context(), proxy.AppQuery{Text: f.text, Limit: f.limit})
				return printList(a, f, apps, func(x proxy.App) json.RawMessage { return x.Raw },
					func(x proxy.App) []string { return []string{x.Slug, x.Name, x.AuthType, proxied(x)} })
			})
		},
	}
	f.add(cmd)
	return cmd
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

func (a *app) showApp(ctx context.Context, c *proxy.Client, slug string, asJSON bool) error {
	x, err := c.App(ctx, slug)
	if err != nil {
		return err
	}
	if asJSON {
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
