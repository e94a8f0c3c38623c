package request

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/list"
)

// offer is one way in which what is typed could go on.
type offer struct {
	text string
	note string // where it comes from
}

// completer offers how one field could go on. It is taken with → or tab, or with
// enter once ↓ moved into it.
type completer struct {
	all, match []offer
	at         int
	chosen     bool // ↓ moved into it
}

// offers replaces what there is to offer.
func (c *completer) offers(all []offer, typed string) {
	c.all = all
	c.follow(typed)
}

// follow takes in what is typed now.
func (c *completer) follow(typed string) {
	var match []offer
	for _, o := range c.all {
		if len(o.text) >= len(typed) && o.text != typed && strings.EqualFold(o.text[:len(typed)], typed) {
			match = append(match, o)
		}
	}
	c.match, c.at, c.chosen = match, 0, false
}

// current is what would be taken; empty where nothing is offered. While nothing is
// typed that is so until ↓ was pressed.
func (c *completer) current(typed string) string {
	if len(c.match) == 0 || typed == "" && !c.chosen {
		return ""
	}
	return c.match[c.at].text
}

// press moves among the offers; false for a key that is none of theirs.
func (c *completer) press(key string) bool {
	switch {
	case len(c.match) == 0:
		return false
	case key == "down" && !c.chosen:
		c.chosen = true
	case key == "down":
		c.at = (c.at + 1) % len(c.match)
	case key == "up" && c.chosen && c.at == 0:
		c.chosen = false
	case key == "up" && c.chosen:
		c.at--
	default:
		return false
	}
	return true
}

// take completes a field, if the key asks for that.
func (c *completer) take(key string, in *textinput.Model) bool {
	text := c.current(in.Value())
	atEnd := in.Position() >= len([]rune(in.Value()))
	switch {
	case text == "", key != "tab" && key != "right" && key != "enter", key == "right" && !atEnd, key == "enter" && !c.chosen:
		return false
	}
	in.SetValue(text)
	in.CursorEnd()
	c.follow(text)
	return true
}

// view draws the offers, as many as fit.
func (c *completer) view(width, height int, th *themes.Theme) string {
	var lines []string
	first := max(0, min(c.at-height/2, len(c.match)-height))
	for i := first; i < len(c.match) && len(lines) < height; i++ {
		o := c.match[i]
		note := th.Faint.Paint(ansi.Truncate(visible.Line(o.note), width/3, "…")) + " "
		room := max(8, width-ansi.StringWidth(note)-4)
		line := frame.Columns("  "+th.Muted.Paint(ansi.Truncate(visible.Line(o.text), room, "…")), note, width)
		lines = append(lines, list.Chosen(line, c.chosen && i == c.at, true, width, th))
	}
	return strings.Join(lines, "\n")
}

// Known is what is known of the app beside what Connect says.
type Known struct {
	BaseURL, ProjectID string    // of Connect
	Examples           []Example // calls to start from
	Inserts            []Insert  // where Connect puts the credential; none: it is not known
	Exact              bool      // Inserts is what will be done, not what is expected
}

// Example is a call that is known to be of use.
type Example struct{ Title, URL string }

// SetKnown tells what is known of the app.
func (m *Model) SetKnown(k Known) {
	m.known = k
	m.offerURLs()
	m.resize()
}

// offerURLs gathers how a URL may begin: the app's hosts, calls of its preset, and
// what was sent before.
func (m *Model) offerURLs() {
	var all []offer
	seen := map[string]bool{}
	add := func(text, note string) {
		if text != "" && !seen[text] {
			seen[text] = true
			all = append(all, offer{text, note})
		}
	}
	for _, start := range suggestions(m.app) {
		add(start, "allowed")
	}
	base := ""
	if m.app != nil && m.app.Connect != nil && !m.app.Relative() {
		base = strings.TrimSuffix(m.app.Connect.BaseURL, "/")
	}
	for _, e := range m.known.Examples {
		path := strings.HasPrefix(e.URL, "/")
		if path && base != "" {
			add(base+e.URL, e.Title)
		}
		add(e.URL, e.Title)
	}
	for _, url := range m.urls {
		add(url, "sent before")
	}
	m.starts.offers(all, m.url.Value())
}
