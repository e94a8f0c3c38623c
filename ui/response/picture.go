package response

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// picture is the body where that is an image, unpacked for the room of the pane.
type picture struct {
	of         *document.Document // whose it is, or is being made
	cols, rows int                // the room it is made for
	image      *document.Picture
	err        error

	drawn []string // its rows, as they were painted last
	mono  bool     // without colour
}

// unpacked answers Unpack.
type unpacked struct {
	of    *document.Document
	image *document.Picture
	err   error
}

// pictured reports that an image shows as such, or will.
func (m *Model) pictured() bool {
	return m.doc != nil && m.done && m.tab == bodyTab && m.view == document.Pretty && m.doc.State().Kind == document.Image &&
		(m.picture.of != m.doc || m.picture.err == nil)
}

// Unpack unpacks an image that shows, for the room there is. The root asks after each
// message: only the pane knows.
func (m *Model) Unpack() tea.Cmd {
	cols, rows := m.width-2, m.room(m.height)-1
	p := &m.picture
	if !m.pictured() || cols < 1 || rows < 1 || p.of == m.doc && p.cols == cols && p.rows == rows {
		return nil
	}
	doc := m.doc
	*p = picture{of: doc, cols: cols, rows: rows}
	return job.Start("response.picture", "unpacking the picture", func(ctx context.Context) tea.Msg {
		image, err := doc.Picture(ctx, cols, rows)
		return unpacked{doc, image, err}
	})
}

func (m *Model) unpacked(msg unpacked) {
	if msg.of != m.picture.of {
		return
	}
	m.picture.image, m.picture.err, m.picture.drawn = msg.image, msg.err, nil
	switch {
	case errors.Is(msg.err, context.Canceled):
		m.word = "not shown as a picture: cancelled"
	case msg.err != nil:
		m.word = "not shown as a picture: " + visible.Line(msg.err.Error())
	}
}

// words say what the picture is.
func (p *picture) words() string {
	if p.image == nil {
		return "picture"
	}
	return fmt.Sprintf("%s · %d × %d", strings.ToUpper(p.image.Format), p.image.Width, p.image.Height)
}

func (p *picture) view(width, height int, th *themes.Theme) string {
	if p.image == nil {
		return list.Words(width, th.Muted, "unpacking the picture", th, "v shows its bytes")
	}
	mono := th.Ground == nil
	if p.drawn == nil || p.mono != mono {
		p.drawn, p.mono = draw(p.image, mono), mono
	}
	lines := make([]string, 0, height)
	for _, row := range p.drawn[:min(len(p.drawn), height)] {
		lines = append(lines, " "+row)
	}
	return strings.Join(lines, "\n")
}

// draw paints each row of a picture: two dots a cell, by a half block in two colours or,
// without colour, by a shade.
func draw(p *document.Picture, mono bool) []string {
	rows := make([]string, 0, p.Rows)
	for y := range p.Rows {
		var b strings.Builder
		var last [2]color.NRGBA
		for x := range p.Cols {
			upper, lower := p.Dots(x, y)
			if mono {
				b.WriteString(shade(upper, lower))
				continue
			}
			if now := [2]color.NRGBA{upper, lower}; x == 0 || now != last {
				b.WriteString("\x1b[m" + colours(upper, lower).String())
				last = now
			}
			switch {
			case clear(upper) && clear(lower):
				b.WriteString(" ")
			case clear(upper):
				b.WriteString("▄")
			default:
				b.WriteString("▀")
			}
		}
		if !mono {
			b.WriteString("\x1b[m")
		}
		rows = append(rows, b.String())
	}
	return rows
}

// clear reports a dot that shows what is behind it.
func clear(c color.NRGBA) bool { return c.A < 0x80 }

// colours are those of a cell: of its half block, and of the rest.
func colours(upper, lower color.NRGBA) ansi.Style {
	var s ansi.Style
	switch {
	case clear(upper) && clear(lower):
	case clear(upper):
		s = s.ForegroundColor(opaque(lower))
	case clear(lower):
		s = s.ForegroundColor(opaque(upper))
	default:
		s = s.ForegroundColor(opaque(upper)).BackgroundColor(opaque(lower))
	}
	return s
}

func opaque(c color.NRGBA) color.Color { return color.RGBA{c.R, c.G, c.B, 0xff} }

// shades are from dark to bright.
var shades = []string{" ", "░", "▒", "▓", "█"}

// shade is how bright a cell is.
func shade(upper, lower color.NRGBA) string {
	light := 0
	for _, c := range []color.NRGBA{upper, lower} {
		if !clear(c) {
			light += int(color.GrayModel.Convert(opaque(c)).(color.Gray).Y)
		}
	}
	return shades[light*len(shades)/(2*256)]
}
