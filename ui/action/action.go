// Package action is the table of everything a person can do. Key handling, the
// footer, the help, the palette and the documentation all read it, so that none
// of them can say what another does not do.
package action

import (
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
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

// Key returns the first key as it is printed, or nothing.
func (a Action) Key() string {
	if keys := a.binding.Keys(); len(keys) > 0 {
		return Label(keys[0])
	}
	return ""
}

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
	if err := t.collision(); err != nil {
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
	for id := range overrides {
		if !seen[id] {
			return fmt.Errorf("keys: there is no action %q; connectty keys lists them", id)
		}
	}
	return t.collision()
}

// collision finds two actions that answer to one key in one place: a pane's
// group together with the group that works everywhere.
func (t *Table) collision() error {
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
					return fmt.Errorf("keys: %q does both %s and %s in %s", k, other, a.ID, g.Name)
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
			if len(hints) < n && a.Hint != "" && a.Key() != "" && (a.Edit || !editing) && a.Ready() {
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
	return name
}

var labels = map[string]string{
	"up": "↑", "down": "↓", "left": "←", "right": "→",
	"enter": "⏎", "shift+tab": "⇧tab", "pgdown": "pgdn",
	"ctrl+enter": "^⏎", "f5": "F5",
}
