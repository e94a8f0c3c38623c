package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"

	"github.com/connectty/connectty/internal/document"
)

var sizes = []int{1, 10, 100} // MB

func loaded(b *testing.B, mb int) (*document.Document, []byte) {
	b.Helper()
	body := big(mb << 20)
	return whole(b, "application/json", body), body
}

func perSize(b *testing.B, run func(b *testing.B, mb int)) {
	b.Helper()
	for _, mb := range sizes {
		b.Run(fmt.Sprintf("%dMB", mb), func(b *testing.B) { run(b, mb) })
	}
}

// BenchmarkIndex takes in a minified body: spool, both indexes.
func BenchmarkIndex(b *testing.B) {
	perSize(b, func(b *testing.B, mb int) {
		b.Helper()
		body := big(mb << 20)
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			d := document.New(document.Options{MediaType: "application/json"})
			if _, err := d.Write(body); err != nil {
				b.Fatal(err)
			}
			d.End(nil)
			if err := d.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkHeld reports what a document keeps in memory.
func BenchmarkHeld(b *testing.B) {
	perSize(b, func(b *testing.B, mb int) {
		b.Helper()
		body := big(mb << 20)
		for b.Loop() {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			d := document.New(document.Options{MediaType: "application/json"})
			if _, err := d.Write(body); err != nil {
				b.Fatal(err)
			}
			d.End(nil)
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric((float64(after.HeapAlloc)-float64(before.HeapAlloc))/1e6, "MB-held")
			if err := d.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkWindow(b *testing.B) {
	for _, at := range []string{"start", "end"} {
		b.Run(at, func(b *testing.B) {
			perSize(b, func(b *testing.B, mb int) {
				b.Helper()
				d, _ := loaded(b, mb)
				first := 0
				if at == "end" {
					first = d.Lines(document.Pretty) - 40
				}
				b.ReportAllocs()
				for b.Loop() {
					if n := len(d.Window(document.Pretty, first, 40)); n != 40 {
						b.Fatalf("%d lines", n)
					}
				}
			})
		})
	}
}

// BenchmarkFind looks from the start for a word on the last line, in any case.
func BenchmarkFind(b *testing.B) {
	perSize(b, func(b *testing.B, mb int) {
		b.Helper()
		d, body := loaded(b, mb)
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			_, ok, err := d.Find(b.Context(), document.Pretty, document.Query{Text: "Zyzzyva"}, document.Match{}, false)
			if err != nil || !ok {
				b.Fatal(ok, err)
			}
		}
	})
}

// BenchmarkCount counts a word that is on every tenth line.
func BenchmarkCount(b *testing.B) {
	d, body := loaded(b, 10)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, err := d.Count(b.Context(), document.Pretty, document.Query{Text: "alpha"}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHighlight renders a whole pretty view, window by window.
func BenchmarkHighlight(b *testing.B) {
	d, body := loaded(b, 10)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		for i := 0; i < d.Lines(document.Pretty); i += 10_000 {
			d.Window(document.Pretty, i, 10_000)
		}
	}
}

// BenchmarkFirstScreen is what stands between the first bytes of a body and its
// first window.
func BenchmarkFirstScreen(b *testing.B) {
	body := big(64 << 10)
	for b.Loop() {
		d := document.New(document.Options{MediaType: "application/json"})
		if _, err := d.Write(bytes.Clone(body[:32<<10])); err != nil {
			b.Fatal(err)
		}
		d.Window(document.Pretty, 0, 40)
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTokenizer is the JSON tokenizer beside what else reads JSON, and beside a mere
// look at each byte.
func BenchmarkTokenizer(b *testing.B) {
	body := big(10 << 20)
	b.Run("ours, for the index", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			document.Skim(body)
		}
	})
	b.Run("ours, token by token", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			document.Tokens(body)
		}
	})
	b.Run("encoding/json Valid", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if !json.Valid(body) {
				b.Fatal("not valid")
			}
		}
	})
	b.Run("encoding/json tokens", func(b *testing.B) {
		b.SetBytes(1 << 20)
		b.ReportAllocs()
		for b.Loop() {
			dec := json.NewDecoder(bytes.NewReader(body[:1<<20]))
			for {
				if _, err := dec.Token(); err != nil {
					break
				}
			}
		}
	})
	b.Run("chroma", func(b *testing.B) {
		text, lexer := string(body[:100<<10]), lexers.Get("json")
		b.SetBytes(int64(len(text)))
		b.ReportAllocs()
		for b.Loop() {
			tokens, err := lexer.Tokenise(nil, text)
			if err != nil {
				b.Fatal(err)
			}
			for t := tokens(); t != chroma.EOF; t = tokens() {
			}
		}
	})
	b.Run("plain scan", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			n := 0
			for _, c := range body {
				if c == '"' {
					n++
				}
			}
			if n == 0 {
				b.Fatal("no strings")
			}
		}
	})
}

// BenchmarkScreen is the window of a large terminal, in the middle of a body.
func BenchmarkScreen(b *testing.B) {
	perSize(b, func(b *testing.B, mb int) {
		b.Helper()
		d, _ := loaded(b, mb)
		b.ReportAllocs()
		for b.Loop() {
			if n := len(d.Window(document.Pretty, d.Lines(document.Pretty)/2, 60)); n != 60 {
				b.Fatalf("%d lines", n)
			}
		}
	})
}

// BenchmarkManyTokens takes in lines of tokens of one byte each.
func BenchmarkManyTokens(b *testing.B) {
	for _, kind := range []document.Kind{document.YAML, document.CSV, document.CSS, document.HTML, document.Markdown} {
		b.Run(string(kind), func(b *testing.B) {
			body := bytes.Repeat([]byte("a,"), 1<<18)
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				d := document.New(document.Options{Kind: kind})
				if _, err := d.Write(body); err != nil {
					b.Fatal(err)
				}
				d.End(nil)
				if err := d.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
