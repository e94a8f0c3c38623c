package document_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
)

func TestFind(t *testing.T) {
	t.Parallel()
	body := []byte(`{"Name":"日本 name","b":["NAME",{"x":1}],"c":"ÄÖ"}`)
	none := document.Match{Line: -1}
	type match = document.Match
	tests := map[string]struct {
		view     document.View
		query    document.Query
		from     match
		backward bool
		want     match
	}{
		"first":                {document.Pretty, document.Query{Text: "name"}, match{}, false, match{1, 3, 4}},
		"next on the line":     {document.Pretty, document.Query{Text: "name"}, match{1, 3, 4}, false, match{1, 16, 4}},
		"next line":            {document.Pretty, document.Query{Text: "name"}, match{1, 16, 4}, false, match{3, 5, 4}},
		"round":                {document.Pretty, document.Query{Text: "name"}, match{3, 5, 4}, false, match{1, 3, 4}},
		"back":                 {document.Pretty, document.Query{Text: "name"}, match{3, 5, 4}, true, match{1, 16, 4}},
		"back round":           {document.Pretty, document.Query{Text: "name"}, match{1, 3, 4}, true, match{3, 5, 4}},
		"case":                 {document.Pretty, document.Query{Text: "NAME", Case: true}, match{}, false, match{3, 5, 4}},
		"no such case":         {document.Pretty, document.Query{Text: "nAME", Case: true}, match{}, false, none},
		"over tokens":          {document.Pretty, document.Query{Text: `"b": [`}, match{}, false, match{2, 2, 6}},
		"wide":                 {document.Pretty, document.Query{Text: "本"}, match{}, false, match{1, 13, 2}},
		"letters beyond ASCII": {document.Pretty, document.Query{Text: "äö"}, match{}, false, match{8, 8, 2}},
		"only one, round":      {document.Pretty, document.Query{Text: "äö"}, match{8, 8, 2}, false, match{8, 8, 2}},
		"nothing to look for":  {document.Pretty, document.Query{}, match{}, false, none},
		"from far behind":      {document.Pretty, document.Query{Text: "name"}, match{1 << 30, 0, 0}, false, match{1, 3, 4}},
		"from before":          {document.Pretty, document.Query{Text: "name"}, match{-5, 0, 0}, true, match{3, 5, 4}},
		"raw":                  {document.Raw, document.Query{Text: `,"b":["N`}, match{}, false, match{0, 19, 8}},
		"an expression":        {document.Pretty, document.Query{Text: `n.m(e|a)\b`, Regexp: true}, match{}, false, match{1, 3, 4}},
		"its end":              {document.Pretty, document.Query{Text: `"$`, Regexp: true}, match{}, false, match{8, 10, 1}},
		"with case":            {document.Pretty, document.Query{Text: `N.ME`, Regexp: true, Case: true}, match{}, false, match{3, 5, 4}},
		"any case, within":     {document.Pretty, document.Query{Text: `(?i)nAmE`, Regexp: true, Case: true}, match{}, false, match{1, 3, 4}},
		"nothing matched":      {document.Pretty, document.Query{Text: `z*`, Regexp: true}, match{}, false, none},
		"hex":                  {document.Hex, document.Query{Text: "7b 22 4e"}, match{}, false, match{0, 10, 8}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, "application/json", body)
			got, ok, err := d.Find(t.Context(), tt.view, tt.query, tt.from, tt.backward)
			if !ok {
				got = none
			}
			if err != nil || got != tt.want {
				t.Errorf("%q from %+v: got %+v, %v; want %+v in\n%s", tt.query.Text, tt.from, got, err, tt.want, text(d, tt.view))
			}
		})
	}
}

// Every match that Find walks through lies where the window prints it, and there
// are as many as Count says and as a plain search of the lines finds.
func TestFindAgreesWithTheWindow(t *testing.T) {
	t.Parallel()
	for name, body := range samples() {
		for _, word := range []string{"7", "nam", "alpha", "\": \"", "日本", "long l", "amp", "value"} {
			t.Run(name+" "+word, func(t *testing.T) {
				t.Parallel()
				d := whole(t, mediaType(name), body)
				want := 0
				lines := d.Window(document.Pretty, 0, 1<<30)
				for _, line := range lines {
					want += strings.Count(strings.ToLower(line.Text()), word)
				}
				q := document.Query{Text: word}
				if got, err := d.Count(t.Context(), document.Pretty, q); err != nil || got != want {
					t.Fatalf("Count: got %d, %v; want %d", got, err, want)
				}
				at := document.Match{}
				for range min(want, 50) {
					next, ok, err := d.Find(t.Context(), document.Pretty, q, at, false)
					if err != nil || !ok {
						t.Fatalf("after %+v: %v, %v", at, ok, err)
					}
					if found := ansi.Cut(lines[next.Line].Text(), next.Column, next.Column+next.Width); !strings.EqualFold(found, word) {
						t.Fatalf("at %+v stands %q", next, found)
					}
					if back, ok, err := d.Find(t.Context(), document.Pretty, q, next, true); at.Width > 0 && (err != nil || !ok || back != at) {
						t.Fatalf("back from %+v: got %+v, %v; want %+v", next, back, err, at)
					}
					at = next
				}
			})
		}
	}
}

func TestFindStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	d := whole(t, "", big(1<<20))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := d.Find(ctx, document.Pretty, document.Query{Text: "zyzzyva"}, document.Match{}, false); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: got %v, want context.Canceled", err)
	}
	if _, err := d.Count(ctx, document.Hex, document.Query{Text: "7b"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Count: got %v, want context.Canceled", err)
	}
}

func TestNoExpression(t *testing.T) {
	t.Parallel()
	d := whole(t, "application/json", []byte(`[1]`))
	q := document.Query{Text: "a(", Regexp: true}
	if _, _, err := d.Find(t.Context(), document.Pretty, q, document.Match{}, false); err == nil || !strings.Contains(err.Error(), "regular expression") {
		t.Errorf("got %v", err)
	}
	if _, err := q.Compile(); err == nil {
		t.Error("it compiles")
	}
	p, err := document.Query{Text: "B+", Regexp: true}.Compile()
	if got := p.Places("abBb b", 6); err != nil || fmt.Sprint(got) != "[[1 4] [5 6]]" {
		t.Errorf("got %v, %v", got, err)
	}
}

// A line is read once for all that an expression finds in it: over and over it would take
// hours.
func TestManyMatchesOnALine(t *testing.T) {
	t.Parallel()
	const size = 1 << 18
	p, err := document.Query{Text: "[a-z]", Regexp: true}.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(p.Places(strings.Repeat("ab", size/2), size)); got != size {
		t.Errorf("%d places, want %d", got, size)
	}
	if p, err = (document.Query{Text: "a(?:.*z)?", Regexp: true}).Compile(); err != nil {
		t.Fatal(err)
	}
	if got := len(p.Places(strings.Repeat("a", size/4), 10)); got < 10 || got > 100 { // each reads on to the end
		t.Errorf("%d places, want those of the first 10 bytes", got)
	}
	d := whole(t, "text/plain", []byte(strings.Repeat("x", size)))
	q := document.Query{Text: ".", Regexp: true}
	if got, err := d.Count(t.Context(), document.Raw, q); err != nil || got != size {
		t.Errorf("Count: got %d, %v; want %d", got, err, size)
	}
	last := document.Match{Line: size/4096 - 1, Column: 4095, Width: 1}
	if got, ok, err := d.Find(t.Context(), document.Raw, q, document.Match{}, true); got != last || !ok || err != nil {
		t.Errorf("the last: got %+v, %v, %v; want %+v", got, ok, err, last)
	}
}

// patience is a context that ends after so many looks at it.
type patience struct {
	context.Context //nolint:containedctx // it is one

	looks int
}

func (p *patience) Err() error {
	if p.looks--; p.looks < 0 {
		return context.Canceled
	}
	return nil
}

// A search looks at its context on each line: one block can hold thousands.
func TestFindStopsWithinABlock(t *testing.T) {
	t.Parallel()
	d := whole(t, "text/plain", []byte(strings.Repeat("ab\n", 1000)))
	q := document.Query{Text: "[a-z]", Regexp: true}
	if n, err := d.Count(&patience{t.Context(), 100}, document.Raw, q); !errors.Is(err, context.Canceled) || n > 200 {
		t.Errorf("Count: got %d, %v, want context.Canceled", n, err)
	}
	if _, _, err := d.Find(&patience{t.Context(), 100}, document.Raw, q, document.Match{}, true); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: got %v, want context.Canceled", err)
	}
}

// A search that begins after Close finds nothing, and ends.
func TestFindAfterClose(t *testing.T) {
	t.Parallel()
	for name, body := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, mediaType(name), body)
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			q := document.Query{Text: "[a-z0]", Regexp: true}
			for _, v := range views {
				if n, err := d.Count(t.Context(), v, q); n != 0 || err != nil {
					t.Errorf("view %d: %d matches, %v", v, n, err)
				}
				if _, ok, err := d.Find(t.Context(), v, q, document.Match{Line: 1 << 20}, true); ok || err != nil {
					t.Errorf("view %d: found, %v", v, err)
				}
			}
			if folds, err := d.FoldLevel(t.Context(), 1); len(folds) > 0 {
				t.Errorf("%d folds, %v", len(folds), err)
			}
			_, _ = d.LineOf(t.Context(), "$.data[7]")
			_, _, _ = d.Value(t.Context(), 100)
			_, _ = d.Parent(100)
			_, _ = d.Path(100), d.KeyOf(100)
		})
	}
}

func TestPictureCancelled(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 100, 100))); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := whole(t, "image/png", b.Bytes()).Picture(ctx, 10, 10); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
