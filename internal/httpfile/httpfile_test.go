package httpfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/httpfile"
)

func told(f httpfile.File) string {
	var b strings.Builder
	for _, r := range f.Requests {
		fmt.Fprintf(&b, "%d %q %s %s", r.Line, r.Name, r.Method, r.URL)
		for _, h := range r.Headers {
			fmt.Fprintf(&b, " [%s: %s]", h.Name, h.Value)
		}
		if r.Body != "" {
			fmt.Fprintf(&b, " {%s}", r.Body)
		}
		if r.BodyFile != "" {
			fmt.Fprintf(&b, " <%s", r.BodyFile)
		}
		for _, n := range r.Notices {
			fmt.Fprintf(&b, " !%s", n)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestParse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"a URL alone":   {"https://a.b/c\n", "1 \"\" GET https://a.b/c\n"},
		"no request":    {"### one\n# only words\n@a = 1\n", ""},
		"two, named":    {"### one\nGET https://a.b\n\n### two\nPOST https://a.b HTTP/1.1\nX-A: 1\n\n{\"a\":1}\n\n", "2 \"one\" GET https://a.b\n5 \"two\" POST https://a.b [X-A: 1] {{\"a\":1}}\n"},
		"@name":         {"# @name first\n// said\nGET /x\n# between\nX-A: b: c\n", "3 \"first\" GET /x [X-A: b: c]\n"},
		"a long query":  {"GET https://a.b/c\n    ?x=1\n\t&y=2\nX-A: 1\n", "1 \"\" GET https://a.b/c?x=1&y=2 [X-A: 1]\n"},
		"a body's file": {"POST /x\n\n< ./body.json\n", "1 \"\" POST /x <./body.json\n"},
		"a script":      {"POST /x\n\n{}\n\n> {% client.log(1) %}\n", "1 \"\" POST /x {{}} !what is to be done with the answer (> {% client.log(1) %}) is not done here\n"},
		"windows":       {"POST /x\r\nA: 1\r\n\r\nbody\r\n", "1 \"\" POST /x [A: 1] {body}\n"},
		"blank lines":   {"\n\n###\n\nPOST /x\n\na\n\nb\n\n\n###\n", "5 \"\" POST /x {a\n\nb}\n"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := httpfile.Parse(tc.text)
			if got := told(f); err != nil || got != tc.want {
				t.Errorf("got\n%s%v\nwant\n%s", got, err, tc.want)
			}
		})
	}
	if _, err := httpfile.Parse("GET /x\nA: 1\nno header\n"); err == nil || !strings.Contains(err.Error(), "line 3: ") {
		t.Errorf("got %v", err)
	}
}

// Bodies and environments stand beside the file; the private file beats the other.
func TestRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"a.http": "@x = 1\nPOST /x\n\n< body.json\n", "body.json": `{"b":2}`, "missing.http": "POST /x\n\n< nowhere\n",
		"http-client.env.json": `{"$shared":{"c":"all"},"development":{"a":"dev","n":7},"production":{"a":"prod"}}`, "http-client.private.env.json": `{"development":{"a":"mine"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := httpfile.Read(filepath.Join(dir, "a.http"))
	if err != nil || f.Requests[0].Body != `{"b":2}` || f.Variables["x"] != "1" {
		t.Errorf("got %+v, %v", f, err)
	}
	if _, err := httpfile.Read(filepath.Join(dir, "missing.http")); err == nil || !strings.Contains(err.Error(), "line 1: its body") {
		t.Errorf("got %v", err)
	}
	for env, want := range map[string]string{"development": "map[a:mine c:all n:7]", "production": "map[a:prod c:all]", "other": "map[c:all]"} {
		if got, err := httpfile.Environment(filepath.Join(dir, "a.http"), env); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v, %v, want %s", env, got, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "http-client.env.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := httpfile.Environment(filepath.Join(dir, "a.http"), "x"); err == nil || !strings.Contains(err.Error(), "http-client.env.json") {
		t.Errorf("got %v", err)
	}
}

// What is written as a block is read back as it was.
func FuzzBlock(f *testing.F) {
	for _, s := range []string{"### a\nPOST /x\nA: 1\n\n{}\n", "GET /x\n  ?a\n\n< f", "###", "@a=1\n\n###\nx\n\ny\n###z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := httpfile.Parse(text)
		if err != nil {
			return
		}
		for _, r := range file.Requests {
			again, err := httpfile.Parse(r.Block())
			if err != nil || len(again.Requests) != 1 {
				t.Fatalf("%q is written as %q, and read as %v, %v", text, r.Block(), again, err)
			}
			got := again.Requests[0]
			if got.Method != r.Method || got.URL != r.URL || got.Body != r.Body || got.BodyFile != r.BodyFile || fmt.Sprint(got.Headers) != fmt.Sprint(r.Headers) {
				t.Errorf("%q is written as %q, and read as %+v, not %+v", text, r.Block(), got, r)
			}
		}
	})
}
