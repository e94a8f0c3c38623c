package proxy

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// EncodeURL returns an upstream URL as the last part of a proxy path: URL-safe
// Base64 of its UTF-8 bytes, without padding (connect-api.md, "url_64", row A).
func EncodeURL(text string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

// DecodeURL reads what any known client puts behind /proxy/: the escaped path's
// rest, in the URL-safe or the standard alphabet, padded or not, of UTF-8 or
// Latin-1 text (connect-api.md, "url_64"). A slash in it is a Base64 character.
func DecodeURL(escaped string) (string, error) {
	text, err := url.PathUnescape(escaped)
	if err != nil {
		return "", fmt.Errorf("decode the proxy's URL: %w", err)
	}
	text = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(text), "=")
	if strings.ContainsAny(text, "\r\n") { // the decoder would skip them
		return "", errors.New("decode the proxy's URL: a line break is no Base64")
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return "", fmt.Errorf("decode the proxy's URL: %w", err)
	}
	if utf8.Valid(raw) {
		return string(raw), nil
	}
	latin := make([]rune, len(raw))
	for i, b := range raw {
		latin[i] = rune(b)
	}
	return string(latin), nil
}
