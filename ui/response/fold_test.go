package response_test

import (
	"strings"
	"testing"
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

// A place that is gone to from another view is a line of the pretty one: what belongs to
// the other view does not come along.
func TestGoToFromRaw(t *testing.T) {
	t.Parallel()
	p := newPane(t, 60, 30)
	showBody(t, p, `{"a":["`+strings.Repeat("y", 90)+`",2,3],"b":{"c":1},"x":"here"}`)
	p.do("/").typed("y").enter().do("v", "n", "l", "l")
	if got := p.status(); !strings.Contains(got, "line 1/1 · raw") {
		t.Fatalf("in raw: %q", got)
	}
	p.do("#").typed("x").enter()
	got := p.status()
	if !strings.Contains(got, "line 10/11 · pretty") || !strings.HasPrefix(got, "$.x") || strings.Contains(got, "column") {
		t.Errorf("it leads to %q", got)
	}
	p.do("n")
	if got := p.status(); !strings.Contains(got, "line 3/11") || !strings.Contains(got, "90 matches") {
		t.Errorf("the next match: %q", got)
	}
}

// Siblings are found from a line that only closes, and past values longer than a line.
func TestSiblings(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 9000)
	body := `[{"a":1,"b":2},{"c":3,"d":4},"` + long + `",5,"` + long + `"]`
	tests := map[string]struct{ line, key, want string }{
		"next, from where it closes":         {"5", "}", "$[1] | line 6/"},
		"previous, from where it closes":     {"9", "{", "$[0] | line 2/"},
		"next, a long one":                   {"9", "}", "$[2] | line 10/"},
		"next, behind a long one":            {"10", "}", "$[3] | line 13/"},
		"next, from within a long one":       {"11", "}", "$[3] | line 13/"},
		"previous, from within a long one":   {"12", "{", "$[1] | line 6/"},
		"previous, over a long one":          {"13", "{", "$[2] | line 10/"},
		"next, where none is":                {"15", "}", "$[4] | line 15/"},
		"next, where none is, in the first":  {"4", "}", "$[0].b | line 4/"},
		"previous, where none is":            {"2", "{", "$[0] | line 2/"},
		"previous, of a member in the first": {"4", "{", "$[0].a | line 3/"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 80, 30)
			showBody(t, p, body)
			p.do("#").typed(tt.line).enter().do(tt.key)
			if got := p.status(); !strings.HasPrefix(got, tt.want) {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
