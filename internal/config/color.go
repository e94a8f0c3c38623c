package config

import (
	"fmt"
	"image/color"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/connectty/connectty/internal/nearest"
)

// colors are the names that a profile's colour may have; they read well on dark and on
// light backgrounds.
var colors = map[string]uint32{
	"red": 0xe5484d, "orange": 0xd9730d, "yellow": 0xb58900, "green": 0x2e9e57, "cyan": 0x0e9aa7, "blue": 0x3e7be0, "purple": 0x8e5bd0, "magenta": 0xc0479f,
	"pink": 0xd6568f, "gray": 0x808891, "grey": 0x808891,
}

// parseColor reads a name or #rrggbb; nil for nothing.
func parseColor(word string) (color.Color, error) {
	if word == "" {
		return nil, nil
	}
	n, ok := colors[strings.ToLower(word)]
	if hex, isHex := strings.CutPrefix(word, "#"); isHex && len(hex) == 6 {
		v, err := strconv.ParseUint(hex, 16, 32)
		n, ok = uint32(v), err == nil //nolint:gosec // six digits fit
	}
	if !ok {
		names := slices.Sorted(maps.Keys(colors))
		return nil, fmt.Errorf("%q is no colour: write #rrggbb, or one of %s%s", word, strings.Join(names, ", "), nearest.Hint(word, names))
	}
	return color.RGBA{R: byte(n >> 16), G: byte(n >> 8), B: byte(n), A: 255}, nil
}
