package request_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/request"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const list = "https://slack.com/api/conversations.list?limit=50&types=public%20channel"

// pane is the pane under test.
type pane struct {
	*request.Model
	*uitest.Driver
}

func newPane(tb testing.TB, width, height int) *pane {
	tb.Helper()
	m := request.New()
	return &pane{m, uitest.Drive(tb, m, width, height)}
}

// fields are the pane's ways into Edit.
func (p *pane) method() *pane { p.Run(p.EditMethod()); return p }
func (p *pane) url() *pane    { p.Run(p.EditURL()); return p }
func (p *pane) body() *pane   { p.Run(p.EditBody()); return p }

// write replaces the URL and leaves it.
func (p *pane) write(url string) *pane {
	p.url().Press("ctrl+u")
	p.Type(url)
	p.Press("esc")
	return p
}

// addHeader goes to the headers' tab and adds one.
func (p *pane) addHeader(name, value string) *pane {
	p.Do("]", "a")
	p.Type(name)
	p.Press("enter")
	p.Type(value)
	p.Press("esc")
	return p
}

func full() request.Draft {
	return request.Draft{
		Method: "POST", URL: list,
		Headers: []proxy.Field{{Name: "X-Trace", Value: "e2e-7"}, {Name: "Accept", Value: "application/json"}},
		Body:    []byte("{\n  \"channel\": \"C1\",\n  \"text\": \"日本語 👩‍🚀\"\n}\n"),
	}
}

var (
	slackApp = &proxy.App{Slug: "slack", Connect: &proxy.AppConnect{ProxyEnabled: true, BaseURL: "https://slack.com", AllowedDomains: []string{"slack.com", "files.slack.com"}}}
	target   = session.Target{Environment: proxy.Development, ExternalUserID: "abc-123", Account: proxy.Account{ID: "apn_slack1"}}
)

// states are all that the pane can show.
var states = map[string]func(p *pane){
	"empty":         func(*pane) {},
	"unfocused":     func(p *pane) { p.Load(full()); p.Focus(false) },
	"composed":      func(p *pane) { p.Load(full()) },
	"params cursor": func(p *pane) { p.Load(full()); p.Do("j", "j") },
	"a param off":   func(p *pane) { p.Load(full()); p.Do("j", "space") },
	"new param":     func(p *pane) { p.Load(full()); p.Do("a") },
	"param value":   func(p *pane) { p.Load(full()); p.Do("j", "enter") },
	"headers":       func(p *pane) { p.Load(full()); p.Do("]", "j") },
	"no headers":    func(p *pane) { p.Do("]") },
	"body":          func(p *pane) { p.Load(full()); p.Do("]", "]") },
	"no body":       func(p *pane) { p.Do("]", "]") },
	"typing a body": func(p *pane) { p.Load(full()); p.body(); p.Press("down", "end") },
	"long body": func(p *pane) {
		p.Load(request.Draft{Method: "PUT", URL: "/x", Body: bytes.Repeat([]byte("0123456789"), 30_000)})
		p.Do("]", "]")
	},
	"binary body": func(p *pane) {
		p.Load(request.Draft{Method: "PUT", URL: "/x", Body: []byte("\x89PNG\r\n\x1a\n\x00\x1b[2J")})
		p.Do("]", "]")
	},
	"body with tabs":         func(p *pane) { p.Load(request.Draft{Body: []byte("{\n\t\"a\":\t1\n}")}); p.Do("]", "]") },
	"preview":                func(p *pane) { p.Run(p.SetTarget(target, slackApp)); p.Load(full()); p.Do("[") },
	"preview of nothing":     func(p *pane) { p.Do("[") },
	"typing the URL":         func(p *pane) { p.Load(full()); p.url() },
	"typing a long URL":      func(p *pane) { p.Load(request.Draft{URL: list + strings.Repeat("&x=123456789", 12) + "&END"}); p.url() },
	"typing an empty URL":    func(p *pane) { p.url() },
	"completion":             func(p *pane) { p.Run(p.SetTarget(target, slackApp)); p.url().Type("https://s") },
	"typing a method":        func(p *pane) { p.Load(full()); p.method().Type("pa") },
	"typing a method of own": func(p *pane) { p.method().Type("purge") },
	"relative app": func(p *pane) {
		p.Run(p.SetTarget(target, &proxy.App{Slug: "zendesk", Connect: &proxy.AppConnect{BaseURL: "https://{{custom_fields.subdomain}}.zendesk.com"}}))
	},
	"refused": func(p *pane) {
		p.Load(full())
		p.Refuse(&proxy.InputError{Field: "url", Value: "https://evil.com/", Reason: "is not a domain of slack", Hint: "use slack.com"})
	},
	"a form":     func(p *pane) { p.kind("f").Type("name"); p.Press("enter"); p.Type("value"); p.Press("esc") },
	"a new form": func(p *pane) { p.kind("f") },
	"of parts": func(p *pane) {
		p.kind("m").Type("doc")
		p.Press("esc")
		p.Do("f", "enter")
		p.Type("/nowhere/" + uitest.Hostile)
		p.Press("esc")
	},
	"a file":          func(p *pane) { p.kind("d").Type("/nowhere/picture.png"); p.Press("esc") },
	"a path typed":    func(p *pane) { p.kind("d").Type("/nowhere/" + uitest.Wide) },
	"no file":         func(p *pane) { p.kind("d").Press("esc") },
	"no body sent":    func(p *pane) { p.kind("n") },
	"wrong JSON":      func(p *pane) { p.body().Paste("{\n  \"a\": \x1b\n}") },
	"headers as text": func(p *pane) { p.Load(full()); p.Do("]", "j", "space", "v") },
	"headers with remarks": func(p *pane) {
		p.addHeader("Host", "x")
		p.addTo("Authorization", "Bearer mine")
		p.SetKnown(request.Known{Inserts: []request.Insert{{Header: "Authorization", Value: "Bearer {{token}}"}}, Exact: true})
		p.Do("k")
	},
	"what a URL could be": func(p *pane) {
		p.SetKnown(request.Known{Examples: []request.Example{{Title: "who am I", URL: "/api/auth.test"}, {Title: uitest.Hostile, URL: "/" + uitest.Hostile}}})
		p.Run(p.SetTarget(target, slackApp))
		p.url().Press("down", "down", "down")
	},
	"where to go": func(p *pane) { p.Load(full()); p.body(); p.Do("alt+g"); p.Type("2:3") },
	"a whole URL where a path is due": func(p *pane) {
		p.Run(p.SetTarget(target, zendesk))
		p.write("https://acme.zendesk.com/api/v2/users.json")
	},
	"a path": func(p *pane) { p.Run(p.SetTarget(target, zendesk)); p.write("/api/v2/users.json?page=2") },
	"hostile": func(p *pane) {
		p.Load(request.Draft{
			Method: "G\x1b[2J", URL: "https://" + uitest.Hostile + "?" + uitest.Hostile + "=" + uitest.Hostile + "#" + uitest.Hostile,
			Headers: []proxy.Field{{Name: uitest.Hostile, Value: uitest.Hostile}, {Name: uitest.Wide, Value: strings.Repeat("日", 99)}}, Body: []byte(uitest.Hostile),
		})
		p.Do("]", "j")
	},
	"hostile preview": func(p *pane) {
		p.Load(request.Draft{URL: "https://x/" + uitest.Hostile, Headers: []proxy.Field{{Name: uitest.Hostile, Value: uitest.Hostile}}, Body: []byte(uitest.Hostile)})
		p.Do("[")
	},
}

// sizes are the insides of the pane on common screens.
var sizes = [][2]int{{58, 4}, {78, 9}, {84, 14}, {140, 12}}

func TestView(t *testing.T) {
	t.Parallel()
	uitest.Views(t, newPane, states, sizes...)
}

func TestViewFits(t *testing.T) {
	t.Parallel()
	uitest.Sizes(t, newPane, states, uitest.Steps(58, 140, 21), uitest.Steps(1, 15, 3))
}

// Whatever keys come in whatever order, the pane keeps to its room.
func TestRandomKeys(t *testing.T) {
	t.Parallel()
	keys := []string{
		"tab", "shift+tab", "enter", "esc", "up", "down", "left", "right", "backspace", "ctrl+u", "home", "end", "a", "/", "{", ":", "1", "delete", "shift+right", "ctrl+w", "pgdown",
	}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := newPane(t, 84, 12)
		p.Run(p.SetTarget(target, slackApp))
		for range 120 {
			if actions := p.Actions(); !p.Editing() && r.IntN(3) > 0 {
				if a := actions[r.IntN(len(actions))]; a.Ready() {
					p.Run(a.Run())
				}
			} else if kinds := p.Kinds(); r.IntN(12) == 0 {
				p.Run(kinds[r.IntN(len(kinds))].Run())
			} else {
				p.Press(keys[r.IntN(len(keys))])
			}
			p.Fits(84, 12)
			d := p.Compose()
			if d.Method == "" || len(d.Parts) > 0 && d.Body != nil {
				t.Fatalf("composed %+v", d)
			}
		}
	}
}

func TestMethod(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		typed string
		keys  []string
		want  string
	}{
		"as it was":      {"", []string{"enter"}, "GET"},
		"beginning":      {"po", []string{"enter"}, "POST"},
		"other letter":   {"pa", []string{"esc"}, "PATCH"},
		"whole":          {"delete", []string{"tab"}, "DELETE"},
		"of one's own":   {"purge", []string{"enter"}, "PURGE"},
		"down":           {"", []string{"down", "enter"}, "POST"},
		"up":             {"", []string{"up", "enter"}, "OPTIONS"},
		"round":          {"", []string{"up", "down", "down", "down", "enter"}, "PUT"},
		"a second word":  {"", []string{"down", "d", "enter"}, "DELETE"},
		"taken back":     {"pat", []string{"backspace", "backspace", "backspace", "enter"}, "GET"},
		"emptied":        {"patch", []string{"ctrl+u", "enter"}, "GET"},
		"a shorter word": {"pat", []string{"backspace", "backspace", "u", "enter"}, "PUT"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 9)
			p.method().Type(tt.typed)
			p.Press(tt.keys...)
			if got := p.Compose().Method; got != tt.want || p.Editing() {
				t.Errorf("%q %q: got %s, want %s", tt.typed, tt.keys, got, tt.want)
			}
		})
	}
}

// Opening the method takes nothing over from the field that was edited before,
// whatever tab shows.
func TestMethodIsNotTheLastText(t *testing.T) {
	t.Parallel()
	for _, keys := range [][]string{nil, {"]"}, {"]", "]"}} {
		p := newPane(t, 78, 9).addHeader("X-A", "hello")
		p.Do(keys...)
		p.method().Press("esc")
		if got := p.Compose().Method; got != "GET" {
			t.Errorf("after %q: got %s, want GET", keys, got)
		}
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(p *pane)
		want string
		sent bool
	}{
		"typed":                {func(p *pane) { p.url().Type("/x"); p.Press("esc") }, "/x", false},
		"enter sends":          {func(p *pane) { p.url().Type("/x"); p.Press("enter") }, "/x", true},
		"emptied":              {func(p *pane) { p.write("/old").url().Press("ctrl+u"); p.Type("/n") }, "/n", false},
		"in the middle":        {func(p *pane) { p.write("/b").url().Press("home"); p.Type("/a"); p.Press("enter") }, "/a/b", true},
		"pasted":               {func(p *pane) { p.url().Paste(" https://slack.com/x \n") }, "https://slack.com/x", false},
		"completed by tab":     {func(p *pane) { p.url().Type("https://s"); p.Press("tab") }, "https://slack.com/", false},
		"completed by right":   {func(p *pane) { p.url().Type("https://f"); p.Press("right") }, "https://files.slack.com/", false},
		"right in the middle":  {func(p *pane) { p.url().Type("https://s"); p.Press("left", "right") }, "https://s", false},
		"enter completes not":  {func(p *pane) { p.url().Type("https://s"); p.Press("enter") }, "https://s", true},
		"down, then enter":     {func(p *pane) { p.url().Type("https://s"); p.Press("down", "enter") }, "https://slack.com/", false},
		"down, up, then enter": {func(p *pane) { p.url().Type("https://s"); p.Press("down", "x", "enter") }, "https://sx", true},
		"up without one":       {func(p *pane) { p.url().Type("/x"); p.Press("up", "up", "down", "tab", "enter") }, "/x", true},
		"tab completes once":   {func(p *pane) { p.url().Type("https://s"); p.Press("tab", "tab", "tab") }, "https://slack.com/", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 9)
			p.Run(p.SetTarget(target, slackApp))
			tt.do(p)
			sent := slices.Contains(p.Said, tea.Msg(request.Sent{}))
			if got := p.Compose().URL; got != tt.want || sent != tt.sent {
				t.Errorf("got %q sent %v, want %q sent %v", got, sent, tt.want, tt.sent)
			}
		})
	}
}

// The params' table and the URL follow each other; what is not edited stays as it
// was written.
func TestParams(t *testing.T) {
	t.Parallel()
	const was = "/x?a=1&b=two%20words&c=%7e&a=3#part"
	tests := map[string]struct {
		do   func(p *pane)
		want string
	}{
		"nothing":            {func(*pane) {}, was},
		"a value":            {func(p *pane) { p.Do("j", "enter"); p.Press("ctrl+u"); p.Type("2"); p.Press("esc") }, "/x?a=2&b=two%20words&c=%7e&a=3#part"},
		"a name":             {func(p *pane) { p.Do("j", "enter"); p.Press("shift+tab"); p.Type("b"); p.Press("esc") }, "/x?ab=1&b=two%20words&c=%7e&a=3#part"},
		"reserved letters":   {func(p *pane) { p.Do("j", "enter"); p.Type(" &=#+é"); p.Press("esc") }, "/x?a=1%20%26%3D%23%2B%C3%A9&b=two%20words&c=%7e&a=3#part"},
		"a new one":          {func(p *pane) { p.Do("a"); p.Type("n"); p.Press("enter"); p.Type("v"); p.Press("enter") }, "/x?a=1&b=two%20words&c=%7e&a=3&n=v#part"},
		"a new empty one":    {func(p *pane) { p.Do("a"); p.Press("enter", "enter") }, was},
		"off":                {func(p *pane) { p.Do("j", "j", "space") }, "/x?a=1&c=%7e&a=3#part"},
		"off and on":         {func(p *pane) { p.Do("j", "j", "space", "space") }, was},
		"all off":            {func(p *pane) { p.Do("j", "space", "j", "space", "j", "space", "j", "space") }, "/x#part"},
		"deleted":            {func(p *pane) { p.Do("j", "d") }, "/x?b=two%20words&c=%7e&a=3#part"},
		"deleted, undone":    {func(p *pane) { p.Do("j", "d", "ctrl+z") }, was},
		"opened and left":    {func(p *pane) { p.Do("G", "k", "k", "enter"); p.Press("enter", "esc") }, was},
		"URL written anew":   {func(p *pane) { p.write("/y?z=9"); p.Do("j", "enter"); p.Type("0"); p.Press("esc") }, "/y?z=90"},
		"query taken away":   {func(p *pane) { p.write("/y") }, "/y"},
		"off, URL anew":      {func(p *pane) { p.Do("j", "space"); p.write("/y?z=9"); p.Do("j", "j", "space") }, "/y?z=9&a=1"},
		"a flag of no value": {func(p *pane) { p.write("/y?flag&x=1"); p.Do("j", "j", "enter"); p.Type("2"); p.Press("esc") }, "/y?flag&x=12"},
		"broken escapes":     {func(p *pane) { p.write("/y?p=100%&q=1"); p.Do("j", "j", "enter"); p.Type("2"); p.Press("esc") }, "/y?p=100%&q=12"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 14)
			p.Load(request.Draft{URL: was})
			tt.do(p)
			if got := p.Compose().URL; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// The table shows what the URL says while it is typed.
func TestParamsFollowTheURL(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 14)
	p.url().Type("/x?first=1&sec")
	view := p.ViewText(78, 14)
	if !strings.Contains(view, "Params 2") || !strings.Contains(view, "✓ first") || !strings.Contains(view, "✓ sec") {
		t.Errorf("got:\n%s", view)
	}
	p.Press("ctrl+u")
	if view := p.ViewText(78, 14); !strings.Contains(view, "Params 0") || strings.Contains(view, "first") {
		t.Errorf("emptied:\n%s", view)
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		do   func(p *pane)
		want []proxy.Field
	}{
		"added":        {func(p *pane) { p.addHeader("X-A", "1") }, []proxy.Field{{Name: "X-A", Value: "1"}}},
		"added by esc": {func(p *pane) { p.Do("]", "a"); p.Type("X-A"); p.Press("esc") }, []proxy.Field{{Name: "X-A"}}},
		"edited":       {func(p *pane) { p.addHeader("X-A", "1").Do("enter"); p.Type("2"); p.Press("esc") }, []proxy.Field{{Name: "X-A", Value: "12"}}},
		"emptied":      {func(p *pane) { p.addHeader("X-A", "1").Do("enter"); p.Press("ctrl+u", "esc") }, []proxy.Field{{Name: "X-A"}}},
		"off":          {func(p *pane) { p.addHeader("X-A", "1").Do("space") }, nil},
		"deleted":      {func(p *pane) { p.addHeader("X-A", "1").Do("d") }, nil},
		"undone":       {func(p *pane) { p.addHeader("X-A", "1").Do("d", "ctrl+z") }, []proxy.Field{{Name: "X-A", Value: "1"}}},
		"while typed":  {func(p *pane) { p.Do("]", "a"); p.Type("X-A"); p.Press("enter"); p.Type("now") }, []proxy.Field{{Name: "X-A", Value: "now"}}},
		"two in a row": {
			func(p *pane) {
				p.Do("]", "a")
				p.Type("A")
				p.Press("tab")
				p.Type("1")
				p.Press("tab")
				p.Do("enter")
				p.Type("B")
				p.Press("esc")
			},
			[]proxy.Field{{Name: "A", Value: "1"}, {Name: "B"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 14)
			tt.do(p)
			if got := p.Compose().Headers; !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestContentType(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body, typed, want string
	}{
		"none without a body": {"", "", ""},
		"JSON":                {`{"a":1}`, "", "application/json"},
		"text":                {"a=1", "", "text/plain"},
		"as typed":            {`{"a":1}`, "application/x-www-form-urlencoded", "application/x-www-form-urlencoded"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 14)
			if tt.typed != "" {
				p.addHeader("content-type", tt.typed)
			}
			p.body().Paste(tt.body)
			var got []string
			for _, h := range p.Compose().Headers {
				if strings.EqualFold(h.Name, "Content-Type") {
					got = append(got, h.Value)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%q: got %q, want %q", tt.body, got, tt.want)
			}
		})
	}
}

// A body is sent as it was loaded or pasted, to the byte.
func TestBodyIsKept(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"none":             "",
		"JSON":             string(full().Body),
		"tabs":             "{\n\t\"a\":\t1\n}",
		"the tab's mark":   "a␉b\tc",
		"carriage returns": "a\r\nb\r\n",
		"delete":           "a\x7fb",
		"C1 control":       "a\u0085b\u009b31m",
		"escape":           "a\x1b[2Jb",
		"invalid UTF-8":    "a\xff\xfeb",
		"replacement":      "a\uFFFDb",
		"bidi":             "user\u202egpj.exe",
		"wide":             uitest.Wide,
		"trailing lines":   "a\n\n\n",
		"blanks":           "  \n  a  \n ",
		"as much as fits":  strings.Repeat("x", 256<<10),
		"long":             strings.Repeat("0123456789\n", 100_000),
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 14)
			p.Load(request.Draft{Body: []byte(text)})
			p.ViewText(78, 14)
			if got := string(p.Compose().Body); got != text {
				t.Errorf("loaded: got %d bytes, want %d: %.60q, want %.60q", len(got), len(text), got, text)
			}
			p.Do("]", "]", "[", "[")
			p.body().Press("esc")
			if got := string(p.Compose().Body); got != text {
				t.Errorf("opened and left: got %.60q, want %.60q", got, text)
			}
		})
	}
}

func TestPasteIntoTheBody(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0123456789", 30_000)
	tests := map[string]struct {
		pasted []string
		want   string
	}{
		"lines of a terminal": {[]string{"a\rb\r"}, "a\nb\n"},
		"lines of Windows":    {[]string{"a\r\nb"}, "a\nb"},
		"tabs":                {[]string{"a\tb"}, "a\tb"},
		"controls":            {[]string{"a", "\x1b[2J"}, "a\x1b[2J"},
		"long":                {[]string{"a", long, "b"}, "a" + long + "b"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 14)
			p.body()
			for _, text := range tt.pasted {
				p.Paste(text)
			}
			if got := string(p.Compose().Body); got != tt.want {
				t.Errorf("got %.60q, want %.60q", got, tt.want)
			}
		})
	}
}

// What is on its way is not changed by a paste into the pane.
func TestComposedBodyStays(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 14)
	p.body().Paste(strings.Repeat("x", 300<<10))
	p.Paste("1")
	sent := p.Compose().Body
	want := string(sent)
	p.Paste("2")
	p.Run(func() tea.Msg { return nil })
	if string(sent) != want {
		t.Error("the body that was composed has changed")
	}
}

func TestDeleteTheBody(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 14)
	p.Load(full())
	p.Do("]", "]", "d")
	if got := p.Compose().Body; got != nil {
		t.Errorf("deleted: got %q", got)
	}
	p.Do("ctrl+z")
	if got := string(p.Compose().Body); got != string(full().Body) {
		t.Errorf("undone: got %q", got)
	}
}

// Load is undone as a whole, with what was switched off.
func TestLoadAndUndo(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 14)
	p.write("/mine?a=1&b=2").Do("j", "space")
	p.addHeader("X-Mine", "1").Do("space")
	p.body().Paste("mine")
	p.Press("esc")
	before, view := p.Compose(), p.ViewText(78, 14)
	p.Load(full())
	if got := p.Compose(); got.Method != "POST" || got.URL != list || string(got.Body) != string(full().Body) {
		t.Errorf("loaded: got %+v", got)
	}
	p.Do("ctrl+z")
	if got := p.Compose(); got.Method != before.Method || got.URL != before.URL || !slices.Equal(got.Headers, before.Headers) || string(got.Body) != string(before.Body) {
		t.Errorf("undone: got %+v, want %+v", got, before)
	}
	if got := p.ViewText(78, 14); got != view {
		t.Errorf("undone, it looks so:\n%s\nit was:\n%s", got, view)
	}
	p.Do("ctrl+z")
	if got := p.Compose(); got.URL != list {
		t.Errorf("undone twice: got %+v", got)
	}
}

// esc loses nothing, wherever one types, and neither does a change of focus.
func TestNothingIsLostOnTheWayOut(t *testing.T) {
	t.Parallel()
	open := map[string]func(p *pane){
		"method": func(p *pane) { p.method() }, "URL": func(p *pane) { p.url() }, "body": func(p *pane) { p.body() },
		"param": func(p *pane) { p.Do("a") }, "header": func(p *pane) { p.Do("]", "a") },
	}
	for name, enter := range open {
		for way, leave := range map[string]func(p *pane){
			"esc": func(p *pane) { p.Press("esc") }, "focus": func(p *pane) { p.Focus(false); p.Focus(true) }, "resize": func(p *pane) { p.Resize(58, 4); p.Press("esc") },
		} {
			t.Run(name+" by "+way, func(t *testing.T) {
				t.Parallel()
				p := newPane(t, 78, 14)
				enter(p)
				p.Type("WORD")
				leave(p)
				d := p.Compose()
				said := d.Method + d.URL + string(d.Body)
				for _, h := range d.Headers {
					said += h.Name
				}
				if p.Editing() || !strings.Contains(said, "WORD") {
					t.Errorf("got %+v, editing %v", d, p.Editing())
				}
			})
		}
	}
}

// The cursor goes from the URL through the rows, and back.
func TestMoves(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want string // what enter opens, as the status line and the row say
	}{
		"the URL":        {nil, "⏎ sends"},
		"a row":          {[]string{"j"}, "⏎ next"},
		"back up":        {[]string{"j", "k"}, "⏎ sends"},
		"past the end":   {[]string{"G", "j", "j"}, "⏎ next"},
		"to the top":     {[]string{"G", "g"}, "⏎ sends"},
		"the body":       {[]string{"]", "]", "j"}, "esc leaves · ^R sends"},
		"above the body": {[]string{"]", "]", "j", "k"}, "⏎ sends"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 14)
			p.Load(full())
			p.Do(tt.keys...)
			p.Do("enter")
			if got := p.StatusText(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("%q: got %q, want %q", tt.keys, got, tt.want)
			}
		})
	}
}

func TestClick(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		x, y int
		want string // somewhere on the pane
	}{
		"the method":       {2, 0, "GET  POST"},
		"the URL":          {30, 0, "⏎ sends"},
		"the headers' tab": {12, 2, "✓ X-Trace"},
		"the body's tab":   {26, 2, `"channel": "C1"`},
		"the preview":      {45, 2, "x-pd-proxy-X-Trace: e2e-7"},
		"below the rows":   {10, 12, "✓ limit"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 84, 14)
			p.Load(full())
			p.Click(tt.x, tt.y)
			if got := p.ViewText(84, 14) + p.StatusText(); !strings.Contains(got, tt.want) {
				t.Errorf("%q is not there:\n%s", tt.want, got)
			}
		})
	}
}

// The preview scrolls to its end, and no access token is in it.
func TestPreview(t *testing.T) {
	t.Parallel()
	p := newPane(t, 84, 9)
	p.Run(p.SetTarget(target, slackApp))
	p.Load(full())
	p.addHeader("Host", "x")
	p.Do("]", "]")
	p.SetKnown(request.Known{ProjectID: "proj_1", Inserts: []request.Insert{{Header: "Authorization", Value: "Bearer {{oauth_access_token}}"}}})
	view := p.ViewText(84, 9)
	for range 20 {
		p.Do("pgdown")
		view += "\n" + p.ViewText(84, 9)
	}
	for _, want := range []string{
		"POST " + list, "POST /v1/connect/proj_1/proxy/aHR0", "account_id=apn_slack1", "Bearer {access token}", "x-pd-environment: development",
		"x-pd-proxy-X-Trace: e2e-7  → upstream X-Trace", "Host: x  ✗ Connect refuses it", "Connect inserts  expected, unverified", "Authorization: Bearer {{oauth_access_token}}",
		"Body  57 B", `"channel": "C1"`, "The same as curl", "Authorization: Bearer $PIPEDREAM_ACCESS_TOKEN",
	} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not there:\n%s", want, view)
		}
	}
}
