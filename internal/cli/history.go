package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/visible"
)

func (a *app) history() *cobra.Command {
	cmd := parent("history", "What was sent")
	cmd.AddCommand(a.historyList(), a.historyShow())
	return cmd
}

// store opens the history without a project: it is of all projects.
func (a *app) store(ctx context.Context, use func(*history.Store) error) error {
	if _, err := config.Load(a.inputs()); err != nil {
		return usage(err)
	}
	s, err := history.Open(ctx, history.Options{Path: filepath.Join(a.inputs().DataDir(), "history.db")})
	if err != nil {
		return usage(err)
	}
	defer func() { _ = s.Close() }() // only read
	return use(s)
}

func (a *app) historyList() *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use: "list", Short: "List exchanges, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 0 {
				return usage(fmt.Errorf("--limit %d: give a number above 0, or 0 for all", limit))
			}
			return a.store(cmd.Context(), func(s *history.Store) error { return a.printHistory(cmd.Context(), s, limit, asJSON) })
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line")
	cmd.Flags().IntVar(&limit, "limit", 100, "stop after so many; 0 for all")
	return cmd
}

func (a *app) printHistory(ctx context.Context, s *history.Store, limit int, asJSON bool) error {
	list, err := s.List(ctx, history.Query{Limit: limit})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		a.tell("nothing was sent yet")
		return nil
	}
	t := a.table()
	for _, x := range list {
		if asJSON {
			whole, err := s.Load(ctx, x.ID)
			if err != nil {
				return err
			}
			if err := a.printJSON(whole); err != nil {
				return err
			}
			continue
		}
		status := "-"
		if x.Response != nil {
			status = fmt.Sprint(x.Response.Status)
		}
		err := t.row(x.ID, x.StartedAt.Local().Format("2006-01-02 15:04:05"), string(x.Environment), x.ExternalUserID,
			x.Account.App, x.Request.Method, status, x.Finding.Who.Words(upstream(x)), x.Request.URL)
		if err != nil {
			return err
		}
	}
	return t.end()
}

func (a *app) historyShow() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show one exchange; the id may be shortened", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.store(cmd.Context(), func(s *history.Store) error {
				x, err := s.Load(cmd.Context(), args[0])
				if err != nil {
					return usage(err)
				}
				if asJSON {
					return a.printJSON(x)
				}
				return a.printExchange(x)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	return cmd
}

// upstream is the third party as people know it.
func upstream(x history.Exchange) string {
	if u, err := url.Parse(x.Request.URL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return cmp.Or(x.Account.App, "the third party")
}

// printExchange prints request, answer and finding as people read them.
func (a *app) printExchange(x history.Exchange) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", x.ID, x.StartedAt.Local().Format("2006-01-02 15:04:05"))
	fmt.Fprintf(&b, "%s · %s · account %s (%s)\n\n", x.Environment, x.ExternalUserID, x.Account.ID,
		strings.TrimSpace(x.Account.App+" "+x.Account.Name))
	fmt.Fprintf(&b, "%s %s\n", x.Request.Method, x.Request.URL)
	for _, h := range x.Request.Headers {
		fmt.Fprintf(&b, "%s: %s\n", h.Name, h.Value)
	}
	if len(x.Request.Body) > 0 {
		fmt.Fprintf(&b, "\n%s\n", x.Request.Body)
	}
	if r := x.Response; r != nil {
		fmt.Fprintf(&b, "\n%d %s\n", r.Status, http.StatusText(r.Status))
		for _, h := range r.Headers {
			fmt.Fprintf(&b, "%s: %s\n", h.Name, h.Value)
		}
		fmt.Fprintf(&b, "\n%s\n", r.Body)
		if r.BodyTruncated {
			fmt.Fprintf(&b, "(%d bytes came; what is above is what was kept)\n", r.Size)
		}
	}
	fmt.Fprintf(&b, "\n%s: %s\n", x.Finding.Who.Words(upstream(x)), x.Finding.Summary)
	for _, e := range x.Finding.Evidence {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	_, err := io.WriteString(a.out, visible.Block(b.String()))
	return err
}
