package response_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/response"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 14, 12, 1, 0, 0, time.Local)

const slackBody = `{"ok":false,"error":"missing_scope","needed":"channels:read,groups:read","provided":"chat:write,users:read","response_metadata":{"next_cursor":"","messages":["[ERROR] missing required scope"]}}`

// pane is the pane under test with the little of the root that it needs.
type pane struct {
	*response.Model
	tb   testing.TB
	jobs *job.Runner
	clip string // what went to the clipboard
}

func newPane(tb testing.TB, width, height int) *pane {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	p := &pane{Model: response.New(), tb: tb, jobs: job.NewRunner(ctx, time.Now)}
	tb.Cleanup(func() {
		p.Close()
		stop()
		p.jobs.Wait(5 * time.Second)
	})
	p.Resize(width, height)
	p.Focus(true)
	return p
}

// run carries a command out as the root does, until nothing is left to do.
func (p *pane) run(cmd tea.Cmd) {
	p.tb.Helper()
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			p.run(c)
		}
	case job.Job:
		p.run(p.jobs.Run(msg))
	case job.Answer:
		answer, next := p.jobs.Take(msg)
		if answer != nil {
			p.run(p.Update(answer))
		}
		p.run(next)
	case response.CopyAsked: // the first that the root offers
		p.run(p.Copies(nil)[0].Run())
	case response.Clip:
		p.clip = msg.Text
	default:
		p.run(p.Update(msg))
	}
}

// do runs the action that a key is bound to, where it can be done now.
func (p *pane) do(keys ...string) *pane {
	p.tb.Helper()
	for _, key := range keys {
		a := p.bound(key)
		if !a.Ready() {
			p.tb.Fatalf("%s (%s) cannot be done now", a.ID, key)
		}
		p.run(a.Run())
	}
	return p
}

func (p *pane) bound(key string) action.Action {
	p.tb.Helper()
	for _, a := range p.Actions() {
		if slices.Contains(a.Keys, key) {
			return a
		}
	}
	p.tb.Fatalf("no action on %q", key)
	return action.Action{}
}

func (p *pane) typed(text string) *pane {
	p.tb.Helper()
	for _, r := range text {
		p.run(p.Update(tea.KeyPressMsg{Code: r, Text: string(r)}))
	}
	return p
}

func (p *pane) enter() *pane {
	p.tb.Helper()
	p.run(p.Update(tea.KeyPressMsg{Code: tea.KeyEnter}))
	return p
}

func (p *pane) status() string {
	left, right := p.Status(themes.For(true))
	return strings.TrimSpace(ansi.Strip(left + " | " + right))
}

func (p *pane) title() string {
	state, right := p.Title(themes.For(true))
	return ansi.Strip(state + " | " + right)
}

// screen is all that the pane says, as text.
func (p *pane) screen(width, height int) string {
	th := themes.For(true)
	view := ansi.Strip(p.View(width, height, th))
	text := p.title() + "\n" + strings.Repeat("─", width) + "\n" + trimmed(view) + "\n" + strings.Repeat("─", width) + "\n" + p.status() + "\n"
	if line, title := p.Rule(height, th); line > 0 {
		text += fmt.Sprintf("rule above line %d: %s\n", line, ansi.Strip(title))
	}
	return text
}

func trimmed(view string) string {
	lines := strings.Split(view, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

func exchange() history.Exchange {
	return history.Exchange{
		ID: "x1", StartedAt: noon, Environment: proxy.Development, ExternalUserID: "abc-123",
		Account: history.Account{ID: "apn_slack1", Name: "Acme workspace", App: "slack"},
		Request: history.Request{
			Method: "POST", URL: "https://slack.com/api/conversations.list?limit=50",
			Headers: []proxy.Field{{Name: "X-Trace", Value: "1"}, {Name: "Content-Type", Value: "application/json"}},
			Body:    []byte("{\n  \"limit\": 50\n}\n"),
		},
		Timing: proxy.Timing{
			DNS: 12 * time.Millisecond, Connect: 30 * time.Millisecond, TLS: 60 * time.Millisecond, Sent: 200 * time.Microsecond,
			FirstByte: 300 * time.Millisecond, Body: 9 * time.Millisecond, Total: 412 * time.Millisecond, Remote: "127.0.0.1:8787",
		},
	}
}

// answered is the result of a call that the upstream answered.
func answered(tb testing.TB, status int, mediaType, body string) session.Result {
	tb.Helper()
	doc := document.New(document.Options{MediaType: mediaType})
	if _, err := doc.Write([]byte(body)); err != nil {
		tb.Fatal(err)
	}
	doc.End(nil)
	x := exchange()
	x.Response = &history.Response{
		Status: status, Size: int64(len(body)),
		Headers: []proxy.Field{
			{Name: "Content-Type", Value: mediaType},
			{Name: "X-Oauth-Scopes", Value: "chat:write,users:read"},
			{Name: "X-Slack-Req-Id", Value: "0123456789abcdef0123456789abcdef"},
		},
	}
	x.Finding = diagnose.Judge(diagnose.Input{
		Method: x.Request.Method, URL: x.Request.URL, Status: status, Header: http.Header{}, Body: []byte(body[:min(len(body), 64<<10)]),
	})
	return session.Result{Exchange: x, Document: doc, Done: true}
}

// unanswered is the result of a call that ended without an answer.
func unanswered(err error) session.Result {
	x := exchange()
	x.Timing = proxy.Timing{Total: 5 * time.Millisecond}
	x.Finding = diagnose.Judge(diagnose.Input{Method: x.Request.Method, URL: x.Request.URL, Err: err})
	return session.Result{Exchange: x, Err: err, Done: true}
}

// arriving is a call whose body has not ended.
func arriving(tb testing.TB, body string) session.Result {
	tb.Helper()
	r := answered(tb, 200, "application/json", "")
	r.Done, r.Exchange.Finding = false, diagnose.Finding{Who: diagnose.Unknown}
	r.Document = document.New(document.Options{MediaType: "application/json"})
	if _, err := r.Document.Write([]byte(body)); err != nil {
		tb.Fatal(err)
	}
	r.Exchange.Response.Size = int64(len(body))
	return r
}

// states are all that the pane can show.
var states = map[string]func(p *pane){
	"empty": func(*pane) {},
	"in flight": func(p *pane) {
		p.Begin("sending GET slack.com", noon)
		p.Tick(noon.Add(3500 * time.Millisecond))
	},
	"in flight after another": func(p *pane) {
		p.Show(answered(p.tb, 200, "application/json", slackBody))
		p.Begin("sending GET slack.com", noon)
		p.Tick(noon.Add(3 * time.Second))
	},
	"arriving": func(p *pane) {
		p.Begin("sending GET slack.com", noon)
		p.Show(arriving(p.tb, `{"items":[{"id":1},{"id":2},{"na`))
	},
	"works":      func(p *pane) { p.Show(answered(p.tb, 200, "application/json", `{"ok":true,"n":[1,2.50,null]}`)) },
	"but failed": func(p *pane) { p.Show(answered(p.tb, 200, "application/json", slackBody)) },
	"upstream fails": func(p *pane) {
		p.Show(answered(p.tb, 503, "text/html", "<html><body>Down for maintenance</body></html>"))
	},
	"no body": func(p *pane) { p.Show(answered(p.tb, 204, "", "")) },
	"binary":  func(p *pane) { p.Show(answered(p.tb, 200, "audio/mpeg", "\x89ID3\r\n\x1a\n\x00\x01")) },
	"hostile": func(p *pane) {
		r := answered(p.tb, 200, "text/plain", "\x1b[31mred\x1b]0;owned\x07\nuser\u202egpj.exe\n"+strings.Repeat("日本", 300)+"\n")
		r.Exchange.Response.Headers = []proxy.Field{{Name: "X-\x1b[2J", Value: "a\u202eb\r\nc"}}
		r.Exchange.Request.URL = "https://slack.com/\x1b[31m"
		p.Show(r)
	},
	"hostile headers": func(p *pane) {
		r := answered(p.tb, 200, "text/plain", "x")
		r.Exchange.Response.Headers = []proxy.Field{{Name: "X-\x1b[2J", Value: "a\u202eb\r\nc"}, {Name: strings.Repeat("日", 99), Value: strings.Repeat("本", 999)}}
		p.Show(r)
		p.do("]")
	},
	"headers":   func(p *pane) { p.Show(answered(p.tb, 200, "application/json", slackBody)); p.do("]", "j") },
	"diagnosis": func(p *pane) { p.Show(answered(p.tb, 200, "application/json", slackBody)); p.ShowDiagnosis() },
	"sent":      func(p *pane) { p.Show(answered(p.tb, 200, "application/json", slackBody)); p.do("[", "[") },
	"timing":    func(p *pane) { p.Show(answered(p.tb, 200, "application/json", slackBody)); p.do("[") },
	"timing of a kept connection": func(p *pane) {
		r := answered(p.tb, 200, "application/json", slackBody)
		r.Exchange.Timing = proxy.Timing{Sent: time.Millisecond, FirstByte: 2 * time.Second, Body: time.Second, Total: 3001 * time.Millisecond, Reused: true, Remote: "127.0.0.1:8787"}
		p.Show(r)
		p.do("[")
	},
	"no network": func(p *pane) {
		p.Show(unanswered(&proxy.NetworkError{Operation: "proxy", Phase: "connect", Host: "127.0.0.1:1", Err: errors.New("connection refused")}))
	},
	"refused by Connect": func(p *pane) {
		p.Show(unanswered(&proxy.APIError{Operation: "proxy", Status: 400, Message: "Domain evil.com is not allowed for this app"}))
	},
	"timed out": func(p *pane) {
		p.Show(unanswered(&proxy.TimeoutError{Operation: "proxy", Phase: "wait", Host: "127.0.0.1:1", After: time.Minute}))
	},
	"cancelled":              func(p *pane) { p.Show(unanswered(context.Canceled)) },
	"headers without answer": func(p *pane) { p.Show(unanswered(context.Canceled)); p.do("]") },
	"cut off":                cutOff,
	"from the history":       func(p *pane) { p.run(p.Load(stored(slackBody, len(slackBody)))) },
	"cut and masked": func(p *pane) {
		p.run(p.Load(stored(slackBody[:80], 10_000_000, "response.body", "request.headers.Authorization")))
	},
	"not kept":                func(p *pane) { p.run(p.Load(stored("", 4_100))) },
	"stored without response": func(p *pane) { p.run(p.Load(unanswered(context.Canceled).Exchange)) },
	"diagnosis of the stored": func(p *pane) {
		p.run(p.Load(stored(slackBody[:80], 10_000_000, "response.body", "request.headers.Authorization")))
		p.ShowDiagnosis()
	},
	"found": func(p *pane) {
		p.Show(answered(p.tb, 200, "application/json", slackBody))
		p.do("/").typed("SCOPE").enter()
	},
	"finding": func(p *pane) { p.Show(answered(p.tb, 200, "application/json", slackBody)); p.do("/").typed("sco") },
	"not found": func(p *pane) {
		p.Show(answered(p.tb, 200, "application/json", slackBody))
		p.do("/").typed("zz").enter()
	},
	"wrapped": func(p *pane) {
		p.Show(answered(p.tb, 200, "text/plain", strings.Repeat("0123456789", 60)+"\nshort\n"))
		p.do("W", "j")
	},
	"to the right": func(p *pane) {
		p.Show(answered(p.tb, 200, "text/plain", strings.Repeat("0123456789", 60)+"\nshort\n"))
		p.do("l", "l")
	},
}

func cutOff(p *pane) {
	err := &proxy.NetworkError{Operation: "proxy", Phase: "body", Host: "127.0.0.1:1", Err: errors.New("unexpected EOF")}
	r := answered(p.tb, 200, "application/json", `{"a":[1,2`)
	r.Err = err
	r.Exchange.Response.BodyTruncated = true
	r.Exchange.Finding = diagnose.Judge(diagnose.Input{Method: "GET", URL: r.Exchange.Request.URL, Status: 200, Err: err})
	p.Show(r)
}

func stored(body string, size int, redacted ...string) history.Exchange {
	x := exchange()
	x.Response = &history.Response{
		Status: 200, Size: int64(size), Body: []byte(body), BodyTruncated: len(body) < size,
		Headers: []proxy.Field{{Name: "content-type", Value: "application/json"}},
	}
	x.Redacted = redacted
	x.Finding = diagnose.Judge(diagnose.Input{Method: "POST", URL: x.Request.URL, Status: 200, Body: []byte(body)})
	return x
}

// sizes are the insides of the pane on common screens.
var sizes = [][2]int{{58, 8}, {78, 12}, {84, 24}, {160, 50}}

func TestView(t *testing.T) {
	t.Parallel()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, size := range sizes {
				p := newPane(t, size[0], size[1])
				reach(p)
				fmt.Fprintf(&all, "%d×%d  %s\n", size[0], size[1], p.screen(size[0], size[1]))
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

// TestViewFits draws every state at odd sizes: nothing leaves the room, and the
// terminal is told nothing that a stranger wrote.
func TestViewFits(t *testing.T) {
	t.Parallel()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			for width := 1; width <= 90; width += 7 {
				for height := 1; height <= 30; height += 3 {
					p := newPane(t, width, height)
					reach(p)
					for _, w := range []int{width, 34} { // also another than it was told
						checkFits(t, p, w, height)
					}
				}
			}
		})
	}
}

func checkFits(t *testing.T, p *pane, width, height int) {
	t.Helper()
	view := p.View(width, height, themes.For(true))
	lines := strings.Split(view, "\n")
	if len(lines) > height {
		t.Errorf("%d×%d: %d lines", width, height, len(lines))
	}
	for _, line := range lines {
		if w := ansi.StringWidth(line); w > width {
			t.Errorf("%d×%d: %d cells in %q", width, height, w, ansi.Strip(line))
		}
	}
	plain := ansi.Strip(p.View(width, height, themes.For(true)) + p.title() + p.status())
	if i := strings.IndexFunc(plain, func(r rune) bool { return r < 0x20 && r != '\n' || r == 0x202e || r >= 0x7f && r < 0xa0 }); i >= 0 {
		t.Errorf("%d×%d: control character in %q", width, height, plain)
	}
	if again := p.View(width, height, themes.For(true)); again != view {
		t.Errorf("%d×%d: drawn twice it differs", width, height)
	}
}

func TestScrollPositionStays(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 20)
	r := arriving(t, strings.Repeat("[1,\n", 300))
	p.Show(r)
	p.do("pgdown", "pgdown", "j")
	want := cursorLine(p)
	check := func(what string) {
		t.Helper()
		if got := cursorLine(p); got != want {
			t.Errorf("%s: the cursor is on %q, was on %q", what, got, want)
		}
	}
	if _, err := r.Document.Write([]byte(strings.Repeat("2,", 5000))); err != nil {
		t.Fatal(err)
	}
	p.Show(r)
	check("growth")
	p.Resize(58, 9)
	check("resize")
	p.do("]", "]", "[", "[")
	check("tabs")
	p.Resize(160, 50)
	check("resize")
	r.Document.End(nil)
	r.Done = true
	p.Show(r)
	check("end")
}

func cursorLine(p *pane) string {
	_, right, _ := strings.Cut(p.status(), "| ")
	line, _, _ := strings.Cut(right, "/")
	return line
}

func TestFind(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want string // line of the cursor
	}{
		"first":           {nil, "line 3/"},
		"next":            {[]string{"n"}, "line 9/"},
		"round":           {[]string{"n", "n"}, "line 3/"},
		"previous":        {[]string{"N"}, "line 9/"},
		"from the cursor": {[]string{"G", "n"}, "line 3/"},
		"in raw":          {[]string{"v", "n"}, "line 1/1"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 30)
			p.Show(answered(t, 200, "application/json", slackBody))
			p.do("/").typed("scope").enter().do(tt.keys...)
			if got := p.status(); !strings.Contains(got, tt.want) || !strings.Contains(got, "2 matches") {
				t.Errorf("got %q, want %s and 2 matches", got, tt.want)
			}
		})
	}
}

func TestFindAnswerOfAnotherBodyIsDropped(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 30)
	p.Show(answered(t, 200, "application/json", slackBody))
	p.do("/").typed("scope")
	late := p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	r := answered(t, 200, "text/plain", "one\ntwo\n")
	r.Exchange.ID = "x2"
	p.Show(r)
	p.run(late)
	if got := p.status(); !strings.Contains(got, "line 1/2") || strings.Contains(got, "scope") {
		t.Errorf("a search of the body before shows: %q", got)
	}
}

func TestCopy(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want string
	}{
		"body":          {nil, slackBody},
		"header":        {[]string{"]", "j"}, "X-Oauth-Scopes: chat:write,users:read"},
		"URL":           {[]string{"[", "["}, exchange().Request.URL},
		"sent header":   {[]string{"[", "[", "j", "j", "j"}, "X-Trace: 1"},
		"body sent":     {[]string{"[", "[", "G"}, string(exchange().Request.Body)},
		"nothing there": {[]string{"[", "[", "j", "j"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 30)
			p.Show(answered(t, 200, "application/json", slackBody))
			p.do(tt.keys...).do("y")
			if p.clip != tt.want {
				t.Errorf("got %q, want %q (%s)", p.clip, tt.want, p.status())
			}
		})
	}
}

func TestCopyLeavesWhatIsTooLong(t *testing.T) {
	t.Parallel()
	p := newPane(t, 78, 30)
	p.Show(answered(t, 200, "text/plain", strings.Repeat("x", 200_000)))
	if p.do("y"); len(p.clip) != 200_000 {
		t.Errorf("copied %d bytes of 200,000; says %q", len(p.clip), p.status())
	}
	p.clip = ""
	p.Show(answered(t, 200, "text/plain", strings.Repeat("x", 9<<20)))
	p.do("y")
	if p.clip != "" || !strings.Contains(p.status(), "w saves it") {
		t.Errorf("copied %d bytes; says %q", len(p.clip), p.status())
	}
}

func TestSave(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "with space.json")
	p := newPane(t, 78, 30)
	p.Show(answered(t, 200, "application/json", slackBody))
	save := func() {
		t.Helper()
		p.do("w")
		p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
		p.Update(tea.PasteMsg{Content: path})
		p.enter()
	}
	save()
	if got := read(t, path); got != slackBody || p.Editing() {
		t.Fatalf("saved %q, editing %v; says %q", got, p.Editing(), p.status())
	}
	if at, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && at.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", at.Mode(), err)
	}

	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	save()
	if got := read(t, path); got != "mine" || !strings.Contains(p.status(), "once more replaces") {
		t.Fatalf("a file that was there: %q; says %q", got, p.status())
	}
	p.enter()
	if got := read(t, path); got != slackBody {
		t.Errorf("enter once more: %q; says %q", got, p.status())
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("left beside it: %v, %v", left, err)
	}
}

func TestSaveRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ path, want string }{
		"a folder":         {"", "that is a folder"},
		"a missing folder": {"no/such/folder/x.json", "no such file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 200, 30)
			p.Show(answered(t, 200, "application/json", slackBody))
			p.do("w")
			p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
			p.Update(tea.PasteMsg{Content: filepath.Join(t.TempDir(), tt.path)})
			p.enter()
			if got := p.status(); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestSaveOutlivesTheNextAnswer holds the body open until it is written.
func TestSaveOutlivesTheNextAnswer(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.json")
	p := newPane(t, 78, 30)
	first := answered(t, 200, "application/json", slackBody)
	p.Show(first)
	p.do("w")
	p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	p.Update(tea.PasteMsg{Content: path})
	late := p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})
	r := answered(t, 200, "text/plain", "next")
	r.Exchange.ID = "x2"
	p.Show(r)
	p.run(late)
	if got := read(t, path); got != slackBody {
		t.Errorf("saved %q; says %q", got, p.status())
	}
	if _, err := first.Document.Write([]byte("x")); !errors.Is(err, document.ErrClosed) {
		t.Errorf("the body before is still open: %v", err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestClick(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		x, y int
		want string
	}{
		"a line":           {20, 4, "line 3/"},
		"below the body":   {20, 27, "line 1/"},
		"the headers' tab": {10, 0, "| line 1/3"},
		"the blank line":   {10, 1, "line 1/"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 30)
			p.Show(answered(t, 200, "application/json", slackBody))
			p.run(p.Update(tea.MouseClickMsg{X: tt.x, Y: tt.y}))
			if got := p.status(); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestWrapShowsTheCursor moves through lines that take several rows each.
func TestWrapShowsTheCursor(t *testing.T) {
	t.Parallel()
	var body strings.Builder
	for i := range 100 {
		fmt.Fprintf(&body, "<%d>%s\n", i, strings.Repeat("x", i*7))
	}
	p := newPane(t, 58, 12)
	p.Show(answered(t, 200, "text/plain", body.String()))
	p.do("W")
	for i := range 100 {
		if view := ansi.Strip(p.View(58, 12, themes.For(true))); !strings.Contains(view, fmt.Sprintf("<%d>", i)) {
			t.Fatalf("line %d does not show:\n%s", i, view)
		}
		for range 20 { // a line that has more rows than show is left at its end
			if p.do("j"); strings.Contains(p.status(), fmt.Sprintf("line %d/", i+2)) {
				break
			}
		}
	}
}

// TestLongLinesCanBeReadToTheirEnd scrolls every tab to the side.
func TestLongLinesCanBeReadToTheirEnd(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{"body": nil, "headers": {"]"}, "sent": {"[", "["}}
	for name, keys := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 12)
			long := strings.Repeat("日x", 200) + "END"
			r := answered(t, 200, "text/plain", long)
			r.Exchange.Response.Headers = []proxy.Field{{Name: "X-Long", Value: long}}
			r.Exchange.Request.URL = "https://slack.com/" + long
			p.Show(r)
			p.do(keys...)
			for range 100 {
				p.do("l")
			}
			if view := ansi.Strip(p.View(78, 12, themes.For(true))); !strings.Contains(view, "END") {
				t.Errorf("its end does not show:\n%s", view)
			}
			for range 100 {
				p.do("h")
			}
			if view := ansi.Strip(p.View(78, 12, themes.For(true))); strings.Contains(view, "END") {
				t.Errorf("its beginning does not show:\n%s", view)
			}
		})
	}
}

func TestColoured(t *testing.T) {
	t.Parallel()
	for _, dark := range []bool{true, false} {
		t.Run(map[bool]string{true: "dark", false: "light"}[dark], func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 78, 18)
			p.Show(answered(t, 200, "application/json", slackBody))
			p.do("/").typed("scope").enter()
			golden.RequireEqual(t, strings.ReplaceAll(p.View(78, 18, themes.For(dark)), "\x1b", "␛")+"\n")
		})
	}
}
