// Package themes sets the colours of the screen and of highlighted bodies
// together. A theme is one TOML file; two are built in, more may lie in the
// user's config folder.
package themes

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/alecthomas/chroma/v2"
)

// Theme is a set of inks, one for each meaning on the screen. It is never
// changed after loading, so any number of goroutines may read it.
type Theme struct {
	Name string
	Dark bool // made for a dark background
	// Ground is the background the theme is made for. It is not painted: the
	// terminal's own shows. Nil in Mono.
	Ground color.Color

	Text      Ink // ordinary text
	Strong    Ink // names and titles
	Active    Ink // the chosen one of several tabs
	Muted     Ink // what explains
	Faint     Ink // line numbers, empty places, the screen behind a dialog
	Accent    Ink // focus and keys: the one accent
	Good      Ink // healthy, 2xx
	Warn      Ink // 200 but failed, 3xx, 429
	Bad       Ink // dead, 4xx and 5xx
	Border    Ink
	Focus     Ink // border of the focused pane
	Selected  Ink // background of the chosen row
	Unfocused Ink // background of the chosen row of a pane without focus
	Bar       Ink // background of the context line
	Match     Ink // a found word
	Current   Ink // the found word under the cursor
	Alarm     Ink // production: unmistakable
	Sandbox   Ink // the word that says it is not the real service

	syntax map[chroma.TokenType]Ink
}

// Syntax returns the ink of a token of a highlighted body. A type without an ink
// of its own has its parent's, at last that of ordinary text.
func (t *Theme) Syntax(tt chroma.TokenType) Ink {
	for {
		if ink, ok := t.syntax[tt]; ok {
			return ink
		}
		if tt <= 0 {
			return t.Text
		}
		tt = tt.Parent()
	}
}

// Coloured is bold text in a colour that a person chose, not the theme; without colour
// it is bold alone.
func (t *Theme) Coloured(c color.Color) Ink {
	style := plain().Bold(true)
	if t.Ground != nil {
		style = style.Foreground(c)
	}
	return NewInk(style)
}

// slot is one chrome ink under the name it has in a theme file.
type slot struct {
	name string
	ink  *Ink
}

func (t *Theme) slots() []slot {
	return []slot{
		{"text", &t.Text},
		{"strong", &t.Strong},
		{"active", &t.Active},
		{"muted", &t.Muted},
		{"faint", &t.Faint},
		{"accent", &t.Accent},
		{"good", &t.Good},
		{"warn", &t.Warn},
		{"bad", &t.Bad},
		{"border", &t.Border},
		{"focus", &t.Focus},
		{"selected", &t.Selected},
		{"unfocused", &t.Unfocused},
		{"bar", &t.Bar},
		{"match", &t.Match},
		{"current", &t.Current},
		{"alarm", &t.Alarm},
		{"sandbox", &t.Sandbox},
	}
}

func plain() lipgloss.Style { return lipgloss.NewStyle() }
