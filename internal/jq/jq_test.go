package jq_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/jq"
)

func TestRun(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ filter, body, want, err string }{
		"a path":             {".a[0].b", `{"a":[{"b":1},{"b":2}]}`, "1\n", ""},
		"many results":       {".a[].b", `{"a":[{"b":1},{"b":"x"}]}`, "1\n\"x\"\n", ""},
		"an object":          {"{n: .a | length}", `{"a":[1,2]}`, "{\"n\":2}\n", ""},
		"large numbers stay": {".", `{"id":12345678901234567890}`, "{\"id\":12345678901234567890}\n", ""},
		"lines of JSON":      {".n", "{\"n\":1}\n{\"n\":2}\n", "1\n2\n", ""},
		"nothing":            {"empty", "{}", "", ""},
		"halt":               {"halt", "{}", "", ""},
		"halt ends it all":   {"., halt", "1 2", "1\n", ""},
		"no filter":          {".a[", "{}", "", "the filter ends before it is whole"},
		"an unknown name":    {"frobnicate", "{}", "", "function not defined: frobnicate/0"},
		"the wrong kind":     {".a", "[1]", "", "expected an object"},
		"no JSON":            {".", "<html>", "", "invalid character"},
		"half a body":        {".a", `{"a":1} {"a"`, "1\n", "unexpected EOF"},
		"no environment":     {"env | length", "{}", "0\n", ""},
		"no files":           {`input`, "{}", "", "input"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			err := jq.Run(t.Context(), tc.filter, strings.NewReader(tc.body), &out)
			if out.String() != tc.want || (err == nil) != (tc.err == "") || err != nil && !strings.Contains(err.Error(), tc.err) {
				t.Errorf("got %q, %v, want %q, %q", out.String(), err, tc.want, tc.err)
			}
		})
	}
}

// What has no end is ended: by the person, and by the length of its result.
func TestEnds(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out strings.Builder
	if err := jq.Run(ctx, "def f: f; f", strings.NewReader("1"), &out); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := jq.Run(t.Context(), `repeat("x" * 1000000)`, strings.NewReader("1"), &strings.Builder{}); !errors.Is(err, jq.ErrOutput) {
		t.Errorf("got %v", err)
	}
}

// endless is a body without an end, whose reader goes away after some of it.
type endless struct {
	reads int
	stop  func()
}

func (e *endless) Read(p []byte) (int, error) {
	if e.reads++; e.reads == 3 {
		e.stop()
	}
	for i := range p {
		p[i] = '['
		if e.reads > 1 {
			p[i] = ' '
		}
	}
	return min(len(p), 100), nil
}

// It ends also while a body is still read.
func TestEndsWithinABody(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	if err := jq.Run(ctx, ".", &endless{stop: stop}, &strings.Builder{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
