package proxy

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// redacted stands where a secret was.
const redacted = "[redacted]"

// scrub removes our own secrets, should a server echo them: as they are, and in
// the spellings that JSON has for them.
func (s *shared) scrub(text string) string {
	for _, secret := range s.secrets() {
		text = strings.ReplaceAll(text, secret, redacted)
		text = scrubEscaped(text, secret)
	}
	return text
}

// scrubEscaped removes a secret some of whose characters are written as JSON
// may write them: \/, \u002f.
func scrubEscaped(text, secret string) string {
	if !strings.Contains(text, `\`) {
		return text
	}
	plain, at := unescaped(text)
	var out strings.Builder
	from := 0 // what of text is not in out yet
	for begin := 0; ; {
		i := strings.Index(plain[begin:], secret)
		if i < 0 {
			return out.String() + text[from:]
		}
		begin += i
		out.WriteString(text[from:at[begin]] + redacted)
		begin += len(secret)
		from = at[begin]
	}
}

// unescaped resolves JSON's escapes, whether or not the text is JSON. at holds
// where in text each byte of plain came from, and where the text ends.
func unescaped(text string) (plain string, at []int) {
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		b, n := unescape(text[i:])
		out = append(out, b...)
		for range b {
			at = append(at, i)
		}
		i += n
	}
	return string(out), append(at, len(text))
}

// unescape returns the first character of a text that is not empty, and how many
// bytes of the text stand for it.
func unescape(text string) (char []byte, n int) {
	if text[0] != '\\' || len(text) == 1 {
		return []byte{text[0]}, 1
	}
	if text[1] != 'u' || len(text) < 6 {
		return []byte{text[1]}, 2
	}
	r, err := strconv.ParseUint(text[2:6], 16, 32)
	if err != nil {
		return []byte{text[1]}, 2
	}
	return utf8.AppendRune(nil, rune(r)), 6
}
