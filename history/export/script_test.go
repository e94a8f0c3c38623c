package export_test

import (
	"errors"
	"go/format"
	"strings"
	"testing"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/history/export"
	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/proxy"
)

func script(t *testing.T, format string, exchanges ...history.Exchange) string {
	t.Helper()
	var b strings.Builder
	s, err := export.NewScript(&b, format)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range exchanges {
		if err := s.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.End(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// plainCall is a request in which nothing is masked.
func plainCall() history.Exchange {
	x := sample()
	x.Request = history.Request{Method: "POST", URL: "https://slack.com/api/chat.postMessage", Headers: []proxy.Field{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"text":"hi"}`)}
	return x
}

// What nobody can send is not written, in no form, and cannot become a line of its own.
func TestScriptRefuses(t *testing.T) {
	t.Parallel()
	const planted = "touch PWNED"
	tests := map[string]func(x *history.Exchange){
		"method":       func(x *history.Exchange) { x.Request.Method = "GET; " + planted + " #" },
		"method, line": func(x *history.Exchange) { x.Request.Method = "GET\n" + planted },
		"method, LS":   func(x *history.Exchange) { x.Request.Method = "GET\u2028" + planted },
		"URL":          func(x *history.Exchange) { x.Request.URL += "\n" + planted },
		"header name":  func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X\n" + planted, Value: "1"}} },
		"header value": func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X", Value: "1\r\n" + planted}} },
	}
	for name, change := range tests {
		for _, form := range export.Snippets {
			x := plainCall()
			change(&x)
			text := script(t, form, x)
			if !strings.Contains(text, "left out: ") {
				t.Errorf("%s, %s: nothing says that it is left out:\n%s", name, form, text)
			}
			for line := range strings.SplitSeq(text, "\n") {
				at := strings.TrimSpace(line)
				if strings.Contains(line, planted) && !strings.HasPrefix(at, "#") && !strings.HasPrefix(at, "//") {
					t.Errorf("%s, %s: %q is a line of its own", name, form, line)
				}
			}
		}
	}
	x := plainCall()
	x.ID = "06x\u2028\n" + planted
	x.ExternalUserID = "jane\n" + planted
	for _, form := range export.Snippets {
		for line := range strings.SplitSeq(script(t, form, x), "\n") {
			if strings.HasPrefix(line, planted) {
				t.Errorf("%s: %q is a line of its own", form, line)
			}
		}
	}
}

// What is masked or cut is told in the first line, and a whole request has no such line.
func TestScriptTellsWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(x *history.Exchange)
		want   string
	}{
		"whole":          {func(*history.Exchange) {}, ""},
		"URL":            {func(x *history.Exchange) { x.Request.URL += "?api_key=s3cret" }, "masked here: request.url"},
		"masked before":  {func(x *history.Exchange) { x.Request.URL += "?api_key=" + redact.Mask }, "masked here: request.url"},
		"said to be":     {func(x *history.Exchange) { x.Redacted = []string{"request.body", "response.body"} }, "masked here: request.body"},
		"header":         {func(x *history.Exchange) { x.Request.Headers = []proxy.Field{{Name: "X-Api-Key", Value: "s3cret"}} }, "masked here: request.headers.X-Api-Key"},
		"cut":            {func(x *history.Exchange) { x.Request.BodyTruncated = true }, "the body was cut at 13 bytes"},
		"body not there": {func(x *history.Exchange) { x.Request.BodyTruncated, x.Request.Body = true, nil }, "the body was not kept"},
	}
	for name, tt := range tests {
		for _, form := range export.Snippets {
			x := plainCall()
			tt.change(&x)
			first, _, _ := strings.Cut(script(t, form, x), "\n")
			told := strings.HasPrefix(first, "# ") || strings.HasPrefix(first, "// ")
			if tt.want == "" && (strings.Contains(first, "masked") || strings.Contains(first, "cut")) {
				t.Errorf("%s, %s: begins with %q", name, form, first)
			}
			if tt.want != "" && (!told || !strings.Contains(first, tt.want)) {
				t.Errorf("%s, %s: begins with %q, want %q", name, form, first, tt.want)
			}
		}
	}
}

// Nothing that a terminal would obey stands in a script, other than in a .http file,
// which has no escapes.
func TestScriptIsSafeToPrint(t *testing.T) {
	t.Parallel()
	x := plainCall()
	x.Request.Headers = append(x.Request.Headers, proxy.Field{Name: "X-A", Value: "a\u202eb\u009b"})
	x.Request.Body = []byte("{\"a\":\"\u202e\u009b31m\U000e0041\"}")
	for _, form := range export.Snippets {
		if text := script(t, form, x); form != "http" && strings.ContainsAny(text, "\u202e\u009b\U000e0041") {
			t.Errorf("%s: %q", form, text)
		}
	}
}

// Several calls are one program: as Go, it is formatted, too.
func TestScriptOfGo(t *testing.T) {
	t.Parallel()
	other := plainCall()
	other.Environment, other.Request.Method, other.Request.Body = proxy.Development, "HEAD", nil
	broken := plainCall()
	broken.Request.Method = "no token"
	for name, list := range map[string][]history.Exchange{"one": {plainCall()}, "several": {plainCall(), other, broken, plainCall()}, "none that can be sent": {broken}} {
		text := script(t, "go", list...)
		want, err := format.Source([]byte(text))
		if err != nil || string(want) != text {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, text, want)
		}
	}
	if text := script(t, "go", plainCall(), other, plainCall()); strings.Count(text, ":= connect(") != 2 {
		t.Errorf("want one client for each environment:\n%s", text)
	}
}

// A .http file names each request, says whom it was sent for, and is read as it was sent.
func TestScriptOfHTTP(t *testing.T) {
	t.Parallel()
	text := script(t, "http", plainCall(), plainCall())
	f, err := httpfile.Parse(text)
	if err != nil || len(f.Requests) != 2 || f.Requests[0].Name == f.Requests[1].Name || f.Requests[1].Body != `{"text":"hi"}` {
		t.Errorf("got %+v, %v", f, err)
	}
	for _, want := range []string{"# sent for jane@acme.io, account apn_slJane1, in production\n", "### POST slack.com/api/chat.postMessage\n", "\n\n### POST slack.com/api/chat.postMessage 2\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	broken := plainCall()
	broken.Request.Method = "no token"
	if f, err := httpfile.Parse(script(t, "http", plainCall(), broken, plainCall())); err != nil || len(f.Requests) != 2 || f.Requests[0].Body != `{"text":"hi"}` {
		t.Errorf("got %+v, %v", f, err)
	}
	for name, body := range map[string]string{"another request": "a\n###\nGET https://evil", "a file": "< /etc/passwd", "binary": "\xff\x00", "a script": "a\n> {% x %}"} {
		x := plainCall()
		x.Request.Headers, x.Request.Body = nil, []byte(body)
		if text := script(t, "http", x); !strings.Contains(text, "left out: ") {
			t.Errorf("%s: got\n%s", name, text)
		}
	}
	ended := plainCall()
	ended.Request.Headers, ended.Request.Body = nil, []byte("text\n")
	if text := script(t, "http", ended); !strings.Contains(text, "# the blanks at the end of its body are left out\nPOST ") {
		t.Errorf("got\n%s", text)
	}
	form := plainCall()
	form.Request.Headers = []proxy.Field{{Name: "Content-Type", Value: "multipart/form-data; boundary=b"}}
	form.Request.Body = []byte("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n--b--\r\n")
	if f, err := httpfile.Parse(script(t, "http", form)); err != nil || len(f.Requests[0].Parts) != 1 {
		t.Errorf("got %+v, %v", f, err)
	}
}

// What the SDK would change or cannot send goes by fetch.
func TestScriptOfJS(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change   func(x *history.Exchange)
		sdk, one bool // whether the SDK's function sends it, of 3.x and of 1.x
	}{
		"an object":       {func(*history.Exchange) {}, true, true},
		"a GET":           {func(x *history.Exchange) { x.Request.Method, x.Request.Body = "GET", nil }, true, true},
		"HEAD":            {func(x *history.Exchange) { x.Request.Method, x.Request.Body = "HEAD", nil }, false, false},
		"a large number":  {func(x *history.Exchange) { x.Request.Body = []byte(`{"id":12345678901234567890}`) }, false, true},
		"a fine number":   {func(x *history.Exchange) { x.Request.Body = []byte(`{"id":0.12345678901234567}`) }, false, true},
		"a zero":          {func(x *history.Exchange) { x.Request.Body = []byte(`{"id":[0,-0.0,1e3,100000000000000000000]}`) }, true, true},
		"a special name":  {func(x *history.Exchange) { x.Request.Body = []byte(`{"\u005f_proto__":1}`) }, false, true},
		"a list":          {func(x *history.Exchange) { x.Request.Body = []byte(`[1]`) }, false, true},
		"binary":          {func(x *history.Exchange) { x.Request.Body = []byte("\xff") }, false, false},
		"a binary answer": {func(x *history.Exchange) { x.Response.Body = []byte("\x89PNG") }, false, false},
		"DELETE":          {func(x *history.Exchange) { x.Request.Method = "DELETE" }, false, false},
		"no type":         {func(x *history.Exchange) { x.Request.Headers = nil }, false, false},
	}
	for name, tt := range tests {
		x := plainCall()
		x.Response = &history.Response{Status: 200}
		tt.change(&x)
		for form, want := range map[string]bool{"js": tt.sdk, "js1": tt.one} {
			if text := script(t, form, x); strings.Contains(text, "fetch(") == want {
				t.Errorf("%s, %s: got\n%s", name, form, text)
			}
		}
	}
	local := plainCall()
	local.BaseURL = "http://127.0.0.1:8787"
	if text := script(t, "js1", local); !strings.Contains(text, "left out: SDK 1 speaks https alone") {
		t.Errorf("got\n%s", text)
	}
	twice := plainCall()
	twice.Request.Headers = append(twice.Request.Headers, proxy.Field{Name: "X-A", Value: "1"}, proxy.Field{Name: "x-a", Value: "2"})
	if text := script(t, "js", twice); !strings.Contains(text, `"X-A": "1, 2"`) {
		t.Errorf("got\n%s", text)
	}
}

func TestScriptOfNothing(t *testing.T) {
	t.Parallel()
	for _, form := range export.Snippets {
		if text := script(t, form); text != "" {
			t.Errorf("%s: got %q", form, text)
		}
	}
	if _, err := export.NewScript(nil, "har"); err == nil {
		t.Error("any format will do")
	}
}

// Where the client's secret would go to another place than Pipedream, that stands first.
func TestScriptTellsWhereSecretsGo(t *testing.T) {
	t.Parallel()
	for _, format := range export.Snippets {
		for base, want := range map[string]bool{"": false, proxy.DefaultBaseURL: false, "https://connect.evil.example/": format != "http"} {
			x := history.Exchange{ID: "x", BaseURL: base, ProjectID: "proj_1", ExternalUserID: "u", Account: history.Account{ID: "apn_1"}, Request: history.Request{Method: "GET", URL: "https://a.io/x"}}
			var b strings.Builder
			s, err := export.NewScript(&b, format)
			if err = errors.Join(err, s.Add(x), s.End()); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), "sent through "+strings.TrimRight(base, "/")+": PIPEDREAM_CLIENT_SECRET goes there"); got != want {
				t.Errorf("%s, %q: told %t:\n%s", format, base, got, b.String())
			}
		}
	}
}
