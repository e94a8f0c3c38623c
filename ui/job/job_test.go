package job_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"

	"github.com/connectty/connectty/ui/job"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// runner returns a runner, and what ends the program it stands for.
func runner(t *testing.T) (*job.Runner, context.CancelFunc) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r := job.NewRunner(ctx, func() time.Time { return noon })
	t.Cleanup(func() {
		stop()
		r.Wait(5 * time.Second)
	})
	return r, stop
}

// asked is the job that a command asks for.
func asked(t *testing.T, cmd tea.Cmd) job.Job {
	t.Helper()
	j, ok := cmd().(job.Job)
	if !ok {
		t.Fatal("the command asks for no job")
	}
	return j
}

// answers takes what a job says until its last word, as text.
func answers(t *testing.T, r *job.Runner, cmd tea.Cmd) []string {
	t.Helper()
	var said []string
	for cmd != nil {
		a, ok := cmd().(job.Answer)
		if !ok {
			t.Fatalf("the job brought no answer; until then %q", said)
		}
		var msg tea.Msg
		if msg, cmd = r.Take(a); msg != nil {
			said = append(said, fmt.Sprint(msg))
		}
	}
	return said
}

func keys(r *job.Runner) []string {
	var out []string
	for _, s := range r.Running() {
		out = append(out, s.Key)
	}
	return out
}

// says is a job of the key "a" that ends at once with a word.
func says(word string) tea.Cmd {
	return job.Start("a", "saying "+word, func(context.Context) tea.Msg { return word })
}

// waits is a job that ends when it is cancelled.
func waits(key string) tea.Cmd {
	return job.Start(key, "waiting", func(ctx context.Context) tea.Msg {
		<-ctx.Done()
		return "cancelled " + key
	})
}

func TestStart(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	cmd := r.Run(asked(t, says("hello")))
	want := []job.Status{{Key: "a", Label: "saying hello", Since: noon}}
	if got := r.Running(); !slices.Equal(got, want) {
		t.Errorf("running: got %v, want %v", got, want)
	}
	if got := answers(t, r, cmd); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("got %q, want hello", got)
	}
	if got := r.Running(); len(got) != 0 {
		t.Errorf("still running: %v", got)
	}
}

func TestStreamReportsInOrder(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	cmd := r.Run(asked(t, job.Stream("a", "counting", func(_ context.Context, emit func(tea.Msg)) tea.Msg {
		for i := range 100 {
			emit(i)
		}
		return "end"
	})))
	got := answers(t, r, cmd)
	if len(got) != 101 || got[100] != "end" {
		t.Fatalf("got %q", got)
	}
	for i, word := range got[:100] {
		if word != fmt.Sprint(i) {
			t.Fatalf("report %d is %q", i, word)
		}
	}
}

// A job that says nothing has ended all the same.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	cmd := r.Run(asked(t, job.Start("a", "", func(context.Context) tea.Msg { return nil })))
	if got := answers(t, r, cmd); got != nil || len(r.Running()) != 0 {
		t.Errorf("got %q, running %v", got, keys(r))
	}
}

func TestReplacedJobIsCancelledAndDropped(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	old := r.Run(asked(t, waits("a")))
	other := r.Run(asked(t, waits("b")))
	fresh := r.Run(asked(t, says("new")))
	if got, want := keys(r), []string{"b", "a"}; !slices.Equal(got, want) {
		t.Errorf("running: got %q, want %q", got, want)
	}
	if got := answers(t, r, old); got != nil {
		t.Errorf("the old job's answer came through: %q", got)
	}
	if got := answers(t, r, fresh); !slices.Equal(got, []string{"new"}) {
		t.Errorf("got %q, want new", got)
	}
	if !r.Cancel("b") {
		t.Error("the job of another key is gone")
	}
	answers(t, r, other)
}

func TestReplacedStreamIsDropped(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	old := r.Run(asked(t, job.Stream("a", "", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		emit("first")
		<-ctx.Done()
		emit("late") // nobody takes it: this must not block
		return "end"
	})))
	first, ok := old().(job.Answer)
	if !ok {
		t.Fatal("no report")
	}
	fresh := r.Run(asked(t, says("new")))
	msg, next := r.Take(first)
	if msg != nil || next == nil {
		t.Fatalf("got %v; it must be dropped, and the job be waited for", msg)
	}
	if got := answers(t, r, next); got != nil {
		t.Errorf("the old job's answers came through: %q", got)
	}
	answers(t, r, fresh)
}

// Commands of one batch arrive in any order: what was asked for last holds.
func TestLaterAskedHolds(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	first, second := asked(t, says("first")), asked(t, says("second"))
	cmd := r.Run(second)
	if late := r.Run(first); late != nil {
		t.Error("the job that was asked for first started all the same")
	}
	if got := answers(t, r, cmd); !slices.Equal(got, []string{"second"}) {
		t.Errorf("got %q, want second", got)
	}
	if late := r.Run(first); late != nil {
		t.Error("it started after the later one had ended")
	}
}

// What was done until a cancel still arrives.
func TestCancel(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	cmd := r.Run(asked(t, waits("a")))
	if r.Cancel("b") {
		t.Error("a job of no such key was cancelled")
	}
	if !r.Cancel("a") {
		t.Fatal("there was no job to cancel")
	}
	if got := answers(t, r, cmd); !slices.Equal(got, []string{"cancelled a"}) {
		t.Errorf("got %q, want cancelled a", got)
	}
	if r.Cancel("a") {
		t.Error("a job that has ended was cancelled")
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	r, stop := runner(t)
	cleaned := false
	r.Run(asked(t, job.Start("a", "", func(ctx context.Context) tea.Msg {
		<-ctx.Done()
		cleaned = true
		return "an answer that nobody takes"
	})))
	stop()
	r.Wait(5 * time.Second)
	if !cleaned {
		t.Error("Wait returned before the job had ended")
	}
}

func TestWaitIsBounded(t *testing.T) {
	t.Parallel()
	r, stop := runner(t)
	hung := make(chan struct{})
	r.Run(asked(t, job.Start("a", "", func(context.Context) tea.Msg {
		<-hung
		return nil
	})))
	stop()
	r.Wait(time.Millisecond) // it must come back though the job does not end
	close(hung)
}

// Once the program ends, a command that waits for a job comes back empty.
func TestProgramEnds(t *testing.T) {
	t.Parallel()
	r, stop := runner(t)
	release := make(chan struct{})
	cmd := r.Run(asked(t, job.Start("a", "", func(context.Context) tea.Msg {
		<-release
		return nil
	})))
	stop()
	if msg := cmd(); msg != nil {
		t.Errorf("got %v", msg)
	}
	close(release)
}

// held is an answer that holds something.
type held struct{ dropped *int }

func (h held) Drop() { *h.dropped++ }

// What an answer holds that nobody waits for is let go of.
func TestDrop(t *testing.T) {
	t.Parallel()
	r, _ := runner(t)
	dropped := 0
	hold := func() tea.Cmd {
		return job.Start("a", "holding", func(context.Context) tea.Msg { return held{&dropped} })
	}
	late := r.Run(asked(t, hold()))()
	second := r.Run(asked(t, hold()))
	if msg, _ := r.Take(late.(job.Answer)); msg != nil || dropped != 1 {
		t.Errorf("a replaced job brought %v; %d dropped, want 1", msg, dropped)
	}
	if msg, _ := r.Take(second().(job.Answer)); msg == nil || dropped != 1 {
		t.Errorf("the job brought %v; %d dropped, want 1", msg, dropped)
	}
}
