package proxy

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// The vectors of connect-api.md, "url_64".
const (
	v1 = "https://slack.com/api/auth.test"
	v2 = "https://api.example.com/v1/søk?q=naïve café"
	v3 = "https://example.com/~~~~~/?b=?????&c=>>>>>"

	v1A = "aHR0cHM6Ly9zbGFjay5jb20vYXBpL2F1dGgudGVzdA"
	v2A = "aHR0cHM6Ly9hcGkuZXhhbXBsZS5jb20vdjEvc8O4az9xPW5hw692ZSBjYWbDqQ"
	v2B = "aHR0cHM6Ly9hcGkuZXhhbXBsZS5jb20vdjEvc_hrP3E9bmHvdmUgY2Fm6Q"
	v3A = "aHR0cHM6Ly9leGFtcGxlLmNvbS9-fn5-fi8_Yj0_Pz8_PyZjPT4-Pj4-"
	v3C = "aHR0cHM6Ly9leGFtcGxlLmNvbS9%2Bfn5%2Bfi8%2FYj0%2FPz8%2FPyZjPT4%2BPj4%2B"
)

func TestEncodeURL(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{v1: v1A, v2: v2A, v3: v3A, "": "", "/api/x": "L2FwaS94"} {
		if got := EncodeURL(text); got != want {
			t.Errorf("EncodeURL(%q): got %q, want %q", text, got, want)
		}
	}
}

func TestDecodeURL(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct{ escaped, want string }{
		"V1 docs and SDK 1.x":     {v1A, v1},
		"V1 SDK 3.x":              {v1A + "%3D%3D", v1},
		"V1 Python":               {v1A + "==", v1},
		"V2 docs":                 {v2A, v2},
		"V2 SDK 1.x, Latin-1":     {v2B, v2},
		"V2 SDK 3.x":              {v2A + "%3D%3D", v2},
		"V2 Python":               {v2A + "==", v2},
		"V3 docs, 1.x and Python": {v3A, v3},
		"V3 SDK 3.x":              {v3C, v3},
		"V3 standard, bare":       {strings.NewReplacer("-", "+", "_", "/").Replace(v3A), v3},
		"lower-case escape":       {"%2bn5-", "ú~~"}, // not UTF-8: each byte is a Latin-1 character
		"nothing":                 {"", ""},
		"one padding too few":     {v1A + "=", v1},
		"second question mark":    {EncodeURL("https://h/p?a=1?b=2"), "https://h/p?a=1?b=2"},
		"escapes in the URL stay": {EncodeURL("https://h/a%2Fb%20c"), "https://h/a%2Fb%20c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := DecodeURL(row.escaped); err != nil || got != row.want {
				t.Errorf("DecodeURL(%q): got %q, %v, want %q", row.escaped, got, err, row.want)
			}
		})
	}
}

func TestDecodeURLRefuses(t *testing.T) {
	t.Parallel()
	for name, escaped := range map[string]string{
		"broken escape":       "aHR0%2",
		"escape of no digits": "aHR0%zz",
		"foreign character":   "aHR0cHM6Ly9*",
		"space":               "aHR0 cHM6",
		"line break":          "aHR0%0AcHM6",
		"carriage return":     "aHR0\rcHM6",
		"padding inside":      "aHR0==cHM6",
		"one character alone": "aHR0c",
		"a plain URL":         "https:%2F%2Fslack.com",
		"escaped twice":       "aHR0cHM6Ly9leGFtcGxlLmNvbS9%252B",
		"a query of its own":  v1A + "?x=1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := DecodeURL(escaped); err == nil {
				t.Errorf("DecodeURL(%q): got %q, want an error", escaped, got)
			}
		})
	}
}

// What one writes the other reads, and no bytes of a stranger are a panic or
// come back as anything but text.
func FuzzDecodeURL(f *testing.F) {
	for _, seed := range []string{v1, v2, v3, v1A, v2A + "%3D%3D", v2B, v3C, "", "%", "=", "\n", "/\\%2f+-_", "\xff\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := DecodeURL(text); err == nil && strings.ToValidUTF8(got, "") != got {
			t.Errorf("DecodeURL(%q): got %q, which is not UTF-8", text, got)
		}
		text = strings.ToValidUTF8(text, "?")
		for kind, escaped := range encodings(text) {
			if got, err := DecodeURL(escaped); err != nil || got != text {
				t.Errorf("%s: DecodeURL(%q): got %q, %v, want %q", kind, escaped, got, err, text)
			}
		}
	})
}

// encodings returns a text as each client writes it (connect-api.md, "url_64"). The
// Latin-1 of SDK 1.8.0 is among them where it can be told from UTF-8.
func encodings(text string) map[string]string {
	raw := []byte(text)
	out := map[string]string{
		"A, docs":    EncodeURL(text),
		"C, SDK 3.x": url.QueryEscape(base64.StdEncoding.EncodeToString(raw)),
		"D, Python":  base64.URLEncoding.EncodeToString(raw),
		"bare":       base64.StdEncoding.EncodeToString(raw),
	}
	if latin, ok := latin1(text); ok && !utf8.Valid(latin) {
		out["B, SDK 1.8.0"] = base64.RawURLEncoding.EncodeToString(latin)
	}
	return out
}

// latin1 writes a text in one byte a character; false where one has none.
func latin1(text string) ([]byte, bool) {
	var out []byte
	for _, r := range text {
		if r > 0xff {
			return nil, false
		}
		out = append(out, byte(r))
	}
	return out, true
}

func BenchmarkCodec(b *testing.B) {
	for name, text := range map[string]string{"short": v1, "non-ASCII": v2} {
		encoded := EncodeURL(text)
		b.Run("encode/"+name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_ = EncodeURL(text)
			}
		})
		b.Run("decode/"+name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				_, _ = DecodeURL(encoded)
			}
		})
	}
}
