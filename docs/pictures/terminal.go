package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/charmbracelet/x/xpty"
)

const (
	patience = 20 * time.Second      // for words to come; a loaded machine is slow
	beat     = 20 * time.Millisecond // between two looks at the screen
	rest     = 6                     // beats without a change make a screen still
)

// sequences are the bytes of the keys that have names.
var sequences = map[string]string{
	"enter": "\r", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "ctrl+r": "\x12", "ctrl+u": "\x15",
}

// terminal is the program in a pseudo-terminal of its own.
type terminal struct {
	pty     xpty.Pty
	screen  *vt.SafeEmulator
	program *exec.Cmd
}

// open starts the program as a newcomer does: without arguments, in an empty home.
func open(ctx context.Context, program, home string, s scene) (*terminal, error) {
	pty, err := xpty.NewPty(s.width, s.height)
	if err != nil {
		return nil, fmt.Errorf("open a pseudo-terminal: %w", err)
	}
	t := &terminal{pty: pty, screen: vt.NewSafeEmulator(s.width, s.height)}
	t.screen.SetBackgroundColor(s.look.ground)
	t.screen.SetForegroundColor(s.look.text)
	t.program = exec.CommandContext(ctx, program)
	t.program.Dir = home
	t.program.Env = []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8",
		"TERM=xterm-256color", "COLORTERM=truecolor",
	}
	if err := pty.Start(t.program); err != nil {
		_ = pty.Close()
		return nil, fmt.Errorf("start connectty: %w", err)
	}
	go func() { _, _ = io.Copy(t.screen, pty) }()
	go func() { _, _ = io.Copy(pty, t.screen) }() // what the terminal answers when asked
	return t, nil
}

// close ends the program; the copying ends with it.
func (t *terminal) close() {
	_ = t.program.Process.Kill()
	_ = t.program.Wait()
	_ = t.screen.Close()
	_ = t.pty.Close()
}

// play presses the keys of a step and waits for its words. Each key finds the
// screen still: keys that arrive at once are a paste, and esc with one is alt.
func (t *terminal) play(ctx context.Context, s step) error {
	for _, key := range s.press {
		sequence, named := sequences[key]
		if !named {
			sequence = key
		}
		if _, err := io.WriteString(t.pty, sequence); err != nil {
			return fmt.Errorf("press %q: %w", key, err)
		}
		if err := t.still(ctx); err != nil {
			return err
		}
	}
	return t.still(ctx, s.shows...)
}

// still waits until the words are on the screen and nothing on it changes.
func (t *terminal) still(ctx context.Context, words ...string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	looks := time.NewTicker(beat)
	defer looks.Stop()
	before, unchanged := "", 0
	for {
		select {
		case <-looks.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for %q: %w; the screen:\n%s", words, ctx.Err(), ansi.Strip(before))
		}
		now := t.screen.Render()
		unchanged++
		if now != before {
			before, unchanged = now, 0
		}
		if unchanged >= rest && containsAll(ansi.Strip(now), words) {
			return nil
		}
	}
}

func containsAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// cells returns a copy of the screen in which every cell has its colours, the
// terminal's own where the program set none.
func (t *terminal) cells() uv.ScreenBuffer {
	cells := uv.NewScreenBuffer(t.screen.Width(), t.screen.Height())
	t.screen.Draw(cells, cells.Bounds())
	return cells
}
