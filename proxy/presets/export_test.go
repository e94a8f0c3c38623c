package presets

// Parsed counts the built-in presets that were read.
func (c *Catalogue) Parsed() int { return len(c.read) }

// Parse reads a preset's text.
var Parse = parse
