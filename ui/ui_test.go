package ui

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/compare"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/sweep"
	"github.com/connectty/connectty/internal/variables"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/accounts"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/environment"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/uitest"
	"github.com/connectty/connectty/ui/users"
)

// TestMain gives the tests a folder for temporary files: an editor that does not
// open here leaves its file.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "connectty-ui-")
	if err == nil {
		err = os.Setenv("TMPDIR", dir)
	}
	if err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		_ = os.RemoveAll(dir)
		os.Exit(code) //nolint:forbidigo // a TestMain ends its process
	}))
}

// connect is a Connect that lists what is in it.
type connect struct {
	users    []proxy.User
	accounts []proxy.Account
	err      error
}

func (c *connect) UserPage(context.Context, proxy.UserQuery, string) (proxy.Page[proxy.User], error) {
	return proxy.Page[proxy.User]{Items: c.users, Total: len(c.users)}, c.err
}

func (c *connect) Accounts(_ context.Context, q proxy.AccountQuery) iter.Seq2[proxy.Account, error] {
	return func(yield func(proxy.Account, error) bool) {
		for _, a := range c.accounts {
			if (q.ExternalUserID == "" || a.ExternalUserID == q.ExternalUserID) && !yield(a, nil) {
				return
			}
		}
	}
}

// kept is a history of some exchanges.
type kept []history.Exchange

func (k kept) List(context.Context, history.Query) ([]history.Exchange, error) { return k, nil }

func (k kept) Load(_ context.Context, id string) (history.Exchange, error) {
	i := slices.IndexFunc(k, func(x history.Exchange) bool { return x.ID == id })
	return k[i], nil
}

func (k kept) Outline(context.Context, history.Query, int) (history.Outline, error) {
	return history.Outline{Count: len(k), Every: 1000, Starts: []string{""}}, nil
}

func (k kept) Rank(context.Context, history.Query, string) (int, error) { return 0, nil }

// explorer is the whole screen under test.
type explorer struct {
	*model
	tb   testing.TB
	quit bool
}

func newExplorer(tb testing.TB, width, height int, opts Options) *explorer {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	opts.Theme = "dark"
	opts.Session.Embedded = true
	m, err := newModel(ctx, opts)
	if err != nil {
		tb.Fatal(err)
	}
	e := &explorer{model: m, tb: tb}
	tb.Cleanup(func() {
		m.response.Close()
		stop()
		m.jobs.Wait(5 * time.Second)
	})
	return e.size(width, height)
}

func (e *explorer) tell(msg tea.Msg) *explorer {
	_, cmd := e.Update(msg)
	return e.run(cmd)
}

func (e *explorer) size(width, height int) *explorer {
	return e.tell(tea.WindowSizeMsg{Width: width, Height: height})
}

// run carries a command out as Bubble Tea does, but that nothing is written to
// the disk.
func (e *explorer) run(cmd tea.Cmd) *explorer {
	e.tb.Helper()
	if cmd == nil {
		return e
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.QuitMsg:
		e.quit = true
	case tea.BatchMsg:
		for _, c := range msg {
			e.run(c)
		}
	case job.Job:
		if msg.Key != "response.save" && msg.Label != savingLabel {
			e.tell(msg)
		}
	default:
		e.tell(msg)
	}
	return e
}

func (e *explorer) press(keys ...string) *explorer {
	for _, key := range keys {
		e.tell(uitest.Key(key))
	}
	return e
}

func (e *explorer) typed(text string) *explorer {
	for _, r := range text {
		e.tell(uitest.Key(string(r)))
	}
	return e
}

func (e *explorer) text() string { return uitest.Text(e.screen()) }

func (e *explorer) shows(what ...string) {
	e.tb.Helper()
	for _, w := range what {
		if !strings.Contains(e.text(), w) {
			e.tb.Errorf("%q is not on the screen:\n%s", w, e.text())
		}
	}
}

func (e *explorer) hides(what ...string) {
	e.tb.Helper()
	for _, w := range what {
		if strings.Contains(e.text(), w) {
			e.tb.Errorf("%q is on the screen:\n%s", w, e.text())
		}
	}
}

// world is a Connect with a few users and accounts.
func world() *connect {
	c := &connect{}
	for _, id := range []string{"abc-123", "jane@acme.io", "user-8841", "user-1203", uitest.Hostile, uitest.Wide} {
		c.users = append(c.users, proxy.User{ID: "exu_" + id, ExternalID: id})
	}
	for i, a := range []struct{ name, slug, app string }{{"Acme workspace", "slack", "Slack"}, {"Acme help desk", "zendesk", "Zendesk"}, {"", "github", "GitHub"}} {
		c.accounts = append(c.accounts, proxy.Account{
			ID: fmt.Sprintf("apn_%s1", a.slug), Name: a.name, ExternalUserID: "abc-123", Healthy: i != 2, Dead: i == 1, App: proxy.App{Slug: a.slug, Name: a.app},
		})
	}
	c.accounts = append(c.accounts, proxy.Account{ID: "apn_slack2", Name: "Globex", ExternalUserID: "jane@acme.io", Healthy: true, App: proxy.App{Slug: "slack", Name: "Slack"}})
	return c
}

const slackBody = `{"ok":false,"error":"missing_scope","needed":"channels:read","provided":"chat:write,users:read","who":"日本語 👩‍🚀"}`

func exchange(id, method, url string, status int) history.Exchange {
	now := time.Now()
	x := history.Exchange{
		ID: id, StartedAt: time.Date(now.Year(), now.Month(), now.Day(), 12, 1, 0, 0, time.Local),
		Environment: proxy.Development, ExternalUserID: "abc-123", Account: history.Account{ID: "apn_slack1", Name: "Acme workspace", App: "slack"},
		Request: history.Request{Method: method, URL: url, Headers: []proxy.Field{{Name: "X-Trace", Value: "1"}}},
		Response: &history.Response{
			Status: status, Size: int64(len(slackBody)), Body: []byte(slackBody),
			Headers: []proxy.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "X-Oauth-Scopes", Value: "chat:write"}},
		},
		Timing: proxy.Timing{FirstByte: 300 * time.Millisecond, Body: 9 * time.Millisecond, Total: 412 * time.Millisecond},
	}
	x.Finding = diagnose.Judge(diagnose.Input{Method: method, URL: url, Status: status, Body: []byte(slackBody)})
	return x
}

// working is a screen on which somebody is at work: a target, a request, and
// its response.
func working(tb testing.TB, width, height int) *explorer {
	tb.Helper()
	e := newExplorer(tb, width, height, Options{})
	w := world()
	e.run(e.users.SetSource(w)).run(e.accounts.SetSource(w))
	e.run(e.history.SetSource(kept{
		exchange("x2", "GET", "https://slack.com/api/conversations.list?limit=50", 200), exchange("x1", "DELETE", "https://slack.com/api/x", 404),
	}))
	e.run(e.pickUser(users.Picked{User: w.users[0]})).run(e.pickAccount(w.accounts[0]))
	x := exchange("x2", "GET", "https://slack.com/api/conversations.list?limit=50", 200)
	e.request.Load(draft(x))
	doc := document.New(document.Options{MediaType: "application/json"})
	if _, err := doc.Write([]byte(slackBody)); err != nil {
		tb.Fatal(err)
	}
	doc.End(nil)
	e.response.Show(session.Result{Exchange: x, Document: doc, Done: true})
	return e.press("4").tell(nil)
}

// guard asks as before a write in production; a session is not needed for it.
func (e *explorer) guard() {
	e.overlays.Push(&overlay.Confirm{
		Title: "Send to PRODUCTION?", Alarm: true, Yes: "Send", No: "Cancel",
		Lines: []overlay.Line{
			{Label: "POST", Text: "https://slack.com/api/chat.postMessage", Tone: overlay.Bad},
			{},
			{Label: "user", Text: "abc-123"},
			{Label: "account", Text: "Slack"},
			{},
			{Text: "No undo.", Tone: overlay.Warn},
		},
		OnYes: func() tea.Cmd { return nil },
	})
}

// state is one way in which the screen is found.
type state struct {
	opts Options
	idle bool // nobody is at work yet
	then func(e *explorer)
}

func (s state) reach(tb testing.TB, width, height int) *explorer {
	tb.Helper()
	e := (*explorer)(nil)
	if s.idle {
		e = newExplorer(tb, width, height, s.opts)
	} else {
		e = working(tb, width, height)
	}
	if s.then != nil {
		s.then(e)
	}
	return e
}

var broken = Options{SettingsErr: errors.New(`config.toml:2: unknown key "profil"; did you mean "profile"?`)}

// states are what a person can have before them.
var states = map[string]state{
	"start":                      {idle: true},
	"broken config":              {idle: true, opts: broken, then: func(e *explorer) { e.open() }},
	"broken config, a key later": {idle: true, opts: broken, then: func(e *explorer) { e.open(); e.press("j") }},
	"working":                    {},
	"users":                      {then: func(e *explorer) { e.press("1") }},
	"request":                    {then: func(e *explorer) { e.press("3") }},
	"history":                    {then: func(e *explorer) { e.press("5") }},
	"zoomed":                     {then: func(e *explorer) { e.press("z") }},
	"typing the URL":             {then: func(e *explorer) { e.press("u").typed("&cursor=") }},
	"all users":                  {then: func(e *explorer) { e.press("U", "enter") }},
	"user picker":                {then: func(e *explorer) { e.press("U") }},
	"account picker":             {then: func(e *explorer) { e.press("A").typed("sl") }},
	"palette":                    {then: func(e *explorer) { e.press(":") }},
	"help":                       {then: func(e *explorer) { e.press("?") }},
	"pasted":                     {then: func(e *explorer) { e.tell(tea.PasteMsg{Content: "qqq"}) }},
	"not yet":                    {then: func(e *explorer) { e.press("ctrl+r") }},
	"production":                 {then: func(e *explorer) { e.tell(environment.Picked{Environment: proxy.Production}) }},
	"guard":                      {then: func(e *explorer) { e.tell(environment.Picked{Environment: proxy.Production}).guard() }},
	"users not loaded": {idle: true, then: func(e *explorer) {
		e.run(e.users.SetSource(&connect{err: errors.New("list users: connection refused")}))
	}},
	"users not loaded, in the picker": {idle: true, then: func(e *explorer) {
		e.run(e.users.SetSource(&connect{err: errors.New("list users: connection refused")})).press("U")
	}},
	"no user, in the picker": {idle: true, then: func(e *explorer) { e.run(e.accounts.SetSource(world())).press("A") }},
	"the first steps":        {then: func(e *explorer) { e.beginCoach(false); e.tell(nil) }},
	"pinned, and recent": {then: func(e *explorer) {
		e.users.SetTop([]string{"user-8841", uitest.Hostile}, []string{"jane@acme.io"})
		e.press("1").tell(nil)
	}},
	"a name without a value": {then: func(e *explorer) {
		e.request.SetNames(variables.Set{Own: map[string]string{"channel": "C1"}})
		e.press("u", "ctrl+u").typed("/api/x?channel={{channel}}&limit={{limt}}").press("esc")
	}},
	"profiles": {then: func(e *explorer) {
		e.opts.Profiles = []ProfileChoice{{Name: "acme", Detail: "proj_Xy12 · production · read-only"}, {Name: uitest.Wide, Detail: uitest.Hostile}}
		e.press("P")
	}},
	"help, searched": {then: func(e *explorer) { e.press("?", "/").typed("curl") }},
	"details":        {then: func(e *explorer) { e.press("I") }},
	"plain": {then: func(e *explorer) {
		e.opts.Plain, e.layout = true, layout{}
		e.size(e.width, e.height)
	}},
}

// everySize are the states that are looked at in all sizes.
var everySize = []string{"start", "working", "production", "guard", "user picker", "the first steps"}

func TestScreen(t *testing.T) {
	t.Parallel()
	for name, s := range states {
		t.Run(strings.NewReplacer(" ", "-", ",", "").Replace(name), func(t *testing.T) {
			t.Parallel()
			sizes := [][2]int{{60, 15}, {80, 24}, {120, 40}}
			if slices.Contains(everySize, name) {
				sizes = append(sizes, [2]int{80, 50}, [2]int{100, 30}, [2]int{200, 60})
			}
			var all strings.Builder
			for _, size := range sizes {
				fmt.Fprintf(&all, "%d×%d\n%s\n\n", size[0], size[1], s.reach(t, size[0], size[1]).text())
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

func TestColoured(t *testing.T) {
	t.Parallel()
	tests := map[string]func(e *explorer){
		"dark":  func(e *explorer) { e.th = themes.For(true) },
		"light": func(e *explorer) { e.th = themes.For(false) },
		"mono":  func(e *explorer) { e.tell(tea.ColorProfileMsg{Profile: colorprofile.NoTTY}) },
	}
	for name, paint := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, state := range []string{"working", "production", "user picker", "a name without a value"} {
				e := states[state].reach(t, 100, 24)
				paint(e)
				fmt.Fprintf(&all, "%s\n%s\n", state, strings.ReplaceAll(e.screen(), "\x1b", "␛"))
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

// Where the terminal has no colour, its background changes nothing.
func TestNoColour(t *testing.T) {
	t.Parallel()
	e := newExplorer(t, 100, 30, Options{})
	e.opts.Theme = "auto"
	e.tell(tea.BackgroundColorMsg{})
	e.tell(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	e.tell(tea.BackgroundColorMsg{})
	if e.th != themes.Mono() {
		t.Errorf("the theme is %q", e.th.Name)
	}
}

// exact checks that the screen is exactly as large as the terminal, and tells it
// nothing that a stranger wrote.
func (e *explorer) exact(what string) {
	e.tb.Helper()
	view := e.screen()
	lines := strings.Split(view, "\n")
	small := e.width < leastWidth || e.height < leastHeight
	if len(lines) != e.height && !small {
		e.tb.Errorf("%s: %d lines, want %d", what, len(lines), e.height)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w != e.width {
			e.tb.Errorf("%s: line %d has %d cells, want %d: %q", what, i, w, e.width, ansi.Strip(line))
		}
	}
	uitest.Harmless(e.tb, ansi.Strip(view))
}

func TestScreenIsExact(t *testing.T) {
	t.Parallel()
	for name, s := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			e := s.reach(t, 120, 40)
			for width := 60; width <= 220; width += 40 {
				for height := 15; height <= 70; height += 18 {
					e.size(width, height).exact(fmt.Sprintf("%d×%d", width, height))
				}
			}
		})
	}
}

// The same with each pane in focus, zoomed and not, under each dialog.
func TestPanesAreExact(t *testing.T) {
	t.Parallel()
	open := map[string]func(e *explorer){
		"": func(*explorer) {}, "users": func(e *explorer) { e.chooseUser() }, "palette": func(e *explorer) { e.openPalette() },
		"help": func(e *explorer) { e.openHelp() }, "guard": (*explorer).guard,
	}
	e := working(t, 120, 40)
	for _, size := range [][2]int{{60, 15}, {79, 24}, {100, 15}, {133, 35}, {220, 70}} {
		e.size(size[0], size[1])
		for p := range place(places) {
			e.reach(p)
			for range 2 {
				e.toggleZoom()
				for name, dialog := range open {
					dialog(e)
					e.exact(fmt.Sprintf("%d×%d, %s, zoom %v, %s", size[0], size[1], p.title(), e.zoom, name))
					for !e.overlays.Empty() {
						e.press("esc")
					}
				}
			}
		}
	}
}

func TestTooSmall(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40)
	for _, size := range [][2]int{{1, 1}, {59, 40}, {120, 14}, {20, 5}} {
		if e.size(size[0], size[1]).exact(fmt.Sprint(size)); size[0] > 40 {
			e.shows("connectty needs 60×15 cells")
		}
		e.press("j", ":", "esc", "z", "z")
	}
}

// A resize there and back shows the same screen.
func TestResizeThereAndBack(t *testing.T) {
	t.Parallel()
	for name, s := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			for _, size := range [][2]int{{60, 15}, {80, 24}, {100, 30}, {120, 40}} {
				e := s.reach(t, size[0], size[1])
				before := e.screen()
				if again := e.screen(); again != before {
					t.Errorf("%v: drawn twice it differs", size)
				}
				for _, other := range [][2]int{{60, 15}, {30, 8}, {200, 60}, {80, 24}} {
					e.size(other[0], other[1])
				}
				if after := e.size(size[0], size[1]).screen(); after != before {
					t.Errorf("%v: it was\n%s\nand is\n%s", size, uitest.Text(before), uitest.Text(after))
				}
			}
		})
	}
}

// On a narrow screen the lists have no place: the request has the focus for them
// until they have, unless a key came in between.
func TestFocusWithoutAPlace(t *testing.T) {
	t.Parallel()
	e := newExplorer(t, 120, 40, Options{})
	if e.size(80, 24); e.focus != requestPane {
		t.Errorf("narrow: the focus is on %s", e.focus.title())
	}
	if e.size(120, 40); e.focus != usersPane {
		t.Errorf("wide again: the focus is on %s", e.focus.title())
	}
	e.size(80, 24).press("u").typed("/x").size(120, 40)
	if e.focus != requestPane || !e.request.Editing() {
		t.Errorf("the focus went to %s while one typed", e.focus.title())
	}
}

// full are states in which, together, everything can be done.
var full = map[string]func(e *explorer){
	"a row": func(e *explorer) {
		e.press("3", "j", "a").typed("x").press("esc", "d") // a row, and something to bring back
		e.press("4", "/").typed("ok").press("enter")
		e.press("3", "k")
	},
	"a text": func(e *explorer) {
		e.request.SetTarget(session.Target{}, &proxy.App{Connect: &proxy.AppConnect{BaseURL: "https://slack.com"}})
		e.press("u", "ctrl+u").typed("https://slack.com/x").press("esc", "b").typed("{").press("alt+z")
	},
	"JSON":     func(e *explorer) { e.press("b").typed("{}").press("esc") },
	"a file":   func(e *explorer) { e.press("3", "c", "m").typed("x").press("esc") },
	"headers":  func(e *explorer) { e.press("3", "]") },
	"profiles": func(e *explorer) { e.opts.Profiles = []ProfileChoice{{Name: "acme"}} },
	"a coach":  func(e *explorer) { e.beginCoach(false) },
	"a jump":   func(e *explorer) { e.jump = func() tea.Cmd { return nil } },
	"a sweep": func(e *explorer) {
		e.sweep.Begin(sweep.Plan{Rows: []sweep.Row{{ID: "apn_1"}}})
		e.sweep.End(sweep.Report{})
		e.stage(desk)
	},
	"a comparison": func(e *explorer) {
		e.compare.Show(compare.Comparison{})
		e.stage(comparing)
	},
}

// Each action that can be done is in the palette, whatever pane has the focus, and
// each can be done at some time.
func TestPaletteHasEveryAction(t *testing.T) {
	t.Parallel()
	done := map[string]bool{}
	for state, reach := range full {
		for p := range place(places) {
			e := working(t, 120, 40)
			e.keys.unambiguous = true
			reach(e)
			offered := map[string]int{}
			for _, item := range overlay.NewPalette(e.table, p.group()).Items {
				id, _, _ := strings.Cut(item.Keywords, " ")
				offered[id]++
			}
			for _, g := range e.table.Groups() {
				for _, a := range g.Actions {
					want := a.ID != "app.palette" && a.Ready()
					done[a.ID] = done[a.ID] || a.Ready()
					if (offered[a.ID] == 1) != want || offered[a.ID] > 1 {
						t.Errorf("%s, in %s: %s is offered %d times, can be done %v", state, p.title(), a.ID, offered[a.ID], a.Ready())
					}
				}
			}
		}
	}
	for _, g := range Keys() {
		for _, a := range g.Actions {
			if !done[a.ID] {
				t.Errorf("%s can be done in no state of the test", a.ID)
			}
		}
	}
}

// The mouse puts the caret into the body, and draws a selection, also past the
// pane's edge.
func TestMouseInTheBody(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40)
	e.press("b").typed("hello").press("enter").typed("world").press("esc", "4")
	b := e.layout.boxes[requestPane]
	for _, msg := range []tea.Msg{
		tea.MouseClickMsg{X: b.x + 4, Y: b.y + 5, Button: tea.MouseLeft},
		tea.MouseMotionMsg{X: b.x + 90, Y: b.y + 30, Button: tea.MouseLeft},
	} {
		e.tell(msg)
	}
	if e.focus != requestPane || !e.request.Editing() {
		t.Fatalf("the focus is on %s, editing %v", e.focus.title(), e.request.Editing())
	}
	e.typed("X")
	if got := string(e.request.Compose().Body); got != "heX" {
		t.Errorf("got %q", got)
	}
}

// The palette does what it offers, whatever pane has the focus.
func TestPaletteRunsEveryAction(t *testing.T) {
	t.Parallel()
	for _, g := range Keys() {
		for _, a := range g.Actions {
			e := working(t, 120, 40)
			e.press(":").typed(a.ID)
			if len(e.overlays.Top().(*overlay.Picker).Items) == 0 {
				t.Errorf("%s: the palette is empty", a.ID)
			}
			e.press("enter").exact(a.ID)
		}
	}
}

// No two keys of one place collide, and every action says what it does.
func TestActionsAreWhole(t *testing.T) {
	t.Parallel()
	if _, err := action.NewTable(nil, Keys()...); err != nil {
		t.Error(err)
	}
	titles := map[string]string{}
	for _, g := range Keys() {
		for _, a := range g.Actions {
			keyless := a.ID == "app.coach" // the coach takes no keys
			if a.Title == "" || a.Run == nil || (len(a.Keys) == 0) != keyless || ansi.StringWidth(a.Title) > 52 {
				t.Errorf("%s: title %q, keys %q", a.ID, a.Title, a.Keys)
			}
			if other := titles[g.Name+a.Title]; other != "" {
				t.Errorf("%s and %s have the same title", other, a.ID)
			}
			titles[g.Name+a.Title] = a.ID
		}
	}
}

// The keys that tests outside press.
func TestKeysOfTheDesign(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want string // on the screen
	}{
		"environment picker":  {[]string{"E"}, "╭─ Environment ───"},
		"user picker":         {[]string{"U"}, "╭─ External user"},
		"account picker":      {[]string{"A"}, "╭─ Account ───"},
		"method":              {[]string{"m"}, " Edit   type or ↑↓"},
		"URL":                 {[]string{"u"}, " Edit   ⏎ sends"},
		"body":                {[]string{"b"}, " Edit   esc leaves · ^R sends"},
		"diagnosis":           {[]string{"3", "D"}, "reconnect"},
		"palette":             {[]string{":"}, "╭─ All commands"},
		"palette in Edit":     {[]string{"u", "ctrl+p"}, "╭─ All commands"},
		"colon in Edit":       {[]string{"u", ":"}, "limit=50:"},
		"help":                {[]string{"?"}, "╭─ Keys ──"},
		"find":                {[]string{"/"}, " Edit   "},
		"send":                {[]string{"ctrl+r"}, "nothing to send through yet"},
		"send by F5":          {[]string{"u", "f5"}, "nothing to send through yet"},
		"send by ctrl+enter":  {[]string{"u", "ctrl+enter"}, "nothing to send through yet"},
		"pane from Edit":      {[]string{"u", "alt+5"}, " Browse   GET https://slack.com"},
		"digits type in Edit": {[]string{"u", "5"}, "limit=505"},
		"ctrl+c says so":      {[]string{"ctrl+c"}, "Press ctrl+c again to quit"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := working(t, 120, 40)
			e.press(tt.keys...).shows(tt.want)
		})
	}
}

func TestFocusKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		width, height int
		keys          []string
		want          place
	}{
		"users": {120, 40, []string{"1"}, usersPane}, "accounts": {120, 40, []string{"2"}, accountsPane}, "request": {120, 40, []string{"3"}, requestPane},
		"response": {120, 40, []string{"3", "4"}, responsePane}, "history": {120, 40, []string{"5"}, historyPane},
		"next": {120, 40, []string{"tab"}, historyPane}, "next of the last": {120, 40, []string{"5", "tab"}, environmentPane},
		"previous": {120, 40, []string{"shift+tab"}, requestPane}, "narrow: round": {80, 24, []string{"tab", "tab"}, requestPane},
		"narrow: history": {60, 15, []string{"5"}, historyPane}, "narrow: a picker instead": {80, 24, []string{"1"}, responsePane},
		"short: history folds out": {100, 30, []string{"5"}, historyPane}, "zoomed: round": {80, 24, []string{"z", "tab", "tab"}, environmentPane},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := working(t, tt.width, tt.height)
			e.press(tt.keys...).exact(name)
			if e.focus != tt.want {
				t.Errorf("%q: the focus is on %s, want %s", tt.keys, e.focus.title(), tt.want.title())
			}
			if name == "narrow: a picker instead" {
				e.shows("External user")
			}
		})
	}
}

// esc goes back one step at a time, and loses nothing.
func TestEscGoesOneStepBack(t *testing.T) {
	t.Parallel()
	for _, esc := range []string{"esc", "alt+esc"} {
		e := working(t, 120, 40).press("z", "u").typed("&x=1").press("ctrl+p")
		if e.press(esc); !e.overlays.Empty() || !e.request.Editing() {
			t.Fatalf("%s: it did not close the palette alone:\n%s", esc, e.text())
		}
		if e.press(esc); e.request.Editing() || !e.zoom {
			t.Errorf("%s: it did not leave Edit alone:\n%s", esc, e.text())
		}
		if e.press(esc); e.zoom {
			t.Errorf("%s: it did not unzoom:\n%s", esc, e.text())
		}
		before := e.text()
		if e.press(esc, esc); e.quit || e.text() != before {
			t.Errorf("%s: with nothing to go back from it did something:\n%s", esc, e.text())
		}
		e.shows("limit=50&x=1")
	}
}

// esc cancels what is under way before it unzooms.
func TestEscCancels(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40).press("z")
	begun, ended := make(chan struct{}), false
	_, cmd := e.Update(job.Start("x", "looking it up", func(ctx context.Context) tea.Msg {
		close(begun)
		<-ctx.Done()
		ended = true
		return nil
	})())
	<-begun
	e.shows("looking it up… · esc cancels")
	if e.press("esc"); !e.zoom {
		t.Error("it unzoomed as well")
	}
	if e.run(cmd); !ended {
		t.Error("the job was not cancelled")
	}
	e.hides("looking it up")
}

func TestQuit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want bool
	}{
		"q": {[]string{"q"}, true}, "q in Edit": {[]string{"u", "q"}, false}, "q in a picker": {[]string{"U", "q"}, false},
		"ctrl+c": {[]string{"ctrl+c"}, false}, "ctrl+c twice": {[]string{"ctrl+c", "ctrl+c"}, true},
		"not at once": {[]string{"ctrl+c", "j", "ctrl+c"}, false}, "in Edit": {[]string{"u", "ctrl+c", "ctrl+c"}, true},
		"closes a picker": {[]string{"U", "ctrl+c"}, false}, "esc is no ctrl+c": {[]string{"esc", "esc", "esc"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if e := working(t, 120, 40).press(tt.keys...); e.quit != tt.want {
				t.Errorf("%q: quit %v, want %v", tt.keys, e.quit, tt.want)
			}
		})
	}
}

// alt+enter sends only where the terminal tells it from esc, enter.
func TestAltEnter(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40).press("u").typed("&x=1").press("alt+enter")
	e.hides("nothing to send through yet")
	e = working(t, 120, 40)
	e.keys.unambiguous = true
	e.press("u", "alt+enter").shows("nothing to send through yet")
}

// What a slow line makes of esc and the next key is read as the two keys, unless an
// action or an editor knows it.
func TestEscapeAndKey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ keys, shows string }{
		"esc, ctrl+r sends":       {"u ctrl+alt+r", "nothing to send through yet"},
		"esc, m opens the method": {"u alt+m", "GET  POST"},
		"esc, U opens the users":  {"u alt+shift+u", "External user"},
		"esc leaves a picker":     {"U alt+?", "Everywhere"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			working(t, 120, 40).press(strings.Fields(tc.keys)...).shows(tc.shows)
		})
	}
	working(t, 120, 40).press("u", "alt+b").typed("X").shows("Xhttps://", "Edit")
	if e := working(t, 120, 40).press("u", "alt+1"); e.focus != usersPane {
		t.Errorf("alt+1 goes to pane %v, want the users", e.focus)
	}
}

// Pasted text in Browse is never read as keys.
func TestPaste(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys   []string
		text   string
		then   []string
		method string
		url    string
		body   string
	}{
		"asks":          {nil, "qqq", []string{"esc"}, "GET", "https://slack.com/api/conversations.list?limit=50", ""},
		"as the URL":    {nil, " https://slack.com/x \n", []string{"enter"}, "GET", "https://slack.com/x", ""},
		"as the body":   {nil, "https://slack.com/x", []string{"down", "enter"}, "GET", "https://slack.com/api/conversations.list?limit=50", "https://slack.com/x"},
		"several lines": {nil, "{\n}", []string{"enter"}, "GET", "https://slack.com/api/conversations.list?limit=50", "{\n}"},
		"in Edit":       {[]string{"u"}, "&x=1", nil, "GET", "https://slack.com/api/conversations.list?limit=50&x=1", ""},
		"in a picker":   {[]string{"U"}, "jane", []string{"esc"}, "GET", "https://slack.com/api/conversations.list?limit=50", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := working(t, 120, 40).press(tt.keys...).tell(tea.PasteMsg{Content: tt.text}).press(tt.then...)
			if d := e.request.Compose(); d.Method != tt.method || d.URL != tt.url || string(d.Body) != tt.body || e.quit {
				t.Errorf("got %+v, quit %v", d, e.quit)
			}
		})
	}
}

func TestPickers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys  string
		typed string
		want  []string
	}{
		"user by name":     {"U", "jane", []string{"▸  jane@acme.io  ▸  Slack · Globex"}}, // their only account
		"user by id":       {"U", "exu_user-88", []string{"▸  user-8841  ▸  no account"}},
		"all users":        {"U", "all users", []string{"▸  all users  ▸  no account", "4"}},
		"account by app":   {"A", "zendesk", []string{"Zendesk · Acme help desk  ✗ dead"}},
		"account by id":    {"A", "apn_github1", []string{"GitHub · apn_github1  ○ unhealthy"}},
		"account by words": {"A", "help desk", []string{"Zendesk · Acme help desk"}},
		"environment":      {"E", "prod", []string{" PRODUCTION ", "no account: A picks one"}},
	}
	for name, tt := range tests {
		for _, size := range [][2]int{{80, 24}, {120, 40}} {
			t.Run(fmt.Sprint(name, size[0]), func(t *testing.T) {
				t.Parallel()
				e := working(t, size[0], size[1]).press(tt.keys).typed(tt.typed).press("enter")
				if e.shows(tt.want...); !e.overlays.Empty() || e.panes[e.focus].Editing() {
					t.Errorf("something is open still:\n%s", e.text())
				}
			})
		}
	}
}

// A picker shows what its list waits for, and feeds on what comes.
func TestPickerIsFed(t *testing.T) {
	t.Parallel()
	e := newExplorer(t, 80, 24, Options{})
	ask := e.users.SetSource(world())
	e.press("U").shows("loading…", "all users")
	e.run(ask).shows("jane@acme.io")
	e.hides("loading…")
}

// Opening the picker of a list that failed tries again.
func TestPickerTriesAgain(t *testing.T) {
	t.Parallel()
	w := world()
	w.err = errors.New("list users: connection refused")
	w.users = nil
	e := newExplorer(t, 80, 24, Options{})
	e.run(e.users.SetSource(w)).press("U").shows("connection refused · esc, then U")
	w.err, w.users = nil, world().users
	e.press("esc", "U").shows("jane@acme.io")
	e.hides("connection refused")
}

// Answers of what was picked before do not change what is picked now.
func TestAccountsOfAnotherUser(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40)
	e.tell(accounts.Listed{ExternalUserID: "jane@acme.io", Accounts: world().accounts[3:]})
	e.shows("▸  abc-123  ▸  Slack · Acme workspace")
}

func TestMouse(t *testing.T) {
	t.Parallel()
	click := func(x, y int) tea.Msg { return tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft} }
	tests := map[string]struct {
		width, height int
		at            tea.Msg
		focus         place
		want          string
	}{
		"a user":              {120, 40, click(5, 7), usersPane, "▸  jane@acme.io"},
		"the users' border":   {120, 40, click(5, 4), usersPane, "▸  abc-123"},
		"below the users":     {120, 40, click(5, 12), usersPane, "▸  abc-123"},
		"the left border":     {120, 40, click(0, 7), usersPane, "▸  abc-123"},
		"production":          {120, 40, click(22, 2), environmentPane, "PRODUCTION"},
		"the URL":             {120, 40, click(70, 2), requestPane, " Edit "},
		"the headers' tab":    {120, 40, click(55, 4), requestPane, "✓ X-Trace"},
		"a tab, narrow":       {80, 24, click(16, 3), requestPane, "✓ X-Trace"},
		"the context line":    {120, 40, click(5, 0), responsePane, "▸  abc-123"},
		"a key of the footer": {120, 40, click(5, 39), responsePane, "▸  abc-123"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := working(t, tt.width, tt.height).tell(tt.at)
			if e.shows(tt.want); e.focus != tt.focus {
				t.Errorf("the focus is on %s, want %s", e.focus.title(), tt.focus.title())
			}
		})
	}
}

// An exchange of the history puts its request and its target back.
func TestLoadFromTheHistory(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40).press("5", "j", "enter")
	if d := e.request.Compose(); d.Method != "DELETE" || d.URL != "https://slack.com/api/x" {
		t.Errorf("got %+v", d)
	}
	e.shows("from the history")
	if e.press("ctrl+z"); e.request.Compose().Method != "GET" {
		t.Error("ctrl+z does not bring back what was there")
	}
}

// What was cut or masked when it was stored goes out only when a person was told.
func TestNothingCutGoesOutUnseen(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		cut  bool
		keys []string
		want string
	}{
		"cut":              {`{"text":"half of`, true, nil, "the body was cut when it was stored"},
		"not kept":         {"", true, nil, "the body was cut when it was stored"},
		"masked":           {`{"token":"[redacted]"}`, false, nil, "stands where a secret was left out"},
		"another URL":      {`{"text":"half of`, true, []string{"u", "x", "enter"}, "the body was cut when it was stored"},
		"another body":     {`{"text":"half of`, true, []string{"3", "b", "ctrl+a", "x", "esc"}, ""},
		"whole":            {`{"text":"all of it"}`, false, nil, ""},
		"undone and again": {`{"text":"half of`, true, []string{"3", "ctrl+z", "ctrl+z"}, "the body was cut when it was stored"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := working(t, 120, 40)
			x := history.Exchange{ID: "x", ProjectID: "proj_1", Request: history.Request{Method: "POST", URL: "https://slack.com/api/x", Body: []byte(tt.body), BodyTruncated: tt.cut}}
			e.loaded(x)
			e.press(tt.keys...)
			d := e.request.Compose()
			if told := e.holed(e.outgoing(d), d.Cut); told != (tt.want != "") {
				t.Fatalf("told %t of %+v", told, d)
			}
			if tt.want != "" {
				e.shows(tt.want, "once more sends it as it stands")
			}
			if d := e.request.Compose(); e.holed(e.outgoing(d), d.Cut) {
				t.Error("it is held back once more")
			}
		})
	}
}

func TestEnvironmentDropsTheAccount(t *testing.T) {
	t.Parallel()
	e := working(t, 120, 40).press("E").typed("production").press("enter")
	e.shows(" PRODUCTION   ▸  abc-123  ▸  no account: A picks one", "Now in production")
	if e.target.account.ID != "" || e.target.user != "abc-123" {
		t.Errorf("the target is %+v", e.target)
	}
}

// Random keys, pastes, clicks and sizes break nothing.
func TestNothingBreaksIt(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, g := range Keys() {
		for _, a := range g.Actions {
			keys = append(keys, a.Keys...)
		}
	}
	keys = append(keys, "x", "/", "日", "backspace", "delete", "ctrl+u", "ctrl+w", "ctrl+k", "alt+1", "alt+5", "ctrl+left", "enter", "enter", "esc", "esc", "esc", "y", "n")
	pastes := []string{"", "x", uitest.Hostile, uitest.Wide, "a\tb\r\nc\rd", strings.Repeat("日本&x=1 ", 500), "https://slack.com/a?b=c#d", "\xff\xfe"}
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(seed, 1))
			e := working(t, 120, 40)
			var done []string
			step := func(what string, msg tea.Msg) {
				done = append(done, what)
				e.tell(msg)
			}
			defer func() {
				if r := recover(); r != nil {
					t.Fatalf("after %q: %v\n%s", done, r, debug.Stack())
				}
			}()
			for range 120 {
				switch rnd.IntN(20) {
				case 0:
					w, h := 60+rnd.IntN(160), 15+rnd.IntN(55)
					if rnd.IntN(8) == 0 {
						w, h = 1+rnd.IntN(60), 1+rnd.IntN(20)
					}
					step(fmt.Sprintf("%d×%d", w, h), tea.WindowSizeMsg{Width: w, Height: h})
				case 1:
					text := pastes[rnd.IntN(len(pastes))]
					step(fmt.Sprintf("paste %.20q", text), tea.PasteMsg{Content: text})
				case 2:
					at := tea.Mouse{X: rnd.IntN(e.width), Y: rnd.IntN(e.height), Button: tea.MouseLeft}
					step(fmt.Sprintf("click %d,%d", at.X, at.Y), tea.MouseClickMsg(at))
				case 3:
					at := tea.Mouse{X: rnd.IntN(e.width), Y: rnd.IntN(e.height), Button: []tea.MouseButton{tea.MouseWheelDown, tea.MouseWheelUp}[rnd.IntN(2)]}
					step(fmt.Sprintf("wheel %d,%d", at.X, at.Y), tea.MouseWheelMsg(at))
				default:
					key := keys[rnd.IntN(len(keys))]
					step(key, uitest.Key(key))
				}
				if e.exact("in between"); t.Failed() {
					t.Fatalf("after %q:\n%s", done, e.text())
				}
			}
		})
	}
}
