package e2e

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/charmbracelet/x/xpty"
)

// patience is how long a screen may take to show what a test waits for. It is
// long, as a loaded machine is no failure of the program.
const patience = 20 * time.Second

// binary is the program under test, built once.
var binary struct {
	once sync.Once
	path string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binary.path != "" {
		_ = os.RemoveAll(filepath.Dir(binary.path))
	}
	os.Exit(code) //nolint:forbidigo // a TestMain ends its process
}

// program returns the built connectty.
func program(t *testing.T) string {
	t.Helper()
	binary.once.Do(func() {
		dir, err := os.MkdirTemp("", "connectty-e2e-") //nolint:usetesting // it outlives the first test
		if err != nil {
			binary.err = err
			return
		}
		binary.path = filepath.Join(dir, "connectty")
		if runtime.GOOS == "windows" {
			binary.path += ".exe"
		}
		_, here, _, _ := runtime.Caller(0)
		build := exec.Command("go", "build", "-o", binary.path, ".") //nolint:noctx // once for all tests
		build.Dir = filepath.Join(filepath.Dir(here), "..", "..")
		if out, err := build.CombinedOutput(); err != nil {
			binary.err = fmt.Errorf("build: %w\n%s", err, out)
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.path
}

// surroundings is the environment of a newcomer: an empty home, nothing set.
func surroundings(home string, more ...string) []string {
	env := []string{
		"HOME=" + home, "USERPROFILE=" + home, "APPDATA=" + home, "LOCALAPPDATA=" + home,
		"PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
	}
	return append(env, more...)
}

// screen is the program in a terminal of its own.
type screen struct {
	t    *testing.T
	pty  xpty.Pty
	em   *vt.SafeEmulator
	cmd  *exec.Cmd
	raw  output        // every byte that the program wrote
	done chan struct{} // closed when the process has ended
	err  error         // how, once done is closed
}

// open starts the program on a terminal of the given size.
func open(t *testing.T, width, height int, env []string, args ...string) *screen {
	t.Helper()
	pty, err := xpty.NewPty(width, height)
	if errors.Is(err, xpty.ErrUnsupported) {
		t.Skip("skipped: this machine has no pseudo-terminals")
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, pty: pty, em: vt.NewSafeEmulator(width, height), done: make(chan struct{})}
	s.cmd = exec.CommandContext(t.Context(), program(t), args...)
	s.cmd.Env = env
	s.cmd.Dir = t.TempDir()
	attach(s.cmd)
	if err := pty.Start(s.cmd); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.MultiWriter(&s.raw, s.em), pty) }()
	go func() { _, _ = io.Copy(pty, s.em) }() // what the terminal answers
	go func() {
		s.err = xpty.WaitProcess(context.WithoutCancel(t.Context()), s.cmd)
		close(s.done)
	}()
	t.Cleanup(s.stop)
	return s
}

// output is a buffer that may be read while it is written.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// osc52 starts a text for the clipboard; a bell ends it.
const osc52 = "\x1b]52;c;"

// copied waits for a text on the clipboard, sent with OSC 52, that starts so.
func (s *screen) copied(start string) string {
	s.t.Helper()
	var text string
	s.until(func(string) string {
		raw := s.raw.String()
		_, after, _ := strings.Cut(raw[max(0, strings.LastIndex(raw, osc52)):], osc52)
		code, _, _ := strings.Cut(after, "\a")
		b, err := base64.StdEncoding.DecodeString(code)
		text = string(b)
		if err != nil || !strings.HasPrefix(text, start) {
			return fmt.Sprintf("the clipboard never held %s…", start)
		}
		return ""
	})
	return text
}

// stop ends a program that a test left running.
func (s *screen) stop() {
	select {
	case <-s.done:
	default:
		_ = s.cmd.Process.Kill()
		<-s.done
	}
	_ = s.pty.Close()
}

// text is what the terminal shows, without colours.
func (s *screen) text() string { return ansi.Strip(s.em.Render()) }

// shows waits until all of the words are on the screen.
func (s *screen) shows(words ...string) {
	s.t.Helper()
	s.until(func(text string) string {
		for _, w := range words {
			if !strings.Contains(text, w) {
				return fmt.Sprintf("%q never came", w)
			}
		}
		return ""
	})
}

// hides waits until none of the words is on the screen.
func (s *screen) hides(words ...string) {
	s.t.Helper()
	s.until(func(text string) string {
		for _, w := range words {
			if strings.Contains(text, w) {
				return fmt.Sprintf("%q never went", w)
			}
		}
		return ""
	})
}

// until polls the screen until it lacks nothing, to a deadline.
func (s *screen) until(lacks func(text string) string) {
	s.t.Helper()
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	deadline := time.After(patience)
	for {
		text := s.text()
		why := lacks(text)
		if why == "" {
			return
		}
		select {
		case <-poll.C:
		case <-deadline:
			s.t.Fatalf("%s. The screen:\n%s", why, text)
		}
	}
}

// keys presses keys one after the other.
func (s *screen) keys(keys ...string) {
	s.t.Helper()
	for _, k := range keys {
		sequence, named := sequences[k]
		if !named {
			sequence = k
		}
		if _, err := io.WriteString(s.pty, sequence); err != nil {
			s.t.Fatalf("press %q: %v", k, err)
		}
		pause := 25 * time.Millisecond
		if k == "esc" {
			pause = 150 * time.Millisecond // else the next key would be one with alt
		}
		s.settle(pause)
	}
}

// settle gives the program time to take a key in: what arrives in one read is
// what a paste, or a key with alt, looks like.
func (s *screen) settle(pause time.Duration) {
	quiet := time.NewTimer(pause)
	defer quiet.Stop()
	<-quiet.C
}

// sequences are the bytes of keys that have names.
var sequences = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B",
	"ctrl+r": "\x12", "ctrl+u": "\x15", "ctrl+z": "\x1a", "ctrl+c": "\x03", "ctrl+p": "\x10", "ctrl+a": "\x01",
	"f5": "\x1b[15~", "pgdown": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F",
}

// resize changes the terminal's size.
func (s *screen) resize(width, height int) {
	s.t.Helper()
	s.em.Resize(width, height)
	if err := s.pty.Resize(width, height); err != nil {
		s.t.Fatal(err)
	}
}

// ends waits for the program to end and returns its exit status.
func (s *screen) ends() int {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("the program does not end. The screen:\n%s", s.text())
	}
	if exit, ok := errors.AsType[*exec.ExitError](s.err); ok {
		return exit.ExitCode()
	}
	if s.err != nil {
		s.t.Fatal(s.err)
	}
	return 0
}
