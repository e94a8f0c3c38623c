package jq

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// politely runs something that may take all of a processor on a thread that gives way to
// others: who reads meanwhile is not to feel it.
func politely(do func() error) error {
	ended := make(chan error, 1)
	go func() {
		runtime.LockOSThread()                                     // for good: the thread ends with it
		_ = unix.Setpriority(unix.PRIO_PROCESS, unix.Gettid(), 10) // where that is not allowed it is as others are
		ended <- do()
	}()
	return <-ended
}
