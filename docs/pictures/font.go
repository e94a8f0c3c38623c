package main

import (
	"fmt"
	"image"
	"image/color"

	"github.com/go-fonts/dejavu/dejavusansmono"
	"github.com/go-fonts/dejavu/dejavusansmonobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// advance is the width of every glyph of the font, as a part of its size.
const advance = 1233.0 / 2048

// font is one weight, at the size that fills a cell's width.
type font struct {
	face     *opentype.Face
	outlines *sfnt.Font
	baseline int // below the top of a cell
}

// fonts returns the two weights that a screen needs.
func fonts() (regular, bold *font, err error) {
	if regular, err = newFont(dejavusansmono.TTF); err != nil {
		return nil, nil, err
	}
	if bold, err = newFont(dejavusansmonobold.TTF); err != nil {
		return nil, nil, err
	}
	return regular, bold, nil
}

func newFont(ttf []byte) (*font, error) {
	outlines, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read the font: %w", err)
	}
	made, err := opentype.NewFace(outlines, &opentype.FaceOptions{Size: cellWidth / advance, DPI: 72})
	if err != nil {
		return nil, fmt.Errorf("size the font: %w", err)
	}
	face := made.(*opentype.Face)
	m := face.Metrics()
	ascent, descent := m.Ascent.Ceil(), m.Descent.Ceil()
	return &font{face, outlines, (cellHeight-ascent-descent)/2 + ascent}, nil
}

// has says whether the font has a glyph of its own for the rune.
func (f *font) has(r rune) bool {
	glyph, err := f.outlines.GlyphIndex(nil, r)
	return err == nil && glyph != 0
}

// draw draws a glyph from the left edge of its cell. A rune without one is an
// error: a picture with an empty box in it must not get into docs.
func (f *font) draw(picture *image.RGBA, at image.Rectangle, r rune, ink color.RGBA) error {
	if !f.has(r) {
		return fmt.Errorf("the font has no glyph for %q (%U)", r, r)
	}
	dot := fixed.P(at.Min.X, at.Min.Y+f.baseline)
	where, mask, origin, _, _ := f.face.Glyph(dot, r)
	where = where.Intersect(picture.Bounds())
	for y := where.Min.Y; y < where.Max.Y; y++ {
		for x := where.Min.X; x < where.Max.X; x++ {
			_, _, _, a := mask.At(origin.X+x-where.Min.X, origin.Y+y-where.Min.Y).RGBA()
			blend(picture, x, y, ink, float64(a)/0xffff)
		}
	}
	return nil
}
