package proxy

import (
	"testing"

	"go.uber.org/goleak"
)

// No call may leave a goroutine behind, however it ended.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
