package response_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/response"
)

// choose runs what a menu offers under a key.
func (p *pane) choose(all []response.Choice, key string) {
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

// What is chosen for a reading stays for the next: a kind for another charset, a charset
// for another kind.
func TestReadAsBoth(t *testing.T) {
	t.Parallel()
	utf16 := func(text string) string {
		var b strings.Builder
		for _, c := range text {
			b.WriteByte(byte(c))
			b.WriteByte(0)
		}
		return b.String()
	}
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "", utf16(`{"a": ["b", 2]}`)))
	steps := []struct{ menu, key, status, line string }{
		{"charset", "l", "pretty · JSON · utf-16le", `"a": [`},
		{"kind", "y", "pretty · YAML · utf-16le", `{"a": ["b", 2]}`},
		{"charset", "b", "pretty · YAML · utf-16be", "∀"},
		{"charset", "l", "pretty · YAML · utf-16le", `{"a": ["b", 2]}`},
		{"kind", "o", "hex · binary", "7b 00 22 00"},
		{"kind", "j", "pretty · JSON", "␀"},
	}
	for _, s := range steps {
		if s.menu == "kind" {
			p.choose(p.Readings(), s.key)
		} else {
			p.choose(p.Charsets(), s.key)
		}
		if got := p.screen(80, 30); !strings.Contains(got, s.line) && s.line != "∀" || !strings.Contains(got, s.status) {
			t.Fatalf("%s %s: want %q and %q\n%s", s.menu, s.key, s.line, s.status, got)
		}
	}
}

// What the header calls UTF-8 is read as that, whatever the page says of itself.
func TestReadAsKeepsTheCharset(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "text/html; charset=utf-8", `<html><meta charset="windows-1252"><p>`+strings.Repeat("x", 1100)+"\ncafé"))
	p.choose(p.Readings(), "h")
	if got := p.screen(80, 40); !strings.Contains(got, "café") {
		t.Errorf("%s", got)
	}
}

// A step back leads to where one stood.
func TestBackFromAFilter(t *testing.T) {
	t.Parallel()
	p := newPane(t, 60, 8)
	showBody(t, p, nested)
	p.do("#").typed("data[0].tags").enter().do("space", "/").typed("null").enter().do("k", "k")
	before := p.screen(60, 8)
	p.do("|").typed(".data").enter()
	p.do("G", "/").typed("id").enter()
	p.choose(p.Readings(), "t") // one reading in the place of another
	if !p.Unfilter() {
		t.Fatal("nothing to go back from")
	}
	if got := p.screen(60, 8); got != before {
		t.Errorf("before:\n%s\nback:\n%s", before, got)
	}
}

// An answer that nobody waits for any more leaves nothing open.
func TestDroppedReading(t *testing.T) { //nolint:paralleltest // it counts the files of the process
	open := func() int {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("skipped: no /proc here")
		}
		n := 0
		for _, fd := range all {
			if to, err := os.Readlink("/proc/self/fd/" + fd.Name()); err == nil && strings.Contains(to, "connectty-body-") {
				n++
			}
		}
		return n
	}
	p := newPane(t, 80, 30)
	showBody(t, p, `{"a":"`+strings.Repeat("x", 5<<20)+`"}`)
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // the collector would close it some day
	before := open()
	filter := func() tea.Cmd {
		p.do("|").typed(".a")
		asked, ok := p.Update(tea.KeyPressMsg{Code: tea.KeyEnter})().(job.Job)
		if !ok {
			t.Fatal("no job")
		}
		return p.jobs.Run(asked)
	}
	first := filter()()
	p.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	p.do("|")
	p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
	second := filter()
	p.run(func() tea.Msg { return first })
	p.run(second)
	p.Unfilter()
	if got := open(); got != before {
		t.Errorf("%d files are open, were %d", got, before)
	}
}

// What was typed stays where nothing was asked before, and comes back behind what was.
func TestRecallKeepsTheDraft(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	showBody(t, p, nested)
	press := func(code rune, want string) {
		t.Helper()
		p.run(p.Update(tea.KeyPressMsg{Code: code}))
		if got := p.status(); !strings.HasPrefix(got, "| "+want+"▏") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	p.do("|").typed(".a|tojson")
	press(tea.KeyUp, ".a|tojson")
	press(tea.KeyDown, ".a|tojson")
	p.SetFilters(map[string][]string{"slack": {".new", ".old"}})
	press(tea.KeyDown, ".a|tojson")
	press(tea.KeyUp, ".new")
	press(tea.KeyUp, ".old")
	press(tea.KeyUp, ".old")
	p.typed("er")
	press(tea.KeyUp, ".new")
	press(tea.KeyDown, ".older")
}

// A picture whose unpacking was cancelled shows its bytes, and can be tried again.
func TestPictureCancelled(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "image/png", drawn(t, 400, 100)))
	_ = p.Unpack() // under way
	p.run(p.Update(p.Cancelled()))
	if got := p.screen(80, 30); !strings.Contains(got, "89 50 4e 47") || !strings.Contains(got, "cancelled · v tries again") {
		t.Errorf("cancelled:\n%s", got)
	}
	if p.Unpack() != nil {
		t.Error("it is unpacked again by itself")
	}
	p.do("v")
	p.run(p.Unpack())
	if got := p.status(); !strings.Contains(got, "PNG · 400 × 100") {
		t.Errorf("tried again: %q", got)
	}
	p.do("v")
	if got := p.status(); !strings.Contains(got, "hex · image") {
		t.Errorf("the bytes: %q", got)
	}
}

// A filter is of what was read, in the charset that was chosen; the next one, too.
func TestFilterOfAReading(t *testing.T) {
	t.Parallel()
	p := newPane(t, 80, 30)
	p.Show(answered(t, 200, "application/json; charset=koi8-r", `{"a":"café","b":"日本"}`))
	p.choose(p.Charsets(), "w")
	for _, step := range [][2]string{{".a|tojson", "cafÃ©"}, {".b|tojson", "æ—¥"}} {
		p.do("|")
		p.Update(tea.KeyPressMsg{Code: 'u', Mod: tea.ModCtrl})
		p.typed(step[0]).enter()
		if got := p.screen(80, 30); !strings.Contains(got, step[1]) {
			t.Errorf("%s: %q is not there:\n%s", step[0], step[1], got)
		}
	}
	if p.choose(p.Readings(), "t"); !strings.Contains(p.status(), "text · windows-1252") {
		t.Errorf("then as text: %q", p.status())
	}
}
