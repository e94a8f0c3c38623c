package document

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/connectty/connectty/internal/visible"
)

// maxKey is how many bytes of a key stand in a path.
const maxKey = 256

// Path returns the path of the JSON value on a line of the pretty view, such as
// $.data[3].name; empty for other kinds.
func (d *Document) Path(line int) string {
	f := d.folder(line)
	if f == nil {
		return ""
	}
	defer f.c.free()
	for {
		depth := f.depth()
		if _, _, ok := f.next(); !ok {
			return ""
		}
		if f.line < line {
			continue
		}
		frames := f.lex().frames
		if len(frames) > depth { // what opens here is a value of the one around it
			frames = frames[:depth]
		}
		if _, events := f.c.lex.(*eventLexer); events && len(frames) == 0 {
			return "" // a field, or where the data of an event begins
		}
		return f.path(frames)
	}
}

func (s snapshot) path(frames []frame) string {
	var b strings.Builder
	b.WriteByte('$')
	for _, f := range frames {
		switch {
		case f.array():
			b.WriteString("[" + strconv.FormatInt(-int64(f)-1, 10) + "]")
		case f > 0:
			b.WriteString(step(s.key(int64(f) - 1)))
		}
	}
	return b.String()
}

// key returns the key whose quote stands at off, cut where it is long.
func (s snapshot) key(off int64) string {
	buf := make([]byte, maxKey)
	n, _ := s.src.ReadAt(buf, off) // a short read is the end of the document
	buf = buf[:n]
	for i := 1; i < n; i++ {
		switch buf[i] {
		case '\\':
			i++
		case '"':
			var key string
			if json.Unmarshal(buf[:i+1], &key) == nil {
				return key
			}
			return string(buf[1:i])
		}
	}
	return string(buf[min(n, 1):]) + "…"
}

// step writes a key as a member of a path, safe to print.
func step(key string) string {
	for i := range len(key) {
		c := key[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || i > 0 && c >= '0' && c <= '9' {
			continue
		}
		return "[" + quoted(key) + "]"
	}
	if key == "" {
		return `[""]`
	}
	return "." + key
}

func quoted(key string) string {
	return visible.Line(strconv.Quote(key))
}
