package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/uitest"
)

// reader is a viewer whose commands run as Bubble Tea runs them.
type reader struct {
	*viewer
	tb   testing.TB
	stop context.CancelFunc
	msgs chan tea.Msg
}

// viewing opens a viewer of a source.
func viewing(tb testing.TB, name string, source io.Reader) *reader {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	v, err := newViewer(ctx, ViewOptions{Name: name, Source: source, Theme: "dark"})
	if err != nil {
		tb.Fatal(err)
	}
	r := &reader{v, tb, stop, make(chan tea.Msg, 100)}
	tb.Cleanup(func() {
		stop()
		if err := v.end(); err != nil {
			tb.Error(err)
		}
	})
	r.tell(tea.WindowSizeMsg{Width: 80, Height: 20})
	r.start(v.Init())
	return r
}

func (r *reader) tell(msg tea.Msg) {
	_, cmd := r.Update(msg)
	r.start(cmd)
}

func (r *reader) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				r.start(c)
			}
			return
		}
		if msg != nil {
			r.msgs <- msg
		}
	}()
}

func (r *reader) press(keys ...string) {
	for _, key := range keys {
		r.tell(uitest.Key(key))
	}
}

// until takes messages until the screen holds a text.
func (r *reader) until(text string) {
	r.tb.Helper()
	late := time.After(10 * time.Second)
	for !strings.Contains(uitest.Text(r.screen()), text) {
		select {
		case msg := <-r.msgs:
			r.tell(msg)
		case <-late:
			r.tb.Fatalf("%q does not come:\n%s", text, uitest.Text(r.screen()))
		}
	}
}

func (r *reader) hides(text string) {
	r.tb.Helper()
	if screen := uitest.Text(r.screen()); strings.Contains(screen, text) {
		r.tb.Errorf("%q is on the screen:\n%s", text, screen)
	}
}

// What comes soon after something else shows too, without a key; and a source that stays
// open holds nobody up.
func TestViewShowsWhatComes(t *testing.T) {
	t.Parallel()
	source, pipe := io.Pipe()
	t.Cleanup(func() { _ = pipe.Close() })
	r := viewing(t, "log.txt", source)
	r.until("nothing has come yet")
	go func() {
		for _, line := range []string{"first", "second", "third"} {
			_, _ = io.WriteString(pipe, line+"\n") // fails where the test did
		}
	}()
	r.until("third")
	r.stop()
	r.jobs.Wait(time.Hour)
}

// ends is a source that fails after its text.
type ends struct {
	text string
	err  error
}

func (e *ends) Read(p []byte) (int, error) {
	n := copy(p, e.text)
	e.text = e.text[n:]
	if n == 0 {
		return 0, e.err
	}
	return n, nil
}

func TestViewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	r := viewing(t, "none.txt", &ends{err: io.EOF})
	r.until("there is nothing in it")
	r.hides("headers")
	r = viewing(t, "folder", &ends{err: errors.New("is a folder")})
	r.until("cannot be read: is a folder")
	r = viewing(t, "half.json", &ends{`{"a":1`, errors.New("no space")})
	r.until("not all of it: no space")
	r.press("j")
	r.until("not all of it: no space")
}

// The first line is a line: there are no tabs to turn to.
func TestViewHasNoTabs(t *testing.T) {
	t.Parallel()
	r := viewing(t, "two.json", strings.NewReader(`{"first":1,"second":2}`))
	r.until("line 1/4")
	r.press("j")
	r.until("line 2/4")
	r.tell(tea.MouseClickMsg{X: 12, Y: 0, Button: tea.MouseLeft})
	r.until("line 1/4")
	r.until("second")
}

// What waits shows that it does, and esc ends it; in what is typed it only leaves that.
func TestViewCancels(t *testing.T) {
	t.Parallel()
	for _, esc := range []string{"esc", "alt+esc"} {
		r := viewing(t, "a.json", strings.NewReader(`{"a":1}`))
		r.until("| jq") // all of it is here
		r.press("|")
		for _, c := range "range(1e12)|select(.<0)" {
			r.press(string(c))
		}
		r.press("enter")
		r.until("filtering with jq… · esc cancels")
		r.press("/", esc)
		r.until("filtering with jq… · esc cancels")
		r.press(esc)
		r.until("$")
		r.hides("filtering")
	}
}

// A dialog gets what is pasted and clicked.
func TestViewPastesIntoADialog(t *testing.T) {
	t.Parallel()
	r := viewing(t, "a.txt", strings.NewReader("one\ntwo\n"))
	r.until("line 1/2")
	r.press("!")
	r.until("Pipe the body to")
	r.tell(tea.PasteMsg{Content: "wc -l"})
	r.until("wc -l")
	r.tell(tea.MouseClickMsg{X: 12, Y: 1, Button: tea.MouseLeft})
	r.until("line 1/2")
}
