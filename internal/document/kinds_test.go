package document_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2"

	"github.com/connectty/connectty/internal/document"
)

// inked returns the runs of a pretty view that have a type of their own, as type:text.
func inked(d *document.Document) []string {
	var out []string
	for _, line := range d.Window(document.Pretty, 0, 1<<30) {
		for _, s := range line.Spans {
			if s.Type != chroma.Text && s.Type != chroma.TextWhitespace && s.Type != chroma.Punctuation {
				out = append(out, s.Type.String()+":"+s.Text)
			}
		}
	}
	return out
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		mediaType, body string
		want            []string
	}{
		"YAML": {
			"application/yaml", "# top\n---\nname: \"a: b\" # why\nitems:\n  - id: 12\n    on: true\n  - plain text\nlong: |\n  key: no\n  more\nend: &x ~\n",
			[]string{
				"Comment:# top", "NameNamespace:---", "NameTag:name", `LiteralString:"a: b"`, "Comment:# why", "NameTag:items", "NameTag:id", "LiteralNumber:12",
				"NameTag:on", "KeywordConstant:true", "LiteralString:plain text", "NameTag:long", "LiteralString:key: no", "LiteralString:more",
				"NameTag:end", "NameVariable:&x", "KeywordConstant:~",
			},
		},
		"CSV": {
			"text/csv", "id,name\n1,\"a, \"\"b\"\"\nnext\"\n2,c\n",
			[]string{"NameTag:id", "NameTag:name", "LiteralNumber:1", `LiteralString:"a, ""b""`, `LiteralString:next"`, "LiteralNumber:2"},
		},
		"JavaScript": {
			"text/javascript", "// hi\nconst a = `x\n// no`; f(\"s\\\"t\", 0x1F, null) /* b\nc */",
			[]string{"CommentSingle:// hi", "Keyword:const", "Name:a", "LiteralString:`x", "LiteralString:// no`", "NameFunction:f", `LiteralString:"s\"t"`, "LiteralNumber:0x1F", "KeywordConstant:null", "CommentMultiline:/* b", "CommentMultiline:c */"},
		},
		"a string without an end": {
			"text/javascript", "a = 'b\nc = 1",
			[]string{"Name:a", "LiteralString:'b", "Name:c", "LiteralNumber:1"},
		},
		"CSS":     {"text/css", "@media x { color: red }", []string{"Keyword:@media", "Name:x", "NameTag:color", "Name:red"}},
		"GraphQL": {"application/graphql", "query Q($id: ID!) { me { name } } # c", []string{"Keyword:query", "NameFunction:Q", "NameTag:$id", "Name:ID", "Name:me", "Name:name", "CommentSingle:# c"}},
		"TOML":    {"application/toml", "[a]\nb-c = true # d", []string{"Name:a", "NameTag:b-c", "KeywordConstant:true", "CommentSingle:# d"}},
		"Markdown": {
			"text/markdown", "# Head *x*\n- a `b` **c**\n```\n# no\n```\n> q\n[l](u)",
			[]string{"GenericHeading:# Head *x*", "LiteralStringBacktick:`b`", "GenericStrong:**c**", "LiteralStringBacktick:```", "LiteralStringBacktick:# no", "LiteralStringBacktick:```", "Comment:> q", "NameAttribute:[l](u)"},
		},
		"HTTP": {
			"message/http", "GET /a HTTP/1.1\nHost: b:1\n\nHost: c",
			[]string{"Keyword:GET", "LiteralString: /a HTTP/1.1", "NameTag:Host", "LiteralString: b:1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, tt.mediaType, []byte(tt.body))
			if got := inked(d); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
			if got, want := text(d, document.Pretty), text(d, document.Raw); got != want {
				t.Errorf("the lines are not as they came: got %q, want %q", got, want)
			}
		})
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ body, want, values string }{
		"JSON":               {"event: a\ndata: {\"b\":[1,2]}\nid: 7\n\n", "event: a\ndata: \n{\n  \"b\": [\n    1,\n    2\n  ]\n}\nid: 7\n\n", "{\"b\":[1,2]}\n"},
		"words":              {"data: hello\n\ndata: [DONE]\n\n", "data: hello\n\ndata: [DONE]\n\n", ""},
		"data on many lines": {"data: {\ndata: \"a\": 1\ndata: }\n\ndata: {\"c\":2}\n", "data: \n{\n  \"a\": 1\n}\n\ndata: \n{\n  \"c\": 2\n}\n", "{\n\"a\": 1\n}\n{\"c\":2}\n"},
		"broken in between":  {"data: {\"a\":\n\ndata: {\"b\":1}\n", "data: \n{\n  \"a\": \n\ndata: \n{\n  \"b\": 1\n}\n", "{\"a\":\n{\"b\":1}\n"},
		"a comment":          {": ping\n\ndata: {}", ": ping\n\ndata: \n{}\n", "{}"},
		"CRLF":               {"data: {\"a\":1}\r\n\r\n", "data: \n{\n  \"a\": 1\n}\n\n", "{\"a\":1}\r\n"},
		"a number at the end of its line": {
			"data: [1,\ndata: 23\ndata: ]\n\n", "data: \n[\n  1,\n  23\n]\n\n", "[1,\n23\n]\n",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := whole(t, "text/event-stream", []byte(tt.body))
			if got := text(d, document.Pretty); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
			if got, want := d.Lines(document.Pretty), strings.Count(tt.want, "\n"); got != want {
				t.Errorf("lines: got %d, want %d", got, want)
			}
			values, err := io.ReadAll(d.Values())
			if err != nil || string(values) != tt.values {
				t.Errorf("values: got %q, %v, want %q", values, err, tt.values)
			}
		})
	}
}

// A long line of an event is not cut within an escape or a word.
func TestEventsOfLongLines(t *testing.T) {
	t.Parallel()
	for pad := range 12 {
		for _, value := range []string{
			`{"a":"` + strings.Repeat("x", pad) + strings.Repeat(`\"`, 5000) + `"}`,
			`{"a":"` + strings.Repeat("x", pad) + strings.Repeat(`\u00e9\\`, 2000) + `"}`,
			`{"` + strings.Repeat("k", 4070+2*pad) + `":true}`,
			`{"` + strings.Repeat("k", 4070+2*pad) + `":-12.5e+10}`,
			`[` + strings.Repeat(" ", 4080+pad) + `false]`,
		} {
			d := whole(t, "text/event-stream", []byte("data: "+value+"\n"))
			last := d.Lines(document.Pretty) - 1
			if fold, err := d.FoldAt(1); fold.From != 1 || fold.To != last || err != nil {
				t.Errorf("%d more in %.20s: the fold is %+v, %v, want lines 1 to %d", pad, value, fold, err, last)
			}
			from, to, ok := d.Value(t.Context(), 1)
			if got, err := io.ReadAll(d.Section(from, to)); !ok || err != nil || string(got) != value {
				t.Errorf("%d more in %.20s: its value is %.40q, %v, %v", pad, value, got, ok, err)
			}
		}
	}
}

// What jq reads has neither a mark before it nor separators in it.
func TestValues(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ mediaType, body, want string }{
		"a mark":       {"application/json", "\ufeff[1]", "[1]"},
		"UTF-16":       {"application/json", "\xff\xfe[\x001\x00]\x00", "[1]"},
		"a sequence":   {"application/json-seq", "\x1e{}\n\x1e[]\n", " {}\n []\n"},
		"of events":    {"text/event-stream", "\ufeffdata: {}\n", "{}\n"},
		"as it stands": {"application/json", "[1, 2]\n", "[1, 2]\n"},
	}
	for name, tt := range tests {
		if got, err := io.ReadAll(whole(t, tt.mediaType, []byte(tt.body)).Values()); err != nil || string(got) != tt.want {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, tt.want)
		}
	}
}

// A line of many tokens of one type is put together once, not anew with each.
func TestManyTokensOnALine(t *testing.T) { // not parallel: it counts what the process allocates
	d := whole(t, "application/yaml", bytes.Repeat([]byte("{"), 100<<10))
	if got := testing.AllocsPerRun(1, func() { d.Window(document.Pretty, 0, 20) }); got > 20*100 {
		t.Errorf("%.0f allocations for 20 lines of 4,096 tokens", got)
	}
}

// A byte order mark is no part of the text, in whatever pieces it comes.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	for _, kind := range document.Kinds() {
		for _, size := range []int{1, 2, 100} {
			const body = "data: {\"a\":1}\n---\n# c\n"
			read := func(body string) *document.Document {
				d := document.New(document.Options{Kind: kind})
				t.Cleanup(func() { _ = d.Close() })
				for part := range slices.Chunk([]byte(body), size) {
					if _, err := d.Write(part); err != nil {
						t.Fatal(err)
					}
					_, _ = d.Lines(document.Pretty), d.State()
				}
				d.End(nil)
				return d
			}
			with, without := read("\ufeff"+body), read(body)
			for _, v := range []document.View{document.Pretty, document.Raw} {
				if got, want := with.Window(v, 0, 20), without.Window(v, 0, 20); !reflect.DeepEqual(got, want) {
					t.Errorf("%s, %d at once, view %d: got %v, want %v", kind, size, v, got, want)
				}
				if got, want := with.Lines(v), without.Lines(v); got != want {
					t.Errorf("%s, %d at once, view %d: %d lines, want %d", kind, size, v, got, want)
				}
			}
			if from, to, ok := with.Value(t.Context(), 2); ok {
				if got, err := io.ReadAll(with.Section(from, to)); err != nil || string(got) != "1" {
					t.Errorf("%s: the value is %q, %v", kind, got, err)
				}
			}
		}
	}
}

// Folds, paths and values work within events as they do in JSON.
func TestEventPlaces(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("event: tick\ndata: {\"n\":[1,{\"at\":1700000000}]}\n\n", 4000)
	d := whole(t, "text/event-stream", []byte(body))
	const lines = 11 // of an event: field, field, 8 of JSON, empty
	if got := d.Lines(document.Pretty); got != 4000*lines {
		t.Fatalf("%d lines, want %d", got, 4000*lines)
	}
	at := 3000*lines + 6
	if got := d.Path(at); got != "$.n[1].at" {
		t.Errorf("path of line %d: %q", at, got)
	}
	from, to, ok := d.Value(t.Context(), at)
	if value, err := io.ReadAll(d.Section(from, to)); !ok || err != nil || string(value) != "1700000000" {
		t.Errorf("value: %q, %v, %v", value, ok, err)
	}
	for _, line := range []int{3000 * lines, 3000*lines + 1} {
		if from, to, ok := d.Value(t.Context(), line); ok {
			t.Errorf("the field on line %d has the value %d to %d", line, from, to)
		}
	}
	fold, err := d.FoldAt(3000*lines + 2)
	if err != nil || fold.From != 3000*lines+2 || fold.To != 3000*lines+9 {
		t.Errorf("fold %+v, %v", fold, err)
	}
	folds, err := d.FoldLevel(t.Context(), 0)
	if err != nil || len(folds) != 4000 {
		t.Errorf("%d folds, %v, want one for each event", len(folds), err)
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	utf16 := func(s string) string {
		var b strings.Builder
		for _, r := range s {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
		return b.String()
	}
	tests := map[string]struct{ mediaType, body, text, charset string }{
		"as said":              {"text/plain; charset=iso-8859-1", "caf\xe9 \x80", "café €\n", "windows-1252"},
		"said, but is UTF-8":   {"text/plain; charset=iso-8859-1", "café", "café\n", ""},
		"Japanese":             {"application/json; charset=shift_jis", `{"a":"` + "\x93\xfa\x96{" + `"}`, "{\n  \"a\": \"日本\"\n}\n", "shift_jis"},
		"UTF-16 by its mark":   {"application/json", "\xff\xfe" + utf16(`{"a":"é"}`), "{\n  \"a\": \"é\"\n}\n", "utf-16le"},
		"a page that says so":  {"text/html", "<html><meta charset='koi8-r'>\xc1", "<html><meta charset='koi8-r'>а\n", "koi8-r"},
		"XML that says so":     {"text/xml", "<?xml version='1.0' encoding='latin1'?><a>\xe9</a>", "<?xml version='1.0' encoding='latin1'?><a>é</a>\n", "windows-1252"},
		"UTF-16 that is none":  {"text/xml", "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é</a>", "<?xml version=\"1.0\" encoding=\"utf-16\"?><a>é</a>\n", ""},
		"said by an attribute": {"text/xml", "<?xml version='1.0'?><a encoding='koi8-r'>\xc1</a>", "<?xml version='1.0'?><a encoding='koi8-r'>\uFFFD</a>\n", ""},
		"said by a script":     {"text/html", "<html><script charset='koi8-r'></script>" + strings.Repeat(" ", 1000) + "é", "<html><script charset='koi8-r'></script>" + strings.Repeat(" ", 1000) + "é\n", ""},
		"said by a meta late":  {"text/html", "<html><!-- <meta charset=koi8-r> --><p>\xc1<meta http-equiv=content-type content='text/html; charset=windows-1251'>", "<html><!-- <meta charset=koi8-r> --><p>Б<meta http-equiv=content-type content='text/html; charset=windows-1251'>\n", "windows-1251"},
		"nobody says":          {"text/plain", "caf\xe9", "caf\uFFFD\n", ""},
		"an unknown one":       {"text/plain; charset=none", "café", "café\n", ""},
		"half a character":     {"text/plain; charset=utf-16le", utf16("ab") + "c", "ab\uFFFD\n", "utf-16le"},
		"a UTF-8 mark":         {"text/plain; charset=utf-16le", "\ufeffab", "ab\n", ""},
		"a page without words": {"text/html", "<html><p>\xe9", "<html><p>\uFFFD\n", ""},
	}
	for name, tt := range tests {
		for _, size := range []int{1, 3, 1 << 20} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				d := document.New(document.Options{MediaType: tt.mediaType})
				defer func() { _ = d.Close() }()
				for part := range slices.Chunk([]byte(tt.body), size) {
					if _, err := d.Write(part); err != nil {
						t.Fatal(err)
					}
				}
				d.End(nil)
				if got := text(d, document.Pretty); got != tt.text {
					t.Errorf("got %q, want %q", got, tt.text)
				}
				if got := d.State().Charset; got != tt.charset {
					t.Errorf("charset %q, want %q", got, tt.charset)
				}
				if came, err := io.ReadAll(d.Reader()); err != nil || string(came) != tt.body {
					t.Errorf("the bytes are not as they came: %q, %v", came, err)
				}
			})
		}
	}
}

// The name of a file does not tell its charset.
func TestMediaTypeOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a.xml": "xml", "b.HTML": "html", "c.css": "css", "d.txt": "plain", "e.js": "javascript", "f.json": "json", "g.yml": "yaml", "h": "", "i.none": "",
	} {
		if got := document.MediaTypeOf(name); !strings.HasSuffix(got, want) || want == "" && got != "" {
			t.Errorf("%s: got %q, want one of %q", name, got, want)
		}
	}
}

// A large text in another charset is read in the same way from memory and from a file.
func TestLargeCharset(t *testing.T) {
	t.Parallel()
	body := bytes.Repeat([]byte("caf\xe9 au lait\n"), 1<<20)
	d := whole(t, "text/plain; charset=windows-1252", body)
	if got := d.Lines(document.Raw); got != 1<<20 {
		t.Errorf("%d lines", got)
	}
	if got := d.Window(document.Raw, 1<<19, 1)[0].Text(); got != "café au lait" {
		t.Errorf("got %q", got)
	}
	m, ok, err := d.Find(t.Context(), document.Raw, document.Query{Text: "CAFÉ"}, document.Match{Line: 1 << 19, Width: 1}, false)
	if err != nil || !ok || m.Line != 1<<19+1 {
		t.Errorf("found %+v, %v, %v", m, ok, err)
	}
}

func TestKindAsked(t *testing.T) {
	t.Parallel()
	d := document.New(document.Options{MediaType: "text/plain", Kind: document.YAML})
	defer func() { _ = d.Close() }()
	if _, err := io.WriteString(d, "a: 1\n"); err != nil {
		t.Fatal(err)
	}
	d.End(nil)
	if got := d.State().Kind; got != document.YAML {
		t.Errorf("got %s", got)
	}
	for _, k := range document.Kinds() {
		if k.Bytes() {
			t.Errorf("%s is offered, but is no text", k)
		}
	}
}

func TestLimitIndent(t *testing.T) {
	t.Parallel()
	d := whole(t, "application/json", []byte(strings.Repeat(`{"a":`, 50)+"1"+strings.Repeat("}", 50)))
	d.LimitIndent(20)
	for _, line := range d.Window(document.Pretty, 0, 1000) {
		if text := line.Text(); len(text)-len(strings.TrimLeft(text, " ")) > 20 {
			t.Fatalf("%q is indented more than 20 cells", text)
		}
	}
}

func TestProse(t *testing.T) {
	t.Parallel()
	page := `<!doctype html><title>502 &amp; more</title><style>p{}</style><h1>Bad   gateway</h1>
<p>The <b>upstream</b> at <a href="https://x.test/a">this host</a> is&nbsp;away.<script>alert("no")</script><ul><li>one<li>two</ul>
<table><tr><td>a<td>b</tr></table><pre>  x
   y</pre>end`
	const want = "502 & more\n\n# Bad gateway\n\nThe upstream at this host <https://x.test/a> is away.\n\n- one\n- two\n\na | b\n\n  x\n   y\n\nend\n"
	d := whole(t, "text/html", []byte(page))
	var out strings.Builder
	if err := d.Prose(t.Context(), 80, &out); err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(out.String(), "\u00a0", " "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	out.Reset()
	if err := d.Prose(t.Context(), 20, &out); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if len(line) > 21 && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, "<https") {
			t.Errorf("%q is longer than 20 characters", line)
		}
	}
}

// An image or a script of megabytes within a page does not end its text.
func TestProseBehindLongTokens(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("A", 3<<20)
	var out strings.Builder
	err := whole(t, "text/html", []byte("<p>a<img src='data:"+long+"'><script>"+long+"</script><p>end")).Prose(t.Context(), 80, &out)
	if err != nil || out.String() != "a\n\nend\n" {
		t.Errorf("got %.80q, %v", out.String(), err)
	}
}

// FuzzPieces: whatever the pieces a body comes in, its views are the same, and its raw view
// holds all of it.
func FuzzPieces(f *testing.F) {
	for _, k := range document.Kinds() {
		f.Add([]byte("a: {\"b\":[1,\n2]}\r\n<c d='e'>`f` \"g\n\nh"), string(k), 3)
	}
	f.Add([]byte("\xff\xfea\x00"), "text/plain", 1)
	f.Add(bytes.Repeat([]byte("data: {\"a\":\n"), 200), string(document.Events), 1000)
	f.Fuzz(func(t *testing.T, body []byte, kind string, size int) {
		opts := document.Options{MediaType: kind}
		if slices.Contains(document.Kinds(), document.Kind(kind)) {
			opts = document.Options{Kind: document.Kind(kind)}
		}
		read := func(size int) *document.Document {
			d := document.New(opts)
			for part := range slices.Chunk(body, max(1, size)) {
				if _, err := d.Write(part); err != nil {
					t.Fatal(err)
				}
			}
			d.End(nil)
			return d
		}
		one, many := read(max(1, len(body))), read(size)
		defer func() { _ = errors.Join(one.Close(), many.Close()) }()
		if a, b := one.State(), many.State(); a.Kind != b.Kind || a.Charset != b.Charset || (a.Fault == nil) != (b.Fault == nil) {
			t.Fatalf("%+v in one piece, %+v in many", a, b)
		}
		for _, v := range []document.View{document.Pretty, document.Raw, document.Hex} {
			a, b := text(one, v), text(many, v)
			if a != b {
				t.Fatalf("view %d: %q in one piece, %q in many", v, a, b)
			}
			if lines := one.Lines(v); lines != strings.Count(a, "\n") || lines != many.Lines(v) {
				t.Fatalf("view %d: %d lines, %d in many pieces, %d shown", v, lines, many.Lines(v), strings.Count(a, "\n"))
			}
		}
		if came, err := io.ReadAll(many.Reader()); err != nil || !bytes.Equal(came, body) {
			t.Fatalf("%q came, %q is kept: %v", body, came, err)
		}
	})
}

// FuzzTokens: of valid JSON the view has the tokens that encoding/json reads.
func FuzzTokens(f *testing.F) {
	f.Add([]byte(`{"a":[1,-2.5e3,"x\u0041",true,null,{}],"a":""}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if !json.Valid(body) || bytes.ContainsFunc(body, func(r rune) bool { return r >= 0x7f }) || len(body) > 3000 {
			return // what is not printed as it is, or goes on in a second line, cannot be compared
		}
		var want []string
		dec := json.NewDecoder(bytes.NewReader(body))
		dec.UseNumber()
		for {
			tok, err := dec.Token()
			if err != nil {
				break
			}
			switch v := tok.(type) {
			case json.Delim:
				want = append(want, v.String())
			case string:
				want = append(want, "s"+v)
			default:
				text, err := json.Marshal(v)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, string(text))
			}
		}
		d := document.New(document.Options{Kind: document.JSON})
		defer func() { _ = d.Close() }()
		_, _ = d.Write(body)
		d.End(nil)
		var got []string
		for _, line := range d.Window(document.Pretty, 0, 1<<20) {
			for _, s := range line.Spans {
				switch s.Type {
				case chroma.TextWhitespace:
				case chroma.Punctuation:
					for _, c := range s.Text {
						if strings.ContainsRune("{}[]", c) {
							got = append(got, string(c))
						}
					}
				case chroma.NameTag, chroma.LiteralStringDouble:
					var text string
					if err := json.Unmarshal([]byte(s.Text), &text); err != nil {
						t.Fatalf("%q of %q: %v", s.Text, body, err)
					}
					got = append(got, "s"+text)
				default:
					got = append(got, s.Text)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: got %q, want %q", body, got, want)
		}
	})
}
