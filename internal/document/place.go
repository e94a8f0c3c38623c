package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// Value returns where the bytes of the value stand that begins on a line of the pretty
// view; ok is false where none does, or where it has no end yet. It may take long.
func (d *Document) Value(ctx context.Context, line int) (from, to int64, ok bool) {
	return d.value(line, func(f *folder, depth int) bool {
		f.ended = ctx.Err
		return f.end(depth)
	})
}

// Scalar returns the same of a value that is no array and no object and ends on its line.
// Its cost does not follow the size of the value.
func (d *Document) Scalar(line int) (from, to int64, ok bool) {
	return d.value(line, func(f *folder, depth int) bool {
		return f.depth() == depth && f.lex().mode != inString && f.lex().mode != inNumber
	})
}

// value finds the value that begins on a line; finish goes on to its end where that is not
// passed yet.
func (d *Document) value(line int, finish func(f *folder, depth int) bool) (from, to int64, ok bool) {
	f := d.folder(line)
	if f == nil {
		return 0, 0, false
	}
	defer func() { f.c.free() }()
	for {
		at := f.c.off
		depth := f.depth()
		t, _, ok := f.next()
		switch {
		case !ok, f.line > line:
			return 0, 0, false
		case f.line == line && f.lex() != f.c.lex && t.size > 0 && f.depth() == 0: // the field of an event
			return 0, 0, false
		case f.line < line || t.size == 0 || t.kind == chroma.NameTag || t.kind == chroma.Punctuation && f.depth() <= depth:
			continue
		}
		at += int64(t.lead)
		if !finish(f, depth) {
			return 0, 0, false
		}
		return at, f.c.off, true
	}
}

// end goes on to where a value ends that lies so deep, and has begun.
func (f *folder) end(depth int) bool {
	if f.depth() > depth {
		_, ok := f.close(f.line)
		return ok
	}
	for f.lex().mode == inString || f.lex().mode == inNumber {
		if t, _, ok := f.next(); !ok || f.depth() != depth || t.size == 0 {
			break
		}
	}
	return true
}

// ErrNoPath tells that a path leads nowhere in a document.
var ErrNoPath = errors.New("nothing stands at that path")

// stride is one step of a path: a member, or an element.
type stride struct {
	key     string
	element int64 // -1 for a member
}

// LineOf returns the line of the pretty view on which the value at a path begins, such as
// $.data[3].name. It may take long.
func (d *Document) LineOf(ctx context.Context, path string) (int, error) {
	strides, err := readPath(path)
	if err != nil {
		return 0, err
	}
	return d.follow(ctx, strides, (*folder).enter)
}

// plainPath is a filter of jq that is no more than a path.
var plainPath = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\.([A-Za-z_]\w*|\[\d+\]|\["[^"\\]+"\])(\.[A-Za-z_]\w*|\[\d+\]|\["[^"\\]+"\])*$`)
})

// Lookup returns where the value at a path stands in the text, as jq reads paths and
// documents: of keys that stand twice the last counts. ok is false where the path is more
// than that, leads nowhere, or the body is not one whole JSON value. It may take long.
func (d *Document) Lookup(ctx context.Context, path string) (from, to int64, ok bool) {
	if !plainPath().MatchString(path) || !d.isOne() {
		return 0, 0, false
	}
	strides, err := readPath(path)
	if err != nil {
		return 0, 0, false
	}
	line, err := d.follow(ctx, strides, (*folder).enterLast)
	if err != nil {
		return 0, 0, false
	}
	return d.Value(ctx, line)
}

// isOne reports that the body is one JSON value, whole and well-formed.
func (d *Document) isOne() bool {
	s := d.State()
	d.mu.RLock()
	defer d.mu.RUnlock()
	lex, plain := d.pretty.lex.(*jsonLexer)
	return plain && s.Ended && s.Err == nil && s.Fault == nil && lex.docs == 1
}

// follow goes along a path, and returns the line on which it ends.
func (d *Document) follow(ctx context.Context, path []stride, enter func(*folder, stride) bool) (int, error) {
	f := d.folder(0)
	if f == nil {
		return 0, ErrNoPath
	}
	defer func() { f.c.free() }()
	f.ended = ctx.Err
	if _, _, ok := f.next(); !ok {
		return 0, ErrNoPath
	}
	for i, s := range path {
		if f.depth() != i+1 || !enter(f, s) {
			if err := f.ended(); err != nil {
				return 0, err
			}
			return 0, ErrNoPath
		}
	}
	return max(0, f.line), nil
}

// enterLast is enter, but of members that have one name it takes the last.
func (f *folder) enterLast(s stride) bool {
	depth := f.depth()
	if !f.enter(s) {
		return false
	}
	for s.element < 0 {
		at, next := mark{f.c.off, f.line, f.c.lex.clone()}, f.ahead
		if f.depth() > depth {
			_, _ = f.close(f.line) // one that has no end has no member behind it
		}
		if f.depth() == depth && f.enter(s) {
			continue
		}
		f.c.free()
		f.c, f.line, f.ahead = newCursor(f.snapshot, at, f.size), at.line, next
		break
	}
	return true
}

// enter goes to a member or element of what has just opened.
func (f *folder) enter(s stride) bool {
	depth := f.depth()
	for n := 0; ; n++ {
		before := f.depth()
		t, text, ok := f.next()
		switch {
		case !ok || f.depth() < depth || n%lookAfter == 0 && f.ended() != nil:
			return false
		case t.size == 0:
			continue
		case s.element < 0 && t.kind == chroma.NameTag && !t.continued:
			if f.depth() == depth && isNamed(text, s.key) {
				return f.value(depth)
			}
		case s.element >= 0 && f.lex().frames[depth-1].array() && f.begins(t, before) && int64(-f.lex().frames[depth-1])-1 == s.element:
			return true
		}
		if f.depth() > depth { // another's: passed over
			if _, ok := f.close(f.line); !ok {
				return false
			}
		}
	}
}

// begins reports that a value of an array begins with a token.
func (f *folder) begins(t token, before int) bool {
	return t.breaks && !t.continued && (t.kind != chroma.Punctuation || f.depth() > before)
}

// value goes past the colon to where a member's value begins; a plain one stays behind.
func (f *folder) value(depth int) bool {
	line := f.line
	for f.lex().mode != wantMember {
		if _, _, ok := f.next(); !ok || f.depth() != depth {
			return false
		}
	}
	_, _, ok := f.next()
	f.line = line
	return ok
}

func isNamed(quotedKey []byte, key string) bool {
	var name string
	return json.Unmarshal(quotedKey, &name) == nil && name == key
}

// readPath reads a path as Path writes it; the $ may be left out.
func readPath(path string) ([]stride, error) {
	rest := strings.TrimPrefix(strings.TrimSpace(path), "$")
	var out []stride
	for rest != "" {
		if rest[0] == '[' {
			end := strings.IndexByte(rest, ']')
			if key, err := strconv.QuotedPrefix(rest[1:]); err == nil {
				if end = 1 + len(key); end == len(rest) || rest[end] != ']' {
					end = -1
				}
			}
			if end < 0 {
				return nil, fmt.Errorf("%q is no path: a bracket is not closed", path)
			}
			inside := rest[1:end]
			rest = rest[end+1:]
			if key, err := strconv.Unquote(inside); err == nil {
				out = append(out, stride{key, -1})
				continue
			}
			n, err := strconv.ParseInt(inside, 10, 64)
			if err != nil || n < 0 {
				return nil, fmt.Errorf("%q is no path: [%s] is neither an element nor a key in quotes", path, inside)
			}
			out = append(out, stride{element: n})
			continue
		}
		rest = strings.TrimPrefix(rest, ".")
		if strings.HasPrefix(rest, "[") {
			continue
		}
		end := strings.IndexAny(rest, ".[")
		if end < 0 {
			end = len(rest)
		}
		if end == 0 {
			return nil, fmt.Errorf("%q is no path such as data[3].name", path)
		}
		out = append(out, stride{rest[:end], -1})
		rest = rest[end:]
	}
	return out, nil
}
