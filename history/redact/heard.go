package redact

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// login reads user:password in Base64.
func login(code string) (string, bool) {
	code = strings.TrimRight(code, "=")
	if len(code)%4 == 1 {
		code = code[:len(code)-1]
	}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		plain, err := enc.DecodeString(code)
		if err != nil || !utf8.Valid(plain) || strings.IndexFunc(string(plain), unicode.IsControl) >= 0 {
			continue
		}
		return string(plain), strings.Contains(string(plain), ":")
	}
	return "", false
}
