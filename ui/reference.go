package ui

import (
	"strings"

	"github.com/connectty/connectty/ui/action"
)

// Keys returns every action with its default keys, by group.
func Keys() []action.Group {
	m := &model{}
	m.makePanes()
	return m.groups()
}

// CheckKeys tells what is wrong in a user's key bindings.
func CheckKeys(overrides map[string][]string) error {
	_, err := action.NewTable(overrides, Keys()...)
	return err
}

// KeysMarkdown is docs/keys.md: the action table as people read it.
func KeysMarkdown() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nMade from the action table by `connectty keys --markdown`; `[keys]` in `config.toml` changes them by id.\n")
	for _, g := range Keys() {
		b.WriteString("\n## " + g.Title + "\n\n| keys | what they do | id |\n| --- | --- | --- |\n")
		for _, a := range g.Actions {
			b.WriteString("| " + strings.Join(quotedKeys(a.Keys), " ") + " | " + a.Title + " | `" + a.ID + "` |\n")
		}
	}
	return b.String()
}

// KeysReadme is the table of keys in README.md: what works everywhere.
func KeysReadme() string {
	var b strings.Builder
	b.WriteString("| keys | what they do |\n| --- | --- |\n")
	for _, a := range Keys()[0].Actions {
		if len(a.Keys) > 0 {
			b.WriteString("| " + strings.Join(quotedKeys(a.Keys), " ") + " | " + a.Title + " |\n")
		}
	}
	return b.String()
}

// quotedKeys are keys as Markdown shows them.
func quotedKeys(keys []string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = "`" + strings.ReplaceAll(k, "|", `\|`) + "`"
	}
	return out
}
