package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// node is a JSON value whose members keep their order, and whose numbers keep the
// text they were sent in.
type node struct {
	kind   byte // '{', '[', or of a scalar: 's', 'n', 'b', '0'
	text   string
	keys   []string // of an object; the second "a" is "a (2)"
	values []*node
}

// deepest is how deep values may nest; what is deeper is compared as text.
const deepest = 500

// parse reads a whole JSON text.
func parse(data []byte) (*node, bool) {
	if t := bytes.TrimSpace(data); len(t) == 0 || !strings.ContainsRune(`{[`, rune(t[0])) {
		return nil, false
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	n, err := read(dec, 0)
	if err != nil {
		return nil, false
	}
	_, err = dec.Token()
	return n, errors.Is(err, io.EOF)
}

var errDeep = fmt.Errorf("nested deeper than %d", deepest)

func read(dec *json.Decoder, depth int) (*node, error) {
	if depth > deepest {
		return nil, errDeep
	}
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case json.Delim:
		n := &node{kind: byte(t)}
		seen := map[string]int{}
		for dec.More() {
			if n.kind == '{' {
				key, err := dec.Token()
				if err != nil {
					return nil, err
				}
				name, _ := key.(string)
				if seen[name]++; seen[name] > 1 {
					name = fmt.Sprintf("%s (%d)", name, seen[name])
				}
				n.keys = append(n.keys, name)
			}
			v, err := read(dec, depth+1)
			if err != nil {
				return nil, err
			}
			n.values = append(n.values, v)
		}
		_, err := dec.Token()
		return n, err
	case string:
		return &node{kind: 's', text: t}, nil
	case json.Number:
		return &node{kind: 'n', text: t.String()}, nil
	case bool:
		return &node{kind: 'b', text: strconv.FormatBool(t)}, nil
	}
	return &node{kind: '0', text: "null"}, nil
}

// scalar reports that a value has no values of its own.
func (n *node) scalar() bool { return n.kind != '{' && n.kind != '[' }

// shown is a value on one line, as it is told where one side lacks it.
func (n *node) shown() string {
	switch n.kind {
	case '{':
		return fmt.Sprintf("{ %s }", counted(len(n.values), "member"))
	case '[':
		return fmt.Sprintf("[ %s ]", counted(len(n.values), "element"))
	case 's':
		return strconv.Quote(n.text)
	}
	return n.text
}

func counted(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// likeness is a text that two elements share when they are the same but for noise:
// by it elements of arrays find each other.
func (n *node) likeness(b *strings.Builder, key string) {
	switch {
	case n.scalar():
		if noisy(key, n.text, n.text) {
			b.WriteByte('~')
			return
		}
		b.WriteByte(n.kind)
		b.WriteString(n.text)
	default:
		b.WriteByte(n.kind)
		for i, v := range n.values {
			inner := key
			if n.kind == '{' {
				inner = n.keys[i]
				b.WriteString(inner + ":")
			}
			v.likeness(b, inner)
			b.WriteByte(',')
		}
	}
}

// differ walks two values and notes their leaves.
type differ struct{ rows []Row }

// diff compares the values of a path; key is the name that they stand under.
func (d *differ) diff(path, key string, l, r *node) {
	switch {
	case l.kind == '{' && r.kind == '{':
		d.objects(path, l, r)
	case l.kind == '[' && r.kind == '[':
		d.arrays(path, key, l, r)
	case l.kind == r.kind && l.text == r.text && l.scalar():
		d.note(path, l, r, Same)
	case l.scalar() && r.scalar() && l.kind == r.kind && noisy(key, l.text, r.text):
		d.note(path, l, r, Noise)
	default:
		d.note(path, l, r, Changed)
	}
}

func (d *differ) note(path string, l, r *node, class Class) {
	row := Row{Name: path, Class: class}
	if l != nil {
		row.Left = l.shown()
	}
	if r != nil {
		row.Right = r.shown()
	}
	d.rows = append(d.rows, row)
}

func (d *differ) objects(path string, l, r *node) {
	at := make(map[string]int, len(r.keys))
	for i, k := range r.keys {
		at[k] = i
	}
	left := make(map[string]bool, len(l.keys))
	for i, k := range l.keys {
		left[k] = true
		if j, ok := at[k]; ok {
			d.diff(member(path, k), k, l.values[i], r.values[j])
		} else {
			d.note(member(path, k), l.values[i], nil, OnlyLeft)
		}
	}
	for j, k := range r.keys {
		if !left[k] {
			d.note(member(path, k), nil, r.values[j], OnlyRight)
		}
	}
}

// member is the path of a name below another; names that are no words are quoted.
func member(path, key string) string {
	plain := key != "" && strings.IndexFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	}) < 0
	if plain {
		return path + "." + key
	}
	return path + "[" + strconv.Quote(key) + "]"
}

func (d *differ) arrays(path, key string, l, r *node) {
	likenesses := func(n *node) []string {
		out := make([]string, len(n.values))
		for i, v := range n.values {
			var b strings.Builder
			v.likeness(&b, key)
			out[i] = b.String()
		}
		return out
	}
	align(likenesses(l), likenesses(r), func(i, j int) {
		at := fmt.Sprintf("%s[%d]", path, max(i, j))
		switch {
		case i < 0:
			d.note(at, nil, r.values[j], OnlyRight)
		case j < 0:
			d.note(at, l.values[i], nil, OnlyLeft)
		default:
			d.diff(fmt.Sprintf("%s[%d]", path, i), key, l.values[i], r.values[j])
		}
	})
}

// align pairs what two lists have in common, in order; of a part in which they
// differ, it pairs one with one as far as both go. each gets the two indices, -1 for
// none.
func align(left, right []string, each func(i, j int)) {
	i, j := 0, 0
	for _, d := range lcs.DiffLines(left, right) {
		for ; i < d.Start; i, j = i+1, j+1 {
			each(i, j)
		}
		for ; i < d.End && j < d.ReplEnd; i, j = i+1, j+1 {
			each(i, j)
		}
		for ; i < d.End; i++ {
			each(i, -1)
		}
		for ; j < d.ReplEnd; j++ {
			each(-1, j)
		}
	}
	for ; i < len(left); i, j = i+1, j+1 {
		each(i, j)
	}
}
