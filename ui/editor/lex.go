package editor

import "github.com/alecthomas/chroma/v2"

// kinds are the tokens of JSON as they are coloured.
var kinds = [...]chroma.TokenType{
	chroma.Text, chroma.Punctuation, chroma.NameTag, chroma.LiteralStringDouble, chroma.LiteralNumber, chroma.KeywordConstant, chroma.Error,
}

// Indices into kinds.
const (
	blankToken uint8 = iota
	punctuation
	keyToken
	stringToken
	numberToken
	wordToken
	faultToken
)

// lex says of each byte of b, a line of JSON or a part of one, what it belongs to.
func lex(b []byte, in quoted) []uint8 {
	tokens := make([]uint8, len(b))
	for i := 0; i < len(b); {
		if in == within {
			n, open := quote(b[i:], false)
			fill(tokens[i:i+n], stringToken)
			i += n
			if open {
				return tokens
			}
			in = outside
			continue
		}
		switch c := b[i]; {
		case c == '"':
			n, open := quote(b[i:], true)
			token := stringToken
			if !open && colon(b[i+n:]) {
				token = keyToken
			}
			fill(tokens[i:i+n], token)
			i += n
			if open {
				in = within
			}
		case isBracket(c) || c == ',' || c == ':':
			tokens[i] = punctuation
			i++
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			i++
		default:
			n := run(b[i:])
			fill(tokens[i:i+n], word(b[i:i+n]))
			i += n
		}
	}
	return tokens
}

func fill(tokens []uint8, with uint8) {
	for i := range tokens {
		tokens[i] = with
	}
}

// quote returns how far a string goes, and whether it is still open there. fresh
// tells that b begins with its quote. A line feed ends every string.
func quote(b []byte, fresh bool) (n int, open bool) {
	if fresh {
		n = 1
	}
	for n < len(b) {
		switch b[n] {
		case '"':
			return n + 1, false
		case '\n':
			return n, false
		case '\\':
			n++
		}
		n++
	}
	return len(b), true
}

func colon(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' {
			return c == ':'
		}
	}
	return false
}

func isBracket(c byte) bool { return c == '{' || c == '}' || c == '[' || c == ']' }

// run is how many bytes stand before the next blank or sign.
func run(b []byte) int {
	for i, c := range b {
		if isBracket(c) || c == ',' || c == ':' || c == '"' || c <= ' ' && i > 0 {
			return i
		}
	}
	return len(b)
}

func word(b []byte) uint8 {
	switch s := string(b); {
	case s == "true", s == "false", s == "null":
		return wordToken
	case b[0] == '-' || b[0] >= '0' && b[0] <= '9':
		return numberToken
	}
	return faultToken
}

// inside says whether piece i begins within a string, and remembers it for the
// pieces before.
func (m *Model) inside(i int) quoted {
	known := i
	for m.lines.soft(known) && m.lines.ref(known).inside == unknown {
		known--
	}
	for ; known < i; known++ {
		in := outside
		if m.lines.soft(known) {
			in = m.lines.ref(known).inside
		}
		m.lines.ref(known + 1).inside = through(m.text.slice(m.lines.start(known), m.lines.start(known+1)), in)
	}
	if !m.lines.soft(i) {
		return outside
	}
	return m.lines.ref(i).inside
}

// through says whether b ends within a string.
func through(b []byte, in quoted) quoted {
	for i := 0; i < len(b); {
		if in == outside {
			if b[i] == '"' {
				in = within
			}
			i++
			continue
		}
		n, open := quote(b[i:], false)
		if open {
			return within
		}
		in, i = outside, i+n
	}
	return in
}

// How far a bracket's partner is looked for, in bytes: with every key, and where
// one goes there.
const (
	near = 64 << 10
	far  = 16 << 20
)

// match finds the bracket at the caret, or before it, and its partner.
func (m *Model) match() { m.pair = m.brackets(near) }

// brackets are the one at the caret, or before it, and its partner within a reach;
// both 0 for none.
func (m *Model) brackets(reach int) (pair [2]int) {
	if m.language != JSON {
		return pair
	}
	for _, at := range []int{m.caret.at, m.caret.at - 1} {
		if at < 0 || at >= m.Len() || !isBracket(m.text.at(at)) {
			continue
		}
		if other, ok := m.partner(at, reach); ok {
			return [2]int{min(at, other), max(at, other)}
		}
	}
	return pair
}

// partner finds the bracket that belongs to the one at a place.
func (m *Model) partner(at, reach int) (other int, ok bool) {
	by := 1
	if c := m.text.at(at); c == '}' || c == ']' {
		by = -1
	}
	depth, seen := 0, false
	home := m.lines.of(at)
	for i := home; i >= 0 && i < m.lines.count(); i += by {
		start := m.lines.start(i)
		if max(start-at, at-start) > reach {
			break
		}
		b := m.text.slice(start, m.lines.start(i+1))
		tokens := lex(b, m.inside(i))
		from, to := 0, len(b)
		if by < 0 {
			from, to = len(b)-1, -1
		}
		for k := from; k != to; k += by {
			if !seen && start+k != at || tokens[k] != punctuation || !isBracket(b[k]) {
				continue
			}
			seen = true
			if opens := b[k] == '{' || b[k] == '['; opens == (by > 0) {
				depth++
			} else if depth--; depth == 0 {
				return start + k, b[k]^m.text.at(at) == '{'^'}' // of the same kind
			}
		}
		if !seen {
			return 0, false // it stands in a string
		}
	}
	return 0, false
}

// ToPartner puts the caret on the bracket that belongs to the one there.
func (m *Model) ToPartner() {
	switch pair := m.brackets(far); {
	case pair == [2]int{}:
	case m.caret.at == pair[0] || m.caret.at == pair[0]+1 && m.caret.at != pair[1]:
		m.put(pair[1], false)
	default:
		m.put(pair[0], false)
	}
}
