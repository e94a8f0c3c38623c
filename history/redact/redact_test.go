package redact_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/history/redact"
)

func TestHeader(t *testing.T) {
	t.Parallel()
	tests := map[string][3]string{ // name, value, want
		"bearer":       {"Authorization", "Bearer abc", "Bearer [redacted]"},
		"bare":         {"authorization", "lin_key", "[redacted]"},
		"cookie":       {"Cookie", "a=b", "[redacted]"},
		"an api key":   {"X-Api-Key", "k", "[redacted]"},
		"two words":    {"DD-APPLICATION-KEY", "k", "[redacted]"},
		"ordinary":     {"X-Trace", "abc", "abc"},
		"a token in":   {"X-Note", "it is ghp_abcdef123456 here", "it is [redacted] here"},
		"masked again": {"Authorization", "Bearer [redacted]", "Bearer [redacted]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, changed := redact.New().Header(tt[0], tt[1])
			if got != tt[2] || changed != (got != tt[1]) {
				t.Errorf("%s: %s: got %q, %v; want %q", tt[0], tt[1], got, changed, tt[2])
			}
		})
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://u:p@h.io/a":                    "https://[redacted]@h.io/a",
		"https://h.io/a?api_key=1&b=2":          "https://h.io/a?api_key=[redacted]&b=2",
		"https://h.io/a?key=1":                  "https://h.io/a?key=[redacted]",
		"https://h.io/a?page_token=x&limit=2#f": "https://h.io/a?page_token=x&limit=2#f",
		"/a?access%5Ftoken=1&x=%2F":             "/a?access%5Ftoken=[redacted]&x=%2F",
		"https://h.io/a?x=1?api_key":            "https://h.io/a?x=1?api_key",
	} {
		if got, changed := redact.New().URL(in); got != want || changed != (in != want) {
			t.Errorf("%s: got %s, %v; want %s", in, got, changed, want)
		}
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ mediaType, in, want string }{
		"member":         {"application/json", `{"password" : "x y", "n": 1}`, `{"password" : "[redacted]", "n": 1}`},
		"object":         {"application/json", `{"credentials":{"a":[1,"]"]},"b":2}`, `{"credentials":"[redacted]","b":2}`},
		"number":         {"application/json", `{"pin":1234}`, `{"pin":"[redacted]"}`},
		"null and empty": {"application/json", `{"token":null,"secret":""}`, `{"token":null,"secret":""}`},
		"escaped name":   {"application/json", `{"pass\u0077ord":"x"}`, `{"pass\u0077ord":"[redacted]"}`},
		"cut":            {"application/json", `{"a":1,"token":"abc`, `{"a":1,"token":"[redacted]"`},
		"a value":        {"application/json", `{"a":"token"}`, `{"a":"token"}`},
		"untyped JSON":   {"", ` {"token":"x"}`, ` {"token":"[redacted]"}`},
		"form":           {"application/x-www-form-urlencoded", `a=1&client_secret=x`, `a=1&client_secret=[redacted]`},
		"text":           {"text/plain", `Authorization: Bearer abcdefgh1234`, `Authorization: Bearer [redacted]`},
		"page token":     {"application/json", `{"next_page_token":"x"}`, `{"next_page_token":"x"}`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, changed := redact.New().Body(tt.mediaType, []byte(tt.in))
			if string(got) != tt.want || changed != (tt.in != tt.want) {
				t.Errorf("got %s, %v; want %s", got, changed, tt.want)
			}
		})
	}
}

// A given value comes out of nothing, in none of the forms it may take.
func FuzzGiven(f *testing.F) {
	f.Add("s3cr&t\"x", `{"a":"before `, ` after"}`, "application/json")
	f.Add("abcdef", "x=", "&y", "application/x-www-form-urlencoded")
	f.Fuzz(func(t *testing.T, secret, before, after, mediaType string) {
		if len(secret) < 6 || strings.Contains(redact.Mask, secret) || strings.Contains(before+after, secret) {
			return
		}
		m := redact.New(secret)
		body, _ := m.Body(mediaType, []byte(before+secret+after))
		text, _ := m.Text(before + secret + after)
		header, _ := m.Header("X-Any", before+secret+after)
		url, _ := m.URL("https://h.io/?q=" + secret)
		for _, out := range []string{string(body), text, header, url} {
			if rest := strings.ReplaceAll(out, redact.Mask, "\x00"); strings.Contains(rest, secret) {
				t.Errorf("%q is still in %q", secret, out)
			}
		}
	})
}

// Bytes that are no text stay as they are.
func TestBinary(t *testing.T) {
	t.Parallel()
	in := []byte{0xff, 0xd8, 0x00, 't', 'o', 'k', 'e', 'n'}
	if got, changed := redact.New().Body("image/jpeg", in); changed || string(got) != string(in) {
		t.Errorf("got %q, %v", got, changed)
	}
}

func BenchmarkBody(b *testing.B) {
	body := []byte(`[` + strings.Repeat(`{"id":123,"name":"a name","token":"abcdef"},`, 20_000) + `{}]`)
	m := redact.New("a-secret-of-ours")
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		m.Body("application/json", body)
	}
}
