package response_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/themes"
)

const nested = `{"ok": true, "data": [{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": []}, 7], "meta": {"next": null}, "tail": "x"}`

// showBody shows a JSON body in the pane.
func showBody(t *testing.T, p *pane, text string) {
	t.Helper()
	p.Show(answered(t, 200, "application/json", text))
	t.Cleanup(p.Close)
}

// lines are those of the body that show, without their numbers.
func bodyLines(p *pane) []string {
	var out []string
	for _, line := range strings.Split(p.screen(80, 30), "\n")[4:] {
		if text := strings.TrimSpace(line); text != "" && text[0] >= '0' && text[0] <= '9' {
			_, rest, _ := strings.Cut(text, "  ")
			out = append(out, strings.TrimSpace(rest))
		}
	}
	return out
}

func TestFolding(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	showBody(t, p, nested)
	all := len(bodyLines(p))
	p.do("j", "j", "space")
	if got := bodyLines(p); got[2] != `"data": [ … ]  3 items` || len(got) != all-13 {
		t.Fatalf("folded, of %d lines:\n%s", all, strings.Join(got, "\n"))
	}
	if got := p.status(); !strings.HasPrefix(got, "$.data") || !strings.Contains(got, "line 3/") {
		t.Errorf("the status says %q", got)
	}
	p.do("j")
	if got := p.status(); !strings.HasPrefix(got, "$.meta") || !strings.Contains(got, "line 17/") {
		t.Errorf("below the fold: %q", got)
	}
	p.do("/").typed("tags").enter()
	if got := bodyLines(p); len(got) != all || !strings.HasPrefix(p.status(), "/tags") {
		t.Errorf("a hit does not open what holds it: %q\n%s", p.status(), strings.Join(got, "\n"))
	}
	for _, c := range p.FoldChoices() {
		if c.Key == "2" {
			p.run(c.Run())
		}
	}
	if got := bodyLines(p); got[3] != `{ … }  4 lines` && got[3] != `{ … }  5 lines` {
		t.Errorf("to level 2:\n%s", strings.Join(got, "\n"))
	}
	for _, c := range p.FoldChoices() {
		if c.Key == "o" {
			p.run(c.Run())
		}
	}
	if got := bodyLines(p); len(got) != all {
		t.Errorf("all open, %d of %d:\n%q", len(got), all, got)
	}
}

func TestGoing(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	showBody(t, p, nested)
	steps := []struct {
		keys []string
		typ  string
		want string // the path in the status
	}{
		{[]string{"#"}, "data[0].tags[1]", "$.data[0].tags[1]"},
		{[]string{"("}, "", "$.data[0].tags"},
		{[]string{"("}, "", "$.data[0]"},
		{[]string{"}"}, "", "$.data[1]"},
		{[]string{"}"}, "", "$.data[2]"},
		{[]string{"{", "{"}, "", "$.data[0]"},
		{[]string{"(", "}"}, "", "$.meta"},
		{[]string{"%"}, "", "$.meta"},
		{[]string{"{"}, "", "$.data"},
		{[]string{"%", "}"}, "", "$.meta"},
		{[]string{"#"}, "2", "$.ok"},
		{[]string{"#"}, "$.nope", "$.nope: nothing stands"},
	}
	for _, s := range steps {
		p.do(s.keys...)
		if s.typ != "" {
			p.typed(s.typ).enter()
		}
		if got := p.status(); !strings.HasPrefix(got, s.want) {
			t.Fatalf("%v %q leads to %q, want %q", s.keys, s.typ, got, s.want)
		}
	}
}

// The path, the key and the value of a line are copied, the value as it came.
func TestCopyParts(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	showBody(t, p, nested)
	p.do("#").typed("data[0].tags").enter()
	want := map[string]string{"p": "$.data[0].tags", "k": "tags", "v": `["a", "b"]`}
	for _, c := range p.Copies(nil) {
		if want[c.Key] == "" {
			continue
		}
		p.run(c.Run())
		if got := p.clip; got != want[c.Key] {
			t.Errorf("%s copies %q, want %q", c.Label, p.clip, want[c.Key])
		}
		delete(want, c.Key)
	}
	if len(want) > 0 {
		t.Errorf("not offered: %v", want)
	}
}

// A value that goes on over several lines is one value; a match stays on its place while the
// room for the indent changes.
func TestLongSiblings(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	showBody(t, p, `["a", "`+strings.Repeat("y", 20_000)+`", "z"]`)
	p.do("#").typed("[1]").enter().do("j", "j", "}")
	if got := p.status(); !strings.HasPrefix(got, "$[2]") {
		t.Errorf("the next: %q", got)
	}
	if p.do("{"); !strings.HasPrefix(p.status(), "$[1]") || !strings.Contains(p.status(), "line 3/") {
		t.Errorf("the one before: %q", p.status())
	}
}

func TestMatchMovesWithTheIndent(t *testing.T) {
	t.Parallel()
	p := newPane(t, 200, 60)
	showBody(t, p, strings.Repeat(`{"a":`, 40)+`"needle needle needle"`+strings.Repeat("}", 40))
	p.do("/").typed("needle").enter().do("n")
	p.Resize(60, 60)
	th := themes.For(true)
	marked := func() int {
		line := p.View(60, 60, th)
		return strings.Count(line[:strings.Index(line, th.Current.Paint("needle"))+1], th.Match.Paint("needle"))
	}
	if got := marked(); got != 1 {
		t.Errorf("%d matches before the current one, want 1", got)
	}
	if p.do("n"); marked() != 2 {
		t.Errorf("%d matches before the next, want 2", marked())
	}
}
