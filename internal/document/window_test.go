package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/connectty/connectty/internal/document"
)

var views = []document.View{document.Pretty, document.Raw, document.Hex}

// samples are bodies longer than several marks, of each kind.
func samples() map[string][]byte {
	return map[string][]byte{
		"JSON":   big(300 << 10),
		"broken": append(big(100<<10), bytes.Repeat([]byte("\nnot JSON \x1b any more"), 10_000)...),
		"deep":   []byte(strings.Repeat("[", 3000) + strings.Repeat("1,", 60_000)),
		"string": []byte(`{"a":"` + strings.Repeat(`é\n\"`, 40_000) + `"}`),
		"blank":  []byte("[" + strings.Repeat(" ", 100_000) + "1," + strings.Repeat("\n", 100_000) + "2]"),
		"text":   []byte(strings.Repeat("a line\r\n\n"+strings.Repeat("long ", 1000)+"\n", 40)),
		"HTML":   []byte("<html>" + strings.Repeat("<p class=\"a\">text &amp; <!-- c\n --></p>\n<script>if (a<b) {}</script>", 3000)),
		"form":   []byte(strings.Repeat("key=some%20value&", 10_000) + "end"),
		"noise":  noise(100 << 10),
		"gap":    []byte(`{"a":` + strings.Repeat(" ", 5<<20) + `{"b":1}` + strings.Repeat("\t\n", 100_000) + `, "c":2}`),
		"events": []byte("data: {\"a\":[1\n" + strings.Repeat("data:\n", 200_000) + "data: ,2]}\n\n" + strings.Repeat("data: [\ndata: "+strings.Repeat(" ", 500)+"\n", 300)),
	}
}

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.UintN(256))
	}
	return b
}

func mediaType(name string) string {
	switch name {
	case "form":
		return "application/x-www-form-urlencoded"
	case "text":
		return "text/plain"
	case "events":
		return "text/event-stream"
	default:
		return ""
	}
}

func TestWindowIsASliceOfTheWhole(t *testing.T) {
	t.Parallel()
	for name, body := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, mediaType(name), body)
			for _, v := range views {
				all := d.Window(v, 0, 1<<30)
				if len(all) != d.Lines(v) {
					t.Fatalf("view %d: %d lines, Lines says %d", v, len(all), d.Lines(v))
				}
				for i := 0; i < len(all); i += 1 + len(all)/97 {
					got := d.Window(v, i, 7)
					if want := all[i:min(len(all), i+7)]; !reflect.DeepEqual(got, want) {
						t.Fatalf("view %d: lines %d-%d differ: got %v, want %v", v, i, i+7, got, want)
					}
				}
				if got := d.Window(v, len(all), 5); len(got) != 0 {
					t.Errorf("view %d: %d lines behind the last", v, len(got))
				}
			}
		})
	}
}

// A view is indexed so closely that no body lets a window, or a block that is searched,
// cost more than its neighbours.
func TestBlocksAreShort(t *testing.T) {
	t.Parallel()
	const most = 64 << 10
	for name, body := range samples() {
		d := whole(t, mediaType(name), body)
		for _, v := range views {
			if got := document.LongestBlock(d, v); got > most {
				t.Errorf("%s, view %d: a block of %d bytes, want at most %d", name, v, got, most)
			}
		}
	}
}

// However the bytes are handed over, the lines are the same, while they arrive
// and afterwards.
func TestPiecesDoNotMatter(t *testing.T) {
	t.Parallel()
	for name, body := range samples() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := text(whole(t, mediaType(name), body), document.Pretty)
			d := document.New(document.Options{MediaType: mediaType(name)})
			defer func() { _ = d.Close() }()
			r := rand.New(rand.NewPCG(3, 4))
			for b := body; len(b) > 0; {
				n := min(len(b), 1+r.IntN(5000))
				if _, err := d.Write(b[:n]); err != nil {
					t.Fatal(err)
				}
				b = b[n:]
			}
			if got := text(d, document.Pretty); got != want {
				t.Error("before End the lines differ from those of one Write")
			}
			d.End(nil)
			if got := text(d, document.Pretty); got != want {
				t.Error("after End the lines differ from those of one Write")
			}
		})
	}
}

func TestReadWhileWriting(t *testing.T) {
	t.Parallel()
	body := big(6 << 20)
	d := document.New(document.Options{})
	defer func() { _ = d.Close() }()
	done := make(chan struct{})
	var readers sync.WaitGroup
	for _, v := range views {
		readers.Go(func() {
			for {
				n := d.Lines(v)
				if got := len(d.Window(v, max(0, n-20), 20)); n >= 20 && got < 20 {
					t.Errorf("view %d: %d of the last 20 of %d lines", v, got, n)
				}
				_ = d.Path(n / 2)
				_ = d.State()
				if _, _, err := d.Find(t.Context(), v, document.Query{Text: "name 7"}, document.Match{}, false); err != nil {
					t.Error(err)
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for b := body; len(b) > 0; {
		n := min(len(b), 40_000)
		if _, err := d.Write(b[:n]); err != nil {
			t.Error(err)
		}
		b = b[n:]
	}
	d.End(nil)
	close(done)
	readers.Wait()
}

// squeeze removes the white space between tokens of JSON.
func squeeze(t *testing.T, body []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, body); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// unindent removes the white space that a pretty view added.
func unindent(lines []document.Line) string {
	var b strings.Builder
	for _, line := range lines {
		for _, s := range line.Spans {
			switch {
			case s.Type.String() == "TextWhitespace":
			case s.Type.String() == "Punctuation":
				b.WriteString(strings.TrimSpace(s.Text))
			default:
				b.WriteString(s.Text)
			}
		}
	}
	return b.String()
}

func FuzzPrettyKeepsJSON(f *testing.F) {
	f.Add([]byte(`{"a":[1,2.0,{"b":null}],"c":"\u00e9 \" x"}`), 3)
	f.Add([]byte("[\"\u202e\",\n\t1E+2]"), 1)
	f.Add([]byte(`"`+strings.Repeat(`\\`, 5000)+`"`), 4096)
	f.Add([]byte(strings.Repeat("9", 9000)), 4096)
	f.Fuzz(func(t *testing.T, body []byte, piece int) {
		if !json.Valid(body) || bytes.ContainsFunc(body, func(r rune) bool { return r >= 0x7f }) {
			return // what is not printed as it is cannot be compared
		}
		d := document.New(document.Options{MediaType: "application/json"})
		defer func() { _ = d.Close() }()
		for b := body; len(b) > 0; {
			n := min(len(b), max(1, piece))
			if _, err := d.Write(b[:n]); err != nil {
				t.Fatal(err)
			}
			b = b[n:]
		}
		d.End(nil)
		if fault := d.State().Fault; fault != nil && !strings.HasPrefix(fault.What, "nested") {
			t.Fatalf("%q: fault %+v", body, fault)
		}
		got := strings.Join(strings.Fields(unindent(d.Window(document.Pretty, 0, 1<<30))), "")
		if want := strings.Join(strings.Fields(squeeze(t, body)), ""); got != want {
			t.Errorf("%q: got %q, want %q", body, got, want)
		}
	})
}

func FuzzWindow(f *testing.F) {
	for name, body := range samples() {
		f.Add(mediaType(name), body[:min(len(body), 20_000)], 10, 5)
	}
	f.Add("text/html", []byte("<a b=<c d='\n>&#;</"), 0, 1)
	f.Fuzz(func(t *testing.T, media string, body []byte, first, count int) {
		d := document.New(document.Options{MediaType: media})
		defer func() { _ = d.Close() }()
		if _, err := d.Write(body); err != nil {
			t.Fatal(err)
		}
		early := text(d, document.Pretty)
		d.End(nil)
		for _, v := range views {
			if got := document.LongestBlock(d, v); got > 64<<10 {
				t.Errorf("view %d: a block of %d bytes", v, got)
			}
			all := d.Window(v, 0, 1<<30)
			if len(all) != d.Lines(v) {
				t.Errorf("view %d: %d lines, Lines says %d", v, len(all), d.Lines(v))
			}
			if v == document.Pretty && d.State().Kind != document.Binary && text(d, v) != early && len(body) >= 1024 {
				t.Errorf("the lines changed at the end")
			}
			from := min(max(first, 0), len(all))
			to := min(from+max(0, min(count, len(all))), len(all))
			got := fmt.Sprint(d.Window(v, from, to-from))
			if want := fmt.Sprint(all[from:to]); got != want {
				t.Errorf("view %d, lines %d to %d: got %s, want %s", v, from, to, got, want)
			}
			for _, line := range all {
				if i := strings.IndexFunc(line.Text(), func(r rune) bool { return r < ' ' || r >= 0x7f && r <= 0x9f }); i >= 0 {
					t.Fatalf("control character on line %q", line.Text())
				}
			}
			_ = d.Path(from)
		}
	})
}
