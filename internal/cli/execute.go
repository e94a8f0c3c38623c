// Package cli is the command line: it parses, makes one call and prints. Data
// goes to standard output, everything else to standard error.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/charmbracelet/x/term"
)

// Exit statuses (design.md, "The command line").
const (
	exitOK        = 0
	exitFailed    = 1 // an answer came, and --check-status saw 400 or more
	exitUsage     = 2 // usage, configuration, or input that is refused here
	exitRefused   = 3 // Connect refused
	exitNetwork   = 4 // network, Connect's own fault, a cut or late answer
	exitInterrupt = 130
)

// streams is where a command reads and writes, and what it knows of them.
type streams struct {
	in       io.Reader
	out, err io.Writer
	outTTY   bool // standard output is a terminal
	errTTY   bool // standard error is
	terminal bool // standard input and output are
	asks     bool // a person can be asked: on standard error, and answers on standard input
}

// tell writes a line to standard error. Where nobody reads it, there is nobody to
// tell that to.
func (s streams) tell(words ...any) { _, _ = fmt.Fprintln(s.err, words...) }

// Execute runs the command line and returns the exit status.
func Execute(ctx context.Context, args []string) int {
	return run(ctx, args, streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, outTTY: term.IsTerminal(os.Stdout.Fd()),
		errTTY:   term.IsTerminal(os.Stderr.Fd()),
		terminal: term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()),
		asks:     term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stderr.Fd()),
	})
}

func run(ctx context.Context, args []string, s streams) int {
	a := &app{streams: s, args: args}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	var status *statusError
	if errors.As(err, &status) && status.silent {
		return status.code
	}
	for _, line := range complaint(err, a) {
		s.tell(line)
	}
	return exitCode(err)
}

// statusError carries an exit status; a silent one was told already.
type statusError struct {
	code   int
	err    error
	silent bool
}

func (e *statusError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.code)
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

// usage marks an error as one of usage or configuration.
func usage(err error) error { return &statusError{code: exitUsage, err: err} }

// Version is what `connectty version` prints: the module's, or the commit's.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return "devel " + s.Value[:min(len(s.Value), 12)]
		}
	}
	return "devel"
}
