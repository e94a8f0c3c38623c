package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/atomicfile"
	"github.com/connectty/connectty/internal/nearest"
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
	return &cobra.Command{
		Use: "delete ID…", Short: "Delete exchanges; ids may be shortened", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.store(cmd.Context(), func(s *history.Store) error {
				for _, id := range args {
					x, err := s.Load(cmd.Context(), id)
					if err != nil {
						return usage(err)
					}
					if err := s.Delete(cmd.Context(), x.ID); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
}

// exportFormats are what `history export` writes.
var exportFormats = []string{"jsonl", "har", "markdown"}

func (a *app) historyExport() *cobra.Command {
	var f historyFlags
	var format, words string
	cmd := &cobra.Command{
		Use: "export [FILE]", Short: "Write exchanges, oldest first", Args: cobra.MaximumNArgs(1),
		Long: `Writes exchanges to a file, or to standard output. jsonl is lossless, as the history has them; har and markdown are for
other people: secrets are masked, and ids have stand-ins.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !slices.Contains(exportFormats, format) {
				return usage(fmt.Errorf("--format %q: there are %s%s", format, strings.Join(exportFormats, ", "), nearest.Hint(format, exportFormats)))
			}
			q, err := f.query(words)
			if err != nil {
				return err
			}
			return a.store(cmd.Context(), func(s *history.Store) error {
				write := func(w io.Writer) error { return a.export(cmd.Context(), s, q, format, w) }
				if len(args) == 0 || args[0] == "-" {
					return write(a.out)
				}
				return intoFile(args[0], write)
			})
		},
	}
	cmd.Flags().StringVar(&format, "format", "jsonl", strings.Join(exportFormats, ", "))
	cmd.Flags().StringVar(&words, "search", "", "only exchanges that hold all of these words")
	f.add(cmd, 0)
	return cmd
}

// intoFile writes a file that is there whole or not at all.
func intoFile(path string, write func(io.Writer) error) error {
	file, err := atomicfile.Create(path)
	if err != nil {
		return err
	}
	defer file.Discard() // of no effect after a commit
	if err := write(file); err != nil {
		return err
	}
	return file.Commit()
}

// export writes the exchanges of a query. As lines of JSON, one is held at a time.
func (a *app) export(ctx context.Context, s *history.Store, q history.Query, format string, w io.Writer) error {
	rows, err := s.List(ctx, q)
	if err != nil {
		return err
	}
	slices.Reverse(rows)
	if format == "jsonl" {
		return eachWhole(ctx, s, rows, func(x history.Exchange) error { return history.WriteJSON(w, x, nil) })
	}
	var whole []history.Exchange
	if err := eachWhole(ctx, s, rows, func(x history.Exchange) error {
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
	title := "Exchanges"
	if q.Ticket != "" {
		title = q.Ticket
	}
	return report.Ticket(w, title, whole)
}

// eachWhole reads exchanges with their bodies, one after the other.
func eachWhole(ctx context.Context, s *history.Store, rows []history.Exchange, each func(history.Exchange) error) error {
	for _, row := range rows {
		x, err := s.Load(ctx, row.ID)
		if errors.Is(err, history.ErrNotFound) {
			continue // deleted meanwhile
		}
		if err == nil {
			err = each(x)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
