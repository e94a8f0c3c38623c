// Package pause waits without outliving the call that waits.
package pause

import (
	"context"
	"time"
)

// For waits so long, or until the context ends. It reports whether all of the
// time has passed.
func For(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
