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
