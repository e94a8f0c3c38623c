package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui"
)

func (a *app) themes() *cobra.Command {
	return &cobra.Command{
		Use: "themes", Short: "List the themes, one name a line", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			names, err := themes.Names(filepath.Join(a.inputs().ConfigDir(), "themes"))
			if err != nil {
				return usage(err)
			}
			_, err = fmt.Fprintln(a.out, strings.Join(names, "\n"))
			return err
		},
	}
}

func (a *app) view() *cobra.Command {
	return &cobra.Command{
		Use: "view FILE|-", Short: "Show a text of any size, as the response pane does", Args: cobra.ExactArgs(1),
		Long: `Shows a file, or with - what comes on standard input, while it is still read: highlighted, with search, raw and in hex.
Where standard output is no terminal, it is written there as it is.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			source, name := a.in, "standard input"
			if args[0] != "-" {
				file, err := os.Open(args[0])
				if err != nil {
					return usage(err)
				}
				defer func() { _ = file.Close() }() // only read
				source, name = file, args[0]
			}
			if !a.outTTY || dumb() {
				_, err := io.Copy(a.out, source)
				return err
			}
			return ui.View(cmd.Context(), ui.ViewOptions{Name: name, Source: source, Theme: a.theme, ThemeDir: a.themeDir()})
		},
	}
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.out, "connectty", Version())
			return err
		},
	}
}

func (a *app) keys() *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use: "keys", Short: "List every action with its keys", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if markdown {
				_, err := fmt.Fprint(a.out, ui.KeysMarkdown())
				return err
			}
			t := a.table()
			for _, g := range ui.Keys() {
				for _, k := range g.Actions {
					if err := t.row(k.ID, strings.Join(k.Keys, " "), k.Title); err != nil {
						return err
					}
				}
			}
			return t.end()
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as docs/keys.md has it")
	return cmd
}

func (a *app) config() *cobra.Command {
	cmd := parent("config", "Where the settings are, and whether they are sound")
	cmd.AddCommand(
		&cobra.Command{
			Use: "path", Short: "Print where config.toml is", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprintln(a.out, a.inputs().ConfigPath())
				return err
			},
		},
		&cobra.Command{
			Use: "check", Short: "Read config.toml and say what is wrong in it", Args: cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				settings, err := a.settings()
				if err != nil {
					return usage(err)
				}
				if err := a.checkTheme(settings); err != nil {
					return usage(err)
				}
				_, err = fmt.Fprintln(a.out, "sound")
				return err
			},
		},
	)
	return cmd
}
