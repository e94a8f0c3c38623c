package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	uv "github.com/charmbracelet/ultraviolet"
)

// A cell is 10 by 20 points; a picture has two pixels for each, to be sharp on a
// dense screen.
const (
	cellWidth  = 20
	cellHeight = 40
	stroke     = 2 // of frames and underlines
)

// shades is how many steps lie between a ground and an ink. So few are as smooth
// to the eye as 256, and let a picture do with one palette.
const shades = 12

// painter draws screens.
type painter struct{ regular, bold *font }

func newPainter() (*painter, error) {
	regular, bold, err := fonts()
	if err != nil {
		return nil, err
	}
	return &painter{regular, bold}, nil
}

// screen draws all cells. The grounds come first, since a glyph may reach a
// little over the edge of its cell.
func (p *painter) screen(cells uv.ScreenBuffer, l look) (*image.RGBA, error) {
	size := cells.Bounds()
	picture := image.NewRGBA(image.Rect(0, 0, size.Dx()*cellWidth, size.Dy()*cellHeight))
	draw.Draw(picture, picture.Bounds(), image.NewUniform(l.ground), image.Point{}, draw.Src)
	for y := range size.Dy() {
		for x := range size.Dx() {
			if c := cells.CellAt(x, y); c != nil && c.Width > 0 {
				_, ground := inks(c, l)
				draw.Draw(picture, box(x, y, c.Width), image.NewUniform(ground), image.Point{}, draw.Src)
			}
		}
	}
	for y := range size.Dy() {
		for x := range size.Dx() {
			if c := cells.CellAt(x, y); c != nil && c.Width > 0 {
				if err := p.cell(picture, box(x, y, c.Width), c, l); err != nil {
					return nil, fmt.Errorf("column %d of line %d: %w", x+1, y+1, err)
				}
			}
		}
	}
	return picture, nil
}

// box is the place in the picture of a cell and those it covers.
func box(x, y, width int) image.Rectangle {
	return image.Rect(x*cellWidth, y*cellHeight, (x+width)*cellWidth, (y+1)*cellHeight)
}

// cell draws what stands on the ground of one cell.
func (p *painter) cell(picture *image.RGBA, at image.Rectangle, c *uv.Cell, l look) error {
	ink, _ := inks(c, l)
	for _, r := range c.Content {
		if lines, is := frames[r]; is {
			lines.draw(picture, at, ink)
			continue
		}
		f := p.regular
		if c.Style.Attrs&uv.AttrBold != 0 && p.bold.has(r) {
			f = p.bold
		}
		if err := f.draw(picture, at, r, ink); err != nil {
			return err
		}
	}
	if c.Style.Underline != uv.UnderlineNone {
		rule(picture, at, p.regular.baseline+2*stroke, ink)
	}
	if c.Style.Attrs&uv.AttrStrikethrough != 0 {
		rule(picture, at, cellHeight/2, ink)
	}
	return nil
}

// rule draws a line through a cell, y below its top.
func rule(picture *image.RGBA, at image.Rectangle, y int, ink color.RGBA) {
	line := image.Rect(at.Min.X, at.Min.Y+y, at.Max.X, at.Min.Y+y+stroke)
	draw.Draw(picture, line, image.NewUniform(ink), image.Point{}, draw.Src)
}

// inks returns the colour of a cell's text and of its ground.
func inks(c *uv.Cell, l look) (text, ground color.RGBA) {
	text, ground = l.text, l.ground
	if c.Style.Fg != nil {
		text = opaque(c.Style.Fg)
	}
	if c.Style.Bg != nil {
		ground = opaque(c.Style.Bg)
	}
	if c.Style.Attrs&uv.AttrReverse != 0 {
		text, ground = ground, text
	}
	if c.Style.Attrs&uv.AttrFaint != 0 {
		text = mix(ground, text, 0.5)
	}
	return text, ground
}

func opaque(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}
}

// blend lays ink over one pixel; coverage runs from 0 to 1.
func blend(picture *image.RGBA, x, y int, ink color.RGBA, coverage float64) {
	coverage = math.Round(coverage*shades) / shades
	if coverage > 0 {
		picture.SetRGBA(x, y, mix(picture.RGBAAt(x, y), ink, coverage))
	}
}

// mix is the colour that lies the given part of the way from one to another.
func mix(from, to color.RGBA, part float64) color.RGBA {
	between := func(a, b uint8) uint8 {
		return uint8(math.Round(float64(a) + (float64(b)-float64(a))*part))
	}
	return color.RGBA{between(from.R, to.R), between(from.G, to.G), between(from.B, to.B), 0xff}
}
