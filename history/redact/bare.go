package redact

import (
	"strings"
)

// strung tells what of JSON stands within strings, read from its beginning on.
type strung struct {
	text string
	json bool // the text looks like it; else nothing is told of it
	at   int
	in   bool
}

func newStrung(text string) *strung { return &strung{text: text, json: looksLikeJSON(text)} }

// bare reports a place in JSON that stands in no string: what is put there must be a value.
// Places are asked for in order.
func (t *strung) bare(place int) bool {
	if !t.json {
		return false
	}
	for ; t.at < place; t.at++ {
		switch c := t.text[t.at]; {
		case c == '\\' && t.in:
			t.at++
		case c == '"':
			t.in = !t.in
		}
	}
	return !t.in
}

// number returns where the number begins and ends of which a part stands at a place.
func number(s string, from, to int) (int, int) {
	const signs = "0123456789.eE+-"
	for from > 0 && strings.IndexByte(signs, s[from-1]) >= 0 {
		from--
	}
	for to < len(s) && strings.IndexByte(signs, s[to]) >= 0 {
		to++
	}
	return from, to
}

// isDigits reports digits alone.
func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// mask puts the mask in the place of a piece; where it is of a number of JSON, as a value.
func (t *strung) mask(out *splice, from, to int) {
	if !isDigits(t.text[from:to]) || !t.bare(from) {
		out.put(from, to, Mask)
		return
	}
	from, to = number(t.text, from, to)
	out.put(max(from, out.from), to, `"`+Mask+`"`)
}

// behindEscape is the place behind the letter of an escape that stands at a place: \n, \u003c.
func behindEscape(s string, at int) int {
	const letters = `nrtbfu"/\`
	if slashes(s, 0, at) == 0 || strings.IndexByte(letters, s[at]) < 0 {
		return at
	}
	const code = 4 // digits behind \u
	if s[at] == 'u' {
		return min(at+1+code, len(s))
	}
	return at + 1
}

// personal masks e-mail addresses, telephone numbers and card numbers.
func personal(s string) string {
	out, within := splice{text: s}, newStrung(s)
	for _, at := range people().FindAllStringIndex(s, -1) {
		from, to := behindEscape(s, at[0]), at[1]
		if from >= to || from < out.from || s[from] == '@' {
			continue
		}
		if isDigits(s[from:to]) && !isCard(s[from:to]) {
			continue
		}
		within.mask(&out, from, to)
	}
	return out.String()
}

// isCard tells the number of a card from a time in milliseconds and other long numbers: its
// last digit checks the others (ISO/IEC 7812), and none of a bank begins with 0 or 1.
func isCard(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && digits[0] > '1'
}
