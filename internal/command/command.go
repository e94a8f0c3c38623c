// Package command runs other people's programs: within a time, without our secrets, and
// with what they complain of in the error.
package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Environ is this program's environment without its own settings and without what holds
// one of the secrets.
func Environ(secrets ...string) []string {
	return slices.DeleteFunc(os.Environ(), func(e string) bool {
		name, value, _ := strings.Cut(e, "=")
		return strings.HasPrefix(strings.ToUpper(name), "PIPEDREAM_") ||
			slices.ContainsFunc(secrets, func(s string) bool { return s != "" && strings.Contains(value, s) })
	})
}

// Call is a program and how it is run.
type Call struct {
	Words []string // the program and its arguments; no shell reads them
	Env   []string // nil for [Environ]
	Stdin io.Reader
	Limit time.Duration
	Most  int // bytes of output that are kept; the rest is thrown away
}

// Output runs the call and returns what it prints. An error tells how it ended, and the
// first line of what it complained of.
func (c Call) Output(ctx context.Context) ([]byte, error) {
	limit, cancel := context.WithTimeout(ctx, c.Limit)
	defer cancel()
	cmd := exec.CommandContext(limit, c.Words[0], c.Words[1:]...) //nolint:gosec // what a person configured
	if cmd.Env = c.Env; c.Env == nil {
		cmd.Env = Environ()
	}
	cmd.WaitDelay = time.Second
	out, complaint := bounded{most: c.Most}, bounded{most: 4 << 10}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = c.Stdin, &out, &complaint
	err := cmd.Run()
	first, _, _ := strings.Cut(strings.TrimSpace(complaint.kept.String()), "\n")
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(limit.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("no end after %s", c.Limit)
	case err != nil && first != "":
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(first))
	case err != nil:
		return nil, err
	}
	return out.kept.Bytes(), nil
}

// bounded keeps the beginning of what is written, and takes the rest for nothing. The
// buffer is a field: its ReadFrom would know no bounds.
type bounded struct {
	kept bytes.Buffer
	most int
}

// Write keeps what there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	if room := b.most - b.kept.Len(); room > 0 {
		b.kept.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}
