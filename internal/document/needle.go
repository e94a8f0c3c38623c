package document

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// needle finds a word in a printed line.
type needle struct {
	text  string // in lower case unless exact
	exact bool
}

func newNeedle(q Query) needle {
	n := needle{text: q.Text, exact: q.Case}
	if !q.Case {
		n.text = lower(q.Text)
	}
	return n
}

func (n needle) empty() bool { return n.text == "" }

// find returns where the next match in line begins and ends, in bytes.
func (n needle) find(line string, at int) (from, to int, ok bool) {
	if n.exact {
		i := strings.Index(line[at:], n.text)
		return at + i, at + i + len(n.text), i >= 0
	}
	first := n.text[0]
	for i := at; i < len(line); {
		if first < utf8.RuneSelf && line[i] < utf8.RuneSelf && fold(line[i]) != first {
			i++
			continue
		}
		if to, ok := n.begins(line, i); ok {
			return i, to, true
		}
		_, size := utf8.DecodeRuneInString(line[i:])
		i += size
	}
	return 0, 0, false
}

// begins reports whether the needle stands at line[i], and where it ends.
func (n needle) begins(line string, i int) (int, bool) {
	for _, want := range n.text {
		if i >= len(line) {
			return 0, false
		}
		if c := line[i]; c < utf8.RuneSelf {
			if rune(fold(c)) != want {
				return 0, false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(line[i:])
		if unicode.ToLower(r) != want {
			return 0, false
		}
		i += size
	}
	return i, true
}

// lower maps each rune by itself, as begins does; strings.ToLower would widen some.
func lower(s string) string { return strings.Map(unicode.ToLower, s) }

// fold turns a capital of ASCII into the small letter.
func fold(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}

// sieve tells quickly which bytes cannot hold a word.
type sieve struct {
	word  []byte // ASCII, in lower case unless exact; empty: it lets everything pass
	exact bool
	rare  int // the byte of word to look for first
}

// newSieve returns a sieve for source bytes. Its word is the longest part of the
// query that stands in the source as it is printed: between two tokens a view
// may have other space, and what is not ASCII may be shown otherwise.
func newSieve(q Query) sieve {
	text := q.Text
	if !q.Case {
		text = lower(text)
	}
	best := ""
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(",:{}[]<>&=+%", r)
	}) {
		if len(part) > len(best) {
			best = part
		}
	}
	s := sieve{word: []byte(best), exact: q.Case}
	least := 256
	for i, c := range s.word {
		if f := frequency(c); f < least {
			least, s.rare = f, i
		}
	}
	return s
}

// frequency ranks a byte by how often it stands in API bodies.
func frequency(c byte) int {
	const common = "etaoinsrldcumpghfbywvkxjqz" // most frequent first
	switch i := strings.IndexByte(common, fold(c)); {
	case c == '"' || c == ' ':
		return 100
	case i >= 0:
		return 60 - 2*i
	case c >= '0' && c <= '9':
		return 55
	default:
		return 20
	}
}

func (s sieve) works() bool { return len(s.word) > 0 }

// passes reports whether b holds the word.
func (s sieve) passes(b []byte) bool {
	if s.exact {
		return bytes.Contains(b, s.word)
	}
	c := s.word[s.rare]
	if s.scan(b, c) {
		return true
	}
	if c >= 'a' && c <= 'z' {
		return s.scan(b, c-('a'-'A'))
	}
	return false
}

// scan looks for the word where its rare byte is c.
func (s sieve) scan(b []byte, c byte) bool {
	for at := 0; ; {
		i := bytes.IndexByte(b[at:], c)
		if i < 0 {
			return false
		}
		at += i
		if from := at - s.rare; from >= 0 && from+len(s.word) <= len(b) && s.equal(b[from:]) {
			return true
		}
		at++
	}
}

func (s sieve) equal(b []byte) bool {
	for i, c := range s.word {
		if fold(b[i]) != c {
			return false
		}
	}
	return true
}
