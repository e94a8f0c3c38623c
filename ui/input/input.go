// Package input makes the fields for one line of text.
package input

import "charm.land/bubbles/v2/textinput"

// New returns an empty field whose cursor does not blink: nothing ticks at rest. Whoever
// shows it draws its prompt.
func New() textinput.Model {
	in := textinput.New()
	in.Prompt = ""
	styles := in.Styles()
	styles.Cursor.Blink = false
	in.SetStyles(styles)
	return in
}
