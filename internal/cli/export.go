package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/internal/config"
	"github.com/connectty/connectty/internal/nearest"
	"github.com/connectty/connectty/internal/remember"
	"github.com/connectty/connectty/internal/visible"
)

func (a *app) historyAnnotate() *cobra.Command {
	var note, ticket string
	var star, unstar bool
	cmd := &cobra.Command{
		Use: "annotate ID", Short: "Put a note, a ticket or a star on an exchange", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var what history.Annotation
			fl := cmd.Flags()
			if fl.Changed("note") {
				what.Note = &note
			}
			if fl.Changed("ticket") {
				what.Ticket = &ticket
			}
			if star || unstar {
				what.Starred = &star
			}
			if what == (history.Annotation{}) {
				return usage(errors.New("say what to put on it: --note TEXT, --ticket ID, --star or --unstar"))
			}
			return a.store(cmd.Context(), func(s *history.Store) error {
				if err := s.Annotate(cmd.Context(), args[0], what); err != nil {
					return usage(err)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&note, "note", "", "a note; empty takes it off")
	cmd.Flags().StringVar(&ticket, "ticket", "", "a ticket; empty takes it off")
	cmd.Flags().BoolVar(&star, "star", false, "a star")
	cmd.Flags().BoolVar(&unstar, "unstar", false, "take the star off")
	cmd.MarkFlagsMutuallyExclusive("star", "unstar")
	return cmd
}

func (a *app) historyDelete() *cobra.Command {
	var user string
	cmd := &cobra.Command{
		Use: "delete ID…", Short: "Delete exchanges, or with --user everything of an external user",
		Long: `Deletes exchanges; ids may be shortened. With --user everything of that external user goes, and the file is written anew,
so that nothing of it can be read there any more: for a privacy request.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case user == "" && len(args) == 0:
				return usage(errors.New("say which: ids of exchanges, or --user"))
			case user != "" && len(args) > 0:
				return usage(errors.New("ids and --user exclude each other: say which of them go"))
			}
			return a.store(cmd.Context(), func(s *history.Store) error {
				if user != "" {
					n, err := s.Purge(cmd.Context(), user)
					a.tell(exchanges(n) + " deleted")
					for _, aside := range s.LeftAside() {
						a.tell("what the history was before may hold more of them: " + visible.Line(aside) + "; delete that file, too")
					}
					return errors.Join(err, remember.In(a.inputs().DataDir()).ForgetUser(user))
				}
				return deleteAll(cmd.Context(), s, args)
			})
		},
	}
	cmd.Flags().StringVar(&user, "user", "", "delete everything of this external user")
	return cmd
}

// deleteAll deletes exchanges; an id that is none deletes nothing.
func deleteAll(ctx context.Context, s *history.Store, ids []string) error {
	var whole []string
	for _, id := range ids {
		x, err := s.Load(ctx, id)
		if err != nil {
			return usage(err)
		}
		whole = append(whole, x.ID)
	}
	for _, id := range whole {
		if err := s.Delete(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) historyImport() *cobra.Command {
	return &cobra.Command{
		Use: "import FILE|-", Short: "Read exchanges from lines of JSON, as export writes them, or curl commands", Args: cobra.ExactArgs(1),
		Long: `Reads exchanges from a file or, with -, from standard input: one a line of JSON, or one a curl command, which may go on over
several lines or come from a shell's history, among other commands. One that is there already is skipped and counted; one
without an id gets one. Secrets are masked on the way in.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			in := a.in
			if args[0] != "-" {
				file, err := openText(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				defer func() { _ = file.Close() }() // only read
				in = file
			}
			return a.store(cmd.Context(), func(s *history.Store) error {
				count := a.counter("read", true)
				lines := newImporter(in, func(text string) { a.tell(text) })
				done, err := s.Import(cmd.Context(), func() (history.Exchange, error) {
					x, err := lines.next()
					if err == nil {
						count.add()
					}
					return x, err
				})
				count.end()
				a.tell(fmt.Sprintf("%s read in, %d there already", exchanges(done.Added), done.Known))
				if err != nil && cmd.Context().Err() == nil {
					return usage(err)
				}
				return err
			})
		},
	}
}

func (a *app) historyPrune() *cobra.Command {
	return &cobra.Command{
		Use: "prune", Short: "Delete what is older or more than config.toml keeps; stars and notes stay", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := config.Load(a.inputs())
			if err != nil {
				return usage(err)
			}
			return a.store(cmd.Context(), func(s *history.Store) error {
				n, err := s.Prune(cmd.Context(), time.Now().Add(-settings.History.Retention), settings.History.MaxSize)
				if err == nil && n > 0 {
					err = s.Compact(cmd.Context())
				}
				a.tell(exchanges(n) + " deleted")
				return err
			})
		},
	}
}

func (a *app) historyStats() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "stats", Short: "What the history holds", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.store(cmd.Context(), func(s *history.Store) error {
				st, err := s.Stats(cmd.Context())
				if err != nil {
					return err
				}
				if asJSON {
					return a.printJSON(map[string]any{
						"exchanges": st.Exchanges, "failed": st.Failed, "starred": st.Starred, "users": st.Users, "accounts": st.Accounts,
						"oldest": moment(st.Oldest), "newest": moment(st.Newest), "bytes": st.Bytes,
					})
				}
				t := a.table()
				rows := [][2]string{
					{"exchanges", strconv.Itoa(st.Exchanges)},
					{"failed", strconv.Itoa(st.Failed)},
					{"starred", strconv.Itoa(st.Starred)},
					{"users", strconv.Itoa(st.Users)},
					{"accounts", strconv.Itoa(st.Accounts)},
					{"oldest", moment(st.Oldest)},
					{"newest", moment(st.Newest)},
					{"bytes", strconv.FormatInt(st.Bytes, 10)},
				}
				for _, r := range rows {
					if err := t.row(r[0], r[1]); err != nil {
						return err
					}
				}
				return t.end()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as one JSON object")
	return cmd
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// exportFormats are what `history export` writes.
var exportFormats = append([]string{"jsonl", "har", "markdown"}, export.Snippets...)

func (a *app) historyExport() *cobra.Command {
	var f historyFlags
	var format, words string
	cmd := &cobra.Command{
		Use: "export [FILE]", Short: "Write exchanges, oldest first", Args: cobra.MaximumNArgs(1),
		Long: `Writes exchanges to a file, or to standard output. jsonl is lossless, as the history has them; har and markdown are for
other people: secrets are masked, and ids have stand-ins. The others are the requests, to be sent by other means: through
Connect by curl, JavaScript (js for the SDK 3.x, js1 for 1.x), Python or Go, or as a .http file; their ids are in full, and a
comment tells what is missing in one.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format); err != nil {
				return err
			}
			q, err := f.query(words)
			if err != nil {
				return err
			}
			return a.store(cmd.Context(), func(s *history.Store) error {
				toFile := len(args) > 0 && args[0] != "-"
				count := a.counter("written", toFile || !a.outTTY)
				write := func(w io.Writer) error {
					defer count.end()
					return a.write(w, count.each(s.All(cmd.Context(), q)), cmp.Or(q.Ticket, "Exchanges"), format)
				}
				if !toFile {
					err := a.print(format, write)
					if err == nil && count.n == 0 {
						a.tell("nothing was found")
					}
					return err
				}
				if err := atomicfile.Write(args[0], func(f *atomicfile.File) error { return write(f) }); err != nil {
					return err
				}
				a.tell(written(count.n, args[0]))
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", strings.Join(exportFormats, ", "))
	cmd.Flags().StringVar(&words, "search", "", "only exchanges that hold all of these words")
	f.add(cmd, 0)
	return cmd
}

// written tells what a file holds.
func written(n int, path string) string {
	if n == 0 {
		return "nothing was found: " + visible.Line(path) + " holds no exchange"
	}
	return exchanges(n) + " written to " + visible.Line(path)
}

// exchanges begins a sentence that tells how many there were.
func exchanges(n int) string {
	if n == 1 {
		return "1 exchange was"
	}
	return fmt.Sprintf("%d exchanges were", n)
}

func checkFormat(format string) error {
	if slices.Contains(exportFormats, format) {
		return nil
	}
	return usage(fmt.Errorf("--format %q: there are %s%s", format, strings.Join(exportFormats, ", "), nearest.Hint(format, exportFormats)))
}

// print writes a format to standard output. A terminal gets nothing that it would obey.
func (a *app) print(format string, write func(io.Writer) error) error {
	if !a.outTTY {
		return write(a.out)
	}
	if format == "jsonl" || format == "har" {
		return write(&jsonLines{app: a})
	}
	safe := &safeWriter{to: a.out}
	return errors.Join(write(safe), safe.flush())
}

// write writes exchanges in a format. As lines of JSON and as a script, one is held at a time.
func (a *app) write(w io.Writer, all iter.Seq2[history.Exchange, error], title, format string) error {
	switch {
	case slices.Contains(export.Snippets, format):
		return a.script(w, all, format)
	case format == "jsonl":
		return each(all, func(x history.Exchange) error { return history.WriteJSON(w, x, nil) })
	}
	var whole []history.Exchange
	if err := each(all, func(x history.Exchange) error {
		whole = append(whole, x)
		return nil
	}); err != nil {
		return err
	}
	key, err := redact.Key(a.inputs().DataDir())
	if err != nil {
		a.tell("connectty: stand-ins differ from report to report:", visible.Line(err.Error()))
	}
	report := export.Report{Stand: redact.NewPseudonyms(key), Version: Version()}
	if format == "har" {
		return report.HAR(w, whole...)
	}
	return report.Ticket(w, title, whole)
}

// script writes the requests of exchanges, to be sent by other means.
func (a *app) script(w io.Writer, all iter.Seq2[history.Exchange, error], format string) error {
	script, err := export.NewScript(w, format)
	if err != nil {
		return err
	}
	if err := each(all, script.Add); err != nil {
		return err
	}
	if script.Lacking > 0 {
		a.tell(fmt.Sprintf("note: of %d of %d requests something is masked, cut or left out, as comments say", script.Lacking, script.Requests))
	}
	return script.End()
}

// each does something with all.
func each(all iter.Seq2[history.Exchange, error], do func(history.Exchange) error) error {
	for x, err := range all {
		if err == nil {
			err = do(x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
