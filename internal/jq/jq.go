// Package jq runs jq's filters over a body, within limits of time and memory.
package jq

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/itchyny/gojq"
)

// The limits of a run: what is held of the body and of the result, what the filter piles up
// meanwhile with the body's values, and for how long it may take.
const (
	MaxInput  = 64 << 20
	MaxOutput = 64 << 20
	MaxMemory = 1536 << 20
	MaxTime   = 10 * time.Second
)

// Errors of a run that is ended by its limits.
var (
	ErrInput  = fmt.Errorf("the body is longer than the %d MB that jq takes", MaxInput>>20)
	ErrMemory = errors.New("the filter piles up more memory than it may")
	ErrOutput = fmt.Errorf("the result is longer than %d MB", MaxOutput>>20)
	ErrTime   = fmt.Errorf("no end after %s", MaxTime)
)

// Run writes the results of a filter over each JSON value of a body, each on a line of its
// own. A filter that is none, and a value that it fails on, are errors
// in jq's words.
func Run(ctx context.Context, filter string, body io.Reader, out io.Writer) error {
	return politely(func() error { return run(ctx, MaxMemory, filter, body, out) })
}

func run(ctx context.Context, memory uint64, filter string, body io.Reader, out io.Writer) error {
	query, err := gojq.Parse(filter)
	if at, is := errors.AsType[*gojq.ParseError](err); is && at.Token == "" {
		return errors.New("the filter ends before it is whole")
	}
	if err != nil {
		return err
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeoutCause(ctx, MaxTime, ErrTime)
	defer stop()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	go watch(ctx, memory, end)
	in := json.NewDecoder(&limited{ctx: ctx, r: body, left: MaxInput, err: ErrInput})
	in.UseNumber()
	w := &bounded{w: out, left: MaxOutput}
	for {
		var value any
		if err := in.Decode(&value); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch err := results(ctx, code.RunWithContext(ctx, value), w); {
		case errors.Is(err, errHalted):
			return nil
		case err != nil:
			return err
		}
	}
}

// errHalted tells that the filter said halt.
var errHalted = errors.New("halted")

func results(ctx context.Context, iter gojq.Iter, w io.Writer) error {
	for {
		v, ok := iter.Next()
		if !ok {
			return nil
		}
		if err, failed := v.(error); failed {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if halt, is := errors.AsType[*gojq.HaltError](err); is && halt.Value() == nil {
				return errHalted
			}
			return err
		}
		text, err := gojq.Marshal(v)
		if err != nil {
			return err
		}
		if _, err := w.Write(append(text, '\n')); err != nil {
			return err
		}
	}
}

// limited reads so much and then fails, and fails where its context ends.
type limited struct {
	ctx  context.Context //nolint:containedctx // a reader of one call
	r    io.Reader
	left int64
	err  error
}

func (l *limited) Read(p []byte) (int, error) {
	switch {
	case l.ctx.Err() != nil:
		return 0, context.Cause(l.ctx)
	case l.left <= 0:
		return 0, l.err
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

// bounded writes so much and then fails.
type bounded struct {
	w    io.Writer
	left int
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, ErrOutput
	}
	return b.w.Write(p)
}
