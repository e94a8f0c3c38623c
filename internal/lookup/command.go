package lookup

import (
	"bufio"
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

	"mvdan.cc/sh/v3/shell"
)

// The limits of a command.
const (
	commandTime   = 5 * time.Second
	commandOutput = 1 << 20
)

// placeholder is where the query goes.
const placeholder = "{{query}}"

// command asks a program, without a shell.
type command struct{ words []string }

func parseCommand(line string) (Lookup, error) {
	words, err := shell.Fields(line, os.Getenv)
	if err != nil {
		return nil, fmt.Errorf("command: %w", err)
	}
	switch {
	case len(words) == 0:
		return nil, errors.New("command: needs a program, such as command:crm-find " + placeholder)
	case !slices.ContainsFunc(words, func(w string) bool { return strings.Contains(w, placeholder) }):
		return nil, errors.New("command: has no " + placeholder + " that says where the query goes")
	}
	return &command{words}, nil
}

// Find runs the program, and reads a line of id, tab, label for each person.
func (c *command) Find(ctx context.Context, query string) ([]Person, error) {
	if strings.TrimSpace(query) == "" {
		return nil, nil
	}
	words := slices.Clone(c.words)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, placeholder, query)
	}
	limit, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	cmd := exec.CommandContext(limit, words[0], words[1:]...)
	cmd.Env = withoutSecrets(os.Environ())
	cmd.WaitDelay = time.Second
	var complaint bytes.Buffer
	var out bounded
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limit.Err() != nil:
		return nil, fmt.Errorf("lookup by %s: no end after %s", words[0], commandTime)
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return nil, fmt.Errorf("lookup by %s: %w: %s", words[0], err, first)
	}
	return people(&out.Buffer), nil
}

// withoutSecrets is an environment without what signs a call to Connect.
func withoutSecrets(env []string) []string {
	return slices.DeleteFunc(env, func(e string) bool { return strings.HasPrefix(e, "PIPEDREAM_") })
}

// bounded keeps the beginning of what is written, and takes the rest for nothing.
type bounded struct{ bytes.Buffer }

// Write keeps what there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	if room := commandOutput - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(len(p), room)])
	}
	return len(p), nil
}

func people(r io.Reader) []Person {
	var out []Person
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, commandOutput+1)
	for lines.Scan() && len(out) < most {
		id, label, _ := strings.Cut(strings.TrimRight(lines.Text(), "\r"), "\t")
		if id = strings.TrimSpace(id); id != "" {
			out = append(out, Person{ID: id, Label: strings.TrimSpace(label)})
		}
	}
	return out
}
