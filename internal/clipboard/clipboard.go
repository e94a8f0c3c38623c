// Package clipboard finds the way on which a text reaches the person's clipboard: never
// that of a machine at the far end of SSH.
package clipboard

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/connectty/connectty/internal/command"
)

// Most is how long a text may be for OSC 52: terminals drop what is longer.
const Most = 74_000

// tmuxTime is how long tmux may take.
const tmuxTime = 2 * time.Second

// Way is how a text was copied, or is to be.
type Way struct {
	OSC52 bool   // the terminal is to be told: nothing was done yet
	Words string // what was done, or is to be, not what one hopes
}

// Copy copies a text, or says that the terminal must be told. Inside tmux it goes into
// tmux's buffer, from where tmux hands it on; what is too long for a terminal is
// written to a file of dir, readable by its owner only.
func Copy(ctx context.Context, text, dir string) (Way, error) {
	if os.Getenv("TMUX") != "" {
		if err := tmux(ctx, text); err == nil {
			return Way{Words: "in tmux's buffer, and handed on to the terminal"}, nil
		}
	}
	if len(text) <= Most {
		return Way{OSC52: true, Words: "sent to the terminal's clipboard"}, nil
	}
	path, err := write(text, dir)
	if err != nil {
		return Way{}, err
	}
	return Way{Words: "too long for a terminal's clipboard: it stands in " + path}, nil
}

// tmux loads tmux's buffer and, with -w, the clipboard of the terminal around it.
func tmux(ctx context.Context, text string) error {
	_, err := command.Call{
		Words: []string{"tmux", "load-buffer", "-w", "-"}, Stdin: strings.NewReader(text), Limit: tmuxTime,
	}.Output(ctx)
	return err
}

func write(text, dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("copy: %w", err)
	}
	path := filepath.Join(dir, "copied.txt")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("copy: %w", err)
	}
	if _, err := f.WriteString(text); err != nil {
		_ = f.Close() // the write's error is the one to tell
		return "", fmt.Errorf("copy: %w", err)
	}
	return path, f.Close()
}
