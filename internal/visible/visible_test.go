package visible_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/connectty/connectty/internal/visible"
)

func TestLine(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"plain":            {"GET /users", "GET /users"},
		"colour sequence":  {"\x1b[31mred\x1b[0m", "␛[31mred␛[0m"},
		"title sequence":   {"\x1b]0;owned\x07", "␛]0;owned␇"},
		"C1 control":       {"a\u009b31m", "a<009B>31m"},
		"line breaks":      {"a\r\nb", "a␍␊b"},
		"tab":              {"a\tb", "a    b"},
		"delete":           {"a\x7f", "a␡"},
		"bidi override":    {"user\u202egpj.exe", "user<202E>gpj.exe"},
		"zero-width space": {"ad\u200bmin", "ad<200B>min"},
		"invalid UTF-8":    {"a\xffb", "a\uFFFDb"},
		"wide and emoji":   {"日本 👩‍🚀 ❤️", "日本 👩‍🚀 ❤️"},
		"combining accent": {"cafe\u0301", "cafe\u0301"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := visible.Line(tt.in); got != tt.want {
				t.Errorf("Line(%q): got %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestBlockKeepsLineFeeds(t *testing.T) {
	t.Parallel()
	if got, want := visible.Block("a\r\n\x1bb\n"), "a\n␛b\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ in, want string }{
		"plain":     {"200 with ok: false, error: missing_scope - ask", "200 with ok: false, error: missing_scope - ask"},
		"a picture": {"![p](http://e/p.png)", `!\[p\](http://e/p.png)`},
		"HTML":      {"<img src=x> &lt;b> a & b", "&lt;img src=x> &amp;lt;b> a & b"},
		"a heading": {"  # a", `\# a`},
		"an item":   {"12. a", `12\. a`},
		"a number":  {"12", "12"},
		"a cell":    {`a|b\|c`, `a\|b\\\|c`},
		"emphasis":  {"_a_ *b* a_b ~~c~~ `d`", "\\_a\\_ \\*b\\* a_b \\~\\~c\\~\\~ \\`d\\`"},
		"lines":     {"a\n# b", "a␊# b"},
		"invalid":   {"\xff_", "\uFFFD\\_"},
		"empty":     {"", ""},
	}
	for name, tt := range tests {
		if got := visible.Markdown(tt.in); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("\x1b[2J\u202e\u009b")
	f.Fuzz(func(t *testing.T, s string) {
		got := visible.Line(s)
		if !utf8.ValidString(got) {
			t.Errorf("Line(%q) is not valid UTF-8: %q", s, got)
		}
		if i := strings.IndexFunc(got, func(r rune) bool { return r < 0x20 || r >= 0x7f && r <= 0x9f }); i >= 0 {
			t.Errorf("Line(%q) still holds a control character at %d: %q", s, i, got)
		}
		if again := visible.Line(got); again != got {
			t.Errorf("Line is not stable: %q, then %q", got, again)
		}
	})
}
