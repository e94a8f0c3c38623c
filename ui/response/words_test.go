package response_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
)

// A time or a web token under the cursor is explained; anything else is not.
func TestInWords(t *testing.T) {
	t.Parallel()
	claims := "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhY21lIiwic3ViIjoiamFuZSIsImV4cCI6MTc2NDA2NDgwMH0.c2ln"
	tests := map[string]string{
		`1764064800`:              "Tue 25 Nov 2025 10:00:00 UTC",
		`1764064800123`:           "Tue 25 Nov 2025 10:00:00 UTC",
		`"1764064800.001200"`:     "Tue 25 Nov 2025 10:00:00 UTC",
		`"2025-11-25T10:00:00Z"`:  "Tue 25 Nov 2025 10:00:00 UTC",
		`"` + claims + `"`:        "a web token, unchecked · of jane · by acme · ends Tue 25 Nov 2025 10:00:00 UTC",
		`"Bearer ` + claims + `"`: "a web token",
		`12345`:                   "", `"hello"`: "", `99999999999`: "", `null`: "", `"eyJ.x.y"`: "",
	}
	for value, want := range tests {
		p := newPane(t, 100, 20)
		p.Show(answered(t, 200, "application/json", `{"v": `+value+`}`))
		p.do("j")
		_, got, _ := strings.Cut(strings.TrimSuffix(p.status(), " | line 2/3 · pretty · JSON"), " · ")
		if want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%s is explained as %q, want %q", value, got, want)
		}
	}
}

// Whoever stands at the end of an answer that grows stays there; whoever went elsewhere
// does too.
func TestFollow(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 12)
	r := answered(t, 200, "text/plain", "")
	doc := document.New(document.Options{MediaType: "text/plain"})
	r.Document, r.Done = doc, false
	grow := func(lines int) {
		if _, err := doc.Write([]byte(strings.Repeat("a line\n", lines))); err != nil {
			t.Fatal(err)
		}
		p.Show(r)
	}
	grow(30)
	p.do("G")
	grow(30)
	if got := p.status(); !strings.Contains(got, "line 60/60") {
		t.Errorf("at the end: %q", got)
	}
	p.do("k")
	grow(30)
	if got := p.status(); !strings.Contains(got, "line 59/90") {
		t.Errorf("above it: %q", got)
	}
}

// A filter is completed with the keys of the body; what was asked before comes back.
func TestFilterCompletes(t *testing.T) {
	t.Parallel()
	p := newPane(t, 100, 20)
	p.Show(answered(t, 200, "application/json", `{"data": [{"name": "x", "a key": 1}], "name2": 2}`))
	p.do("|").typed(".da")
	if got := p.status(); !strings.Contains(got, "tab .data") {
		t.Errorf("offered: %q", got)
	}
	press := func(code rune) { p.run(p.Update(tea.KeyPressMsg{Code: code})) }
	press(tea.KeyTab)
	p.typed("[0].a")
	press(tea.KeyTab)
	p.enter()
	if got := p.screen(100, 20); !strings.Contains(got, "1  1") || !strings.Contains(p.status(), `.data[0]."a key"`) {
		t.Errorf("it gives %s", got)
	}
	p.do("|")
	p.run(p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl}))
	press(tea.KeyUp)
	if got := p.status(); !strings.Contains(got, `.data[0]."a key"`) {
		t.Errorf("asked before: %q", got)
	}
}
