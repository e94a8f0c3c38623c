package document_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/document"
)

// The path of each line leads back to the line, and the bytes of its value are what the
// lines say.
func TestPathsLeadBack(t *testing.T) {
	t.Parallel()
	for seed := range int64(12) {
		r := rand.New(rand.NewSource(seed)) //nolint:gosec // chance, no secret
		var b strings.Builder
		b.WriteString("[")
		for i := range 1 + r.Intn(int(seed)*20+2) {
			if i > 0 {
				b.WriteByte(',')
			}
			n := 0
			var item strings.Builder
			randomJSON(&item, r, 5)
			for strings.Contains(item.String(), `"data": `) { // keys that stand twice lead to the first
				item = replaced(item.String(), `"data": `, fmt.Sprintf(`"data%d": `, n))
				n++
			}
			for _, key := range []string{"items", "a key", "x"} {
				for strings.Contains(item.String(), `"`+key+`": `) {
					item = replaced(item.String(), `"`+key+`": `, fmt.Sprintf(`"%s%d": `, key, n))
					n++
				}
			}
			b.WriteString(item.String())
		}
		b.WriteString("]")
		d, lines := opened(t, b.String())
		for i, line := range lines {
			text := strings.TrimSpace(line)
			if strings.HasPrefix(text, "]") || strings.HasPrefix(text, "}") {
				continue
			}
			path := d.Path(i)
			if got, err := d.LineOf(t.Context(), path); err != nil || got != i {
				t.Fatalf("seed %d: %s of line %d, %q, leads to %d, %v", seed, path, i, text, got, err)
			}
			from, to, ok := d.Value(t.Context(), i)
			if !ok {
				t.Fatalf("line %d, %q has no value", i, text)
			}
			raw, err := io.ReadAll(d.Section(from, to))
			if err != nil || !json.Valid(raw) {
				t.Fatalf("line %d, %q: the value is %q, %v", i, text, raw, err)
			}
			if _, value, ok := strings.Cut(text, ": "); ok {
				text = value
			}
			if start := strings.TrimRight(text, ","); !strings.HasPrefix(string(raw), strings.TrimRight(start, "…")) {
				t.Fatalf("line %d, %q: the value is %q", i, text, raw)
			}
		}
	}
}

func replaced(s, from, to string) (b strings.Builder) {
	b.WriteString(strings.Replace(s, from, to, 1))
	return b
}

func TestLineOf(t *testing.T) {
	t.Parallel()
	d, _ := opened(t, `{"data": [{"name": "x"}, [1, 2, {"a.b": {"c": null}}], 3], "": 5, "long": "`+strings.Repeat("y", 10_000)+`", "last": 1}`)
	for path, want := range map[string]int{
		"$": 0, "": 0, "$.data": 1, "data": 1, "$.data[0]": 2, "data[0].name": 3, "$.data[1]": 5, "$.data[1][1]": 7, `$.data[1][2]["a.b"]`: 9,
		`$.data[1][2]["a.b"].c`: 10, "$.data[2]": 14, `$[""]`: 16, "$.last": 20,
		".[\"data\"].[0].name": 3, ".data.[0]": 2, `.["data"][2]`: 14,
	} {
		if got, err := d.LineOf(t.Context(), path); err != nil || got != want {
			t.Errorf("%q leads to %d, %v, want %d", path, got, err, want)
		}
	}
	for _, path := range []string{"$.nope", "$.data[9]", "$.data.name", "$.last.x", "$[0]"} {
		if got, err := d.LineOf(t.Context(), path); !errors.Is(err, document.ErrNoPath) {
			t.Errorf("%q leads to %d, %v", path, got, err)
		}
	}
	for _, path := range []string{"$.data[", `$["data"`, `$["data"x]`, `$["data]`, "$.", "$.data[x]", "$..x", "$.data[-1]"} {
		if _, err := d.LineOf(t.Context(), path); err == nil || errors.Is(err, document.ErrNoPath) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	d, _ := opened(t, `{"b": [{"a": 1, "b": 2}, {"c d": {"\u00e4": null}}]}`)
	if got := d.Keys(t.Context(), 1<<20); fmt.Sprint(got) != "[b a c d ä]" || len(got) != 4 {
		t.Errorf("got %q", got)
	}
	if got := d.Keys(t.Context(), 10); fmt.Sprint(got) != "[b a]" {
		t.Errorf("of the beginning: %q", got)
	}
}

// Every path that Path writes leads back, whatever the key holds.
func TestPathsOfOddKeys(t *testing.T) {
	t.Parallel()
	for _, key := range []string{`a"]b`, `"]`, `]`, `[`, `\`, "\u202e", "tab\t", "日本", "é", "", "a.b", "\u00ad", "😀"} {
		text, err := json.Marshal(map[string]int{key: 1})
		if err != nil {
			t.Fatal(err)
		}
		d, _ := opened(t, string(text))
		path := d.Path(1)
		if got, err := d.LineOf(t.Context(), path); err != nil || got != 1 {
			t.Errorf("%q: %s leads to %d, %v", key, path, got, err)
		}
		if strings.ContainsAny(path, "\u202e\u00ad\t") {
			t.Errorf("%q: %q is not safe to print", key, path)
		}
	}
}

// The way along a path, and to the end of a value, ends with its context.
func TestPlacesStop(t *testing.T) {
	t.Parallel()
	d, _ := opened(t, `{"a":[`+strings.Repeat(`{"b":1},`, 10_000)+`{}],"c":2}`)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := d.LineOf(ctx, "$.a[9999].b"); !errors.Is(err, context.Canceled) {
		t.Errorf("LineOf: got %v", err)
	}
	if _, _, ok := d.Value(ctx, 1); ok {
		t.Error("Value went to the end")
	}
}

// A path of jq that begins with a bracket is looked up, too.
func TestLookupFromABracket(t *testing.T) {
	t.Parallel()
	d, _ := opened(t, `[{"b":1,"a b":2}]`)
	for filter, want := range map[string]string{".[0].b": "1", `.[0]["a b"]`: "2"} {
		from, to, ok := d.Lookup(t.Context(), filter)
		if got, err := io.ReadAll(d.Section(from, to)); !ok || err != nil || string(got) != want {
			t.Errorf("%s: got %q, %v, %v, want %q", filter, got, ok, err, want)
		}
	}
}
