package redact

import (
	"regexp"
	"slices"
	"strings"
)

// Rules are a person's own, beside what is built in. The zero value has none.
type Rules struct {
	// Names of headers, parameters, members and fields whose values are secret;
	// case, hyphens and underscores do not matter.
	Names []string
	// Patterns of what is secret wherever it stands: their first group, all of
	// them where they have none.
	Patterns []*regexp.Regexp
}

type rules struct {
	names    map[string]bool
	patterns []*regexp.Regexp
}

// With adds rules to a masker, and returns it.
func (m *Masker) With(r Rules) *Masker {
	if len(r.Names) > 0 {
		m.rules.names = map[string]bool{}
	}
	for _, name := range r.Names {
		m.rules.names[string(letters(nil, name))] = true
	}
	m.rules.patterns = r.Patterns
	return m
}

// patterns masks what a person's patterns match. A mask that one of them touches stays
// one.
func (m *Masker) patterns(s string) string {
	for _, p := range m.rules.patterns {
		found := p.FindAllStringSubmatchIndex(s, -1)
		if found == nil {
			continue
		}
		masks := places(s)
		out, within := splice{text: s}, newStrung(s)
		for _, at := range found {
			begin, end := at[0], at[1]
			if len(at) > 2 {
				begin, end = at[2], at[3]
			}
			if begin == end || begin < out.from {
				continue
			}
			secret := s[begin:end]
			begin, end = around(masks, begin, end)
			if s[begin:end] != Mask {
				m.note(secret)
				within.mask(&out, begin, end)
			}
		}
		s = out.String()
	}
	return s
}

// places is where masks begin.
func places(s string) []int {
	var at []int
	for i := 0; ; {
		n := strings.Index(s[i:], Mask)
		if n < 0 {
			return at
		}
		at = append(at, i+n)
		i += n + len(Mask)
	}
}

// around widens a piece of text to hold the masks that it touches.
func around(masks []int, begin, end int) (int, int) {
	first, _ := slices.BinarySearch(masks, begin-len(Mask)+1)
	for _, at := range masks[first:] {
		if at >= end {
			break
		}
		begin, end = min(begin, at), max(end, at+len(Mask))
	}
	return begin, end
}
