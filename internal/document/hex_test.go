package document_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/document"
)

// A word is found in the hex view wherever it stands in the body, over the ends of lines
// and of the blocks that are searched at once.
func TestFindInHex(t *testing.T) {
	t.Parallel()
	for _, before := range []int{0, 9, 15, 16, 32<<10 - 3, 32<<10 - 1, 32 << 10} {
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			t.Parallel()
			body := strings.Repeat("\x00", before) + `"id": 0` + strings.Repeat("\x00", 40_000) + `"ID": 0`
			d := whole(t, "application/octet-stream", []byte(body))
			q := document.Query{Text: `"id": 0`}
			if n, err := d.Count(t.Context(), document.Hex, q); n != 2 || err != nil {
				t.Errorf("%d matches, %v; want 2", n, err)
			}
			want := document.Match{Line: before / 16, Column: 60 + before%16, Width: min(len(q.Text), 16-before%16)}
			got, ok, err := d.Find(t.Context(), document.Hex, q, document.Match{}, false)
			if got != want || !ok || err != nil {
				t.Errorf("got %+v, %v, %v; want %+v", got, ok, err, want)
			}
			next, ok, err := d.Find(t.Context(), document.Hex, q, got, false)
			if at := before + 40_007; next.Line != at/16 || !ok || err != nil {
				t.Errorf("next %+v, %v, %v; want line %d", next, ok, err, at/16)
			}
			if back, _, _ := d.Find(t.Context(), document.Hex, q, next, true); back != want {
				t.Errorf("back to %+v, want %+v", back, want)
			}
		})
	}
}

// Counts are those of the bytes; what stands in the other columns counts besides.
func TestCountInHex(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte(`{"name":"x y"},`), 9_000)
	d := whole(t, "application/octet-stream", body)
	for text, want := range map[string]int{`"name":`: 9_000, "x Y": 9_000, "zz": 0, `},{"name":"x y"},{`: 4_500} {
		if n, err := d.Count(t.Context(), document.Hex, document.Query{Text: text}); n != want || err != nil {
			t.Errorf("%q: %d matches, %v; want %d", text, n, err, want)
		}
	}
	if n, err := d.Count(t.Context(), document.Hex, document.Query{Text: "00000010  "}); n != 1 || err != nil {
		t.Errorf("an offset: %d matches, %v; want 1", n, err)
	}
}

// The places of a word are in each line that has a part of it.
func TestHexPlaces(t *testing.T) {
	t.Parallel()
	d := whole(t, "application/octet-stream", []byte("\x00 a word\x00\x00\x00\x00 word, and words"))
	lines := d.Window(document.Hex, 0, 9)
	for q, want := range map[document.Query][][][2]int{
		{Text: "word"}:              {{{64, 68}, {73, 76}}, {{60, 61}, {67, 71}}},
		{Text: "w.r", Regexp: true}: {{{64, 67}, {73, 76}}, {{67, 70}}},
		{Text: "00 00"}:             {{{35, 40}, {41, 46}}, nil},
	} {
		p, err := q.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := p.HexPlaces(lines); !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q: got %v, want %v in\n%s", q.Text, got, want, text(d, document.Hex))
		}
	}
}
