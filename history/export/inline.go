package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// code is a text of one line as code, in a table, too. It is a request's line: what
// would end it is escaped as in a URL.
func code(s string) string {
	return "`" + strings.NewReplacer("`", "%60", "|", "%7C", `\`, "%5C").Replace(s) + "`"
}

// capital is a text that begins with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}
