package action_test

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/ui/action"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func act(id, hint string, keys ...string) action.Action {
	return action.Action{ID: id, Title: "Do " + id, Hint: hint, Keys: keys, Run: func() tea.Cmd { return nil }}
}

// inEdit makes the action's keys work while text is typed.
func inEdit(a action.Action) action.Action {
	a.Edit = true
	return a
}

// never makes the action one that cannot be done now.
func never(a action.Action) action.Action {
	a.When = func() bool { return false }
	return a
}

func groups() []action.Group {
	return []action.Group{
		{Name: action.Everywhere, Title: "Everywhere", Actions: []action.Action{
			inEdit(act("send", "send", "ctrl+r", "f5")), inEdit(act("palette", "all commands", ":", "ctrl+p")), act("quit", "quit", "q"), act("silent", "", "x"),
		}},
		{Name: "list", Title: "List", Actions: []action.Action{
			act("list.pick", "pick", "enter"), never(act("list.empty", "empty", "e")), act("list.down", "", "j", "down"),
		}},
		{Name: "text", Title: "Text", Actions: []action.Action{act("text.pick", "edit", "enter", "space")}},
	}
}

func TestNewTable(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		overrides map[string][]string
		more      action.Group
		wants     string              // in the error; empty for none
		keys      map[string][]string // of actions, afterwards
	}{
		"defaults":             {keys: map[string][]string{"send": {"ctrl+r", "f5"}, "quit": {"q"}}},
		"other keys":           {overrides: map[string][]string{"send": {"ctrl+enter"}}, keys: map[string][]string{"send": {"ctrl+enter"}, "quit": {"q"}}},
		"no keys":              {overrides: map[string][]string{"quit": {}}, keys: map[string][]string{"quit": {}}},
		"keys swapped":         {overrides: map[string][]string{"quit": {"x"}, "silent": {"q"}}, keys: map[string][]string{"quit": {"x"}, "silent": {"q"}}},
		"one key in two panes": {overrides: map[string][]string{"list.pick": {"space"}}, keys: map[string][]string{"list.pick": {"space"}}},
		"unknown id": {
			overrides: map[string][]string{"sned": {"s"}, "quit": {"Q"}},
			wants:     `no action "sned"`, keys: map[string][]string{"quit": {"q"}},
		},
		"collision in a pane": {
			overrides: map[string][]string{"list.pick": {"j"}},
			wants:     `"j" does both list.pick and list.down in list`, keys: map[string][]string{"list.pick": {"enter"}},
		},
		"collision with everywhere": {
			overrides: map[string][]string{"quit": {"enter"}},
			wants:     `"enter" does both quit and list.pick in list`, keys: map[string][]string{"quit": {"q"}},
		},
		"one key twice": {
			overrides: map[string][]string{"quit": {"Q", "Q"}},
			wants:     `"Q" does both quit and quit`, keys: map[string][]string{"quit": {"q"}},
		},
		"two of one id": {
			more:  action.Group{Name: "more", Actions: []action.Action{act("quit", "", "k")}},
			wants: `two actions are called "quit"`,
		},
		"defaults that collide": {
			more:  action.Group{Name: "more", Actions: []action.Action{act("more.x", "", "x")}},
			wants: `"x" does both silent and more.x in more`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, err := action.NewTable(tt.overrides, append(groups(), tt.more)...)
			if got := errorText(err); tt.wants == "" && err != nil || !strings.Contains(got, tt.wants) {
				t.Errorf("got error %q, want %q", got, tt.wants)
			}
			for id, want := range tt.keys {
				if a, ok := table.Find(id); !ok || !slices.Equal(a.Keys, want) {
					t.Errorf("%s has the keys %q, want %q", id, a.Keys, want)
				}
			}
			if _, ok := table.Find("send"); !ok {
				t.Error("the table cannot be used")
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// The groups that a table was made from stay as they were.
func TestNewTableChangesNothing(t *testing.T) {
	t.Parallel()
	given := groups()
	if _, err := action.NewTable(map[string][]string{"quit": {"Q"}}, given...); err != nil {
		t.Fatal(err)
	}
	if got := given[0].Actions[2].Keys; !slices.Equal(got, []string{"q"}) {
		t.Errorf("the caller's action has the keys %q now", got)
	}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	letter := func(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }
	control := func(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }
	tests := map[string]struct {
		group   string
		press   tea.KeyPressMsg
		editing bool
		want    string // id; empty for no match
	}{
		"the pane's":            {"list", letter('j'), false, "list.down"},
		"its other key":         {"list", tea.KeyPressMsg{Code: tea.KeyDown}, false, "list.down"},
		"everywhere's":          {"list", letter('q'), false, "quit"},
		"another pane's":        {"text", letter('j'), false, ""},
		"same key, other pane":  {"text", tea.KeyPressMsg{Code: tea.KeyEnter}, false, "text.pick"},
		"space":                 {"text", letter(' '), false, "text.pick"},
		"cannot be done":        {"list", letter('e'), false, ""},
		"no such group":         {"nowhere", letter('q'), false, "quit"},
		"typed letter":          {"list", letter('q'), true, ""},
		"typed colon":           {"list", letter(':'), true, ""},
		"colon in Browse":       {"list", letter(':'), false, "palette"},
		"control key in Edit":   {"list", control('p'), true, "palette"},
		"function key in Edit":  {"list", tea.KeyPressMsg{Code: tea.KeyF5}, true, "send"},
		"enter in Edit":         {"list", tea.KeyPressMsg{Code: tea.KeyEnter}, true, ""},
		"unbound control key":   {"list", control('k'), false, ""},
		"upper case is another": {"list", tea.KeyPressMsg{Code: 'q', ShiftedCode: 'Q', Text: "Q", Mod: tea.ModShift}, false, ""},
	}
	table, err := action.NewTable(nil, groups()...)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, ok := table.Match(tt.group, tt.press, tt.editing)
			if a.ID != tt.want || ok != (tt.want != "") {
				t.Errorf("%q in %s (editing %v): got %q %v, want %q", tt.press.String(), tt.group, tt.editing, a.ID, ok, tt.want)
			}
		})
	}
}

func TestHints(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		overrides map[string][]string
		group     string
		editing   bool
		n         int
		want      []string
	}{
		"browse":    {nil, "list", false, 7, []string{"⏎ pick", "^R send", ": all commands", "q quit"}},
		"at most n": {nil, "list", false, 2, []string{"⏎ pick", "^R send"}},
		"none":      {nil, "list", false, 0, nil},
		"edit":      {nil, "list", true, 7, []string{"^R send", "^P all commands"}}, // a colon types there
		"unbound":   {map[string][]string{"send": {}}, "list", false, 7, []string{"⏎ pick", ": all commands", "q quit"}},
		"rebound":   {map[string][]string{"send": {"f5"}}, "text", false, 7, []string{"⏎ edit", "F5 send", ": all commands", "q quit"}},
		"only text": {map[string][]string{"palette": {":"}}, "list", true, 7, []string{"^R send"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, err := action.NewTable(tt.overrides, groups()...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range table.Hints(tt.group, tt.editing, tt.n) {
				got = append(got, a.Key(tt.editing)+" "+a.Hint)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"ctrl+r": "^R", "ctrl+enter": "^⏎", "enter": "⏎", "shift+tab": "⇧tab", "up": "↑", "down": "↓", "left": "←", "right": "→",
		"pgdown": "pgdn", "pgup": "pgup", "f5": "F5", "f1": "F1", "alt+1": "alt+1", "G": "G", "?": "?", "space": "space", "": "",
	}
	for name, want := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := action.Label(name); got != want {
				t.Errorf("%q: got %q, want %q", name, got, want)
			}
		})
	}
}
