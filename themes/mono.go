package themes

import (
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// Mono returns the theme without colours, for NO_COLOR. It is always the same
// one, so it can be compared by address.
func Mono() *Theme { return mono() }

var mono = sync.OnceValue(func() *Theme {
	bold := NewInk(plain().Bold(true))
	faint := NewInk(plain().Faint(true))
	underline := NewInk(plain().Underline(true))
	loud := NewInk(plain().Bold(true).Underline(true))
	reverse := NewInk(plain().Reverse(true))
	return &Theme{
		Name:      "mono",
		Strong:    bold,
		Active:    loud,
		Faint:     faint,
		Accent:    bold,
		Warn:      underline,
		Bad:       loud,
		Border:    faint,
		Focus:     bold,
		Selected:  reverse,
		Unfocused: underline,
		Match:     loud,
		Current:   NewInk(plain().Bold(true).Reverse(true)),
		Alarm:     NewInk(plain().Bold(true).Reverse(true)),
		Sandbox:   underline,
		syntax: map[chroma.TokenType]Ink{
			chroma.NameTag:     bold,
			chroma.Punctuation: faint,
			chroma.Comment:     faint,
			chroma.LineNumbers: faint,
			chroma.Error:       underline,
		},
	}
})
