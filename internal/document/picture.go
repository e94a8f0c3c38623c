package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // the formats that a picture may have
	_ "image/jpeg"
	_ "image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"
)

// pictures are the first bytes of the formats that can be shown.
var pictures = [][]byte{[]byte("\x89PNG\r\n\x1a\n"), []byte("\xff\xd8\xff"), []byte("GIF87a"), []byte("GIF89a")}

func isImage(head []byte) bool {
	for _, p := range pictures {
		if bytes.HasPrefix(head, p) {
			return true
		}
	}
	return bytes.HasPrefix(head, []byte("RIFF")) && len(head) >= 12 && string(head[8:12]) == "WEBP"
}

// mostPixels is how large a picture may be to be unpacked: up to eight bytes stand for each.
const mostPixels = 20_000_000

// Picture is an image, scaled to cells: each shows two dots, one above the other.
type Picture struct {
	Format        string // such as png
	Width, Height int    // of the image itself, in pixels
	Cols, Rows    int
	dots          *image.NRGBA
}

// Dots returns the colours of the upper and the lower half of a cell.
func (p *Picture) Dots(col, row int) (upper, lower color.NRGBA) {
	return p.dots.NRGBAAt(col, 2*row), p.dots.NRGBAAt(col, 2*row+1)
}

// ErrTooLarge tells that an image has more pixels than are unpacked.
var ErrTooLarge = fmt.Errorf("it has more than %d million pixels", mostPixels/1_000_000)

// Picture unpacks an image and scales it into so many cells, of which each is twice as
// high as wide; a smaller one stays as it is. It takes long: run it in a job.
func (d *Document) Picture(ctx context.Context, cols, rows int) (*Picture, error) {
	head, format, err := image.DecodeConfig(d.Reader())
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	if head.Width <= 0 || head.Height <= 0 || cols <= 0 || rows <= 0 {
		return nil, errors.New("the picture is empty")
	}
	if head.Width > mostPixels/head.Height {
		return nil, fmt.Errorf("%d×%d: %w", head.Width, head.Height, ErrTooLarge)
	}
	whole, _, err := image.Decode(io.Reader(&cancelled{ctx, d.Reader()}))
	if ctx.Err() != nil {
		return nil, ctx.Err() // which the decoder has put in other words
	}
	if err != nil {
		return nil, fmt.Errorf("read the picture: %w", err)
	}
	w, h := fit(head.Width, head.Height, cols, 2*rows)
	dots := image.NewNRGBA(image.Rect(0, 0, w, h+h%2))
	draw.ApproxBiLinear.Scale(dots, image.Rect(0, 0, w, h), whole, whole.Bounds(), draw.Src, nil)
	return &Picture{format, head.Width, head.Height, w, (h + 1) / 2, dots}, nil
}

// fit returns a size within bounds that keeps the shape.
func fit(w, h, mostW, mostH int) (int, int) {
	if w > mostW {
		w, h = mostW, max(1, h*mostW/w)
	}
	if h > mostH {
		w, h = max(1, w*mostH/h), mostH
	}
	return w, h
}

// cancelled reads until its context ends.
type cancelled struct {
	ctx context.Context //nolint:containedctx // a reader of one call
	io.Reader
}

func (c *cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}
