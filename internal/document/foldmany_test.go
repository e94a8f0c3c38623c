package document_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/document"
)

// nestedDeep is some MB of JSON whose arrays and objects reach over many blocks.
func nestedDeep() string {
	var b strings.Builder
	b.WriteString(`{"a":[`)
	for i := range 7 {
		fmt.Fprintf(&b, `{"n":%d,"list":[`, i)
		for j := range 9000 {
			fmt.Fprintf(&b, `{"id":%d,"owner":{"name":"somebody %d","tags":[1,2]},"empty":{}},`, j, j)
		}
		b.WriteString(`null]},`)
	}
	b.WriteString(`7],"owner":{"x":[1]}}`)
	return b.String()
}

// foldsByIndent finds the same in the printed lines.
func foldsByIndent(lines []document.Line, wanted func(depth int, line string) bool) []document.Fold {
	var out []document.Fold
	for i := 0; i < len(lines); i++ {
		text := lines[i].Text()
		depth := (len(text) - len(strings.TrimLeft(text, " "))) / 2
		if !strings.HasSuffix(text, "[") && !strings.HasSuffix(text, "{") || !wanted(depth, text) {
			continue
		}
		for to := i + 1; to < len(lines); to++ {
			if end := lines[to].Text(); len(end)-len(strings.TrimLeft(end, " ")) == 2*depth {
				out = append(out, document.Fold{From: i, To: to})
				i = to
				break
			}
		}
	}
	return out
}

// However many processors share the work, the folds are those that the lines show.
func TestFoldMany(t *testing.T) {
	t.Parallel()
	if runtime.GOMAXPROCS(0) < 2 {
		t.Log("one processor: nothing is shared")
	}
	d := whole(t, "application/json", []byte(nestedDeep()))
	lines := d.Window(document.Pretty, 0, 1<<30)
	tests := map[string]struct {
		find   func(ctx context.Context) ([]document.Fold, error)
		wanted func(depth int, line string) bool
	}{
		"level 0":    {func(ctx context.Context) ([]document.Fold, error) { return d.FoldLevel(ctx, 0) }, func(int, string) bool { return true }},
		"level 2":    {func(ctx context.Context) ([]document.Fold, error) { return d.FoldLevel(ctx, 2) }, func(depth int, _ string) bool { return depth >= 2 }},
		"level 3":    {func(ctx context.Context) ([]document.Fold, error) { return d.FoldLevel(ctx, 3) }, func(depth int, _ string) bool { return depth >= 3 }},
		"level 5":    {func(ctx context.Context) ([]document.Fold, error) { return d.FoldLevel(ctx, 5) }, func(depth int, _ string) bool { return depth >= 5 }},
		"key list":   {func(ctx context.Context) ([]document.Fold, error) { return d.FoldKey(ctx, "list") }, func(_ int, line string) bool { return strings.Contains(line, `"list": [`) }},
		"key owner":  {func(ctx context.Context) ([]document.Fold, error) { return d.FoldKey(ctx, "owner") }, func(_ int, line string) bool { return strings.Contains(line, `"owner": {`) }},
		"no such":    {func(ctx context.Context) ([]document.Fold, error) { return d.FoldKey(ctx, "own") }, func(int, string) bool { return false }},
		"level 9":    {func(ctx context.Context) ([]document.Fold, error) { return d.FoldLevel(ctx, 9) }, func(int, string) bool { return false }},
		"key a, all": {func(ctx context.Context) ([]document.Fold, error) { return d.FoldKey(ctx, "a") }, func(_ int, line string) bool { return strings.Contains(line, `"a": [`) }},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.find(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for i := range got {
				got[i].Items = 0
			}
			want := foldsByIndent(lines, tt.wanted)
			if !slices.Equal(got, want) {
				t.Fatalf("%d folds, want %d: %v, %v", len(got), len(want), got[:min(3, len(got))], want[:min(3, len(want))])
			}
		})
	}
}

func TestFoldManyEnds(t *testing.T) {
	t.Parallel()
	d := whole(t, "application/json", []byte(nestedDeep()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.FoldLevel(ctx, 3); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A key may be written with escapes.
func TestFoldEscapedKey(t *testing.T) {
	t.Parallel()
	d := whole(t, "application/json", []byte(`{"a\u0062": {"x": 1}, "ab": {"y": 2}, "abc": {"z": 3}}`))
	folds, err := d.FoldKey(t.Context(), "ab")
	if err != nil || len(folds) != 2 {
		t.Errorf("%v, %v, want two", folds, err)
	}
}

// What stands beside a value is what FoldAt finds there, one after the other.
func TestFoldBeside(t *testing.T) {
	t.Parallel()
	for seed := range int64(10) {
		r := rand.New(rand.NewSource(seed)) //nolint:gosec // chance, no secret
		var b strings.Builder
		b.WriteString(`{"first": [1, `)
		randomJSON(&b, r, 5)
		b.WriteString(`, [], {"x": [2]}], "last": [`)
		b.WriteString(strings.Repeat("[1],", 20_000*int(seed%2)) + "{}, [3]]}")
		d, lines := opened(t, b.String())
		for line := 0; line < len(lines); line += 1 + len(lines)/50 {
			var want []document.Fold
			own, err := d.FoldAt(line)
			parent, perr := d.Parent(own.From)
			got, gerr := d.FoldBeside(t.Context(), line)
			if err != nil || perr != nil {
				if gerr == nil {
					t.Fatalf("seed %d, line %d: %v, want an error", seed, line, got)
				}
				continue
			}
			for at := parent.From + 1; at < parent.To && len(want) < 100; at++ {
				if fold, err := d.FoldAt(at); err == nil && fold.From == at {
					want = append(want, fold)
					at = fold.To
				}
			}
			if gerr != nil || len(got) < len(want) || !slices.Equal(got[:len(want)], want) || len(want) < 100 && len(got) != len(want) {
				t.Fatalf("seed %d, line %d: got %v, %v, want %v", seed, line, got, gerr, want)
			}
		}
	}
}
