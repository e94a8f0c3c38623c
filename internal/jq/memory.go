package jq

import (
	"context"
	"runtime/metrics"
	"time"
)

// watchEvery is how often it is looked how much memory there is in use.
const watchEvery = 10 * time.Millisecond

// watch ends a run when the program holds so many bytes more than were in use before. It is
// the whole program's memory: of what one goroutine holds nobody keeps count. A single step
// of a filter is done before it ends, however much it takes.
func watch(ctx context.Context, most uint64, end context.CancelCauseFunc) {
	limit := read("/gc/heap/live:bytes") + most
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if read("/memory/classes/heap/objects:bytes") > limit { // those that are not swept yet among them
				end(ErrMemory)
				return
			}
		}
	}
}

// read reads a number of the runtime's.
func read(name string) uint64 {
	sample := []metrics.Sample{{Name: name}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
