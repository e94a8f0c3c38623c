package httpfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/proxy"
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
		"a.http": "@x = 1\nPOST /x\n\n<@ body.json\n\n###\nPOST /y\n\n< body.json\n", "body.json": `{"b":2}`, "missing.http": "POST /x\n\n<@ nowhere\n",
		"http-client.env.json": `{"$shared":{"c":"all"},"development":{"a":"dev","n":7},"production":{"a":"prod"}}`, "http-client.private.env.json": `{"development":{"a":"mine"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := httpfile.Read(filepath.Join(dir, "a.http"))
	if err != nil || f.Requests[0].Body != `{"b":2}` || f.Requests[1].BodyFile != filepath.Join(dir, "body.json") || f.Variables["x"] != "1" {
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

const form = "POST /x\nContent-Type: multipart/form-data; boundary=b\n\n--b\nContent-Disposition: form-data; name=a\n\none\n\nline\n--b\n" +
	"Content-Disposition: form-data; filename=c.txt; name=\"a file\"\n\n< in/c.txt\n--b--\n"

// A form is read as its fields, and written as it stood; one of another make stays text.
func TestParts(t *testing.T) {
	t.Parallel()
	f, err := httpfile.Parse(form)
	if err != nil || len(f.Requests) != 1 {
		t.Fatal(f, err)
	}
	r := f.Requests[0]
	want := []httpfile.Part{{Name: "a", Value: "one\n\nline"}, {Name: "a file", Value: "in/c.txt", File: true}}
	if !slices.Equal(r.Parts, want) || r.Boundary != "b" || r.Body != "" {
		t.Errorf("got %+v", r)
	}
	if got := r.Block(); got != "###\n"+form {
		t.Errorf("written as %q", got)
	}
	for name, text := range map[string]string{
		"no end": strings.Replace(form, "--b--", "", 1), "a type": strings.Replace(form, "\n\none", "\nContent-Type: text/csv\n\none", 1),
		"another name": strings.Replace(form, "filename=c", "filename=d", 1),
	} {
		f, err := httpfile.Parse(text)
		if err != nil || len(f.Requests[0].Parts) != 0 || f.Requests[0].Body == "" {
			t.Errorf("%s: %+v, %v", name, f.Requests[0], err)
		}
	}
}

// What is written as a block is read back as it was.
func FuzzBlock(f *testing.F) {
	for _, s := range []string{"0\n\n\r", "### a\nPOST /x\nA: 1\n\n{}\n", "GET /x\n  ?a\n\n< f", form, "###", "@a=1\n\n###\nx\n\ny\n###z"} {
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
			if got.Method != r.Method || got.URL != r.URL || got.Body != r.Body || got.BodyFile != r.BodyFile || fmt.Sprint(got.Parts) != fmt.Sprint(r.Parts) || fmt.Sprint(got.Headers) != fmt.Sprint(r.Headers) {
				t.Errorf("%q is written as %q, and read as %+v, not %+v", text, r.Block(), got, r)
			}
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, path := range []string{"b.http", "a.rest", "c.txt", "crm/deals.http", "crm/deep/x.http", ".git/no.http", "node_modules/no.http", "1/2/3/4/5/6/7/far.http"} {
		full := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	paths, err := httpfile.Find(dir)
	var got []string
	for _, p := range paths {
		rel, _ := filepath.Rel(dir, p)
		got = append(got, filepath.ToSlash(rel))
	}
	if want := []string{"a.rest", "b.http", "crm/deals.http", "crm/deep/x.http"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if paths, err := httpfile.Find(filepath.Join(dir, "nowhere")); len(paths) != 0 || err != nil {
		t.Errorf("of no folder: %v, %v", paths, err)
	}
}

// Saving replaces the request that was opened, and nothing else; what another changed
// meanwhile, or what would be lost, stays.
func TestSave(t *testing.T) {
	t.Parallel()
	const text = "# ours\n@x = 1\n### one\nGET /one\nA: 1\n\n### two\n# said\nPOST /two\n\n{}\n\n### scripted\nGET /three\n\n> {% x %}\n\n### remarked\nGET /four\n# why\nB: 2\n"
	next := httpfile.Request{Name: "new name", Method: "PUT", URL: "/new", Headers: []proxy.Field{{Name: "C", Value: "3"}}, Body: "{\"a\": 1}"}
	const block = "PUT /new\nC: 3\n\n{\"a\": 1}"
	tests := map[string]struct {
		open  int // which was opened; -1 for none
		outer string
		want  httpfile.Saved
		text  string
	}{
		"the first":       {0, text, httpfile.Replaced, strings.Replace(text, "GET /one\nA: 1", block, 1)},
		"one with a word": {1, text, httpfile.Replaced, strings.Replace(text, "POST /two\n\n{}", block, 1)},
		"new":             {-1, text, httpfile.Added, text + "\n### new name\n" + block + "\n"},
		"scripted":        {2, text, httpfile.Kept, text + "\n### new name\n" + block + "\n"},
		"remarked":        {3, text, httpfile.Kept, text + "\n### new name\n" + block + "\n"},
		"changed outside": {0, strings.Replace(text, "A: 1", "A: 2", 1), httpfile.Kept, strings.Replace(text, "A: 1", "A: 2", 1) + "\n### new name\n" + block + "\n"},
		"moved outside":   {0, "### before\nGET /zero\n\n" + text, httpfile.Replaced, "### before\nGET /zero\n\n" + strings.Replace(text, "GET /one\nA: 1", block, 1)},
		"without its end": {-1, "GET /x", httpfile.Added, "GET /x\n\n### new name\n" + block + "\n"},
		"removed outside": {1, "", httpfile.Kept, "### new name\n" + block + "\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "a.http")
			write := func(text string) {
				if err := os.WriteFile(path, []byte(text), 0o640); err != nil { //nolint:gosec // the mode is to stay
					t.Fatal(err)
				}
			}
			write(text)
			f, err := httpfile.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			var was *httpfile.Request
			if tt.open >= 0 {
				was = &f.Requests[tt.open]
			}
			write(tt.outer)
			saved, err := httpfile.Save(path, was, next)
			data, readErr := os.ReadFile(path)
			if err != nil || readErr != nil || saved != tt.want || string(data) != tt.text {
				t.Errorf("got %v, %v\n%s\nwant %v\n%s", saved, err, data, tt.want, tt.text)
			}
			if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
				t.Errorf("its mode is %v, %v", info.Mode(), err)
			}
		})
	}
	if _, err := httpfile.Save(filepath.Join(t.TempDir(), "a.txt"), nil, next); err == nil {
		t.Error("any file will do")
	}
}
