// Package editor hands a text to the person's own editor and takes it back.
package editor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"mvdan.cc/sh/v3/shell"

	"github.com/connectty/connectty/internal/command"
)

// File is a text on its way through an editor. It lies in a folder of its own that
// nobody else can read.
type File struct {
	path   string
	before string
}

// ErrUnchanged tells that the text came back as it went.
var ErrUnchanged = errors.New("nothing was changed")

// Write puts a text into a file whose name ends so, as editors tell languages apart by
// that. [File.Discard] removes it.
func Write(text, suffix string) (*File, error) {
	dir, err := os.MkdirTemp("", "connectty-") // mode 0700
	if err != nil {
		return nil, err
	}
	f := &File{path: filepath.Join(dir, "request"+suffix), before: text}
	if err := os.WriteFile(f.path, []byte(text), 0o600); err != nil {
		f.Discard()
		return nil, err
	}
	return f, nil
}

// Command is the editor of $VISUAL or $EDITOR on the file. Its environment lacks our
// settings and whatever holds one of the secrets.
func (f *File) Command(secrets []string) (*exec.Cmd, error) {
	words, err := words()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(words[0], append(words[1:], f.path)...) //nolint:noctx,gosec // the person's own, for as long as they like
	cmd.Env = command.Environ(secrets...)
	return cmd, nil
}

// Open is the editor of $VISUAL or $EDITOR on a file that stays where it is. Its
// environment lacks our settings.
func Open(ctx context.Context, path string) (*exec.Cmd, error) {
	words, err := words()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, words[0], append(words[1:], path)...) //nolint:gosec // the person's own
	cmd.Env = command.Environ()
	return cmd, nil
}

// words are the editor's program and its arguments.
func words() ([]string, error) {
	line := cmp.Or(os.Getenv("VISUAL"), os.Getenv("EDITOR"), usual())
	words, err := shell.Fields(line, os.Getenv)
	if err != nil || len(words) == 0 {
		return nil, fmt.Errorf("$VISUAL or $EDITOR: %q cannot be read as a command", line)
	}
	if words[0], err = exec.LookPath(words[0]); err != nil {
		return nil, fmt.Errorf("set VISUAL or EDITOR: %w", err)
	}
	return words, nil
}

func usual() string {
	if runtime.GOOS == "windows" {
		return "notepad"
	}
	return "vi"
}

// Text returns what the editor left. It fails with [ErrUnchanged] where that is what
// was there. The line break that editors put behind the last line goes again.
func (f *File) Text() (string, error) {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return "", err
	}
	text := string(data)
	if !strings.HasSuffix(f.before, "\n") {
		text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	}
	if text == f.before {
		return "", ErrUnchanged
	}
	return text, nil
}

// Discard removes the file and its folder.
func (f *File) Discard() { _ = os.RemoveAll(filepath.Dir(f.path)) }
