package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/request"
)

// laidOut answers editOutside: a part of the request lies in a file. edited comes
// when the editor has ended, readBack with what the file then held.
type (
	laidOut struct {
		what   request.What
		folder string
		path   string
		text   []byte
		err    error
	}
	edited struct {
		laidOut

		err error
	}
	readBack struct {
		what      request.What
		text      []byte
		unchanged bool
		err       error
	}
)

// outsideJob is the key of the file that an editor gets and gives back.
const outsideJob = "outside"

// editOutside hands a part of the request to the person's editor, in a file of its
// own that nobody else can read.
func (m *model) editOutside(what request.What) tea.Cmd {
	for _, j := range m.jobs.Running() {
		if j.Key == outsideJob {
			return nil // it is opening
		}
	}
	text, suffix := m.request.Outside(what)
	return job.Start(outsideJob, "opening the editor", func(context.Context) tea.Msg {
		folder, err := os.MkdirTemp("", "connectty-")
		if err != nil {
			return laidOut{err: err}
		}
		path := filepath.Join(folder, "request"+suffix)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return laidOut{err: errors.Join(err, os.RemoveAll(folder))}
		}
		return laidOut{what: what, folder: folder, path: path, text: text}
	})
}

// laidOut gives the terminal to the editor until it ends.
func (m *model) laidOut(msg laidOut) tea.Cmd {
	if msg.err != nil {
		m.warn("the editor has nothing to open: "+msg.err.Error(), "")
		return nil
	}
	var secrets []string
	if m.session != nil {
		secrets = m.session.Client(proxy.Development).Secrets()
	}
	return tea.ExecProcess(editorCommand(msg.path, secrets), func(err error) tea.Msg { return edited{msg, err} })
}

// editorCommand is the person's editor on a file. What we keep secret is not in its
// environment.
func editorCommand(path string, secrets []string) *exec.Cmd {
	line := os.Getenv("VISUAL")
	if line == "" {
		line = os.Getenv("EDITOR")
	}
	var cmd *exec.Cmd
	switch {
	case line == "" && runtime.GOOS == "windows":
		cmd = exec.Command("notepad", path) //nolint:noctx // it ends when the person ends it
	case line == "":
		cmd = exec.Command("vi", path) //nolint:noctx // likewise
	case runtime.GOOS == "windows":
		words := strings.Fields(line)
		cmd = exec.Command(words[0], append(words[1:], path)...) //nolint:noctx // likewise
	default: // a shell reads the line, as it does for git
		cmd = exec.Command("sh", "-c", line+` "$@"`, line, path) //nolint:noctx // likewise
	}
	cmd.Env = withoutSecrets(os.Environ(), secrets)
	return cmd
}

// withoutSecrets is an environment without our own settings and without anything
// that holds one of the secrets.
func withoutSecrets(env, secrets []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, value, _ := strings.Cut(v, "=")
		return strings.HasPrefix(strings.ToUpper(name), "PIPEDREAM_") ||
			slices.ContainsFunc(secrets, func(s string) bool { return s != "" && strings.Contains(value, s) })
	})
}

// edited reads back what the editor left, and removes the file.
func (m *model) edited(msg edited) tea.Cmd {
	return job.Start(outsideJob, "", func(context.Context) tea.Msg {
		text, err := os.ReadFile(msg.path)
		removed := os.RemoveAll(msg.folder)
		switch {
		case msg.err != nil:
			err = msg.err
		case err == nil:
			err = removed
		}
		return readBack{what: msg.what, text: text, unchanged: bytes.Equal(text, msg.text), err: err}
	})
}

func (m *model) readBack(msg readBack) tea.Cmd {
	_, failed := errors.AsType[*exec.ExitError](msg.err)
	switch {
	case failed:
		m.warn(fmt.Sprintf("the editor ended with %v; nothing changed", msg.err), "$VISUAL or $EDITOR names it")
	case errors.Is(msg.err, exec.ErrNotFound), errors.Is(msg.err, fs.ErrNotExist):
		m.warn("the editor did not open: "+msg.err.Error(), "set $VISUAL or $EDITOR")
	case msg.err != nil:
		m.warn(msg.err.Error(), "")
	case msg.unchanged:
		m.say("nothing was changed in the editor")
	default:
		cmd, err := m.request.TakeOutside(msg.what, msg.text)
		if err != nil {
			m.warn("this is no request: "+err.Error()+"; nothing changed", "")
			return nil
		}
		m.say("taken over from the editor · ctrl+z brings back what was there")
		return cmd
	}
	return nil
}
