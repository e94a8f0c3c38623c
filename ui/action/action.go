// Package action is the table of everything a person can do. Key handling, the
// footer, the help, the palette and the documentation all read it, so that none
// of them can say what another does not do.
package action

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/nearest"
)

// Action is one thing a person can do.
type Action struct {
	// ID is stable and names the action in config.toml: "request.send".
	ID string
	// Title says what it does, in a few words: "Send the request".
	Title string
	// Hint is its word in the footer; empty keeps it out of there.
	Hint string
	// Keys do it, the one to show first. Names as Bubble Tea has them: "ctrl+r".
	Keys []string
	// Edit tells that its keys work while text is typed, too; those that are
	// text themselves then type all the same.
	Edit bool
	// When tells whether it can be done now; nil for always. It must be cheap.
	When func() bool
	// Run does it. It may return nil.
	Run func() tea.Cmd

	binding key.Binding
}

// Ready reports whether the action can be done now.
func (a Action) Ready() bool { return a.When == nil || a.When() }

// Key returns the first key as it is printed, or nothing. While text is edited
// it is the first that does not type.
func (a Action) Key(editing bool) string {
	for _, k := range a.binding.Keys() {
		if !editing || !types(k) {
			return Label(k)
		}
	}
	return ""
}

// types reports that a key is text: "j", "space".
func types(name string) bool { return name == "space" || utf8.RuneCountInString(name) == 1 }

// Group holds the actions of one pane, or those that work everywhere.
type Group struct {
	Name    string // "response"; the group named [Everywhere] works in all panes
	Title   string // as help shows it
	Actions []Action
}

// Everywhere names the group whose actions work in every pane.
const Everywhere = "everywhere"

// Table holds all groups. It does not change after it was made.
type Table struct {
	groups []Group
	index  map[string]Action
}

// NewTable lays the users's keys (action id → keys, an empty list unbinds) over
// the defaults. It refuses an unknown id, two actions of one id, and two that
// answer to one key in one place; the table is usable all the same, with the
// defaults where an override was refused.
func NewTable(overrides map[string][]string, groups ...Group) (*Table, error) {
	t := &Table{index: map[string]Action{}}
	for _, g := range groups {
		t.groups = append(t.groups, bind(g, nil))
	}
	if err := t.check(overrides); err != nil {
		t.reindex()
		return t, err
	}
	bound := make([]Group, 0, len(groups))
	for _, g := range groups {
		bound = append(bound, bind(g, overrides))
	}
	defaults := t.groups
	t.groups = bound
	if err := t.collision(overrides); err != nil {
		t.groups = defaults
		t.reindex()
		return t, err
	}
	t.reindex()
	return t, nil
}

func bind(g Group, overrides map[string][]string) Group {
	g.Actions = slices.Clone(g.Actions)
	for i, a := range g.Actions {
		if keys, ok := overrides[a.ID]; ok {
			a.Keys = keys
		}
		a.binding = key.NewBinding(key.WithKeys(a.Keys...), key.WithHelp("", a.Title))
		g.Actions[i] = a
	}
	return g
}

func (t *Table) reindex() {
	for _, g := range t.groups {
		for _, a := range g.Actions {
			t.index[a.ID] = a
		}
	}
}

func (t *Table) check(overrides map[string][]string) error {
	seen := map[string]bool{}
	for _, g := range t.groups {
		for _, a := range g.Actions {
			if seen[a.ID] {
				return fmt.Errorf("two actions are called %q", a.ID)
			}
			seen[a.ID] = true
		}
	}
	for id, keys := range overrides {
		if !seen[id] {
			ids := slices.Collect(maps.Keys(seen))
			return &KeyError{ID: id, Text: fmt.Sprintf("there is no action %q%s; connectty keys lists them", id, nearest.Hint(id, ids))}
		}
		for _, k := range keys {
			if !pressable(k) {
				return &KeyError{ID: id, Text: fmt.Sprintf("%q is no key: write it as j, G, ctrl+r, alt+1, shift+tab, f5 or enter", k)}
			}
		}
	}
	return t.collision(nil)
}

// KeyError tells what is wrong in a user's key bindings.
type KeyError struct {
	ID   string // of the action that is bound
	Text string // what is wrong, and the nearest valid name where one is near
}

// Error tells what is wrong.
func (e *KeyError) Error() string { return "keys: " + e.Text }

// named are the keys that have names, as Bubble Tea has them.
var named = []string{
	"enter", "tab", "esc", "space", "backspace", "delete", "insert", "home", "end", "pgup", "pgdown", "up", "down", "left", "right",
}

// pressable reports the name of a key that a terminal can send: a character, a
// named key or f1 to f63, with modifiers before it.
func pressable(name string) bool {
	rest := name
	for _, modifier := range []string{"ctrl+", "alt+", "shift+", "meta+", "super+", "hyper+"} { // in Bubble Tea's order
		rest = strings.TrimPrefix(rest, modifier)
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(rest, "f")); err == nil && rest[0] == 'f' && n >= 1 && n <= 63 {
		return true
	}
	return utf8.RuneCountInString(rest) == 1 || slices.Contains(named, rest)
}

// collision finds two actions that answer to one key in one place: a pane's
// group together with the group that works everywhere.
func (t *Table) collision(overrides map[string][]string) error {
	var everywhere Group
	for _, g := range t.groups {
		if g.Name == Everywhere {
			everywhere = g
		}
	}
	for _, g := range t.groups {
		taken := map[string]string{}
		actions := g.Actions
		if g.Name != Everywhere {
			actions = slices.Concat(everywhere.Actions, g.Actions)
		}
		for _, a := range actions {
			for _, k := range a.binding.Keys() {
				if other, ok := taken[k]; ok {
					culprit := a.ID // the one that the user bound
					if _, bound := overrides[a.ID]; !bound {
						culprit = other
					}
					return &KeyError{ID: culprit, Text: fmt.Sprintf("%q does both %s and %s in %s", k, other, a.ID, g.Name)}
				}
				taken[k] = a.ID
			}
		}
	}
	return nil
}

// Match returns the action that a key press does in a group: the group's own
// first, then those that work everywhere. While text is edited only actions
// that are marked so match, and by keys that are no text. An action that cannot be done now does not match.
func (t *Table) Match(group string, press tea.KeyPressMsg, editing bool) (Action, bool) {
	for _, name := range []string{group, Everywhere} {
		for _, a := range t.Group(name).Actions {
			free := !editing || a.Edit && press.Text == ""
			if free && key.Matches(press, a.binding) && a.Ready() {
				return a, true
			}
		}
	}
	return Action{}, false
}

// Group returns the group of a name; an empty one where there is none.
func (t *Table) Group(name string) Group {
	for _, g := range t.groups {
		if g.Name == name {
			return g
		}
	}
	return Group{}
}

// Groups returns all groups in the order they were given. The caller must not
// change them.
func (t *Table) Groups() []Group { return t.groups }

// Find returns the action of an id.
func (t *Table) Find(id string) (Action, bool) {
	a, ok := t.index[id]
	return a, ok
}

// Hints returns at most n actions for the footer: those of the group that can
// be done now and have a word for it, then those that work everywhere.
func (t *Table) Hints(group string, editing bool, n int) []Action {
	var hints []Action
	for _, name := range []string{group, Everywhere} {
		for _, a := range t.Group(name).Actions {
			if len(hints) < n && a.Hint != "" && a.Key(editing) != "" && (a.Edit || !editing) && a.Ready() {
				hints = append(hints, a)
			}
		}
	}
	return hints
}

// Label prints a key's name as the screen shows it: "^R" for ctrl+r.
func Label(name string) string {
	if rest, ok := strings.CutPrefix(name, "ctrl+"); ok && len(rest) == 1 {
		return "^" + strings.ToUpper(rest)
	}
	if l, ok := labels[name]; ok {
		return l
	}
	if len(name) > 1 && name[0] == 'f' && strings.Trim(name[1:], "0123456789") == "" {
		return "F" + name[1:]
	}
	return name
}

var labels = map[string]string{
	"up": "↑", "down": "↓", "left": "←", "right": "→",
	"enter": "⏎", "shift+tab": "⇧tab", "pgdown": "pgdn",
	"ctrl+enter": "^⏎",
}
