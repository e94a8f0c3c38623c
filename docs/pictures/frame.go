package main

import (
	"image"
	"image/color"
	"math"
)

// arms are the lines of a frame within a cell: which of its edges they reach
// from its middle, and how they are drawn.
type arms uint8

const (
	up arms = 1 << iota
	right
	down
	left
	round // two arms that meet in a bow
	heavy // twice as thick
)

// frames are the runes that must join from cell to cell. They are drawn here, as
// a font's own leave gaps in cells of another height than the font's.
var frames = map[rune]arms{
	'─': left | right,
	'│': up | down,
	'┌': right | down,
	'┐': left | down,
	'└': right | up,
	'┘': left | up,
	'├': up | down | right,
	'┤': up | down | left,
	'┬': left | right | down,
	'┴': left | right | up,
	'┼': left | right | up | down,

	'╭': right | down | round,
	'╮': left | down | round,
	'╰': right | up | round,
	'╯': left | up | round,

	'━': left | right | heavy,
	'┃': up | down | heavy,
	'┏': right | down | heavy,
	'┓': left | down | heavy,
	'┗': right | up | heavy,
	'┛': left | up | heavy,
	'┣': up | down | right | heavy,
	'┫': up | down | left | heavy,
	'┳': left | right | down | heavy,
	'┻': left | right | up | heavy,
	'╋': left | right | up | down | heavy,
}

// draw inks each pixel of a cell by how near its middle is to the lines.
func (a arms) draw(picture *image.RGBA, at image.Rectangle, ink color.RGBA) {
	half := stroke / 2.0
	if a&heavy != 0 {
		half = stroke
	}
	for y := range cellHeight {
		for x := range cellWidth {
			away := a.distance(float64(x)+0.5-cellWidth/2, float64(y)+0.5-cellHeight/2, half)
			blend(picture, at.Min.X+x, at.Min.Y+y, ink, min(1, max(0, half+0.5-away)))
		}
	}
}

// distance is how far a point, seen from the middle of the cell, is from the
// lines. Arms begin half a stroke before the middle, to fill the corner they make.
func (a arms) distance(x, y, half float64) float64 {
	if a&round != 0 {
		return a.bow(x, y)
	}
	away := math.Inf(1)
	if a&left != 0 && x < half || a&right != 0 && x > -half {
		away = math.Abs(y)
	}
	if a&up != 0 && y < half || a&down != 0 && y > -half {
		away = min(away, math.Abs(x))
	}
	return away
}

// bow is the distance to a quarter of a circle that ends in the middle of a cell's
// side, and to the straight line that leads on from it to the cell's top or bottom.
func (a arms) bow(x, y float64) float64 {
	const radius = cellWidth / 2
	if a&left != 0 {
		x = -x
	}
	if a&up != 0 {
		y = -y
	}
	if y > radius {
		return math.Abs(x)
	}
	return math.Abs(math.Hypot(x-radius, y-radius) - radius)
}
