package session_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
)

// got is what the upstream read.
type got struct {
	body, kind string
	size       int64
	fields     map[string]string
	files      map[string]string // content by "name filename"
}

func take(t *testing.T, out *got) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		*out = got{kind: r.Header.Get("Content-Type"), size: r.ContentLength, fields: map[string]string{}, files: map[string]string{}}
		if !strings.HasPrefix(out.kind, "multipart/") {
			b, _ := io.ReadAll(r.Body)
			out.body = string(b)
			return
		}
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
			return
		}
		for name, values := range r.MultipartForm.Value {
			out.fields[name] = strings.Join(values, "|")
		}
		for name, files := range r.MultipartForm.File {
			for _, f := range files {
				in, err := f.Open()
				if err != nil {
					t.Error(err)
					return
				}
				b, _ := io.ReadAll(in)
				_ = in.Close()
				out.files[name+" "+f.Filename] = string(b)
			}
		}
	}
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A file goes out as it is, however long, and the history keeps its beginning and
// says that it was cut.
func TestSendFile(t *testing.T) {
	t.Parallel()
	var up got
	s := open(t, serve(t, take(t, &up)))
	long := bytes.Repeat([]byte("0123456789\x00\xff"), (5<<20)/12)
	for name, content := range map[string][]byte{"short.bin": []byte("a\x00b\r\n"), "empty": {}, "long.bin": long} {
		r := s.Send(t.Context(), session.Request{
			Target: request(proxy.Development, "").Target, Method: "PUT", URL: "/file", File: write(t, name, content),
			Headers: []proxy.Field{{Name: "Content-Type", Value: "application/octet-stream"}},
		}, nil)
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		if up.body != string(content) {
			t.Errorf("%s: %d bytes came, want %d", name, len(up.body), len(content))
		}
		x, err := s.History().Load(t.Context(), r.Exchange.ID)
		if err != nil {
			t.Fatal(err)
		}
		kept := content[:min(len(content), history.DefaultMaxBody)]
		if !bytes.Equal(x.Request.Body, kept) || x.Request.BodyTruncated != (len(kept) < len(content)) {
			t.Errorf("%s: the history has %d bytes, cut %v", name, len(x.Request.Body), x.Request.BodyTruncated)
		}
	}
}

func TestSendParts(t *testing.T) {
	t.Parallel()
	var up got
	s := open(t, serve(t, take(t, &up)))
	content := strings.Repeat("--limit\r\n", 50_000)
	path := write(t, `a "b" 日.txt`, []byte(content))
	r := s.Send(t.Context(), session.Request{
		Target: request(proxy.Development, "").Target, Method: "POST", URL: "/form", Boundary: "limit-1",
		Parts:   []session.Part{{Name: "text", Value: "日本\r\n--"}, {Name: "doc", Value: path, File: true}, {Name: "text", Value: "@two"}},
		Headers: []proxy.Field{{Name: "Content-Type", Value: "multipart/form-data; boundary=limit-1"}},
	}, nil)
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if up.fields["text"] != "日本\r\n--|@two" {
		t.Errorf("fields %q", up.fields)
	}
	for name, file := range up.files {
		if !strings.HasPrefix(name, "doc a ") || file != content {
			t.Errorf("file %q of %d bytes", name, len(file))
		}
	}
	if len(up.files) != 1 || up.size <= int64(len(content)) {
		t.Errorf("%d files, content length %d", len(up.files), up.size)
	}
}

// What cannot be read is refused before anything goes out.
func TestSendUnreadable(t *testing.T) {
	t.Parallel()
	s := open(t, serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") }))
	for name, req := range map[string]session.Request{
		"no file":      {File: filepath.Join(t.TempDir(), "none")},
		"a folder":     {File: t.TempDir()},
		"a part":       {Parts: []session.Part{{Name: "x", Value: "none", File: true}}, Boundary: "b"},
		"bad boundary": {Parts: []session.Part{{Name: "x", Value: "y"}}, Boundary: "é"},
	} {
		req.Target, req.Method, req.URL = request(proxy.Development, "").Target, "POST", "/x"
		r := s.Send(t.Context(), req, nil)
		if r.Err == nil || !r.Done {
			t.Errorf("%s: got %v", name, r.Err)
		}
	}
	if n, err := s.History().Count(t.Context(), history.Query{}); n != 0 || err != nil {
		t.Errorf("the history has %d exchanges, %v", n, err)
	}
}

func TestSentURLs(t *testing.T) {
	t.Parallel()
	s := open(t, serve(t, func(http.ResponseWriter, *http.Request) {}))
	for _, url := range []string{"/a", "/b", "/a"} {
		req := request(proxy.Development, "GET")
		req.URL = url
		if r := s.Send(t.Context(), req, nil); r.Err != nil {
			t.Fatal(r.Err)
		}
	}
	got, err := s.SentURLs(t.Context(), "echo")
	if err != nil || strings.Join(got, " ") != "/a /b" {
		t.Errorf("got %q, %v", got, err)
	}
	if other, err := s.SentURLs(t.Context(), "slack"); len(other) != 0 || err != nil {
		t.Errorf("of another app: %q, %v", other, err)
	}
}

// Where the credential goes is known for sure only of the embedded sandbox.
func TestInserts(t *testing.T) {
	t.Parallel()
	real := open(t, serve(t, func(http.ResponseWriter, *http.Request) {}))
	if got, exact := real.Inserts("slack"); exact || len(got) != 1 || got[0].Header != "Authorization" {
		t.Errorf("of a service: %+v, exact %v", got, exact)
	}
	embedded, err := session.Open(t.Context(), session.Options{Embedded: true, NoHistory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = embedded.Close() })
	if got, exact := embedded.Inserts("slack"); !exact || len(got) != 1 || got[0].Value != "Bearer {{oauth_access_token}}" {
		t.Errorf("of the sandbox: %+v, exact %v", got, exact)
	}
}
