package request_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/request"
)

// kind chooses what the body is, as the root's menu does.
func (p *pane) kind(key string) *pane {
	p.Do("c")
	if !slices.Contains(p.Said, tea.Msg(request.KindAsked{})) {
		panic("c asks for no kind")
	}
	for _, k := range p.Kinds() {
		if k.Key == key {
			p.Run(k.Run())
		}
	}
	return p
}

// typeOf is the Content-Type of a draft.
func typeOf(d request.Draft) string {
	for _, h := range d.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return h.Value
		}
	}
	return ""
}

func TestKinds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do         func(p *pane)
		body, kind string
	}{
		"JSON by its look":    {func(p *pane) { p.body().Type(`{"a":1}`) }, `{"a":1}`, "application/json"},
		"text by its look":    {func(p *pane) { p.body().Type(`{"a":`) }, `{"a":`, "text/plain"},
		"JSON that is none":   {func(p *pane) { p.kind("j").Type(`{"a":`) }, `{"a":`, "application/json"},
		"JSON as text":        {func(p *pane) { p.kind("t").Type(`{"a":1}`) }, `{"a":1}`, "text/plain"},
		"none":                {func(p *pane) { p.body().Type("x"); p.kind("n") }, "", ""},
		"none and back":       {func(p *pane) { p.kind("j").Type("[]"); p.kind("n").kind("j") }, "[]", "application/json"},
		"b writes after none": {func(p *pane) { p.kind("n").body().Type("[]") }, "[]", "application/json"},
		"a form":              {func(p *pane) { p.kind("f").Type("a b"); p.Press("enter"); p.Type("é&=") }, "a+b=%C3%A9%26%3D", "application/x-www-form-urlencoded"},
		"a form of two": {func(p *pane) {
			p.kind("f").Type("a")
			p.Press("enter", "enter")
			p.Do("enter").Type("b")
			p.Press("esc")
		}, "a=&b=", "application/x-www-form-urlencoded"},
		"a form, one switched":  {func(p *pane) { p.kind("f").Type("a"); p.Press("enter", "esc"); p.Do("space") }, "", ""},
		"a header of one's own": {func(p *pane) { p.addHeader("content-type", "x/y"); p.kind("j").Type("[]") }, "[]", "x/y"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 84, 14)
			tt.do(p)
			d := p.Compose()
			if string(d.Body) != tt.body || typeOf(d) != tt.kind {
				t.Errorf("got %q as %q, want %q as %q", d.Body, typeOf(d), tt.body, tt.kind)
			}
			p.Load(d) // and is what it was
			if again := p.Compose(); string(again.Body) != tt.body || typeOf(again) != tt.kind {
				t.Errorf("loaded: got %q as %q", again.Body, typeOf(again))
			}
		})
	}
}

func TestPartsAndFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "picture.png")
	if err := os.WriteFile(path, make([]byte, 1500), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newPane(t, 120, 14)
	p.kind("m").Type("doc")
	p.Press("esc")
	p.Do("f", "enter")
	p.Type(dir + string(filepath.Separator) + "pic")
	p.Press("tab", "esc") // completed
	p.Do("a").Type("note")
	p.Press("enter")
	p.Type("hello")
	p.Press("esc")
	d := p.Compose()
	if want := []session.Part{{Name: "doc", Value: path, File: true}, {Name: "note", Value: "hello"}}; !slices.Equal(d.Parts, want) {
		t.Errorf("got %+v, want %+v", d.Parts, want)
	}
	if !strings.HasPrefix(typeOf(d), "multipart/form-data; boundary=") || !strings.HasSuffix(typeOf(d), d.Boundary) {
		t.Errorf("got %q", typeOf(d))
	}
	if view := p.ViewText(120, 14); !strings.Contains(view, "file "+dir) || !strings.Contains(view, "1.5 kB") || !strings.Contains(view, "Body multipart 2") {
		t.Errorf("got:\n%s", view)
	}

	p.kind("d").Type(filepath.Join(dir, "p"))
	p.Press("right")
	if view := p.ViewText(120, 14); !strings.Contains(view, "1.5 kB · image/png") {
		t.Errorf("got:\n%s", view)
	}
	p.Press("esc")
	if d := p.Compose(); d.File != path || typeOf(d) != "image/png" || d.Parts != nil || d.Body != nil {
		t.Errorf("got %+v", d)
	}
	p.Do("enter")
	p.Type("x")
	if view := p.ViewText(120, 14); !strings.Contains(view, "there is no such file") {
		t.Errorf("got:\n%s", view)
	}
}

// What is wrong with JSON is said with its place, while one types.
func TestJSONIsChecked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"right":           {`{"a": [1, 2]}`, "esc leaves · ^R sends"},
		"a comma":         {"{\n  \"a\": 1\n  \"b\": 2}", "✗ line 3, column 3: '\"' where a comma or } should be"},
		"a key":           {"{a: 1}", "✗ line 1, column 2: 'a' where a key in double quotes should be"},
		"breaks off":      {"{\"a\": 1\n\n", "not complete yet · esc leaves"},
		"wide characters": {"{\"日本\": x}", "✗ line 1, column 8: 'x' where a value should be"},
		"two":             {"{} {}", "✗ line 1, column 4: '{' behind the end"},
		"no JSON":         {"a=1", "esc leaves · ^R sends"},
		"long":            {"[" + strings.Repeat("1,\n", 50_000) + "]", "✗ line 50001, column 1: ']' where a value should be"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 84, 14)
			p.body().Paste(tt.text)
			if got := p.StatusText(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := strings.Contains(p.ViewText(84, 14), "✗"); got != strings.HasPrefix(tt.want, "✗") {
				t.Errorf("the tab says wrong: %v", got)
			}
		})
	}
}

// A long body is looked at beside the typing: what is typed meanwhile is looked at
// next.
func TestLongJSONIsCheckedAside(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.Hold = true
	p.body().Paste("[" + strings.Repeat("1,\n", 50_000))
	p.Type("2")
	if len(p.Held) != 1 {
		t.Fatalf("%d jobs, want 1", len(p.Held))
	}
	p.Type("]")
	p.Release()
	if got := p.StatusText(); !strings.HasPrefix(got, "esc leaves") {
		t.Errorf("got %q", got)
	}
}

// A long body scrolls in Browse; past its top the cursor is on the URL again.
func TestBodyScrolls(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.body().Paste(strings.Repeat("line\n", 100) + "END")
	p.Press("ctrl+home", "esc")
	p.Do("G")
	if view := p.ViewText(84, 14); !strings.Contains(view, "END") {
		t.Errorf("G:\n%s", view)
	}
	p.Do("pgup", "k", "j", "pgup")
	if view := p.ViewText(84, 14); strings.Contains(view, "END") || strings.Count(view, "line") != 10 {
		t.Errorf("a page up:\n%s", view)
	}
	p.Do("g", "enter")
	if got := p.StatusText(); !strings.Contains(got, "⏎ sends") {
		t.Errorf("g: got %q", got)
	}
}

func TestFormat(t *testing.T) {
	t.Parallel()
	long := "[" + strings.Repeat(`{"a":1},`, 20_000) + "2]"
	for name, tt := range map[string]struct{ text, want string }{
		"short":     {`{"a":[1,2],"n":1.50}`, "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"n\": 1.50\n}"},
		"long":      {long, "[\n  {\n    \"a\": 1\n  },"},
		"wrong":     {`{"a":1`, `{"a":1`},
		"as it was": {"{}", "{}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 84, 14)
			p.body().Paste(tt.text)
			p.Do("alt+i")
			if got := string(p.Compose().Body); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %.80q, want %.80q", got, tt.want)
			}
			if string(p.Compose().Body) != tt.text {
				p.Do("alt+z")
			}
			if got := string(p.Compose().Body); got != tt.text {
				t.Errorf("undone: got %.80q", got)
			}
		})
	}
}

// That a text ends too early is wrong only once it is left.
func TestUnfinishedJSON(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.body().Type(`{"a"`)
	if view := p.ViewText(84, 14); strings.Contains(view, "✗") {
		t.Errorf("while typing:\n%s", view)
	}
	p.Press("esc")
	if got := p.StatusText(); !strings.HasPrefix(got, "✗ line 1, column 5: it ends before it is complete") {
		t.Errorf("left: got %q", got)
	}
}

// ctrl+v asks the terminal for its clipboard; what it answers goes where it was
// asked for.
func TestClipboardOfTheTerminal(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.url().Press("ctrl+v")
	if len(p.Said) == 0 {
		t.Fatal("the terminal is not asked")
	}
	p.Run(func() tea.Msg { return tea.ClipboardMsg{Content: "/pasted"} })
	p.Run(func() tea.Msg { return tea.ClipboardMsg{Content: "/unasked"} })
	if got := p.Compose().URL; got != "/pasted" {
		t.Errorf("got %q", got)
	}
}

func TestHeaderCompletion(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(p *pane)
		want proxy.Field
	}{
		"a name by tab":          {func(p *pane) { p.Type("conte"); p.Press("tab", "tab") }, proxy.Field{Name: "Content-Type"}},
		"a name by right":        {func(p *pane) { p.Type("if-n"); p.Press("right") }, proxy.Field{Name: "If-None-Match"}},
		"enter does not":         {func(p *pane) { p.Type("if-n"); p.Press("enter") }, proxy.Field{Name: "if-n"}},
		"down, then enter":       {func(p *pane) { p.Type("if-m"); p.Press("down", "down", "enter", "enter") }, proxy.Field{Name: "If-Modified-Since"}},
		"a whole name stays":     {func(p *pane) { p.Type("Accept"); p.Press("tab"); p.Type("x") }, proxy.Field{Name: "Accept", Value: "x"}},
		"one letter stays":       {func(p *pane) { p.Type("A"); p.Press("tab"); p.Type("x") }, proxy.Field{Name: "A", Value: "x"}},
		"a value":                {func(p *pane) { p.Type("accept"); p.Press("enter"); p.Type("application/j"); p.Press("tab") }, proxy.Field{Name: "accept", Value: "application/json"}},
		"none of another header": {func(p *pane) { p.Type("X-A"); p.Press("enter"); p.Type("application/j"); p.Press("right") }, proxy.Field{Name: "X-A", Value: "application/j"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 84, 14)
			p.Do("]", "a")
			tt.do(p)
			p.Press("esc")
			if got := p.Compose().Headers; len(got) == 0 || got[0] != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// What Connect makes of a header is said while its name is typed.
func TestHeaderRemarks(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"host": "✗ Connect refuses it", "Sec-Fetch-Mode": "✗ Connect refuses it", "a b": "✗ no header name",
		"authorization": "! Connect sets its own", "x-pd-proxy-a": "! prefixed already", "X-Fine": "",
	}
	for name, want := range tests {
		p := newPane(t, 100, 14)
		p.Do("]", "a")
		p.Type(name)
		view, status := p.ViewText(100, 14), p.StatusText()
		if want == "" {
			want = "⏎ next"
			view = status
		}
		if !strings.Contains(view, want) || !strings.HasPrefix(status, want) {
			t.Errorf("%s: got %q and\n%s", name, status, view)
		}
	}
}

func TestBulkHeaders(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.addHeader("X-A", "1").Do("space")
	p.addTo("X-B", "two: three")
	p.Do("v")
	if view := p.ViewText(84, 14); !strings.Contains(view, "# X-A: 1\n X-B: two: three") {
		t.Errorf("got:\n%s", view)
	}
	p.Press("ctrl+end")
	p.Type("X-C:3")
	p.Press("ctrl+home", "delete", "esc")
	want := []proxy.Field{{Name: "X-A", Value: "1"}, {Name: "X-B", Value: "two: three"}, {Name: "X-C", Value: "3"}}
	if got := p.Compose().Headers; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// addTo adds a header where the tab is theirs already.
func (p *pane) addTo(name, value string) {
	p.Do("a").Type(name)
	p.Press("enter")
	p.Type(value)
	p.Press("esc")
}

var zendesk = &proxy.App{Slug: "zendesk", Connect: &proxy.AppConnect{ProxyEnabled: true, BaseURL: "https://{{custom_fields.subdomain}}.zendesk.com"}}

func TestRelative(t *testing.T) {
	t.Parallel()
	based := &proxy.App{Connect: &proxy.AppConnect{BaseURL: "https://api.x.com/v{{custom_fields.n}}/"}}
	tests := map[string]struct {
		app       *proxy.App
		url, want string // want is empty where nothing can be done
	}{
		"by account":     {zendesk, "https://acme.zendesk.com/api/v2/users.json?a=1#x", "/api/v2/users.json?a=1#x"},
		"other letters":  {zendesk, "HTTPS://ACME.Zendesk.com/a", "/a"},
		"no path":        {zendesk, "https://acme.zendesk.com", "/"},
		"a query alone":  {zendesk, "https://acme.zendesk.com?a=1", "/?a=1"},
		"another host":   {zendesk, "https://acme.zendesk.com.evil.com/a", ""},
		"through a user": {zendesk, "https://a@acme.zendesk.com/a", ""},
		"a path already": {zendesk, "/a", ""},
		"fixed":          {slackApp, "https://slack.com/api/x", "/api/x"},
		"a base path":    {based, "https://api.x.com/v2/things", "/things"},
		"beside it":      {based, "https://api.x.com/x/things", ""},
		"no app":         {nil, "https://slack.com/x", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 100, 14)
			p.Run(p.SetTarget(target, tt.app))
			p.Load(request.Draft{URL: tt.url})
			ready := false
			for _, a := range p.Actions() {
				ready = ready || a.ID == "request.relative" && a.Ready()
			}
			if ready != (tt.want != "") {
				t.Fatalf("can be done: %v", ready)
			}
			if !ready {
				return
			}
			p.Do("r")
			if got := p.Compose().URL; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The line says where a path leads, and a whole URL that it can be shorter.
func TestRelativeIsSaid(t *testing.T) {
	t.Parallel()
	p := newPane(t, 100, 14)
	p.Run(p.SetTarget(target, zendesk))
	p.write("/api/v2/users.json")
	if view := p.ViewText(100, 14); !strings.Contains(view, "/api/v2/users.json on https://{{subdomain}}.zendesk.com") {
		t.Errorf("got:\n%s", view)
	}
	p.url().Press("ctrl+u")
	p.Paste("https://acme.zendesk.com/api/v2/users.json")
	p.Press("esc")
	if got := p.StatusText(); !strings.Contains(got, "r writes it as one") {
		t.Errorf("got %q", got)
	}
}

// sent is what was sent before.
type sent []string

func (s sent) SentURLs(context.Context, string) ([]string, error) { return s, nil }

func TestURLCompletion(t *testing.T) {
	t.Parallel()
	p := newPane(t, 100, 20)
	at := target
	at.Account.App.Slug = "slack"
	p.Run(p.SetSource(sent{"https://slack.com/api/sent.before"}))
	p.SetKnown(request.Known{Examples: []request.Example{{Title: "who am I", URL: "/api/auth.test"}}})
	p.Run(p.SetTarget(at, slackApp))
	p.url()
	view := p.ViewText(100, 20)
	for _, want := range []string{"https://files.slack.com/", "https://slack.com/api/auth.test", "who am I", "sent before"} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not offered:\n%s", want, view)
		}
	}
	p.Type("https://slack.com/api/s")
	p.Press("tab")
	if got := p.Compose().URL; got != "https://slack.com/api/sent.before" {
		t.Errorf("got %q", got)
	}
	p.Press("ctrl+u", "down", "down", "enter") // nothing typed: enter takes what ↓ chose
	if got := p.Compose().URL; got != "https://files.slack.com/" || slices.Contains(p.Said, tea.Msg(request.Sent{})) {
		t.Errorf("got %q", got)
	}
}

// A request that goes out to another editor and comes back as it was is the same.
func TestOutsideAndBack(t *testing.T) {
	t.Parallel()
	drafts := map[string]request.Draft{
		"full":     full(),
		"a GET":    {Method: "GET", URL: "/x"},
		"text":     {Method: "POST", URL: "/x", Body: []byte("a\n\nb"), Headers: []proxy.Field{{Name: "Content-Type", Value: "text/plain"}}},
		"a form":   {Method: "POST", URL: "/x", Body: []byte("a=1&b=2"), Headers: []proxy.Field{{Name: "Content-Type", Value: "application/x-www-form-urlencoded"}}},
		"a file":   {Method: "PUT", URL: "/x", File: "/tmp/a b.png", Headers: []proxy.Field{{Name: "Content-Type", Value: "image/png"}}},
		"of parts": {Method: "PUT", URL: "/x", Parts: []session.Part{{Name: "a", Value: "b"}}},
	}
	for name, d := range drafts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 84, 14)
			p.Load(d)
			before := p.Compose()
			for _, what := range []request.What{request.Whole, request.BodyText, request.HeaderText} {
				text, suffix := p.Outside(what)
				if what == request.Whole && suffix != ".http" {
					t.Errorf("suffix %s", suffix)
				}
				if what == request.BodyText && d.Body == nil {
					continue
				}
				if !bytes.HasSuffix(text, []byte("\n")) {
					text = append(text, '\n') // as editors do
				}
				cmd, err := p.TakeOutside(what, text)
				p.Run(cmd)
				if err != nil {
					t.Fatal(err)
				}
				after := p.Compose()
				if after.Method != before.Method || after.URL != before.URL || string(after.Body) != string(before.Body) || !slices.Equal(after.Headers, before.Headers) ||
					after.File != before.File || !slices.Equal(after.Parts, before.Parts) {
					t.Errorf("%v: got %+v, want %+v; the text was\n%s", what, after, before, text)
				}
			}
		})
	}
}

func TestTakeOutside(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.Load(full())
	cmd, err := p.TakeOutside(request.Whole, []byte("### new\r\nput https://slack.com/y?z=1 HTTP/1.1\r\nX-A: 1\r\n# X-Off: 2\r\n\r\n{\"a\":1}\r\n"))
	p.Run(cmd)
	if err != nil {
		t.Fatal(err)
	}
	d := p.Compose()
	want := []proxy.Field{{Name: "X-A", Value: "1"}, {Name: "Content-Type", Value: "application/json"}}
	if d.Method != "PUT" || d.URL != "https://slack.com/y?z=1" || string(d.Body) != "{\"a\":1}\r\n" || !slices.Equal(d.Headers, want) {
		t.Errorf("got %+v", d)
	}
	p.Do("[", "[", "ctrl+z")
	if got := p.Compose(); got.URL != list || string(got.Body) != string(full().Body) {
		t.Errorf("undone: got %+v", got)
	}
	before := p.Compose()
	for _, wrong := range []string{"", "# only\n", "GE{ /x y\n\n", "GET /x\na b: c\n\n"} {
		if _, err := p.TakeOutside(request.Whole, []byte(wrong)); err == nil || p.Compose().URL != before.URL {
			t.Errorf("%q is taken for a request: %+v", wrong, p.Compose())
		}
	}
}

// The text's own keys work where one types, and nothing is undone beyond what was
// typed.
func TestUndoInTheBody(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 14)
	p.Load(full())
	p.body()
	p.Press("ctrl+end")
	p.Type("one two")
	p.Do("ctrl+z")
	p.Press("esc")
	p.Do("alt+z")
	if got := string(p.Compose().Body); got != string(full().Body) {
		t.Errorf("undone: got %q", got)
	}
	p.Do("ctrl+y", "ctrl+y")
	if got, want := string(p.Compose().Body), string(full().Body)+"one two"; got != want {
		t.Errorf("done again: got %q, want %q", got, want)
	}
}
