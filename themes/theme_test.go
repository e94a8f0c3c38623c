package themes_test

import (
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/alecthomas/chroma/v2"

	"github.com/connectty/connectty/themes"
)

func TestContrast(t *testing.T) {
	t.Parallel()
	for _, th := range []*themes.Theme{themes.For(true), themes.For(false)} {
		grounds := map[string]color.Color{
			"ground":    th.Ground,
			"selected":  th.Selected.Style().GetBackground(),
			"unfocused": th.Unfocused.Style().GetBackground(),
			"bar":       th.Bar.Style().GetBackground(),
		}
		inks := map[string]themes.Ink{
			"text": th.Text, "strong": th.Strong, "active": th.Active, "muted": th.Muted, "accent": th.Accent,
			"good": th.Good, "warn": th.Warn, "bad": th.Bad, "sandbox": th.Sandbox,
		}
		for _, tt := range []chroma.TokenType{
			chroma.NameTag, chroma.NameAttribute, chroma.NameEntity, chroma.LiteralStringDouble,
			chroma.LiteralNumberFloat, chroma.KeywordConstant, chroma.Punctuation, chroma.Comment, chroma.CommentPreproc, chroma.Error,
		} {
			inks[tt.String()] = th.Syntax(tt)
		}
		for where, ground := range grounds {
			for name, ink := range inks {
				atLeast(t, 4.5, th.Name+" "+name+" on "+where, ink.Style().GetForeground(), ground)
			}
			atLeast(t, 3, th.Name+" faint on "+where, th.Faint.Style().GetForeground(), ground)
		}
		for name, ink := range map[string]themes.Ink{"match": th.Match, "current": th.Current, "alarm": th.Alarm} {
			atLeast(t, 4.5, th.Name+" "+name, ink.Style().GetForeground(), ink.Style().GetBackground())
		}
		atLeast(t, 3, th.Name+" focus", th.Focus.Style().GetForeground(), th.Ground)
	}
}

func atLeast(t *testing.T, want float64, what string, a, b color.Color) {
	t.Helper()
	la, lb := luminance(a), luminance(b)
	if got := (max(la, lb) + 0.05) / (min(la, lb) + 0.05); got < want {
		t.Errorf("%s: contrast %.2f, want at least %.1f", what, got, want)
	}
}

// luminance is the relative luminance of WCAG 2.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func TestPaint(t *testing.T) {
	t.Parallel()
	red := themes.NewInk(lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color("#ff0000")))
	row := themes.NewInk(lipgloss.NewStyle().Background(lipgloss.Color("#0000ff")))
	badge := themes.NewInk(lipgloss.NewStyle().Background(lipgloss.Color("#00ff00")))
	tests := map[string]struct{ got, want string }{
		"zero ink":             {themes.Ink{}.Paint("x"), "x"},
		"nothing to paint":     {red.Paint(""), ""},
		"colour and attribute": {red.Paint("x"), "\x1b[1;38;2;255;0;0mx\x1b[m"},
		"upon a row":           {red.On(row).Paint("x"), "\x1b[1;38;2;255;0;0;48;2;0;0;255mx\x1b[m"},
		"upon nothing":         {red.On(themes.Ink{}).Paint("x"), "\x1b[1;38;2;255;0;0mx\x1b[m"},
		"keeps its background": {badge.On(row).Paint("x"), "\x1b[48;2;0;255;0mx\x1b[m"},
		"open":                 {row.Open(), "\x1b[48;2;0;0;255m"},
		"mono selected row":    {themes.Mono().Selected.Paint("x"), "\x1b[7mx\x1b[m"},
		"mono alarm":           {themes.Mono().Alarm.Paint("x"), "\x1b[1;7mx\x1b[m"},
		"mono alarm on a row":  {themes.Mono().Alarm.On(themes.Mono().Selected).Paint("x"), "\x1b[1mx\x1b[m"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestPaintTakesOneAllocation(t *testing.T) {
	ink, word := themes.For(true).Accent, strings.Repeat("x", 40)
	var out string
	if got := testing.AllocsPerRun(100, func() { out = ink.Paint(word) }); got > 1 {
		t.Errorf("Paint allocates %v times for %q, want at most 1", got, out)
	}
}

func TestSyntaxTakesTheParent(t *testing.T) {
	t.Parallel()
	th := themes.For(true)
	tests := map[string]struct {
		tt   chroma.TokenType
		want themes.Ink
	}{
		"string escape is a string":   {chroma.LiteralStringEscape, th.Syntax(chroma.LiteralString)},
		"hex number is a number":      {chroma.LiteralNumberHex, th.Syntax(chroma.LiteralNumber)},
		"text without an ink":         {chroma.TextWhitespace, th.Text},
		"none":                        {chroma.None, th.Text},
		"negative type of its own":    {chroma.LineNumbers, th.Faint},
		"negative type without a ink": {chroma.CodeLine, th.Text},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := th.Syntax(tt.tt).Open(); got != tt.want.Open() {
				t.Errorf("%v: got %q, want %q", tt.tt, got, tt.want.Open())
			}
		})
	}
}

// Without colours the inks that carry meaning must still differ from plain text.
func TestMonoIsDistinguishable(t *testing.T) {
	t.Parallel()
	th := themes.Mono()
	inks := map[string]themes.Ink{
		"strong": th.Strong, "accent": th.Accent, "faint": th.Faint, "warn": th.Warn, "bad": th.Bad, "focus": th.Focus,
		"selected": th.Selected, "unfocused": th.Unfocused, "match": th.Match, "current": th.Current, "alarm": th.Alarm, "sandbox": th.Sandbox,
	}
	for name, ink := range inks {
		if ink.Open() == "" {
			t.Errorf("%s looks like plain text", name)
		}
		if strings.Contains(ink.Open(), "38;") || strings.Contains(ink.Open(), "48;") {
			t.Errorf("%s has a colour: %q", name, ink.Open())
		}
	}
	for _, pair := range [][2]string{
		{"warn", "bad"}, {"selected", "unfocused"}, {"selected", "alarm"}, {"match", "current"}, {"match", "selected"}, {"strong", "faint"},
	} {
		if inks[pair[0]].Open() == inks[pair[1]].Open() {
			t.Errorf("%s and %s look the same", pair[0], pair[1])
		}
	}
	if th != themes.Mono() {
		t.Error("Mono gives another theme each time")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"sea.toml", "dark.toml", "note.txt", ".toml"} {
		write(t, dir, name, "dark = true")
	}
	tests := map[string]struct{ dir, want string }{
		"none":    {"", "dark light"},
		"absent":  {filepath.Join(dir, "absent"), "dark light"},
		"of mine": {dir, "dark light sea"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := themes.Names(tt.dir)
			if err != nil || strings.Join(got, " ") != tt.want {
				t.Errorf("Names(%q): got %v, %v; want %s", tt.dir, got, err, tt.want)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "sea.toml", "dark = true\n[palette]\nfoam = \"#aabbcc\"\n[chrome]\naccent = \"bold foam\"\n[syntax]\nNameTag = \"underline\"\n")
	th, err := themes.Load("sea", dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := th.Accent.Open(), "\x1b[1;38;2;170;187;204m"; got != want {
		t.Errorf("accent: got %q, want %q", got, want)
	}
	if got, want := th.Syntax(chroma.NameTag).Open(), "\x1b[4m"; got != want {
		t.Errorf("NameTag: got %q, want %q", got, want)
	}
	if th.Name != "sea" || !th.Dark || th.Bad.Open() != themes.For(true).Bad.Open() {
		t.Errorf("what the file leaves out differs from the built-in: %q %v %q", th.Name, th.Dark, th.Bad.Open())
	}
	if got, want := themes.For(true).Syntax(chroma.NameTag).Open(), "\x1b[38;2;122;162;247m"; got != want {
		t.Errorf("loading a theme changed the built-in one: got %q, want %q", got, want)
	}
}

func TestLoadNamesTheMistake(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	tests := map[string]struct {
		src  string
		want []string
	}{
		"unknown table":                {"dark = true\n[crome]\ntext = \"bold\"", []string{"bad.toml:2: crome", `"chrome"`}},
		"unknown ink":                  {"dark = true\n[chrome]\n\nacent = \"bold\"", []string{"bad.toml:4: chrome.acent", `"accent"`}},
		"unknown token":                {"dark = true\n[syntax]\nNameTagg = \"bold\"", []string{"bad.toml:3: syntax.NameTagg", `"NameTag"`}},
		"unknown word":                 {"dark = true\n[chrome]\ntext = \"bol\"", []string{"bad.toml:3: chrome.text", `"bold"`}},
		"bad colour":                   {"dark = true\n[chrome]\ntext = \"#12g456\"", []string{"bad.toml:3: chrome.text", "six digits"}},
		"bad palette":                  {"dark = true\n[palette]\nsea = \"blue\"\n[chrome]\ntext = \"sea\"", []string{"bad.toml:3: palette.sea", "six digits"}},
		"colour named as an attribute": {"dark = true\n[palette]\nfaint = \"#aabbcc\"", []string{"bad.toml:3: palette.faint", "another name"}},
		"wrong type":                   {"dark = 3", []string{"bad.toml:1: dark"}},
		"no TOML":                      {"dark = true\nx x", []string{"bad.toml:2"}},
		"background unsaid":            {"[chrome]\ntext = \"bold\"", []string{"bad.toml: dark: is missing"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sub := filepath.Join(dir, strings.ReplaceAll(name, " ", "-"))
			if err := os.Mkdir(sub, 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, sub, "bad.toml", tt.src)
			_, err := themes.Load("bad", sub)
			if err == nil {
				t.Fatalf("%q loads", tt.src)
			}
			for _, want := range append(tt.want, sub) {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want it to hold %q", err, want)
				}
			}
		})
	}
}

func TestLoadUnknown(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"drak": `did you mean "dark"?`, "../secret": "there are: dark, light", "": "there are"} {
		if _, err := themes.Load(name, t.TempDir()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%q): got %v, want %q", name, err, want)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	src, err := os.ReadFile("dark.toml")
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mine.toml"), src, 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := themes.Load("mine", dir); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSyntax(b *testing.B) {
	th := themes.For(true)
	for b.Loop() {
		_ = th.Syntax(chroma.LiteralStringDouble)
	}
}
