package response_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/ui/response"
)

// choose runs what a menu offers under a key.
func (p *pane) choose(all []response.Copy, key string) {
	p.tb.Helper()
	for _, c := range all {
		if c.Key == key {
			p.run(c.Run())
			return
		}
	}
	p.tb.Fatalf("nothing is offered under %q", key)
}

func TestReadAs(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "text/plain", "name: caf\xe9\n"))
	t.Cleanup(p.Close)
	before := p.status()
	p.choose(p.Charsets(), "w")
	if got := p.screen(80, 30); !strings.Contains(got, "name: café") || !strings.Contains(p.status(), "windows-1252") {
		t.Errorf("in windows-1252: %q\n%s", p.status(), got)
	}
	if body := p.Document(); body != p.Showing() && body.State().Charset != "" {
		t.Errorf("the body itself changed: %+v", body.State())
	}
	p.choose(p.Readings(), "y")
	if got := p.status(); !strings.Contains(got, "as YAML") || !strings.Contains(got, "pretty · YAML") {
		t.Errorf("as YAML: %q", got)
	}
	if !p.Unfilter() || p.status() != before {
		t.Errorf("back: %q, was %q", p.status(), before)
	}
	keys := map[string]bool{}
	for _, c := range append(p.Readings(), p.Charsets()...) {
		if c.Key == "" {
			t.Errorf("%q has no key", c.Label)
		}
	}
	for _, c := range p.Readings() {
		if keys[c.Key] {
			t.Errorf("two have the key %q", c.Key)
		}
		keys[c.Key] = true
	}
}

// Kind and charset are chosen one after the other, and both hold: bytes that seem to be no
// text may be one in another charset.
func TestReadAsBoth(t *testing.T) {
	t.Parallel()
	var wide strings.Builder
	for _, c := range []byte(`{"a":1}`) {
		wide.WriteByte(c)
		wide.WriteByte(0)
	}
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "", wide.String()))
	t.Cleanup(p.Close)
	p.choose(p.Charsets(), "l")
	if got := p.status(); !strings.Contains(got, "pretty · JSON · utf-16le") {
		t.Errorf("in UTF-16: %q\n%s", got, p.screen(80, 30))
	}
	p.choose(p.Readings(), "y")
	if got := p.status(); !strings.Contains(got, "YAML · utf-16le") {
		t.Errorf("then as YAML: %q", got)
	}
	p.choose(p.Charsets(), "b")
	if got := p.status(); !strings.Contains(got, "YAML · utf-16be") {
		t.Errorf("then in another: %q", got)
	}
	p.Unfilter()
	p.choose(p.Readings(), "t")
	if got := p.status(); !strings.Contains(got, "text") || strings.Contains(got, "utf-16") {
		t.Errorf("anew: %q", got)
	}
}

// A page of HTML is also read as text, between pretty and raw.
func TestPageAsText(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 502, "text/html", "<html><style>b{}</style><h1>Bad gateway</h1><p>from <b>nginx</b>"))
	t.Cleanup(p.Close)
	p.do("v")
	if got := p.screen(80, 30); !strings.Contains(got, "# Bad gateway") || !strings.Contains(got, "from nginx") || strings.Contains(got, "<h1>") {
		t.Errorf("as text:\n%s", got)
	}
	p.do("v")
	if got := p.status(); !strings.Contains(got, "raw · HTML") {
		t.Errorf("then: %q", got)
	}
	p.do("v", "v")
	if got := p.status(); !strings.Contains(got, "pretty · HTML") {
		t.Errorf("round: %q", got)
	}
}

// drawn is a picture whose upper half is red and whose lower half is see-through.
func drawn(t *testing.T, width, height int) string {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height / 2 {
		for x := range width {
			m.Set(x, y, color.NRGBA{0xff, 0, 0, 0xff})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPicture(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "image/png", drawn(t, 400, 100)))
	t.Cleanup(p.Close)
	p.run(p.Unpack())
	screen := p.screen(80, 30)
	if got := p.status(); !strings.Contains(got, "PNG · 400 × 100") {
		t.Errorf("status %q", got)
	}
	if rows := strings.Count(screen, "▀▀▀▀▀▀▀▀▀▀"); rows < 30 {
		t.Errorf("%d stretches of half blocks:\n%s", rows, screen)
	}
	if cmd := p.Unpack(); cmd != nil {
		t.Error("what is unpacked is unpacked again")
	}
	p.Resize(40, 20)
	if cmd := p.Unpack(); cmd == nil {
		t.Error("another room changes nothing")
	}
	p.do("v")
	if got := p.status(); !strings.Contains(got, "hex · image") {
		t.Errorf("the bytes: %q", got)
	}
}

// What calls itself an image and is none shows its bytes, and says why.
func TestNoPicture(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "image/png", drawn(t, 40, 40)[:60]))
	t.Cleanup(p.Close)
	p.run(p.Unpack())
	if got := p.status(); !strings.Contains(got, "not shown as a picture") {
		t.Errorf("status %q", got)
	}
	if got := p.screen(80, 30); !strings.Contains(got, "89 50 4e 47") {
		t.Errorf("no bytes:\n%s", got)
	}
}

// A filter that is a path shows the value as it was sent; of keys that stand twice the
// last one, as jq does.
func TestPathAsFilter(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ filter, want string }{
		"as sent":       {".a[1].n", "1.00"},
		"the last":      {".b", `"second"`},
		"a quoted key":  {`.["c d"]`, "[]"},
		"not there":     {".x", "null"},
		"more than one": {".a[].n", "null\n1.0"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPane(t, 80, 30)
			showBody(t, p, `{"a": [{"n": null}, {"n": 1.00}], "b": {"b": 1}, "c d": [], "b": "second"}`)
			p.do("|").typed(tt.filter).enter()
			lines := p.Showing().Window(document.Pretty, 0, 10)
			var got []string
			for _, line := range lines {
				got = append(got, line.Text())
			}
			if text := strings.Join(got, "\n"); !strings.HasPrefix(text, tt.want) {
				t.Errorf("%s: got %q, want %q", tt.filter, text, tt.want)
			}
		})
	}
}

func TestFilterEvents(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "text/event-stream", "event: a\ndata: {\"n\":1}\n\ndata: {\"n\":2}\n\ndata: [DONE]\n\n"))
	t.Cleanup(p.Close)
	p.do("|").typed(".n").enter()
	if got := p.Showing().Lines(document.Pretty); got != 2 {
		t.Errorf("%d values, want 2: %s", got, p.status())
	}
}

// Filters are recalled for the app whose answer they were made for.
func TestFiltersOfApp(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.SetFilters(map[string][]string{"slack": {".of_slack"}, "zendesk": {".of_zendesk"}})
	showBody(t, p, nested)
	p.do("|").typed(".ok").enter()
	press := func(code rune) { p.run(p.Update(tea.KeyPressMsg{Code: code})) }
	p.do("|")
	press(tea.KeyUp)
	press(tea.KeyUp)
	if got := p.status(); !strings.Contains(got, "| .of_slack") {
		t.Errorf("the second before: %q", got)
	}
	press(tea.KeyDown)
	if got := p.status(); !strings.Contains(got, "| .ok") {
		t.Errorf("the newest: %q", got)
	}
}
