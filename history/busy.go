package history

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"modernc.org/sqlite"
	sqlitelib "modernc.org/sqlite/lib"
)

const (
	// busy is how long SQLite itself waits for another process.
	busy = 5 * time.Second
	// patience is how long we try again after that: some steps, such as the change to a
	// write-ahead log, fail at once while another process does the same.
	patience = 30 * time.Second
	// longestPause is between two attempts at most.
	longestPause = 50 * time.Millisecond
)

// patiently does something again while another process holds the file.
func patiently(ctx context.Context, do func() error) error {
	end := time.Now().Add(patience)
	for {
		err := do()
		if !isBusy(err) || time.Now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(rand.N(longestPause)):
		}
	}
}

// isBusy reports that another process holds the file.
func isBusy(err error) bool {
	return errors.Is(err, errRead) || hasCode(err, sqlitelib.SQLITE_BUSY, sqlitelib.SQLITE_LOCKED)
}

// isCorrupt reports that a file is no database, or not any more.
func isCorrupt(err error) bool {
	return hasCode(err, sqlitelib.SQLITE_NOTADB, sqlitelib.SQLITE_CORRUPT)
}

func hasCode(err error, codes ...int) bool {
	failed, is := errors.AsType[*sqlite.Error](err)
	const primary = 0xff // the rest of a code says more of it
	return is && slices.Contains(codes, failed.Code()&primary)
}
