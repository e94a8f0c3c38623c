package frame_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/frame"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const wide = "日本語 👩‍🚀 cafe\u0301 한국어"

func boxes(th *themes.Theme) map[string]frame.Box {
	body := "first\n" + strings.Repeat("long ", 30) + "\n" + th.Good.Paint(wide) + "\nfourth\nfifth"
	return map[string]frame.Box{
		"plain":  {Title: "Users", Body: body},
		"pane":   {Key: "1", Title: "Users", State: th.Muted.Paint("1,204"), Body: body, Ink: th.Focus},
		"right":  {Key: "3", Title: "Request", Right: th.Accent.Paint("^R") + " send", Body: body},
		"ruled":  {Key: "4", Title: "Response", State: th.Good.Paint("200 OK"), Right: "slack.com · 412 ms", Rule: 2, RuleTitle: th.Warn.Paint("Who failed"), Body: body},
		"wide":   {Title: wide, State: wide, Right: wide, Rule: 1, RuleTitle: wide, Body: wide + wide + wide},
		"barely": {},
	}
}

func TestDraw(t *testing.T) {
	t.Parallel()
	th := themes.For(true)
	for name, b := range boxes(th) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, size := range [][2]int{{60, 8}, {34, 5}, {20, 4}} {
				fmt.Fprintf(&all, "%d×%d\n%s\n", size[0], size[1], ansi.Strip(frame.Draw(size[0], size[1], b, th)))
			}
			golden.RequireEqual(t, all.String())
		})
	}
}

// A box is exactly as large as asked, at any size.
func TestDrawIsExact(t *testing.T) {
	t.Parallel()
	th := themes.For(true)
	for name, b := range boxes(th) {
		for width := range 70 {
			for height := range 12 {
				exact(t, fmt.Sprintf("%s %d×%d", name, width, height), frame.Draw(width, height, b, th), width, height)
			}
		}
	}
}

func exact(t *testing.T, what, block string, width, height int) {
	t.Helper()
	lines := strings.Split(block, "\n")
	if len(lines) != max(1, height) {
		t.Errorf("%s: %d lines, want %d", what, len(lines), height)
	}
	for _, line := range lines {
		if w := ansi.StringWidth(line); w != width && height > 0 {
			t.Errorf("%s: %d cells, want %d, in %q", what, w, width, ansi.Strip(line))
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		line  string
		width int
		want  string
	}{
		"pads":            {"ab", 4, "ab  "},
		"as it is":        {"abcd", 4, "abcd"},
		"cuts":            {"abcdef", 4, "abc…"},
		"one cell":        {"abcdef", 1, "…"},
		"no room":         {"abcdef", 0, ""},
		"less than none":  {"abcdef", -3, ""},
		"wide":            {"日本", 4, "日本"},
		"cuts wide":       {"日本語", 4, "日… "},
		"keeps a cluster": {"👩‍🚀ab", 3, "👩‍🚀…"},
		"empty":           {"", 2, "  "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := frame.Fit(tt.line, tt.width); got != tt.want {
				t.Errorf("%q in %d cells: got %q, want %q", tt.line, tt.width, got, tt.want)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		left, right string
		width       int
		want        string
	}{
		"both fit":      {"left", "right", 12, "left   right"},
		"left is cut":   {"a long left", "right", 12, "a lon… right"},
		"only left":     {"left", "", 6, "left  "},
		"only right":    {"", "right", 7, "  right"},
		"right is cut":  {"a long left", "far too long", 12, "a lo… far t…"},
		"left is short": {"a", "12345678", 10, "a 12345678"},
		"no room":       {"left", "right", 1, "…"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := frame.Columns(tt.left, tt.right, tt.width); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestFill(t *testing.T) {
	t.Parallel()
	for name, block := range map[string]string{"empty": "", "short": "a\nb", "long": strings.Repeat(wide+"\n", 20)} {
		for _, size := range [][2]int{{0, 0}, {1, 1}, {10, 5}, {40, 30}} {
			exact(t, fmt.Sprint(name, size), frame.Fill(block, size[0], size[1]), size[0], size[1])
		}
	}
}

// The background of a chosen row stays under text that has colours of its own.
func TestRow(t *testing.T) {
	t.Parallel()
	th := themes.For(true)
	open := th.Selected.Open()
	got := frame.Row(th.Good.Paint("●")+" x", 5, th.Selected)
	if want := open + th.Good.Open() + "●\x1b[m" + open + " x  \x1b[m"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := frame.Row("x", 3, themes.Ink{}); got != "x  " {
		t.Errorf("an ink that paints nothing: got %q", got)
	}
}
