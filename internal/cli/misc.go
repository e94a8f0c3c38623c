package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/connectty/connectty/internal/editor"
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
			opts := ui.ViewOptions{Name: "standard input", Source: a.in, Theme: a.theme, ThemeDir: a.themeDir(), DataDir: a.inputs().DataDir()}
			if path := args[0]; path != "-" {
				file, err := openText(cmd.Context(), path)
				if err != nil {
					return err
				}
				defer func() { _ = file.Close() }() // only read
				opts.Name, opts.CopyName, opts.Source = path, copyName(path), file
			}
			if !a.outTTY || dumb() {
				_, err := io.Copy(a.out, opts.Source)
				return err
			}
			return ui.View(cmd.Context(), opts)
		},
	}
}

// openText opens a file to be read; a folder is none. A pipe that nobody writes to is waited
// for until the context ends.
func openText(ctx context.Context, path string) (*os.File, error) {
	if path == "" {
		return nil, usage(errors.New("name a file, or - for standard input"))
	}
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := os.Open(path)
		done <- opened{file, err}
	}()
	var file *os.File
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case o := <-done:
		if file = o.file; o.err != nil {
			return nil, usage(o.err)
		}
	}
	if at, err := file.Stat(); err == nil && at.IsDir() {
		_ = file.Close() // nothing was read
		return nil, usage(fmt.Errorf("%s is a folder: name a file in it, or - for standard input", path))
	}
	return file, nil
}

// copyName is what a copy of a file is offered to be called: a name beside its own.
func copyName(path string) string {
	base := filepath.Base(path)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	if stem == "" { // such as .profile
		return base + "-copy"
	}
	return stem + "-copy" + filepath.Ext(base)
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
	var markdown, readme, list bool
	cmd := &cobra.Command{
		Use: "keys", Short: "Print what the terminal sends, or list every action with its keys", Args: cobra.NoArgs,
		Long: `On a terminal: prints, for each key that is pressed, what the terminal sent and what that does in connectty; ctrl+c twice
ends. In a pipe, or with --list: every action with its keys.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case readme:
				_, err := fmt.Fprint(a.out, ui.KeysReadme())
				return err
			case markdown:
				_, err := fmt.Fprint(a.out, ui.KeysMarkdown())
				return err
			case a.terminal && !list:
				return listen(cmd.Context())
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
	cmd.Flags().BoolVar(&list, "list", false, "list the actions on a terminal, too")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "as docs/keys.md has it")
	cmd.Flags().BoolVar(&readme, "readme", false, "as README.md has it")
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
		&cobra.Command{
			Use: "edit", Short: "Open config.toml in $VISUAL or $EDITOR, and say what is wrong in it afterwards", Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return a.editConfig(cmd.Context()) },
		},
	)
	return cmd
}

// newConfig is what a config.toml begins with.
const newConfig = "# connectty's settings; connectty login adds a profile, the README has an example\n"

// editConfig hands config.toml to the person's editor, and checks what came of it.
func (a *app) editConfig(ctx context.Context) error {
	path := a.inputs().ConfigPath()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = f.WriteString(newConfig)
		err = errors.Join(err, f.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	cmd, err := editor.Open(ctx, path)
	if err != nil {
		return usage(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the editor ended with %w", err)
	}
	settings, err := a.settings()
	if err == nil {
		err = a.checkTheme(settings)
	}
	if err != nil {
		return usage(err)
	}
	a.tell("sound:", path)
	return nil
}
