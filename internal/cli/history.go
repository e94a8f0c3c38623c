package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/visible"
)

func (a *app) history() *cobra.Command {
	cmd := parent("history", "What was sent")
	cmd.AddCommand(a.historyList(), a.historySearch(), a.historyShow(), a.historyAnnotate(), a.historyExport(), a.historyImport(), a.historyDelete(), a.historyPrune(), a.historyStats())
	return cmd
}

// store opens the history without a project: it is of all projects.
func (a *app) store(ctx context.Context, use func(*history.Store) error) (err error) {
	settings, err := config.Load(a.inputs())
	if err != nil {
		return usage(err)
	}
	opts := a.historyOptions(settings)
	secrets := settings.SecretsAtHand(a.inputs())
	opts.Secrets = func() []string { return secrets }
	s, err := history.Open(ctx, opts)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if aside := s.SetAside(); aside != "" {
		a.tell("the history could not be read; it lies in " + visible.Line(aside) + ", and a new one begins")
	}
	return use(s)
}

// historyFlags narrow a list of exchanges.
type historyFlags struct {
	json    bool
	limit   int
	ticket  string
	starred bool
}

func (f *historyFlags) add(cmd *cobra.Command, limit int) {
	cmd.Flags().IntVar(&f.limit, "limit", limit, "stop after so many; 0 for all")
	cmd.Flags().StringVar(&f.ticket, "ticket", "", "only exchanges of this ticket")
	cmd.Flags().BoolVar(&f.starred, "starred", false, "only exchanges with a star")
}

// query reads words and flags.
func (f *historyFlags) query(words string) (history.Query, error) {
	if f.limit < 0 {
		return history.Query{}, usage(fmt.Errorf("--limit %d: give a number above 0, or 0 for all", f.limit))
	}
	q := history.ParseQuery(words)
	if q.Misread != "" {
		return q, usage(errors.New(q.Misread))
	}
	q.Limit, q.Ticket, q.Starred = f.limit, cmp.Or(f.ticket, q.Ticket), f.starred || q.Starred
	if f.limit == 0 {
		q.Limit = math.MaxInt
	}
	return q, nil
}

func (a *app) historyList() *cobra.Command {
	var f historyFlags
	cmd := &cobra.Command{
		Use: "list", Short: "List exchanges, newest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			none := "nothing was sent yet"
			if f.ticket != "" || f.starred {
				none = "nothing was found"
			}
			return a.listHistory(cmd.Context(), f, "", none)
		},
	}
	cmd.Flags().BoolVar(&f.json, "json", false, "one JSON object a line")
	f.add(cmd, 100)
	return cmd
}

func (a *app) historySearch() *cobra.Command {
	var f historyFlags
	cmd := &cobra.Command{
		Use: "search WORDS", Short: "Find exchanges that hold all of the words", Args: cobra.MinimumNArgs(1),
		Long: `Finds exchanges by words in URL, user, account, app, method, status, finding, note, ticket, headers and bodies; all of them
must be there, and each is found where a word or a part of a path begins. Filters narrow:

  env:prod project:ID user:ID app:slack account:ID method:POST status:429 status:5xx status:none ticket:ID starred:
  after:2026-11-01 after:7d before:today
  who:request|setup|network|connect|account|upstream|unknown|none (who failed)`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.listHistory(cmd.Context(), f, strings.Join(args, " "), "nothing was found")
		},
	}
	cmd.Flags().BoolVar(&f.json, "json", false, "one JSON object a line")
	f.add(cmd, 100)
	return cmd
}

func (a *app) listHistory(ctx context.Context, f historyFlags, words, none string) error {
	q, err := f.query(words)
	if err != nil {
		return err
	}
	return a.store(ctx, func(s *history.Store) error { return a.printHistory(ctx, s, q, f.json, none) })
}

func (a *app) printHistory(ctx context.Context, s *history.Store, q history.Query, asJSON bool, none string) error {
	list, err := s.List(ctx, q)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		a.tell(none)
		return nil
	}
	t := a.table()
	marked := slices.ContainsFunc(list, func(x history.Exchange) bool { return marks(x) != "" })
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
		cells := []string{
			x.ID, x.StartedAt.Local().Format("2006-01-02 15:04:05"), string(x.Environment), x.ExternalUserID,
			x.Account.App, x.Request.Method, status, x.Finding.Who.Words(x.Upstream()),
		}
		if marked {
			cells = append(cells, marks(x))
		}
		if err := t.row(append(cells, x.Request.URL)...); err != nil {
			return err
		}
	}
	if len(list) == q.Limit {
		a.tell(fmt.Sprintf("these are the newest %d; --limit 0 lists all", q.Limit))
	}
	return t.end()
}

func (a *app) historyShow() *cobra.Command {
	var asJSON bool
	var format string
	cmd := &cobra.Command{
		Use: "show ID", Short: "Show one exchange; the id may be shortened, and last is the newest", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.store(cmd.Context(), func(s *history.Store) error {
				x, err := s.Load(cmd.Context(), args[0])
				if err != nil {
					return usage(err)
				}
				switch {
				case format != "":
					return a.showAs(x, format)
				case asJSON:
					return a.printJSON(x)
				}
				return a.printExchange(x)
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	cmd.Flags().StringVar(&format, "format", "", strings.Join(exportFormats, ", "))
	cmd.MarkFlagsMutuallyExclusive("json", "format")
	return cmd
}

// showAs prints one exchange in a format of export.
func (a *app) showAs(x history.Exchange, format string) error {
	if err := checkFormat(format); err != nil {
		return err
	}
	alone := func(yield func(history.Exchange, error) bool) { yield(x, nil) }
	return a.print(format, func(w io.Writer) error { return a.write(w, alone, "Exchange", format) })
}

// marks tell in a word each what people put on an exchange.
func marks(x history.Exchange) string {
	var words []string
	if x.Starred {
		words = append(words, "★")
	}
	if x.Ticket != "" {
		words = append(words, "ticket:"+x.Ticket)
	}
	if x.Note != "" {
		words = append(words, "note")
	}
	return strings.Join(words, " ")
}

// annotations are what people put on an exchange, each on a line of its own.
func annotations(x history.Exchange) string {
	text := ""
	if x.Starred {
		text += "  ★"
	}
	if x.Ticket != "" {
		text += "\nticket " + x.Ticket
	}
	if x.Note != "" {
		text += "\nnote   " + x.Note
	}
	return text
}

// printExchange prints request, answer and finding as people read them.
func (a *app) printExchange(x history.Exchange) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s%s\n", x.ID, x.StartedAt.Local().Format("2006-01-02 15:04:05"), annotations(x))
	account := "no account"
	if x.Account.ID != "" {
		account = "account " + x.Account.ID
	}
	if name := strings.TrimSpace(x.Account.App + " " + x.Account.Name); name != "" {
		account += " (" + name + ")"
	}
	fmt.Fprintf(&b, "%s · %s · %s\n\n", x.Environment, cmp.Or(x.ExternalUserID, "no user"), account)
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
	fmt.Fprintf(&b, "\n%s: %s\n", x.Finding.Who.Words(x.Upstream()), x.Finding.Summary)
	for _, e := range x.Finding.Evidence {
		fmt.Fprintf(&b, "  %s\n", e)
	}
	_, err := io.WriteString(a.out, visible.Block(b.String()))
	return err
}
