package lookup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"mvdan.cc/sh/v3/shell"

	"github.com/connectty/connectty/internal/command"
)

// The limits of a command.
const (
	commandTime   = 5 * time.Second
	commandOutput = 1 << 20
)

// placeholder is where the query goes.
const placeholder = "{{query}}"

// program asks a program, without a shell.
type program struct{ words []string }

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
	return &program{words}, nil
}

// Find runs the program, and reads a line of id, tab, label for each person.
func (c *program) Find(ctx context.Context, query string) ([]Person, error) {
	if strings.TrimSpace(query) == "" {
		return nil, nil
	}
	words := slices.Clone(c.words)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, placeholder, query)
	}
	out, err := command.Call{Words: words, Limit: commandTime, Most: commandOutput}.Output(ctx)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, fmt.Errorf("lookup by %s: %w", words[0], err)
	}
	return people(bytes.NewReader(out)), nil
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
