package document

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pattern finds a query in lines as they are printed.
type Pattern struct{ needle }

// Compile reads a query; only a regular expression can be wrong.
func (q Query) Compile() (*Pattern, error) {
	n, err := newNeedle(q)
	return &Pattern{n}, err
}

// Places returns where the query stands in a line, in bytes, begin and end; those that
// begin at upTo or behind it may be left out.
func (p *Pattern) Places(line string, upTo int) [][2]int { return p.places(line, upTo) }

// needle finds a word, or what a regular expression matches, in a printed line.
type needle struct {
	text  string // in lower case unless exact
	exact bool
	re    *regexp.Regexp // nil for a word
}

func newNeedle(q Query) (needle, error) {
	n := needle{text: q.Text, exact: q.Case}
	if q.Regexp && q.Text != "" {
		flags := "(?i)"
		if q.Case {
			flags = ""
		}
		var err error
		n.re, err = regexp.Compile(flags + q.Text)
		if err != nil {
			return needle{}, fmt.Errorf("%q is no regular expression: %w", q.Text, err)
		}
		return n, nil
	}
	if !q.Case {
		n.text = lower(q.Text)
	}
	return n, nil
}

func (n needle) empty() bool { return n.text == "" }

// places returns where the matches in line begin and end, in bytes; none is empty. Those
// that begin at upTo or behind it may be left out.
func (n needle) places(line string, upTo int) [][2]int {
	var out [][2]int
	if n.re != nil {
		for _, m := range n.matched(line, upTo) {
			if m[1] > m[0] {
				out = append(out, [2]int{m[0], m[1]})
			}
		}
		return out
	}
	for at := 0; !n.empty(); {
		from, to, ok := n.find(line, at)
		if !ok {
			break
		}
		out = append(out, [2]int{from, to})
		at = to
	}
	return out
}

// matched returns the matches of the expression. All of the line is read, so that ^ and \b
// mean what they say; each match may read it to its end, so no more are asked for than
// needed.
func (n needle) matched(line string, upTo int) [][]int {
	const few = 64
	for most := few; ; most *= few {
		if m := n.re.FindAllStringIndex(line, most); len(m) < most || m[most-1][0] >= upTo {
			return m
		}
	}
}

// find returns where the next match of a word in line begins and ends, in bytes.
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
	if q.Regexp {
		text = required(text, q.Case)
	}
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

// required is a text that every match of an expression holds; empty where none is known.
// Where exact, its parts that hold in any case are none.
func required(expr string, exact bool) string {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return ""
	}
	best := ""
	for _, part := range append([]*syntax.Regexp{re}, re.Sub...) {
		if exact && part.Flags&syntax.FoldCase != 0 {
			continue
		}
		if part.Op == syntax.OpLiteral && (re.Op == syntax.OpConcat || part == re) && len(string(part.Rune)) > len(best) {
			best = string(part.Rune)
		}
	}
	return best
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
