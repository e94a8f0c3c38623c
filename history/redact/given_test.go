package redact_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

// A given value passes in no spelling: escaped, in the Base64 of a longer text, or
// broken off at the end of a body that was cut.
func TestSpellings(t *testing.T) {
	t.Parallel()
	const secret = "s3cret/value+of ours"
	bodies := map[string]string{
		"slash escaped":   `{"a":{"b":["s3cret\/value+of ours"]}}`,
		"letters escaped": `{"a":"\u00733cret/value\u002bof ours"}`,
		"lower hex":       "a=s3cret%2fvalue%2bof+ours",
		"path":            "/s3cret%2Fvalue+of%20ours",
		"cut":             `{"a":"s3cret/value+o`,
	}
	for i := range 6 {
		text := strings.Repeat("x", i) + ":" + secret + ":" + strings.Repeat("y", i)
		bodies[fmt.Sprint("Base64 ", i)] = `{"a":"` + base64.StdEncoding.EncodeToString([]byte(text)) + `"}`
		bodies[fmt.Sprint("Base64 of URLs ", i)] = base64.RawURLEncoding.EncodeToString([]byte(text))
	}
	for name, body := range bodies {
		m := redact.New(secret)
		got, changed := m.Body("application/json", []byte(body))
		if !changed || !strings.Contains(string(got), redact.Mask) {
			t.Errorf("%s: got %s", name, got)
		}
		for piece := range strings.FieldsSeq(strings.NewReplacer(`"`, " ", ":", " ").Replace(string(got))) {
			for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
				if plain, err := enc.DecodeString(piece); err == nil && strings.Contains(string(plain), secret) {
					t.Errorf("%s: %s still tells it", name, got)
				}
			}
		}
	}
}

// What was masked is told by its issuer, each value once.
func TestMasked(t *testing.T) {
	t.Parallel()
	m := redact.New("value-of-ours")
	m.Header("Authorization", "Bearer xoxb-12345-abcdef")
	m.Header("Cookie", "a=b")
	m.URL("https://h.io/?token=ghp_abcdef123456&page_token=x&q=value-of-ours")
	m.Body("application/json", []byte(`{"password":"hunter22","again":"xoxb-12345-abcdef","other":"xoxp-9","text":"Bearer abcdefgh1234","masked":{"token":"[redacted]"}}`))
	var got []string
	for _, c := range m.Masked() {
		got = append(got, fmt.Sprintf("%d %s", c.N, c.Kind))
	}
	if want := "1 GitHub token, 1 Slack token, 3 secret, 1 secret of connectty's own"; strings.Join(got, ", ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, ", "), want)
	}
}
