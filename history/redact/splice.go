package redact

import (
	"encoding/json"
	"strings"
)

// splice puts other text in the place of pieces of a text, from its beginning to
// its end. All else stays byte for byte.
type splice struct {
	text string
	from int // up to where it is done
	out  strings.Builder
}

// put replaces the bytes from one place to another.
func (p *splice) put(at, to int, with string) {
	if p.out.Len() == 0 {
		p.out.Grow(len(p.text))
	}
	p.out.WriteString(p.text[p.from:at])
	p.out.WriteString(with)
	p.from = to
}

func (p *splice) String() string {
	if p.out.Len() == 0 && p.from == 0 {
		return p.text
	}
	return p.out.String() + p.text[p.from:]
}

// slashes counts the backslashes that end before a place.
func slashes(s string, low, at int) int {
	n := 0
	for at-n > low && s[at-n-1] == '\\' {
		n++
	}
	return n
}

// quoteAt returns how many backslashes and which quote stand at a place; false for
// none. \" is a quote of JSON inside a JSON string, \\\" of one inside that.
func quoteAt(s string, at int) (depth int, quote byte, ok bool) {
	for at+depth < len(s) && s[at+depth] == '\\' {
		depth++
	}
	if at+depth == len(s) || !isDepth(depth) {
		return 0, 0, false
	}
	quote = s[at+depth]
	return depth, quote, quote == '"' || quote == '\''
}

func isDepth(slashes int) bool { return slashes&(slashes+1) == 0 }

// textEnd returns the place behind the text that begins at a place, inside quotes of
// a depth; false where it was cut.
func textEnd(s string, at, depth int, quote byte) (int, bool) {
	for i := at; ; {
		n := strings.IndexByte(s[i:], quote)
		if n < 0 {
			return len(s), false
		}
		i += n
		before := slashes(s, at, i)
		if before < depth { // of what is around it
			return i - before, true
		}
		if before%(2*(depth+1)) == depth {
			return i - depth, true
		}
		i++
	}
}

// groupEnd returns the place behind the object or array that begins at a place.
func groupEnd(s string, at, depth int) int {
	open := 0
	for i := at; i < len(s); i++ {
		switch s[i] {
		case '{', '[':
			open++
		case '}', ']':
			if open--; open == 0 {
				return i + 1
			}
		case '\\', '"':
			before := 0
			for s[i] == '\\' && i+1 < len(s) {
				before, i = before+1, i+1
			}
			if s[i] != '"' || before > depth {
				continue
			}
			if before < depth { // of what is around it
				return i - before
			}
			end, _ := textEnd(s, i+1, depth, '"')
			if slashes(s, end, min(end+depth, len(s))) < depth { // the text around it ends before
				return end
			}
			i = end + depth
		}
	}
	return len(s)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func skipSpaces(s string, at int) int {
	for at < len(s) && isSpace(s[at]) {
		at++
	}
	return at
}

// decoded reads what stands between quotes of a depth; as it is where that is no JSON.
func decoded(s string, depth int) string {
	for ; strings.IndexByte(s, '\\') >= 0; depth /= 2 {
		var plain string
		if json.Unmarshal([]byte(`"`+s+`"`), &plain) != nil {
			return s
		}
		if s = plain; depth == 0 {
			return s
		}
	}
	return s
}

// isNothing reports a value that tells nothing.
func isNothing(value string) bool {
	switch value {
	case "", "null", "true", "false", "None", "nil", "undefined", Mask:
		return true
	}
	return false
}

// closes reports that a quote, with backslashes before it, ends the text that a name stands
// in, as in {"label":"Password:","x":1}: behind it JSON goes on, and the one before it begins
// a text.
func closes(s string, at, depth int, quote byte) bool {
	next := skipSpaces(s, at+depth+1)
	if next < len(s) && strings.IndexByte(",]}:\\", s[next]) < 0 {
		return false
	}
	for i := at; ; {
		if i = strings.LastIndexByte(s[:i], quote); i < 0 {
			return false
		}
		if slashes(s, 0, i) == depth {
			before := skipBack(s, 0, i-depth)
			return before == 0 || strings.IndexByte(":[,{", s[before-1]) >= 0
		}
	}
}
