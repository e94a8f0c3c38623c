package redact

import (
	"net/url"
	"strings"
)

// class is what a name says of its value.
type class int

const (
	open    class = iota
	secret        // whatever it is
	counted       // unless it is a number: max_tokens, pass
	maybe         // if it is long, and no word of a language: key in a query
)

// exact are names, without case, hyphens and underscores, whose values are
// secret.
var exact = map[string]class{
	"authorization": secret, "proxyauthorization": secret, "xauthorization": secret, "cookie": secret, "setcookie": secret,
	"cookie2": secret, "appkey": secret, "xappkey": secret, "pwd": secret, "sig": secret, "credential": secret,
	"credentials": secret, "pin": secret, "cvc": secret, "cvv": secret, "cvc2": secret, "cvv2": secret, "otp": secret, "otpcode": secret,
	"codeverifier": secret, "clientassertion": secret, "phpsessid": secret, "xauth": secret, "xsession": secret,
	"pass": counted, "cookies": counted,
}

// endings mark a name as secret wherever they stand at its end, in the plural too.
var endings = byLastLetter(
	"token", "secret", "password", "passwd", "passphrase", "passcode", "apikey", "accesskey", "secretkey", "privatekey", "applicationkey",
	"signature", "authkey", "authorizationkey", "subscriptionkey", "functionkey", "functionskey", "signingkey", "encryptionkey",
	"masterkey", "accountkey", "sharedkey", "sessionkey", "hmackey", "jwt", "sessionid", "secretvalue", "tokenvalue",
)

// harmless end names that look like a secret's and are none: pages of a list, and
// limits.
var harmless = byLastLetter(
	"pagetoken", "nexttoken", "cursortoken", "continuationtoken", "synctoken", "skiptoken", "deltatoken", "paginationtoken",
	"resumetoken", "forwardtoken", "backwardtoken", "maxtoken",
)

// inQueries are names that say secret in the query of a request, and may elsewhere.
var inQueries = map[string]bool{"key": true, "auth": true}

func byLastLetter(words ...string) (by [256][]string) {
	for _, w := range words {
		last := w[len(w)-1]
		by[last] = append(by[last], w)
	}
	return by
}

// longestName is how long a name may be that says secret.
const longestName = 128

// Sensitive reports whether a header, parameter or member of this name holds a
// secret.
func Sensitive(name string) bool { return (&Masker{}).class(name) != open }

// class tells what a name says: of user[password] and card.cvc the last part
// may, too.
func (m *Masker) class(name string) class {
	if len(name) > longestName {
		return open
	}
	var space [longestName]byte
	whole := letters(space[:0], name)
	if c := m.classOf(whole); c != open || !strings.ContainsAny(name, "[.") {
		return c
	}
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '[' || r == ']' || r == '.' })
	for len(parts) > 1 && isNumber(parts[len(parts)-1]) {
		parts = parts[:len(parts)-1]
	}
	if len(parts) == 0 {
		return open
	}
	return m.classOf(letters(space[:0], parts[len(parts)-1]))
}

// letters appends a name without case, hyphens and the like.
func letters(to []byte, name string) []byte {
	for i := range len(name) {
		switch c := name[i]; {
		case c >= 'A' && c <= 'Z':
			to = append(to, c|0x20)
		case c == '-', c == '_', c == ' ', c == '.', c == '[', c == ']':
		default:
			to = append(to, c)
		}
	}
	return to
}

func (m *Masker) classOf(name []byte) class {
	if m.rules.names[string(name)] {
		return secret
	}
	if c := exact[string(name)]; c != open {
		return c
	}
	if endsIn(&endings, name) && !endsIn(&harmless, name) {
		return secret
	}
	one, plural := strings.CutSuffix(string(name), "s")
	if !plural || !endsIn(&endings, []byte(one)) || endsIn(&harmless, []byte(one)) || strings.Contains(one, "ratelimit") {
		return open
	}
	return counted
}

func endsIn(words *[256][]string, name []byte) bool {
	if len(name) == 0 {
		return false
	}
	for _, w := range words[name[len(name)-1]] {
		if len(name) >= len(w) && string(name[len(name)-len(w):]) == w {
			return true
		}
	}
	return false
}

// hides reports a value that is to be masked under a name of this class.
func (c class) hides(value string) bool {
	const long = 16
	return !isNothing(value) && (c == secret || c == counted && !isNumber(value) || c == maybe && len(value) >= long && random(value))
}

// isNumber reports a count, a limit and the like.
func isNumber(s string) bool {
	const most = 20
	return s != "" && len(s) <= most && strings.Trim(s, "+-0123456789.,") == ""
}

// random reports a word that is no word of a language: with a digit, a capital
// letter inside, or of many letters.
func random(word string) bool {
	const many = 24
	run := 0
	for i := range len(word) {
		c := word[i]
		small := c >= 'a' && c <= 'z'
		if c >= '0' && c <= '9' || i > 0 && c >= 'A' && c <= 'Z' && word[i-1] >= 'a' && word[i-1] <= 'z' {
			return true
		}
		if run++; !small && (c < 'A' || c > 'Z') {
			run = 0
		}
		if run >= many {
			return true
		}
	}
	return false
}

// unescape reads %2F and +; what is no escape stays.
func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(c)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// escape is unescape's other way; the mask stays readable.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), url.QueryEscape(Mask), Mask)
}
