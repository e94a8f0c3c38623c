package overlay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/uitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// screen is a stack of dialogs over a screen full of text, and what was done.
type screen struct {
	overlay.Stack
	tb            testing.TB
	width, height int
	done          []string
}

func newScreen(tb testing.TB, width, height int) *screen {
	tb.Helper()
	s := &screen{tb: tb, width: width, height: height}
	s.Resize(width, height)
	return s
}

// does is what a dialog does, to be seen in done.
func (s *screen) does(what string) func() tea.Cmd {
	return func() tea.Cmd {
		s.done = append(s.done, what)
		return nil
	}
}

func (s *screen) press(keys ...string) *screen {
	for _, key := range keys {
		s.Update(uitest.Key(key))
	}
	return s
}

func (s *screen) typed(text string) *screen {
	for _, r := range text {
		s.Update(uitest.Key(string(r)))
	}
	return s
}

// base is the screen behind: a first line, then rows of a text.
func (s *screen) base(text string) string {
	lines := make([]string, s.height)
	for i := range lines {
		line := strings.Repeat(text, s.width)
		for ansi.StringWidth(line) > s.width {
			line = ansi.Truncate(line, s.width, "")
		}
		lines[i] = line + strings.Repeat(" ", s.width-ansi.StringWidth(line))
	}
	return strings.Join(lines, "\n")
}

func (s *screen) view() string {
	return uitest.Text(s.View(s.base(" "), themes.For(true)))
}

var accounts = []overlay.Item{
	{Label: "Acme workspace", Detail: "Slack", Keywords: "apn_slack1 slack", Mark: "●", Tone: overlay.Good},
	{Label: "Acme help desk", Detail: "Zendesk", Keywords: "apn_zen1 zendesk", Mark: "✗", Tone: overlay.Bad},
	{Label: "apn_gh1", Detail: "GitHub", Keywords: "apn_gh1 github", Mark: "○", Tone: overlay.Warn},
	{Label: "Globex", Detail: "Slack", Keywords: "apn_slack2 slack", Mark: "●", Tone: overlay.Good},
}

// picker is one over the accounts.
func (s *screen) picker(items []overlay.Item) *overlay.Picker {
	p := &overlay.Picker{Title: "Account", Items: items}
	p.Choose = func(i int) tea.Cmd { return s.does(p.Items[i].Label)() }
	s.Push(p)
	return p
}

func (s *screen) table() *action.Table {
	s.tb.Helper()
	act := func(id, title string, keys ...string) action.Action {
		return action.Action{ID: id, Title: title, Keys: keys, Run: s.does(id)}
	}
	never := act("list.never", "What cannot be done now", "n")
	never.When = func() bool { return false }
	t, err := action.NewTable(nil,
		action.Group{Name: action.Everywhere, Title: "Everywhere", Actions: []action.Action{
			act("request.send", "Send the request", "ctrl+r", "f5", "ctrl+enter"), act("app.palette", "All commands", ":", "ctrl+p"), act("app.help", "All keys", "?", "f1"),
		}},
		action.Group{Name: "list", Title: "List", Actions: []action.Action{act("list.pick", "Act for this user", "enter"), never, act("list.unbound", "Without a key")}},
		action.Group{Name: "text", Title: "Text", Actions: []action.Action{act("text.open", "Load it: the request to edit, the response to read", "i", "alt+enter")}},
	)
	if err != nil {
		s.tb.Fatal(err)
	}
	return t
}

// guard asks as the root does before a write in production.
func (s *screen) guard(url string) {
	s.Push(&overlay.Confirm{
		Title: "Send to PRODUCTION?", Alarm: true, Yes: "Send", No: "Cancel", OnYes: s.does("sent"),
		Lines: []overlay.Line{
			{Label: "POST", Text: visible.Line(url), Tone: overlay.Bad},
			{},
			{Label: "user", Text: "abc-123"},
			{Label: "account", Text: "Slack · Acme workspace · apn_slack1"},
			{Label: "body", Text: "none"},
			{Label: "project", Text: "proj_1"},
			{},
			{Text: "This changes a real user's data; there is no undo.", Tone: overlay.Warn},
		},
	})
}

func many(n int) []overlay.Item {
	items := make([]overlay.Item, n)
	for i := range items {
		items[i] = overlay.Item{Label: fmt.Sprintf("user-%04d", i), Keywords: fmt.Sprintf("exu_%d", i)}
	}
	return items
}

// states are all that stands over the panes.
var states = map[string]func(s *screen){
	"nothing": func(*screen) {},
	"picker":  func(s *screen) { s.picker(accounts) },
	"picker filtered": func(s *screen) {
		s.picker(accounts)
		s.typed("acme des")
	},
	"picker without a match": func(s *screen) {
		s.picker(accounts)
		s.typed("zz")
	},
	"picker of nothing": func(s *screen) { s.picker(nil) },
	"picker of nothing and why": func(s *screen) {
		s.Push(&overlay.Picker{Title: "Account", Why: "pick a user first: esc, then U"})
	},
	"picker that loads": func(s *screen) { s.picker(many(100)).Why = "loading…" },
	"picker of many":    func(s *screen) { s.picker(many(1204)); s.press("end", "up") },
	"picker of hostile items": func(s *screen) {
		s.picker([]overlay.Item{
			{Label: visible.Line(uitest.Hostile), Detail: visible.Line(uitest.Hostile)},
			{Label: uitest.Wide, Detail: uitest.Wide, Mark: "●"},
			{Label: strings.Repeat("日本", 60), Detail: "Slack"},
			{Label: "short", Detail: strings.Repeat("long ", 40)},
		})
		s.Update(tea.PasteMsg{Content: "\x1b"})
		s.press("ctrl+u")
	},
	"palette":       func(s *screen) { s.Push(overlay.NewPalette(s.table(), "list")) },
	"palette typed": func(s *screen) { s.Push(overlay.NewPalette(s.table(), "list")); s.typed("load") },
	"help":          func(s *screen) { s.Push(overlay.NewHelp(s.table(), "list")) },
	"help scrolled": func(s *screen) { s.Push(overlay.NewHelp(s.table(), "list")); s.press("G") },
	"confirm":       func(s *screen) { s.guard("https://slack.com/api/chat.postMessage") },
	"confirm yes": func(s *screen) {
		s.guard("https://" + strings.Repeat("long.", 40) + "/x")
		s.press("tab")
	},
	"message": func(s *screen) {
		s.Push(&overlay.Message{Title: "What happened", Text: "A line.\n\n" + strings.Repeat("A long line that is broken. ", 8) + "\n" + uitest.Hostile + "\n" + uitest.Wide})
	},
	"long message": func(s *screen) {
		s.Push(&overlay.Message{Title: "What happened", Text: strings.Repeat("one more line\n", 80)})
		s.press("pgdown", "j")
	},
	"one over another": func(s *screen) { s.picker(accounts); s.Push(overlay.NewHelp(s.table(), "text")) },
}

func TestView(t *testing.T) {
	t.Parallel()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, size := range [][2]int{{60, 15}, {80, 24}, {100, 30}} {
				s := newScreen(t, size[0], size[1])
				reach(s)
				fmt.Fprintf(&all, "%d×%d\n%s\n\n", size[0], size[1], s.view())
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

// A dialog changes neither the height nor the width of the screen behind it,
// whatever stands there.
func TestViewFits(t *testing.T) {
	t.Parallel()
	for name, reach := range states {
		t.Run(strings.ReplaceAll(name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			for width := 60; width <= 130; width += 35 {
				for height := 15; height <= 45; height += 14 {
					s := newScreen(t, width, height)
					reach(s)
					for _, behind := range []string{"日", "a日👩‍🚀"} {
						view := s.View(s.base(behind), themes.For(true))
						lines := strings.Split(view, "\n")
						if len(lines) != height {
							t.Errorf("%d×%d: %d lines", width, height, len(lines))
						}
						for i, line := range lines {
							if w := ansi.StringWidth(line); w != width {
								t.Errorf("%d×%d over %s: line %d has %d cells: %q", width, height, behind, i, w, ansi.Strip(line))
							}
						}
						uitest.Harmless(t, ansi.Strip(view))
					}
				}
			}
		})
	}
}

func TestPicker(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		typed string
		keys  []string
		want  string // label that was chosen; empty for none, and the dialog is open
	}{
		"first":              {"", []string{"enter"}, "Acme workspace"},
		"moved":              {"", []string{"down", "tab", "ctrl+n", "up", "enter"}, "apn_gh1"},
		"back":               {"", []string{"down", "down", "shift+tab", "ctrl+p", "enter"}, "Acme workspace"},
		"end":                {"", []string{"end", "enter"}, "Globex"},
		"home":               {"", []string{"end", "home", "enter"}, "Acme workspace"},
		"page":               {"", []string{"pgdown", "enter"}, "Globex"},
		"by name":            {"glob", []string{"enter"}, "Globex"},
		"by id":              {"apn_zen1", []string{"enter"}, "Acme help desk"},
		"by app":             {"zendesk", []string{"enter"}, "Acme help desk"},
		"by app's slug":      {"github", []string{"enter"}, "apn_gh1"},
		"upper case":         {"GLOBEX", []string{"enter"}, "Globex"},
		"with a space":       {"acme help", []string{"enter"}, "Acme help desk"},
		"words of two texts": {"slack globex", []string{"enter"}, "Globex"},
		"words in any order": {"desk acme", []string{"enter"}, "Acme help desk"},
		"blanks around":      {"  help  ", []string{"enter"}, "Acme help desk"},
		"best first":         {"g", []string{"enter"}, "Globex"}, // begins with it; apn_gh1 only holds it
		"second best":        {"g", []string{"down", "enter"}, "apn_gh1"},
		"no match":           {"zzz", []string{"enter"}, ""},
		"taken back":         {"zzz", []string{"backspace", "backspace", "backspace", "enter"}, "Acme workspace"},
		"emptied":            {"zzz", []string{"ctrl+u", "end", "enter"}, "Globex"},
		"letters of Browse":  {"q", []string{}, ""},
		"closed":             {"glob", []string{"esc", "enter"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24)
			s.picker(accounts)
			s.typed(tt.typed).press(tt.keys...)
			if got := strings.Join(s.done, " "); got != tt.want {
				t.Errorf("%q %q: got %q, want %q", tt.typed, tt.keys, got, tt.want)
			}
			if tt.want != "" && !s.Empty() {
				t.Error("it did not close")
			}
		})
	}
}

// What is chosen may open the next dialog.
func TestPickerOpensAnother(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.Push(&overlay.Picker{Title: "first", Items: accounts, Choose: func(int) tea.Cmd {
		s.Push(&overlay.Message{Title: "second", Text: "here"})
		return nil
	}})
	s.press("enter")
	if view := s.view(); !strings.Contains(view, "second") || strings.Contains(view, "first") {
		t.Errorf("got:\n%s", view)
	}
	if s.press("enter"); !s.Empty() {
		t.Error("the second did not close")
	}
}

// A line is taken with enter, and not with esc; ctrl+u empties it.
func TestAsk(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		typed string
		keys  []string
		want  string
	}{
		"as it was": {"", []string{"enter"}, "[before]"},
		"more":      {" and after", []string{"enter"}, "[before and after]"},
		"emptied":   {"", []string{"ctrl+u", "enter"}, "[]"},
		"closed":    {"x", []string{"esc"}, ""},
		"q is text": {"q", []string{"enter"}, "[beforeq]"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24)
			s.Push(overlay.NewAsk("Note", "before", "an empty one takes it off", func(text string) tea.Cmd {
				s.done = append(s.done, "["+text+"]")
				return nil
			}))
			if view := s.view(); !strings.Contains(view, "before") || !strings.Contains(view, "takes it off") {
				t.Errorf("it shows:\n%s", view)
			}
			s.typed(tc.typed).press(tc.keys...)
			if got := strings.Join(s.done, " "); got != tc.want || !s.Empty() {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// What was typed can itself be chosen where that is allowed: last of all, and not
// where an item is called so.
func TestPickerWritten(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ typed, keys, want string }{
		"nothing matches":  {"zzz", "enter", "written zzz"},
		"with blanks":      {" zz q ", "enter", "written zz q"},
		"behind the items": {"glob", "end enter", "written glob"},
		"items first":      {"glob", "enter", "Globex"},
		"called so":        {"Globex", "end enter", "Globex"},
		"nothing typed":    {"", "end enter", "Globex"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24)
			p := s.picker(accounts)
			p.Allow(func(text string) tea.Cmd {
				s.done = append(s.done, "written "+text)
				return nil
			})
			s.typed(tc.typed)
			if !strings.Contains(s.view(), "of 4") && tc.typed != "" {
				t.Errorf("what was typed counts:\n%s", s.view())
			}
			s.press(strings.Fields(tc.keys)...)
			if got := strings.Join(s.done, " "); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	s := newScreen(t, 80, 24)
	s.picker(accounts).Allow(nil)
	if s.typed("zzz").press("enter"); len(s.done) > 0 || s.Empty() {
		t.Errorf("chose %q where it is not allowed", s.done)
	}
}

func TestPickerPaste(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	p := s.picker(accounts)
	s.Update(tea.PasteMsg{Content: " Acme\r\n\thelp desk\n"})
	if got := p.Query(); got != "Acme help desk" {
		t.Errorf("got %q", got)
	}
	s.press("enter")
	if got := strings.Join(s.done, " "); got != "Acme help desk" {
		t.Errorf("chose %q", got)
	}
}

// Items that come while one looks move neither what was typed nor the row that
// was chosen.
func TestPickerFed(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	p := s.picker(nil)
	p.SetItems([]overlay.Item{{Label: "xa"}, {Label: "ya"}, {Label: "za"}})
	s.typed("a").press("down", "down")
	p.SetItems([]overlay.Item{{Label: "abc"}, {Label: "xa"}, {Label: "ya"}, {Label: "new a"}, {Label: "za"}})
	if p.Query() != "a" {
		t.Errorf("the query is %q", p.Query())
	}
	s.press("enter")
	if got := strings.Join(s.done, " "); got != "za" {
		t.Errorf("chose %q, want za", got)
	}
	s.done = nil
	p = s.picker(nil)
	p.SetItems([]overlay.Item{{Label: "a"}, {Label: "b"}, {Label: "c"}})
	s.press("end")
	p.SetItems([]overlay.Item{{Label: "a"}})
	s.press("enter")
	if got := strings.Join(s.done, " "); got != "a" {
		t.Errorf("the chosen row is gone: chose %q, want a", got)
	}
}

// Every action that can be done is in the palette, once, and does what it says.
func TestPalette(t *testing.T) {
	t.Parallel()
	want := []string{"list.pick", "list.unbound", "request.send", "app.help", "text.open"}
	var got []string
	for i := range len(want) + 2 {
		s := newScreen(t, 100, 30)
		s.Push(overlay.NewPalette(s.table(), "list"))
		for range i {
			s.press("down")
		}
		s.press("enter")
		if id := strings.Join(s.done, " "); !slices.Contains(got, id) {
			got = append(got, id)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, words := range []string{"send request", "request.send", "text load", "text.open", "^r"} {
		s := newScreen(t, 100, 30)
		s.Push(overlay.NewPalette(s.table(), "list"))
		s.typed(words).press("enter")
		if len(s.done) != 1 {
			t.Errorf("%q does %q", words, s.done)
		}
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 100, 40)
	s.Push(overlay.NewHelp(s.table(), "text"))
	view := s.view()
	for _, want := range []string{"Send the request", "^R F5 ^⏎", "Without a key", "What cannot be done now", "Load it: the request to edit, the response to read"} {
		if !strings.Contains(view, want) {
			t.Errorf("%q is not there:\n%s", want, view)
		}
	}
	if strings.Index(view, "Text") > strings.Index(view, "Everywhere") {
		t.Error("the pane's keys are not the first")
	}
	for _, key := range []string{"?", "q", "esc", "enter", "f1", "ctrl+c"} {
		s := newScreen(t, 100, 40)
		s.Push(overlay.NewHelp(s.table(), "text"))
		if s.press(key); !s.Empty() {
			t.Errorf("%s does not close it", key)
		}
	}
}

// / finds among the keys; esc takes one step back, out of the search, then out of the
// help.
func TestHelpFinds(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.Push(overlay.NewHelp(s.table(), "text"))
	view := s.press("/", "s", "e", "n", "d", "space", "r", "e", "q", "enter").view()
	if !strings.Contains(view, "/send req") || !strings.Contains(view, "Everywhere") || !strings.Contains(view, "Send the request") || strings.Contains(view, "Without a key") {
		t.Errorf("got:\n%s", view)
	}
	if view := s.press("/", "ctrl+u", "x", "y", "z", "z").view(); !strings.Contains(view, "no key does that") {
		t.Errorf("got:\n%s", view)
	}
	if view := s.press("esc").view(); s.Empty() || !strings.Contains(view, "Without a key") {
		t.Errorf("esc does not take the search back:\n%s", view)
	}
	if s.press("esc"); !s.Empty() {
		t.Error("esc does not close it")
	}
}

// The palette finds by letters in their order, behind what holds the words.
func TestPaletteIsFuzzy(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.Push(overlay.NewPalette(s.table(), "text"))
	if view := s.press("s", "d", "r", "q").view(); !strings.Contains(view, "▸ Send the request") {
		t.Errorf("got:\n%s", view)
	}
}

// Everything in the help can be scrolled to, however small the screen.
func TestHelpScrolls(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 60, 15)
	s.Push(overlay.NewHelp(s.table(), "list"))
	all := s.view()
	for range 12 {
		all += s.press("j").view()
	}
	if !strings.Contains(all, "Load it: the request") || strings.Contains(newScreen(t, 60, 15).view(), "Load it") {
		t.Errorf("got:\n%s", all)
	}
	if got := s.press("g").view(); !strings.Contains(got, "Act for this user") {
		t.Errorf("g leads not to the top:\n%s", got)
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys   []string
		sent   bool
		closed bool
	}{
		"default is Cancel":   {[]string{"enter"}, false, true},
		"yes by tab":          {[]string{"tab", "enter"}, true, true},
		"yes by right":        {[]string{"right", "enter"}, true, true},
		"there and back":      {[]string{"right", "left", "enter"}, false, true},
		"y":                   {[]string{"y"}, false, false}, // a letter that was meant for the text must not send
		"n":                   {[]string{"n"}, false, true},
		"q":                   {[]string{"q"}, false, true},
		"esc":                 {[]string{"tab", "esc"}, false, true},
		"ctrl+c":              {[]string{"tab", "ctrl+c"}, false, true},
		"send's key does not": {[]string{"ctrl+r"}, false, false},
		"space does not":      {[]string{"space"}, false, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, 80, 24)
			s.guard("https://slack.com/api/chat.postMessage")
			s.press(tt.keys...)
			if sent := len(s.done) > 0; sent != tt.sent || s.Empty() != tt.closed {
				t.Errorf("%q: sent %v closed %v, want %v %v", tt.keys, sent, s.Empty(), tt.sent, tt.closed)
			}
		})
	}
}

// A pasted text and a click answer no question.
func TestConfirmIsNotAnsweredByAccident(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.guard("https://slack.com/api/chat.postMessage")
	s.Update(tea.PasteMsg{Content: "y\n"})
	s.Update(tea.MouseClickMsg{X: 40, Y: 18})
	if len(s.done) > 0 || s.Empty() {
		t.Errorf("done %q, closed %v", s.done, s.Empty())
	}
}

// esc closes the dialog on top only.
func TestEscGoesOneStepBack(t *testing.T) {
	t.Parallel()
	s := newScreen(t, 80, 24)
	s.picker(accounts)
	s.guard("https://slack.com/")
	s.press("esc")
	if view := s.view(); !strings.Contains(view, "Acme workspace") || s.Empty() {
		t.Errorf("got:\n%s", view)
	}
	if s.press("alt+esc"); !s.Empty() {
		t.Error("the first is open")
	}
	s.press("esc", "enter") // nothing is open: nothing happens
	if len(s.done) > 0 {
		t.Errorf("done %q", s.done)
	}
}

// What is proposed is taken as it stands; what is typed takes its place.
func TestAskProposes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys []string
		want string
	}{
		"taken":        {[]string{"enter"}, "less"},
		"replaced":     {[]string{"w", "c", "enter"}, "wc"},
		"taken away":   {[]string{"w", "ctrl+u", "enter"}, "less"},
		"written over": {[]string{"tab", "x", "enter"}, "lessx"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got string
			var s overlay.Stack
			s.Resize(80, 24)
			s.Push(overlay.NewAsk("Pipe the body to", "", "a command line", func(text string) tea.Cmd {
				got = text
				return nil
			}).Propose("less"))
			if view := uitest.Text(s.View(strings.Repeat("\n", 23), themes.For(true))); !strings.Contains(view, "less") {
				t.Errorf("it is not proposed:\n%s", view)
			}
			for _, k := range tt.keys {
				s.Update(uitest.Key(k))
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
