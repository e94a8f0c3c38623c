package document_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/document"
)

// bracket is an array or object of a pretty text, found by its brackets alone.
type bracket struct {
	from, to, depth int
	key             string
}

// brackets reads the lines of a pretty view.
func brackets(lines []string) []bracket {
	var all, open []bracket
	for i, line := range lines {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(text, "}") || strings.HasPrefix(text, "]") {
			b := open[len(open)-1]
			open = open[:len(open)-1]
			b.to = i
			all = append(all, b)
		}
		if strings.HasSuffix(text, "{") || strings.HasSuffix(text, "[") {
			b := bracket{from: i, depth: len(open) + 1}
			if key, _, ok := strings.Cut(text, ": "); ok {
				b.key = strings.Trim(key, `"`)
			}
			open = append(open, b)
		}
	}
	return all
}

// randomJSON writes a value without brackets in its strings.
func randomJSON(b *strings.Builder, r *rand.Rand, depth int) {
	kind := r.Intn(6)
	if depth == 0 {
		kind = 2 + r.Intn(4)
	}
	switch kind {
	case 0, 1:
		n := r.Intn(5)
		b.WriteByte("[{"[kind])
		for i := range n {
			if i > 0 {
				b.WriteString(",")
			}
			if kind == 1 {
				fmt.Fprintf(b, "%q: ", []string{"data", "items", "a key", "x"}[r.Intn(4)])
			}
			randomJSON(b, r, depth-1)
		}
		b.WriteByte("]}"[kind])
	case 2:
		fmt.Fprintf(b, "%d", r.Intn(1000))
	case 3:
		b.WriteString("null")
	default:
		fmt.Fprintf(b, "%q", strings.Repeat("word ", r.Intn(30)))
	}
}

func opened(t *testing.T, text string) (*document.Document, []string) {
	t.Helper()
	d := document.New(document.Options{MediaType: "application/json"})
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	d.End(nil)
	var lines []string
	for _, l := range d.Window(document.Pretty, 0, d.Lines(document.Pretty)) {
		lines = append(lines, l.Text())
	}
	return d, lines
}

// Whatever is folded is what its brackets say, in small texts and in such as have many
// marks, in one document and in rows of them.
func TestFolds(t *testing.T) {
	t.Parallel()
	for seed := range int64(30) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewSource(seed)) //nolint:gosec // chance, no secret
			var b strings.Builder
			rows := 1 + int(seed%3)*40
			for range rows {
				b.WriteString("[")
				for i := range 1 + r.Intn(int(seed)*8+2) {
					if i > 0 {
						b.WriteByte(',')
					}
					randomJSON(&b, r, 6)
				}
				b.WriteString("]\n")
			}
			d, lines := opened(t, b.String())
			if f := d.State().Fault; f != nil {
				t.Fatal(f)
			}
			all := brackets(lines)
			checkLevels(t, d, all)
			checkLines(t, d, all, lines, 1+len(lines)/300)
		})
	}
}

func checkLevels(t *testing.T, d *document.Document, all []bracket) {
	t.Helper()
	for level := range 5 {
		got, err := d.FoldLevel(t.Context(), level)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, want := range all {
			if want.depth != level+1 {
				continue
			}
			if n < len(got) && (got[n].From != want.from || got[n].To != want.to) {
				t.Fatalf("level %d, fold %d: got %+v, want %+v", level, n, got[n], want)
			}
			n++
		}
		if n != len(got) {
			t.Errorf("level %d: %d folds, want %d", level, len(got), n)
		}
	}
	keyed, err := d.FoldKey(t.Context(), "data")
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	inside := -1
	byFrom := map[int]bracket{}
	for _, b := range all {
		byFrom[b.from] = b
	}
	for line := 0; line < 1<<20 && len(byFrom) > 0; line++ {
		b, ok := byFrom[line]
		if !ok {
			if line > all[len(all)-1].to {
				break
			}
			continue
		}
		if b.key == "data" && b.from > inside {
			want, inside = want+1, b.to
		}
	}
	if len(keyed) != want {
		t.Errorf("%d folds of the key, want %d", len(keyed), want)
	}
}

func checkLines(t *testing.T, d *document.Document, all []bracket, lines []string, step int) {
	t.Helper()
	for line := 0; line < len(lines); line += step {
		want := bracket{from: -1}
		for _, b := range all {
			if b.from == line || b.from < line && b.to >= line && b.from > want.from && want.from != line {
				want = b
			}
		}
		got, err := d.FoldAt(line)
		if errors.Is(err, document.ErrNoFold) && want.from < 0 {
			continue
		}
		if err != nil || got.From != want.from || got.To != want.to {
			t.Fatalf("line %d, %q: got %+v, %v, want %+v", line, lines[line], got, err, want)
		}
		if strings.HasSuffix(lines[line], "[") {
			n := 0
			for i := got.From + 1; i < got.To; i++ {
				if len(lines[i])-len(strings.TrimLeft(lines[i], " ")) == len(lines[got.To])-len(strings.TrimLeft(lines[got.To], " "))+2 && !strings.HasPrefix(strings.TrimSpace(lines[i]), "}") && !strings.HasPrefix(strings.TrimSpace(lines[i]), "]") {
					n++
				}
			}
			if got.Items != n {
				t.Fatalf("line %d: %d items, want %d", line, got.Items, n)
			}
		}
	}
}

func TestNoFolds(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"a number": "12", "empty": "[]", "text": "hello\nworld", "open": "[1,\n2", "broken": "[1, {]"} {
		d := document.New(document.Options{MediaType: map[bool]string{true: "text/plain", false: "application/json"}[name == "text"]})
		if _, err := d.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		d.End(nil)
		for _, line := range []int{-1, 0, 1, 99} {
			if f, err := d.FoldAt(line); !errors.Is(err, document.ErrNoFold) {
				t.Errorf("%s, line %d: %+v, %v", name, line, f, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestFoldCancelled(t *testing.T) {
	t.Parallel()
	d, _ := opened(t, "["+strings.Repeat("[1,2],", 5000)+"[]]")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.FoldLevel(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Rows and lines lead to each other, whatever is folded.
func TestRowsOfFolds(t *testing.T) {
	t.Parallel()
	const lines = 200
	r := rand.New(rand.NewSource(7)) //nolint:gosec // chance, no secret
	for range 300 {
		var f document.Folds
		shown := [lines]bool{}
		for i := range shown {
			shown[i] = true
		}
		var all []document.Fold
		for range r.Intn(12) {
			from := r.Intn(lines - 1)
			all = append(all, document.Fold{From: from, To: min(lines-1, from+1+r.Intn(20))})
		}
		for _, fold := range all { // nested or apart, as brackets are
			crosses := false
			for i := 0; i < f.Len(); i++ {
				if at, ok := f.At(fold.From); ok && at.To < fold.To || crosses {
					crosses = true
				}
				if at, ok := f.At(fold.To); ok && at.From > fold.From && at.To > fold.To {
					crosses = true
				}
			}
			if crosses {
				continue
			}
			f.Add(fold)
			for i := fold.From + 1; i <= fold.To; i++ {
				shown[i] = false
			}
		}
		if f.Len() > 0 && r.Intn(2) == 0 {
			if at, ok := f.At(f.Line(r.Intn(f.Rows(lines)))); ok && f.Open(at.From) {
				for i := at.From + 1; i <= at.To; i++ {
					shown[i] = true
				}
			}
		}
		row := -1
		for line := range lines {
			if shown[line] {
				if row++; f.Line(row) != line {
					t.Fatalf("row %d is line %d, want %d", row, f.Line(row), line)
				}
			}
			if got := f.Row(line); got != row {
				t.Fatalf("line %d is on row %d, want %d", line, got, row)
			}
		}
		if f.Rows(lines) != row+1 {
			t.Fatalf("%d rows, want %d", f.Rows(lines), row+1)
		}
	}
}

// BenchmarkFold is folding a body of 10 MB to a level, and one node of it.
func BenchmarkFold(b *testing.B) {
	var text strings.Builder
	text.WriteString(`{"ok":true,"data":[`)
	for i := range 60_000 {
		fmt.Fprintf(&text, `{"id":%d,"name":"record number %d","tags":["one","two"],"owner":{"id":"u%d","mail":"a@b.c"},"note":"%s"},`, i, i, i, strings.Repeat("x", 60))
	}
	text.WriteString(`null]}`)
	d := document.New(document.Options{MediaType: "application/json"})
	if _, err := d.Write([]byte(text.String())); err != nil {
		b.Fatal(err)
	}
	d.End(nil)
	defer func() { _ = d.Close() }()
	for _, level := range []int{1, 2, 3} {
		b.Run(fmt.Sprint("level ", level), func(b *testing.B) {
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				folds, err := d.FoldLevel(b.Context(), level)
				if err != nil {
					b.Fatal(err)
				}
				var all document.Folds
				all.Add(folds...)
			}
		})
	}
	b.Run("one", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := d.FoldAt(d.Lines(document.Pretty) / 2); err != nil {
				b.Fatal(err)
			}
		}
	})
}
