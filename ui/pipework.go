package ui

import (
	"cmp"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/command"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/response"
)

// askPipe asks which command gets the body.
func askPipe(run func(line string) tea.Cmd) *overlay.Ask {
	return overlay.NewAsk("Pipe the body to", "", "a command line of your shell; it gets the bytes as they came",
		func(text string) tea.Cmd { return run(strings.TrimSpace(text)) }).Propose(cmp.Or(os.Getenv("PAGER"), "less"))
}

// piped tells that a command that got the body has ended.
type piped struct {
	line string
	err  error
}

// pipe gives the terminal to a command that reads the body, until it ends. It sees no
// secret of ours.
func pipe(line string, body io.Reader, secrets []string) tea.Cmd {
	if line == "" {
		return nil
	}
	cmd := exec.Command("sh", "-c", held(line)) //nolint:noctx,gosec // the person's own, for as long as they like
	if runtime.GOOS == "windows" {
		cmd = exec.Command("cmd", "/c", line) //nolint:noctx,gosec // likewise
	}
	cmd.Env = command.Environ(secrets...)
	cmd.Stdin = body
	return tea.ExecProcess(cmd, func(err error) tea.Msg { return piped{line, err} })
}

// pagers hold the screen by themselves.
var pagers = []string{"less", "more", "most", "bat", "vi", "vim", "nvim", "nano", "emacs", "fx", "jless", "view", "connectty"}

// held is a command line behind which the screen stays until a key, unless its last
// command holds it itself.
func held(line string) string {
	last := strings.TrimSpace(line[strings.LastIndexByte(line, '|')+1:])
	words := strings.Fields(last)
	if len(words) > 0 && (slices.Contains(pagers, filepath.Base(words[0])) || last == os.Getenv("PAGER")) {
		return line
	}
	return "( " + line + "\n); status=$?; { printf '\\n[enter] goes back to connectty '; read _; } < /dev/tty > /dev/tty; exit $status"
}

// words says how a command ended, where it did not end well.
func (p piped) words() string {
	if p.err == nil {
		return ""
	}
	return visible.Line(p.line + " ended with " + p.err.Error())
}

func (p piped) land(m *model) tea.Cmd {
	if words := p.words(); words != "" {
		m.warn(words, "")
	}
	return nil
}

// pipeBody asks for a command and gives it the body that shows.
func (m *model) pipeBody() tea.Cmd {
	m.overlays.Push(askPipe(func(line string) tea.Cmd { return pipe(line, shown(m.response), m.secrets()) }))
	return nil
}

// shown is the body that shows: what a filter made of it, if one is on.
func shown(r *response.Model) io.Reader { return r.Showing().Reader() }
