package jq

import (
	"context"
	"runtime/metrics"
	"time"
)

// watchEvery is how often it is looked how much memory there is in use.
const watchEvery = 50 * time.Millisecond

// watch ends a run when the program holds so many bytes more than before. It is the whole
// program's memory: of what one goroutine holds nobody keeps count.
func watch(ctx context.Context, most uint64, end context.CancelCauseFunc) {
	limit := held() + most
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if held() > limit {
				end(ErrMemory)
				return
			}
		}
	}
}

// held is how many bytes of objects there are, those that are not in use any more but not
// swept yet among them.
func held() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
