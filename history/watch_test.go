package history_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/connectty/connectty/history"
)

// What another process writes is told, and nothing while nobody writes.
func TestWatch(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, history.Options{Path: path})
	ctx, stop := context.WithCancel(t.Context())
	told, ended := make(chan struct{}, 100), make(chan error)
	go func() { ended <- s.Watch(ctx, func() { told <- struct{}{} }) }()
	deadline := time.After(20 * time.Second)
	for heard := false; !heard; { // the watch may not have begun yet
		cmd, _ := writer(t.Context(), path, 1)
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-told:
			heard = true
		case <-time.After(time.Second):
		case <-deadline:
			t.Fatal("nothing was told")
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// Somebody who writes all the time is followed all the time.
func TestWatchIsNotPutOff(t *testing.T) {
	t.Parallel()
	s := open(t, history.Options{})
	ctx, stop := context.WithCancel(t.Context())
	told, ended := make(chan struct{}, 100), make(chan error)
	go func() { ended <- s.Watch(ctx, func() { told <- struct{}{} }) }()
	writes := time.NewTicker(20 * time.Millisecond)
	defer writes.Stop()
	deadline := time.After(20 * time.Second)
	for heard := 0; heard < 3; {
		select {
		case <-writes.C:
			store(t, s, sample())
		case <-told:
			heard++
		case <-deadline:
			t.Fatalf("told %d times", heard)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
