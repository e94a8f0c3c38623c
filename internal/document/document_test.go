package document_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/internal/document"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// whole returns an ended document of body.
func whole(tb testing.TB, mediaType string, body []byte) *document.Document {
	tb.Helper()
	d := document.New(document.Options{MediaType: mediaType})
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	if _, err := d.Write(body); err != nil {
		tb.Fatal(err)
	}
	d.End(nil)
	return d
}

func text(d *document.Document, v document.View) string {
	var b strings.Builder
	for _, line := range d.Window(v, 0, 1<<30) {
		if line.Continued {
			b.WriteString("↪")
		}
		b.WriteString(line.Text())
		b.WriteByte('\n')
	}
	return b.String()
}

func TestPretty(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ mediaType, body, want string }{
		"object":             {"application/json", `{"ok":false,"n":[1,-2.50e+3,"a\"b"],"e":{},"f":[ ],"x":null}`, "{\n  \"ok\": false,\n  \"n\": [\n    1,\n    -2.50e+3,\n    \"a\\\"b\"\n  ],\n  \"e\": {},\n  \"f\": [],\n  \"x\": null\n}\n"},
		"numbers verbatim":   {"application/json", `[12345678901234567890,1.0,1E5]`, "[\n  12345678901234567890,\n  1.0,\n  1E5\n]\n"},
		"rows of objects":    {"application/x-ndjson", "{\"a\":1}\n{\"a\":2}\n", "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n"},
		"byte order mark":    {"application/json", "\ufeff{}", "{}\n"},
		"bare word":          {"application/json", "true", "true\n"},
		"cut off":            {"application/json", `{"a":[1,{"b":"tex`, "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"tex\n"},
		"broken":             {"application/json", "{\"a\":1,\n\"b\" 2}\nrest", "{\n  \"a\": 1,\n  \"b\"\n2}\nrest\n"},
		"broken in a string": {"application/json", "[\"a\nb\"]", "[\n  \"a\n\nb\"]\n"},
		"hostile string":     {"application/json", `["` + "\u202e\x7f\x9b" + `"]`, "[\n  \"<202E>␡\uFFFD\"\n]\n"},
		"text":               {"text/plain", "a\r\n\n\tb\x1b[31m", "a\n\n    b␛[31m\n"},
		"form":               {"application/x-www-form-urlencoded", "a=1&b=x%20y&c", "a=1&\nb=x%20y&\nc\n"},
		"XML":                {"text/xml", "<?xml version=\"1.0\"?>\n<a b='c'>&amp;<!-- d\ne --></a>", "<?xml version=\"1.0\"?>\n<a b='c'>&amp;<!-- d\ne --></a>\n"},
		"binary":             {"audio/mpeg", "\x89PNG\r\n\x1a\n", "00000000  89 50 4e 47 0d 0a 1a 0a                           .PNG....\n"},
		"nothing":            {"application/json", "", ""},
		"only blanks":        {"application/json", " \n", " \n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, tt.mediaType, []byte(tt.body))
			if got := text(d, document.Pretty); got != tt.want {
				t.Errorf("%s of %q: got\n%s\nwant\n%s", d.State().Kind, tt.body, got, tt.want)
			}
			if got, want := d.Lines(document.Pretty), strings.Count(tt.want, "\n"); got != want {
				t.Errorf("lines: got %d, want %d", got, want)
			}
		})
	}
}

func TestKind(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mediaType, body string
		want            document.Kind
	}{
		"nothing":                {"application/json", "", document.Empty},
		"JSON":                   {"application/json; charset=utf-8", `{"a":1}`, document.JSON},
		"vendor JSON":            {"application/vnd.github+json", `[]`, document.JSON},
		"JSON said to be text":   {"text/plain", `{"a":1}`, document.JSON},
		"JSON said to be HTML":   {"text/html", `{"a":1}`, document.JSON},
		"JSON without a type":    {"", `[1,2]`, document.JSON},
		"HTML said to be JSON":   {"application/json", "<!DOCTYPE html><html>", document.HTML},
		"text said to be JSON":   {"application/json", "upstream connect error", document.Text},
		"broken JSON":            {"application/json", `{"a":`, document.JSON},
		"log with brackets":      {"text/plain", "[2026-01-01] started", document.Text},
		"XML":                    {"application/atom+xml", "<feed/>", document.XML},
		"XML without a type":     {"", "<feed a='b'/>", document.XML},
		"angle bracket in text":  {"text/plain", "<a> is a letter", document.Text},
		"form":                   {"application/x-www-form-urlencoded", "a=1&b=2", document.Form},
		"JSON said to be a form": {"application/x-www-form-urlencoded", `{"a":1}`, document.JSON},
		"picture":                {"image/png", "\x89PNG\r\n\x1a\n\x00\x00", document.Image},
		"picture without a type": {"", "GIF89a\x01\x00", document.Image},
		"sound":                  {"audio/mpeg", "ID3\x04\x00\x00", document.Binary},
		"events":                 {"text/event-stream; charset=utf-8", "data: {}\n\n", document.Events},
		"events without a type":  {"", "event: a\ndata: {\"b\":1}\n\n", document.Events},
		"a list of names":        {"", "data: abc\nname: x\n", document.Text},
		"YAML":                   {"application/x-yaml", "a: 1\n", document.YAML},
		"JSON said to be YAML":   {"text/yaml", `{"a":1}`, document.JSON},
		"HTML said to be CSV":    {"text/csv", "<!doctype html><p>", document.HTML},
		"script":                 {"application/javascript", "var a = 1", document.JavaScript},
		"zeros said to be JSON":  {"application/json", "\x00\x01", document.Binary},
		"text as octets":         {"application/octet-stream", "hello\n", document.Text},
		"old encoding":           {"text/plain; charset=iso-8859-1", "caf\xe9 au lait", document.Text},
		"malformed type":         {"application/json;;=", `{}`, document.JSON},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := whole(t, tt.mediaType, []byte(tt.body)).State().Kind; got != tt.want {
				t.Errorf("%s %q: got %s, want %s", tt.mediaType, tt.body, got, tt.want)
			}
		})
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body   string
		offset int64
		line   int
		what   string // empty: well-formed
	}{
		"well-formed":      {`{"a":[1,2]}`, 0, 0, ""},
		"number alone":     {`12`, 0, 0, ""},
		"missing colon":    {`{"a" 1}`, 5, 2, "expected a colon"},
		"missing comma":    {"[1 2]", 3, 2, "expected a comma or ]"},
		"trailing comma":   {"[1,]", 3, 2, "expected a value"},
		"wrong bracket":    {`{"a":1]`, 6, 2, "expected a comma or }"},
		"bare key":         {`{"b":1,a:1}`, 7, 2, "expected a key"},
		"leading zero":     {"[01]", 1, 1, "not a number"},
		"bad escape":       {`["a\q"]`, 3, 2, "unknown escape"},
		"ends in a string": {`["a`, 3, 1, "ends before"},
		"ends in a word":   {`tru`, 3, 0, "ends before"},
		"ends open":        {`{"a":1`, 6, 1, "ends before"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, "application/json", []byte(tt.body))
			got := d.State().Fault
			switch {
			case tt.what == "":
				if got != nil {
					t.Errorf("%q: got %+v, want none", tt.body, *got)
				}
			case got == nil:
				t.Errorf("%q (%s): got no fault, want %q", tt.body, d.State().Kind, tt.what)
			case got.Offset != tt.offset || got.Line != tt.line || !strings.Contains(got.What, tt.what):
				t.Errorf("%q: got %+v, want %d, line %d, %q", tt.body, *got, tt.offset, tt.line, tt.what)
			}
		})
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mediaType, body string
		line            int
		want            string
	}{
		"JSON member":  {"application/json", `{"a":true}`, 1, `TextWhitespace"  " NameTag"\"a\"" Punctuation": " KeywordConstant"true"`},
		"JSON fault":   {"application/json", `{"a":1,}`, 2, `Error"}"`},
		"element":      {"text/html", `<a href="x" b=c>&lt;hi`, 0, `Punctuation"<" NameTag"a" TextWhitespace" " NameAttribute"href" Operator"=" LiteralString"\"x\"" TextWhitespace" " NameAttribute"b" Operator"=" LiteralString"c" Punctuation">" NameEntity"&lt;" Text"hi"`},
		"long comment": {"text/xml", "<a><!-- 1\n2 --></a>", 1, `Comment"2 -->" Punctuation"</" NameTag"a" Punctuation">"`},
		"script":       {"text/html", "<script>a<b</script>", 0, `Punctuation"<" NameTag"script" Punctuation">" Text"a<b" Punctuation"</" NameTag"script" Punctuation">"`},
		"form pair":    {"application/x-www-form-urlencoded", "a=%20b&c", 0, `NameAttribute"a" Operator"=" NameEntity"%20" LiteralString"b" Punctuation"&"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := whole(t, tt.mediaType, []byte(tt.body)).Window(document.Pretty, tt.line, 1)
			var got []string
			for _, line := range lines {
				for _, s := range line.Spans {
					got = append(got, fmt.Sprintf("%s%q", s.Type, s.Text))
				}
			}
			if g := strings.Join(got, " "); g != tt.want {
				t.Errorf("%q: got  %s\nwant %s", tt.body, g, tt.want)
			}
		})
	}
}

func TestLongLinesContinue(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("日本ab", 3000)
	for name, tt := range map[string]struct{ mediaType, body string }{
		"text":   {"text/plain", long},
		"string": {"application/json", `{"a":"` + long + `"}`},
		"key":    {"application/json", `{"` + long + `":1}`},
		"number": {"application/json", "[" + strings.Repeat("1234567890", 3000) + "]"},
		"XML":    {"text/xml", "<a>" + long + "</a>"},
		"form":   {"application/x-www-form-urlencoded", "a=" + long},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, tt.mediaType, []byte(tt.body))
			continued := 0
			var all strings.Builder
			for _, line := range d.Window(document.Pretty, 0, 100) {
				if line.Continued {
					continued++
				}
				if n := len(line.Text()); n > 3*4096 {
					t.Errorf("a line of %d bytes", n)
				}
				all.WriteString(strings.TrimSpace(line.Text()))
			}
			if continued < 4 {
				t.Errorf("got %d continued lines, want at least 4", continued)
			}
			if got := strings.ReplaceAll(all.String(), ": ", ":"); got != tt.body {
				t.Errorf("the lines do not add up to the body: %d bytes, want %d", len(got), len(tt.body))
			}
		})
	}
}

func TestPath(t *testing.T) {
	t.Parallel()
	d := whole(t, "application/json", []byte(`{"ok":true,"data":[{"name":"x","a b":{"\u00e9":1}},[],7],"":0}`))
	want := []string{
		"$", "$.ok", "$.data", "$.data[0]", "$.data[0].name", `$.data[0]["a b"]`, `$.data[0]["a b"]["é"]`, `$.data[0]["a b"]`,
		"$.data[0]", "$.data[1]", "$.data[2]", "$.data", `$[""]`, "$", "",
	}
	for i, w := range want {
		if got := d.Path(i); got != w {
			t.Errorf("line %d: got %s, want %s", i, got, w)
		}
	}
	if got := whole(t, "text/plain", []byte("a")).Path(0); got != "" {
		t.Errorf("text: got %q, want nothing", got)
	}
}

func TestWindowWhileArriving(t *testing.T) {
	t.Parallel()
	d := document.New(document.Options{MediaType: "application/json"})
	defer func() { _ = d.Close() }()
	body := `{"a":[1,2,3],"b":"c"}`
	lines := 0
	for i := range len(body) {
		if _, err := d.Write([]byte(body[i : i+1])); err != nil {
			t.Fatal(err)
		}
		if n := d.Lines(document.Pretty); n < lines {
			t.Errorf("after %q: %d lines, before it %d", body[:i+1], n, lines)
		} else {
			lines = n
		}
		if got := len(d.Window(document.Pretty, 0, 100)); got != lines {
			t.Errorf("after %q: a window of %d lines, want %d", body[:i+1], got, lines)
		}
	}
	if st := d.State(); st.Ended || st.Size != int64(len(body)) || st.Fault != nil {
		t.Errorf("state while it arrives: %+v", st)
	}
	d.End(io.ErrUnexpectedEOF)
	if st := d.State(); !st.Ended || !errors.Is(st.Err, io.ErrUnexpectedEOF) {
		t.Errorf("state at the end: %+v", st)
	}
	if _, err := d.Write([]byte("x")); !errors.Is(err, document.ErrClosed) {
		t.Errorf("writing after the end: got %v, want ErrClosed", err)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]int{"in memory": 10, "in a file": 6 << 20} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := document.New(document.Options{})
			if _, err := d.Write(bytes.Repeat([]byte("0123456789abcde\n"), size/16+1)); err != nil {
				t.Fatal(err)
			}
			r := d.Reader()
			for range 2 {
				if err := d.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if n := len(d.Window(document.Raw, 0, 10)) + len(d.Window(document.Hex, 0, 10)) + d.Lines(document.Raw); n != 0 {
				t.Errorf("%d lines after Close, want none", n)
			}
			if _, err := r.Read(make([]byte, 1)); !errors.Is(err, document.ErrClosed) {
				t.Errorf("reading after Close: got %v, want ErrClosed", err)
			}
			d.End(nil)
		})
	}
}

func TestReaderGivesTheBytes(t *testing.T) {
	t.Parallel()
	body := big(7 << 20)
	d := document.New(document.Options{})
	defer func() { _ = d.Close() }()
	if _, err := io.Copy(d, bytes.NewReader(body[:6<<20])); err != nil {
		t.Fatal(err)
	}
	early := d.Reader()
	if _, err := d.Write(body[6<<20:]); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		r    io.Reader
		want []byte
	}{"early": {early, body[:6<<20]}, "all": {d.Reader(), body}} {
		if got, err := io.ReadAll(tt.r); err != nil || !bytes.Equal(got, tt.want) {
			t.Errorf("%s: got %d bytes, %v; want the %d written", name, len(got), err, len(tt.want))
		}
	}
}

// big returns minified JSON of about size bytes.
func big(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"data":[`)
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"name":"Name %d","tags":["alpha","日本",%d.50],"on":%v,"none":null,"in":{}}`, i, i, i, i%2 == 0)
	}
	fmt.Fprintf(&b, `],"end":"zyzzyva"}`)
	return b.Bytes()
}

// A span of a type that no theme knows would be painted as plain text.
func TestTypesAreTypes(t *testing.T) {
	t.Parallel()
	for _, line := range whole(t, "", big(10_000)).Window(document.Pretty, 0, 1000) {
		for _, s := range line.Spans {
			if s.Type == chroma.EOFType || s.Text == "" {
				t.Fatalf("empty span %+v in %q", s, line.Text())
			}
		}
	}
}
