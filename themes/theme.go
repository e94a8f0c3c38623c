// Package themes sets the colours of the screen and of highlighted bodies
// together. A theme is one TOML file; two are built in, more may lie in the
// user's config folder.
package themes

import (
	"charm.land/lipgloss/v2"
	"github.com/alecthomas/chroma/v2"
)

// Theme is a set of inks, one for each meaning on the screen.
type Theme struct {
	Name string
	Dark bool // made for a dark background

	Text      Ink // ordinary text
	Strong    Ink // names and titles
	Muted     Ink // what explains
	Faint     Ink // line numbers, empty places
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
}

// Syntax returns the ink of a token of a highlighted body.
func (t *Theme) Syntax(tt chroma.TokenType) Ink { panic("contract") }

// Ink is a style that was rendered once, so that painting is two string copies.
type Ink struct {
	style      lipgloss.Style
	open, shut string
}

// NewInk renders the style's escape sequences once.
func NewInk(style lipgloss.Style) Ink { panic("contract") }

// Paint returns s in this ink. The zero Ink leaves s as it is.
func (k Ink) Paint(s string) string { panic("contract") }

// On returns the ink upon another one's background.
func (k Ink) On(background Ink) Ink { panic("contract") }

// Style returns the Lip Gloss style behind the ink.
func (k Ink) Style() lipgloss.Style { return k.style }

// Names returns the built-in themes and those in dir, sorted. dir may be empty
// or absent.
func Names(dir string) ([]string, error) { panic("contract") }

// Load returns a theme by name: a file NAME.toml in dir, else a built-in one.
func Load(name, dir string) (*Theme, error) { panic("contract") }

// For returns the built-in theme for a dark or a light background.
func For(dark bool) *Theme { panic("contract") }

// Open returns the sequence that begins the ink; empty where it paints nothing.
func (k Ink) Open() string { return k.open }
