package document

import (
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/alecthomas/chroma/v2"
)

// perLine is how many bytes a line of the hex view shows.
const perLine = 16

func hexLines(size int64) int { return int((size + perLine - 1) / perLine) }

func hexFrom(src io.ReaderAt, size int64, first int) iter.Seq2[int, Line] {
	return func(yield func(int, Line) bool) {
		buf := make([]byte, 4<<10)
		for off := int64(first) * perLine; off < size; {
			n, err := src.ReadAt(buf[:min(int64(len(buf)), size-off)], off)
			if n == 0 && err != nil {
				return
			}
			for b := buf[:n]; len(b) > 0; {
				k := min(perLine, len(b))
				if !yield(int(off/perLine), hexLine(off, b[:k])) {
					return
				}
				off += int64(k)
				b = b[k:]
			}
		}
	}
}

func hexLine(off int64, b []byte) Line {
	const digits = "0123456789abcdef"
	var bytes, chars strings.Builder
	for i := range perLine {
		if i == perLine/2 {
			bytes.WriteByte(' ')
		}
		if i >= len(b) {
			bytes.WriteString("   ")
			continue
		}
		bytes.Write([]byte{digits[b[i]>>4], digits[b[i]&0xf], ' '})
		if b[i] >= 0x20 && b[i] < 0x7f {
			chars.WriteByte(b[i])
		} else {
			chars.WriteByte('.')
		}
	}
	return Line{Spans: []Span{
		{fmt.Sprintf("%08x  ", off), chroma.LineNumbers},
		{bytes.String() + " ", chroma.LiteralNumberHex},
		{chars.String(), chroma.Text},
	}}
}

// hexBlock is how many lines of a hex view are searched at once.
const hexBlock = spacing / perLine

// hexMatches yields the matches that begin in block i of a hex view.
func (s *search) hexMatches(i int, yield func(Match, error) bool) {
	first := i * hexBlock
	beyond := int64(len(s.needle.text)) // a word may end behind the block
	var lines []Line
	for _, line := range hexFrom(s.src, min(s.size, int64(i+1)*spacing+beyond), first) {
		lines = append(lines, line)
	}
	for n, parts := range s.needle.hexParts(lines) {
		for _, p := range parts {
			if n < hexBlock && p.begins && !yield(Match{first + n, p.from, p.to - p.from}, nil) {
				return
			}
		}
	}
}

// HexPlaces returns where the query stands in lines of the hex view that follow each other,
// for each line as Places does. A word may go on from one line to the next: it has a place
// in both.
func (p *Pattern) HexPlaces(lines []Line) [][][2]int {
	out := make([][][2]int, len(lines))
	for i, parts := range p.hexParts(lines) {
		for _, part := range parts {
			out[i] = append(out[i], [2]int{part.from, part.to})
		}
	}
	return out
}

// hexPart is a match on a line of the hex view, or what of it stands there: in bytes, which
// are cells there.
type hexPart struct {
	from, to int
	begins   bool
}

// hexParts returns the matches in lines that follow each other. A word is looked for in the
// numbers of each line and in the characters of all; an expression in each line by itself.
func (n needle) hexParts(lines []Line) [][]hexPart {
	out := make([][]hexPart, len(lines))
	var chars strings.Builder
	lead := 0 // the cells before the characters
	for i, line := range lines {
		text := line.Text()
		if last := line.Spans[len(line.Spans)-1].Text; n.re == nil {
			chars.WriteString(last)
			lead = len(text) - len(last)
			text = text[:lead]
		}
		for _, p := range n.places(text, len(text)) {
			out[i] = append(out[i], hexPart{p[0], p[1], true})
		}
	}
	for _, p := range n.places(chars.String(), chars.Len()) {
		for at := p[0]; at < p[1]; {
			i := at / perLine
			end := min(p[1], (i+1)*perLine)
			out[i] = append(out[i], hexPart{lead + at%perLine, lead + end - i*perLine, at == p[0]})
			at = end
		}
	}
	return out
}
