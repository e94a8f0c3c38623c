package response_test

import (
	"strings"
	"testing"

	"github.com/connectty/connectty/themes"
)

// What goes on from one line of the hex view to the next is found, and painted on both.
func TestFindInHex(t *testing.T) {
	t.Parallel()
	p := bare(t, "", `{"name": "x", "id": 0, "and": "id"}`, true, nil)
	p.do("v", "v", "/").typed(`"id": 0`).enter()
	if got := p.status(); !strings.Contains(got, "1 match") || !strings.Contains(got, "line 1/3 · hex") {
		t.Errorf("found: %q", got)
	}
	th := themes.For(true)
	view := p.View(100, 12, th)
	for _, part := range []string{th.Current.Paint(`"i`), th.Match.Paint(`d": 0`)} {
		if !strings.Contains(view, part) {
			t.Errorf("%q is not painted:\n%q", part, view)
		}
	}
}
