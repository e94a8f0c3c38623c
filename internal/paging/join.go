package paging

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// deepestRows is how many objects the rows of a page may be inside of.
const deepestRows = 3

// span is the elements of a list in a body: between its brackets.
type span struct {
	path       string // of members, parted by dots; empty for the body itself
	start, end int    // bytes
	count      int    // elements
}

// Join puts the rows of all pages into the last one, in the order of the pages: what
// else is in it stays, such as the cursor to the page behind it. Every element stands as
// it came. ok is false where the pages have no list in common; rows is how many there
// are in all.
func Join(pages [][]byte) (joined []byte, rows int, ok bool) {
	if len(pages) == 0 {
		return nil, 0, false
	}
	path, found := commonList(pages)
	if !found {
		return nil, 0, false
	}
	var elements [][]byte
	var last span
	for _, page := range pages {
		last = lists(page)[path]
		rows += last.count
		if inner := bytes.TrimSpace(page[last.start:last.end]); len(inner) > 0 {
			elements = append(elements, inner)
		}
	}
	end := pages[len(pages)-1]
	return slices.Concat(end[:last.start], bytes.Join(elements, []byte(",")), end[last.end:]), rows, true
}

// commonList is the path of the longest list that every page has.
func commonList(pages [][]byte) (path string, ok bool) {
	size := map[string]int{}
	for i, page := range pages {
		here := lists(page)
		for path, s := range here {
			if _, before := size[path]; before || i == 0 {
				size[path] += s.end - s.start
			}
		}
		for path := range size {
			if _, has := here[path]; !has {
				delete(size, path)
			}
		}
	}
	most := -1
	for p, n := range size {
		if n > most || n == most && p < path {
			path, most = p, n
		}
	}
	return path, most >= 0
}

// lists finds the lists of a body that are no list's elements, by their paths.
func lists(body []byte) map[string]span {
	out := map[string]span{}
	if json.Valid(body) {
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		look(d, nil, out)
	}
	return out
}

// look reads one value, which is known to be JSON.
func look(d *json.Decoder, path []string, out map[string]span) {
	token, err := d.Token()
	if err != nil {
		return
	}
	switch token {
	case json.Delim('['):
		s := span{path: strings.Join(path, "."), start: int(d.InputOffset())}
		var element json.RawMessage
		for d.More() && d.Decode(&element) == nil {
			s.count++
		}
		_, _ = d.Token() // its end
		s.end = int(d.InputOffset()) - 1
		out[s.path] = s
	case json.Delim('{'):
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return
			}
			if word, _ := name.(string); len(path) < deepestRows && !strings.Contains(word, ".") {
				look(d, append(slices.Clone(path), word), out)
				continue
			}
			var skipped json.RawMessage
			if d.Decode(&skipped) != nil {
				return
			}
		}
		_, _ = d.Token() // its end
	}
}
