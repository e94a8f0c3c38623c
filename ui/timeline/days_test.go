package timeline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy"
)

// days is a history of today, yesterday and long ago.
func days() *store {
	s := &store{}
	for i, ago := range []int{0, 0, 1, 1, 400} {
		x := exchange(string(rune('e'-i)), "GET", "https://slack.com/api/call"+string(rune('1'+i)), 200)
		x.StartedAt = noon().AddDate(0, 0, -ago)
		s.rows = append(s.rows, x)
	}
	return s
}

// Each day but today has a heading, and the cursor stands on none.
func TestDays(t *testing.T) {
	t.Parallel()
	p := newPane(t, 58, 12).with(days())
	lines := strings.Split(p.ViewText(58, 12), "\n")
	if len(lines) < 7 || !strings.Contains(lines[0], "call1") || strings.TrimSpace(lines[2]) != "Yesterday" || !strings.HasSuffix(strings.TrimSpace(lines[5]), time.Now().AddDate(0, 0, -400).Format("2006")) {
		t.Errorf("got\n%s", strings.Join(lines, "\n"))
	}
	var down, up []string
	for range 5 {
		down = append(down, p.Current())
		p.Do("j")
	}
	for range 5 {
		up = append(up, p.Current())
		p.Do("k")
	}
	if got := strings.Join(down, "") + strings.Join(up, ""); got != "edcbaabcde" {
		t.Errorf("went over %s", got)
	}
	if !strings.HasSuffix(p.StatusText(), "1/5") {
		t.Errorf("status %q", p.StatusText())
	}
}

// What one exchange has in common with others is a filter that can be changed.
func TestAllOf(t *testing.T) {
	t.Parallel()
	s := days()
	s.rows[0].ExternalUserID = "Jane Doe"
	p := newPane(t, 58, 12).with(s)
	want := map[string]history.Query{
		"u": {ExternalUserID: "Jane Doe"}, "a": {AccountID: "apn_slack1"}, "p": {App: "slack"}, "h": {Text: "/api/call1"}, "s": {Status: "200"},
	}
	all := p.Alls()
	if len(all) != len(want) {
		t.Errorf("%d are offered: %+v", len(all), all)
	}
	for _, c := range all {
		p.Run(c.Run())
		q := s.asked[len(s.asked)-1]
		q.Limit = 0
		if q != want[c.Key] {
			t.Errorf("%s asks for %+v, want %+v", c.Label, q, want[c.Key])
		}
	}
}

// A change by somebody else leaves the cursor on its exchange.
func TestChanged(t *testing.T) {
	t.Parallel()
	s := days()
	p := newPane(t, 58, 12).with(s)
	p.Do("j", "j")
	before := p.Current()
	s.rows = append([]history.Exchange{exchange("f", "GET", "https://slack.com/api/new", 200)}, s.rows...)
	p.Run(p.Changed())
	if got := p.Current(); got != before || !strings.Contains(p.ViewText(58, 12), "/api/new") {
		t.Errorf("the cursor went from %s to %s:\n%s", before, got, p.ViewText(58, 12))
	}
}

// What is not kept is said.
func TestPaused(t *testing.T) {
	t.Parallel()
	p := newPane(t, 58, 12).with(days())
	p.SetPaused(true)
	if got := p.TitleText(); !strings.Contains(got, "paused") {
		t.Errorf("title %q", got)
	}
}

// What is typed of a filter goes on with tab.
func TestFilterCompletion(t *testing.T) {
	t.Parallel()
	s := days()
	s.rows[1].ExternalUserID = "Jane Doe"
	tests := map[string]string{
		"ap": "app:", "app:": "app:slack", "word app:s": "word app:slack", "user:ja": `user:"Jane Doe"`, "env:p": "env:production",
		"status:4": "status:4xx", "nothing": "nothing", "app:z": "app:z", "STAT": "status:",
	}
	for typed, want := range tests {
		p := newPane(t, 90, 12).with(s)
		p.Do("/")
		p.Type(typed)
		if offered := strings.Contains(p.StatusText(), "tab "); offered != (want != typed) {
			t.Errorf("%q: the status says %q", typed, p.StatusText())
		}
		p.Press("tab")
		if got := p.ViewText(90, 12); !strings.HasPrefix(got, " / "+want+"▏") {
			t.Errorf("%q becomes\n%s", typed, got)
		}
	}
}

// Beside a wide list stands what the cursor is on, with its body.
func TestPreview(t *testing.T) {
	t.Parallel()
	s := days()
	s.rows[1].Response = &history.Response{Status: 200, Size: 5000, BodyTruncated: true, Headers: []proxy.Field{{Name: "Content-Type", Value: "application/json"}}, Body: []byte(`{"ok":true,"who":"\u001b[31m"}`)}
	s.rows[1].Note, s.rows[1].Redacted = "seen", []string{"request.url"}
	p := newPane(t, 120, 14).with(s)
	p.Run(p.Follow())
	if cmd := p.Follow(); cmd != nil {
		t.Error("what shows is read again")
	}
	p.Do("j")
	p.Run(p.Follow())
	got := p.ViewText(120, 14)
	for _, want := range []string{"GET https://slack.com/api/call2", "abc-123 · slack Acme workspace", "seen", "masked: request.url", "of 5.0 kB were kept", `"ok": true`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if p.Resize(80, 14); strings.Contains(p.ViewText(80, 14), `"ok": true`) {
		t.Error("a narrow pane has a preview")
	}
}

// Two exchanges are marked, or one and the cursor stands on another; a third mark takes the
// place of the first.
func TestMarks(t *testing.T) {
	t.Parallel()
	p := newPane(t, 120, 12).with(days())
	pair := func() string {
		one, other, _ := p.Marked()
		return one + other
	}
	for _, step := range []struct{ keys, want string }{{" ", ""}, {"j", "ed"}, {" ", "ed"}, {"j", "ed"}, {" ", "dc"}, {"k ", "cd"}, {"j", ""}, {"j", "cb"}} {
		for _, key := range step.keys {
			p.Do(map[rune]string{' ': "space", 'j': "j", 'k': "k"}[key])
		}
		if got := pair(); got != step.want {
			t.Errorf("after %q: %q, want %q", step.keys, got, step.want)
		}
	}
}
