package themes

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// reset ends every ink: one short sequence, whatever was opened.
const reset = "\x1b[m"

// Ink is a style that was rendered once, so that painting is two string copies.
// Colours are written as they are; Bubble Tea brings them down to what the
// terminal has.
type Ink struct {
	style      lipgloss.Style
	open, shut string
}

// NewInk renders the style's escape sequences once. Only colours and attributes
// count: an ink has no width, padding or border.
func NewInk(style lipgloss.Style) Ink {
	var sgr ansi.Style
	if style.GetBold() {
		sgr = sgr.Bold()
	}
	if style.GetFaint() {
		sgr = sgr.Faint()
	}
	if style.GetItalic() {
		sgr = sgr.Italic(true)
	}
	if style.GetUnderline() {
		sgr = sgr.Underline(true)
	}
	if style.GetReverse() {
		sgr = sgr.Reverse(true)
	}
	if style.GetStrikethrough() {
		sgr = sgr.Strikethrough(true)
	}
	if c := style.GetForeground(); isColor(c) {
		sgr = sgr.ForegroundColor(c)
	}
	if c := style.GetBackground(); isColor(c) {
		sgr = sgr.BackgroundColor(c)
	}
	if len(sgr) == 0 {
		return Ink{style: style}
	}
	return Ink{style: style, open: sgr.String(), shut: reset}
}

// Paint returns s in this ink. The zero Ink leaves s as it is.
func (k Ink) Paint(s string) string {
	if k.open == "" || s == "" {
		return s
	}
	return k.open + s + k.shut
}

// On returns the ink upon another one's background. An ink with a background of
// its own keeps it. Where the other reverses, an ink that reverses as well turns
// back, so that it stands out within a reversed row.
func (k Ink) On(background Ink) Ink {
	style := k.style
	if c := background.style.GetBackground(); isColor(c) && !isColor(style.GetBackground()) {
		style = style.Background(c)
	}
	if background.style.GetReverse() {
		style = style.Reverse(!style.GetReverse())
	}
	if background.style.GetUnderline() {
		style = style.Underline(true)
	}
	return NewInk(style)
}

// Bold returns the ink in bold.
func (k Ink) Bold() Ink { return NewInk(k.style.Bold(true)) }

// Style returns the Lip Gloss style behind the ink.
func (k Ink) Style() lipgloss.Style { return k.style }

// Open returns the sequence that begins the ink; empty where it paints nothing.
func (k Ink) Open() string { return k.open }

// isColor tells a colour from the two ways in which Lip Gloss says "none".
func isColor(c color.Color) bool {
	if c == nil {
		return false
	}
	_, none := c.(lipgloss.NoColor)
	return !none
}
