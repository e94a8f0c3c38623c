// Package job runs whatever waits: it gives it a context, shows that it waits,
// lets it be cancelled, and drops an answer that nobody waits for any more.
package job

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Job is work that waits. A pane returns one with [Start] or [Stream]; the root
// hands it to its [Runner].
type Job struct {
	Key   string // of two jobs with one key the older is cancelled and its answer dropped
	Label string // what it does, in words: "loading users"; empty for a look at what is here, which nobody need see
	order uint64 // of asking
	run   func(ctx context.Context, emit func(tea.Msg)) tea.Msg
}

// asked counts the jobs. Commands of one batch reach the root in any order; the
// job that was asked for last holds all the same.
var asked atomic.Uint64

// Start asks the root to run fn. fn must not touch a model: it works on copies
// and returns one message.
func Start(key, label string, fn func(ctx context.Context) tea.Msg) tea.Cmd {
	return Stream(key, label, func(ctx context.Context, _ func(tea.Msg)) tea.Msg { return fn(ctx) })
}

// Stream is Start for work that reports while it runs. emit waits until the
// report was taken, and does nothing once the job was cancelled.
func Stream(key, label string, fn func(ctx context.Context, emit func(tea.Msg)) tea.Msg) tea.Cmd {
	j := Job{Key: key, Label: label, order: asked.Add(1), run: fn}
	return func() tea.Msg { return j }
}

// Answer carries a message of a job back to the runner.
type Answer struct {
	run  *running
	msg  tea.Msg
	last bool
}

// running is one job under way.
type running struct {
	Job
	since  time.Time
	cancel context.CancelFunc
	out    chan tea.Msg // reports, then the answer
}

// Runner holds the jobs that run. Only the root's Update may call it.
type Runner struct {
	ctx  context.Context // of the program
	now  func() time.Time
	jobs []*running        // in the order they were started
	last map[string]uint64 // order of the newest job of each key
	wait sync.WaitGroup
}

// NewRunner returns a runner whose jobs end with ctx.
func NewRunner(ctx context.Context, now func() time.Time) *Runner {
	return &Runner{ctx: ctx, now: now, last: map[string]uint64{}}
}

// Run starts a job and returns the command that waits for its first message.
// An older job of the same key is cancelled and forgotten; one that arrives
// after a newer one does not start.
func (r *Runner) Run(j Job) tea.Cmd {
	if j.order < r.last[j.Key] {
		return nil
	}
	r.last[j.Key] = j.order
	r.forget(j.Key)
	ctx, cancel := context.WithCancel(r.ctx)
	run := &running{
		Job: j, since: r.now(), cancel: cancel,
		out: make(chan tea.Msg),
	}
	r.jobs = append(r.jobs, run)
	r.wait.Go(func() {
		answer := run.perform(ctx)
		select {
		case run.out <- answer:
		case <-r.ctx.Done():
		}
	})
	return run.next(r.ctx)
}

func (run *running) perform(ctx context.Context) tea.Msg {
	return run.run(ctx, func(msg tea.Msg) {
		select {
		case run.out <- report{msg}:
		case <-ctx.Done():
		}
	})
}

// report marks a message that is not the job's last.
type report struct{ msg tea.Msg }

func (run *running) next(program context.Context) tea.Cmd {
	return func() tea.Msg {
		select {
		case msg := <-run.out:
			if rep, ok := msg.(report); ok {
				return Answer{run: run, msg: rep.msg}
			}
			return Answer{run: run, msg: msg, last: true}
		case <-program.Done():
			return nil
		}
	}
}

// Take opens an answer: the message for the panes, and the command that waits
// for the job's next one. Both are nil for a job that was replaced.
func (r *Runner) Take(a Answer) (tea.Msg, tea.Cmd) {
	known := false
	for _, run := range r.jobs {
		known = known || run == a.run
	}
	if a.last {
		r.drop(a.run)
	}
	var next tea.Cmd
	if !a.last {
		next = a.run.next(r.ctx) // also for a replaced job, so that it can end
	}
	if !known {
		return nil, next
	}
	return a.msg, next
}

// Route starts a job that a message asks for, or hands take what one answers. It
// reports false for a message that is no job's.
func (r *Runner) Route(msg tea.Msg, take func(tea.Msg) tea.Cmd) (tea.Cmd, bool) {
	switch msg := msg.(type) {
	case Job:
		return r.Run(msg), true
	case Answer:
		answer, next := r.Take(msg)
		if answer == nil {
			return next, true
		}
		return tea.Batch(next, take(answer)), true
	}
	return nil, false
}

// Cancel ends the newest job of a key. Its answer still arrives, as it may tell
// what was done until then. It reports whether there was one.
func (r *Runner) Cancel(key string) bool {
	for _, v := range slices.Backward(r.jobs) {
		if v.Key == key {
			v.cancel()
			return true
		}
	}
	return false
}

// Status is what is known of a running job.
type Status struct {
	Key, Label string
	Since      time.Time
}

// Running returns the jobs under way, the oldest first.
func (r *Runner) Running() []Status {
	out := make([]Status, len(r.jobs))
	for i, run := range r.jobs {
		out[i] = Status{Key: run.Key, Label: run.Label, Since: run.since}
	}
	return out
}

// UnderWay returns those that a person sees: one without a label is a look at what is
// here, and soon over.
func (r *Runner) UnderWay() []Status {
	return slices.DeleteFunc(r.Running(), func(s Status) bool { return s.Label == "" })
}

// Wait returns when every job has ended, at most after d. The runner's context
// must be done.
func (r *Runner) Wait(d time.Duration) {
	ended := make(chan struct{})
	go func() { r.wait.Wait(); close(ended) }()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ended:
	case <-t.C:
	}
}

func (r *Runner) forget(key string) {
	for _, run := range r.jobs {
		if run.Key == key {
			run.cancel()
			r.drop(run)
			return
		}
	}
}

func (r *Runner) drop(run *running) {
	run.cancel()
	for i, other := range r.jobs {
		if other == run {
			r.jobs = append(r.jobs[:i:i], r.jobs[i+1:]...)
			return
		}
	}
}
