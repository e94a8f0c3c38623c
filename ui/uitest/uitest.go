// Package uitest drives a pane by hand, as the root does, for the tests of the
// panes.
package uitest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/job"
)

// Pane is what every pane offers the root.
type Pane interface {
	Update(msg tea.Msg) tea.Cmd
	View(width, height int, th *themes.Theme) string
	Resize(width, height int)
	Actions() []action.Action
	Title(th *themes.Theme) (state, right string)
	Status(th *themes.Theme) (left, right string)
	Editing() bool
	Focus(on bool)
}

// Driver is a pane with the little of the root that it needs.
type Driver struct {
	Said []tea.Msg // what came that is no job: for the root, or the pane's own
	Hold bool      // jobs are kept in Held instead of run
	Held []job.Job

	tb   testing.TB
	pane Pane
	jobs *job.Runner
}

// Drive gives the pane a size and the focus.
func Drive(tb testing.TB, pane Pane, width, height int) *Driver {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	d := &Driver{tb: tb, pane: pane, jobs: job.NewRunner(ctx, time.Now)}
	tb.Cleanup(func() {
		stop()
		d.jobs.Wait(5 * time.Second)
	})
	pane.Resize(width, height)
	pane.Focus(true)
	return d
}

// Run carries a command out until nothing is left to do.
func (d *Driver) Run(cmd tea.Cmd) *Driver {
	d.tb.Helper()
	if cmd == nil {
		return d
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.Run(c)
		}
	case job.Job:
		if d.Hold {
			d.Held = append(d.Held, msg)
		} else {
			d.Run(d.jobs.Run(msg))
		}
	case job.Answer:
		answer, next := d.jobs.Take(msg)
		if answer != nil {
			d.take(answer)
		}
		d.Run(next)
	default:
		d.take(msg)
	}
	return d
}

func (d *Driver) take(msg tea.Msg) {
	d.Said = append(d.Said, msg)
	d.Run(d.pane.Update(msg))
}

// Release runs the jobs that were held.
func (d *Driver) Release() *Driver {
	held := d.Held
	d.Hold, d.Held = false, nil
	for _, j := range held {
		d.Run(d.jobs.Run(j))
	}
	return d
}

// Do does what keys are bound to in Browse.
func (d *Driver) Do(keys ...string) *Driver {
	d.tb.Helper()
	for _, key := range keys {
		i := slices.IndexFunc(d.pane.Actions(), func(a action.Action) bool { return slices.Contains(a.Keys, key) })
		if i < 0 {
			d.tb.Fatalf("no action on %q", key)
		}
		a := d.pane.Actions()[i]
		if !a.Ready() {
			d.tb.Fatalf("%s (%s) cannot be done now", a.ID, key)
		}
		d.Run(a.Run())
	}
	return d
}

// Press gives keys to what is edited.
func (d *Driver) Press(keys ...string) *Driver {
	for _, key := range keys {
		d.Run(d.pane.Update(Key(key)))
	}
	return d
}

// Type types a text.
func (d *Driver) Type(text string) *Driver {
	for _, r := range text {
		d.Run(d.pane.Update(Key(string(r))))
	}
	return d
}

// Paste pastes a text.
func (d *Driver) Paste(text string) *Driver { return d.Run(d.pane.Update(tea.PasteMsg{Content: text})) }

// Click clicks a cell of the pane's inside.
func (d *Driver) Click(x, y int) *Driver {
	return d.Run(d.pane.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}))
}

// StatusText is what the status line says, as text.
func (d *Driver) StatusText() string {
	left, right := d.pane.Status(themes.For(true))
	return strings.TrimSpace(ansi.Strip(left + " | " + right))
}

// TitleText is what the border says, as text.
func (d *Driver) TitleText() string {
	state, right := d.pane.Title(themes.For(true))
	return ansi.Strip(state + " | " + right)
}

// ViewText is the pane as text, without the blanks at the ends of lines.
func (d *Driver) ViewText(width, height int) string {
	return Text(d.pane.View(width, height, themes.For(true)))
}

// Screen is all that the pane says, as text.
func (d *Driver) Screen(width, height int) string {
	line := strings.Repeat("─", width) + "\n"
	return fmt.Sprintf("%d×%d  %s\n", width, height, strings.TrimRight(d.TitleText(), " ")) + line + d.ViewText(width, height) + "\n" + line + d.StatusText() + "\n"
}

// Fits checks that the pane keeps to its room, tells the terminal nothing that a
// stranger wrote, and draws the same twice.
func (d *Driver) Fits(width, height int) {
	d.tb.Helper()
	view := d.pane.View(width, height, themes.For(true))
	if again := d.pane.View(width, height, themes.For(true)); again != view {
		d.tb.Errorf("%d×%d: drawn twice it differs", width, height)
	}
	for line := range strings.SplitSeq(view, "\n") {
		if w := ansi.StringWidth(line); w > width {
			d.tb.Errorf("%d×%d: %d cells in %q", width, height, w, ansi.Strip(line))
		}
	}
	if n := strings.Count(view, "\n") + 1; n > max(1, height) {
		d.tb.Errorf("%d×%d: %d lines", width, height, n)
	}
	Harmless(d.tb, ansi.Strip(view)+d.TitleText()+d.StatusText())
}

// Harmless checks that a text holds nothing that a terminal would obey.
func Harmless(tb testing.TB, plain string) {
	tb.Helper()
	at := strings.IndexFunc(plain, func(r rune) bool {
		return r < 0x20 && r != '\n' || r == 0x202e || r == 0x200b || r >= 0x7f && r < 0xa0
	})
	if at >= 0 {
		tb.Errorf("control character at %d in %q", at, plain)
	}
}

// Hostile is text that a stranger could write to fool a terminal or a reader.
const Hostile = "\x1b[2J\x1b]0;owned\x07 user\u202egpj.exe\u009b31m ad\u200bmin\r\nx"

// Wide is text whose characters take two cells, or none.
const Wide = "日本語 👩‍🚀 cafe\u0301 ❤️ 한국어"

// Text strips colours, and the blanks at the ends of lines.
func Text(view string) string {
	lines := strings.Split(ansi.Strip(view), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(lines, "\n")
}

var codes = map[string]rune{
	"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "f1": tea.KeyF1, "f5": tea.KeyF5,
}

// modifiers stand before a key's name in Bubble Tea's order.
var modifiers = []struct {
	prefix string
	mod    tea.KeyMod
}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}}

// Key is the press of a key by its name, as Bubble Tea prints it.
func Key(name string) tea.KeyPressMsg {
	var press tea.KeyPressMsg
	for _, m := range modifiers {
		if rest, ok := strings.CutPrefix(name, m.prefix); ok && rest != "" {
			press.Mod |= m.mod
			name = rest
		}
	}
	if code, ok := codes[name]; ok {
		press.Code = code
		return press
	}
	if name == "space" {
		name = " "
	}
	press.Code, _ = utf8.DecodeRuneInString(name)
	if press.Mod == 0 {
		press.Text = name
	}
	return press
}
