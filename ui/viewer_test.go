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

// viewing is the viewer under test. Its commands run beside it, as Bubble Tea runs them.
type viewing struct {
	*viewer
	tb   testing.TB
	ctx  context.Context //nolint:containedctx // of the test
	stop context.CancelFunc
	msgs chan tea.Msg
	quit bool
}

// patience is how long a screen may take: long, as a loaded machine is no failure.
const patience = 20 * time.Second

func view(tb testing.TB, opts ViewOptions) *viewing {
	tb.Helper()
	ctx, stop := context.WithCancel(tb.Context())
	opts.Theme = "dark"
	v, err := newViewer(ctx, opts)
	if err != nil {
		tb.Fatal(err)
	}
	w := &viewing{viewer: v, tb: tb, ctx: ctx, stop: stop, msgs: make(chan tea.Msg)}
	tb.Cleanup(func() {
		stop()
		if err := v.end(); err != nil {
			tb.Error(err)
		}
	})
	w.take(tea.WindowSizeMsg{Width: 80, Height: 14})
	w.start(v.Init())
	return w
}

// viewText views a text that is whole.
func viewText(tb testing.TB, name, text string) *viewing {
	tb.Helper()
	w := view(tb, ViewOptions{Name: name, Source: strings.NewReader(text)})
	filter, _ := w.table.Find("response.jq")
	return w.until("it is not read to its end", func(string) bool { return filter.Ready() })
}

func (w *viewing) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		select {
		case w.msgs <- cmd():
		case <-w.ctx.Done():
		}
	}()
}

func (w *viewing) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.QuitMsg:
		w.quit = true
	case tea.BatchMsg:
		for _, cmd := range msg {
			w.start(cmd)
		}
	default:
		_, cmd := w.Update(msg)
		w.start(cmd)
	}
}

func (w *viewing) text() string { return uitest.Text(w.screen()) }

// until takes messages in until the screen lacks nothing.
func (w *viewing) until(what string, fits func(text string) bool) *viewing {
	w.tb.Helper()
	late := time.After(patience)
	for !fits(w.text()) {
		select {
		case msg := <-w.msgs:
			w.take(msg)
		case <-late:
			w.tb.Fatalf("%s. The screen:\n%s", what, w.text())
		}
	}
	return w
}

func (w *viewing) shows(words ...string) *viewing {
	w.tb.Helper()
	for _, word := range words {
		w.until(word+" never came", func(text string) bool { return strings.Contains(text, word) })
	}
	return w
}

func (w *viewing) hides(word string) *viewing {
	w.tb.Helper()
	return w.until(word+" never went", func(text string) bool { return !strings.Contains(text, word) })
}

func (w *viewing) press(keys ...string) *viewing {
	for _, key := range keys {
		w.take(uitest.Key(key))
	}
	return w
}

func (w *viewing) typed(text string) *viewing {
	for _, r := range text {
		w.take(uitest.Key(string(r)))
	}
	return w
}

// parts is a source that gives its texts one by one, then an error, or nothing for ever.
type parts struct {
	texts  []string
	err    error
	silent chan struct{} // ends the silence
}

func (s *parts) Read(p []byte) (int, error) {
	if len(s.texts) > 0 {
		n := copy(p, s.texts[0])
		s.texts = s.texts[1:]
		return n, nil
	}
	if s.err != nil {
		return 0, s.err
	}
	<-s.silent
	return 0, io.EOF
}

// open is a source that says some parts and then nothing, without an end.
func open(tb testing.TB, texts ...string) *parts {
	tb.Helper()
	s := &parts{texts: texts, silent: make(chan struct{})}
	tb.Cleanup(func() { close(s.silent) })
	return s
}

// All that came shows, also what came right behind something else.
func TestViewShowsAllThatCame(t *testing.T) {
	t.Parallel()
	w := view(t, ViewOptions{Name: "standard input", Source: open(t, "one\n", "two\n", "three\n")})
	w.shows("one", "two", "three", "line 1/3")
}

func TestViewNothingYet(t *testing.T) {
	t.Parallel()
	w := view(t, ViewOptions{Name: "standard input", Source: open(t)})
	w.shows("nothing to read yet").hides("nothing sent")
}

// A source that says nothing holds nobody up who quits.
func TestViewQuitsASilentSource(t *testing.T) {
	t.Parallel()
	w := view(t, ViewOptions{Name: "standard input", Source: open(t, "one\n")})
	w.shows("one").press("q").until("it does not quit", func(string) bool { return w.quit })
	w.stop()
	ended := make(chan struct{})
	go func() {
		w.jobs.Wait(2 * patience)
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("it waits for the source")
	}
}

// What breaks off is not shown as if it were whole.
func TestViewBreaksOff(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	tests := map[string]struct {
		texts []string
		want  string
	}{
		"in the midst":   {[]string{"one\n", "two\n"}, "it breaks off: no space left"},
		"from the start": {nil, "it could not be read"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			view(t, ViewOptions{Name: "a.txt", Source: &parts{texts: tt.texts, err: full}}).shows(tt.want)
		})
	}
}

// What waits says so, and esc cancels it before it goes back.
func TestViewCancels(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"esc", "alt+esc", "ctrl+c"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			w := viewText(t, "a.json", `{"a":{"b":1}}`).shows("line 1/5")
			w.press("|").typed(".a").press("enter").shows("line 1/3", "esc shows the whole body")
			w.press("|", "ctrl+u").typed("range(1e9)|select(.<0)").press("enter").shows("filtering with jq… · esc cancels")
			w.press(key).hides("filtering").shows("| .a")
			if w.quit {
				t.Error("it quit")
			}
			if key != "ctrl+c" {
				w.press(key).shows("line 1/5")
			}
			if w.press("ctrl+c").until("ctrl+c does not quit", func(string) bool { return w.quit }); !w.quit {
				t.Error("it did not")
			}
		})
	}
}

// What stands above the text gets what is pasted and clicked.
func TestViewOverlay(t *testing.T) {
	t.Parallel()
	w := viewText(t, "a.txt", strings.Repeat("line\n", 50)).shows("line 1/50")
	w.press("!").shows("Pipe the body to")
	w.take(tea.PasteMsg{Content: "sort -u"})
	w.shows("sort -u")
	w.take(tea.MouseClickMsg{X: 12, Y: 3, Button: tea.MouseLeft})
	w.take(tea.MouseWheelMsg{X: 12, Y: 3, Button: tea.MouseWheelDown})
	w.press("alt+esc").hides("Pipe the body to").shows("line 1/50")
	w.take(tea.MouseClickMsg{X: 12, Y: 3, Button: tea.MouseLeft})
	w.shows("line 4/50")
	w.press("/").shows("esc leaves").press("alt+esc").hides("esc leaves")
}

// Help lists what can be done here, and nothing of answers.
func TestViewHelp(t *testing.T) {
	t.Parallel()
	w := viewText(t, "a.txt", "one\n").shows("line 1/1")
	w.take(tea.WindowSizeMsg{Width: 120, Height: 70})
	text := w.press("?").shows("Find in the body", "One step back").text()
	for _, no := range []string{"next page", "Join the pages", "diagnosis", "URL"} {
		if strings.Contains(text, no) {
			t.Errorf("it lists %q:\n%s", no, text)
		}
	}
}

func TestViewSaves(t *testing.T) {
	t.Parallel()
	w := view(t, ViewOptions{Name: "/tmp/notes.txt", CopyName: "notes-copy.txt", Source: strings.NewReader("one\n")})
	w.shows("line 1/1").press("w").shows("save to notes-copy.txt")
}
