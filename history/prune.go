package history

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/connectty/connectty/proxy/diagnose"
)

// pruneStep is how many exchanges are deleted at once: others write in between.
const pruneStep = 200

// kept are exchanges that no age and no size takes away.
const kept = "starred = 0 AND note = ''"

// Prune deletes exchanges that were stored before a time, and then the oldest until
// the file holds no more than a size in bytes; 0 for any. Those with a star or a note
// stay. Of what was seen of accounts before that time, the last of each stays. It returns
// how many exchanges went.
func (s *Store) Prune(ctx context.Context, before time.Time, size int64) (int, error) {
	n, err := s.deleteStepwise(ctx, "stored_at < ? AND "+kept, before.UnixMicro())
	if err == nil {
		err = s.exec(ctx, `DELETE FROM sighting WHERE at < ? AND at < (SELECT max(at) FROM sighting newest
			WHERE newest.project_id = sighting.project_id AND newest.account_id = sighting.account_id)`, before.UnixMicro())
	}
	for err == nil && size > 0 {
		var used int64
		if used, err = s.used(ctx); err != nil || used <= size {
			break
		}
		var gone int
		if gone, err = s.deleteSome(ctx, kept); gone == 0 {
			break
		}
		n += gone
	}
	if err != nil {
		return n, fmt.Errorf("prune the history: %w", err)
	}
	return n, nil
}

// Purge deletes everything of an external user, and leaves no trace in the file: a
// privacy request. It returns how many exchanges went.
func (s *Store) Purge(ctx context.Context, externalUserID string) (int, error) {
	fail := func(n int, err error) (int, error) {
		return n, fmt.Errorf("purge a user from the history: %w", err)
	}
	if err := s.exec(ctx, `DELETE FROM sighting WHERE external_user_id = ? OR account_id IN
		(SELECT DISTINCT account_id FROM exchange WHERE external_user_id = ?)`, externalUserID, externalUserID); err != nil {
		return fail(0, err)
	}
	n, err := s.deleteStepwise(ctx, "external_user_id = ?", externalUserID)
	if err != nil {
		return fail(n, err)
	}
	// The index keeps the words of what was deleted until its parts are merged.
	for _, table := range both {
		if err := s.exec(ctx, "INSERT INTO "+table+" ("+table+") VALUES ('optimize')"); err != nil {
			return fail(n, err)
		}
	}
	if err := s.Compact(ctx); err != nil {
		return fail(n, err)
	}
	return n, nil
}

// Compact gives back the room of what was deleted; nothing of it can be read in the
// file any more. It takes as long as a copy of the file, and fails while another process
// goes on reading what was there before.
func (s *Store) Compact(ctx context.Context) error {
	err := s.exec(ctx, "VACUUM")
	if err == nil {
		err = patiently(ctx, func() error { return s.checkpoint(ctx) })
	}
	if err != nil {
		return fmt.Errorf("compact the history: %w", err)
	}
	return nil
}

// errRead tells that a checkpoint cannot end now.
var errRead = errors.New("another connectty is reading the file; close it and try again: what was deleted can still be found in the file")

// checkpoint brings the write-ahead log into the file and empties it. SQLite tells in a row,
// not by an error, that readers were in the way.
func (s *Store) checkpoint(ctx context.Context) error {
	var inTheWay bool
	var frames, moved int
	err := s.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&inTheWay, &frames, &moved)
	if err == nil && inTheWay {
		return errRead
	}
	return err
}

func (s *Store) deleteStepwise(ctx context.Context, where string, args ...any) (int, error) {
	n := 0
	for {
		gone, err := s.deleteSome(ctx, where, args...)
		n += gone
		if err != nil || gone == 0 {
			return n, err
		}
	}
}

// deleteSome deletes the oldest of those that a condition holds for.
func (s *Store) deleteSome(ctx context.Context, where string, args ...any) (int, error) {
	var n int64
	err := patiently(ctx, func() error {
		result, err := s.db.ExecContext(ctx, "DELETE FROM exchange WHERE n IN (SELECT n FROM exchange WHERE "+where+" ORDER BY n LIMIT ?)", append(args, pruneStep)...)
		if err != nil {
			return err
		}
		n, err = result.RowsAffected()
		return err
	})
	return int(n), err
}

// used is the size of what the file holds, free pages left out.
func (s *Store) used(ctx context.Context) (int64, error) {
	var pages, free, size int64
	for pragma, to := range map[string]*int64{"page_count": &pages, "freelist_count": &free, "page_size": &size} {
		if err := s.db.QueryRowContext(ctx, "PRAGMA "+pragma).Scan(to); err != nil {
			return 0, err
		}
	}
	return (pages - free) * size, nil
}

// Stats is what the history holds.
type Stats struct {
	Exchanges      int
	Failed         int // somebody is known to have failed in them
	Starred        int
	Users          int
	Accounts       int
	Oldest, Newest time.Time // zero where there are none
	Bytes          int64     // of the file's pages in use
}

// Stats counts what the history holds.
func (s *Store) Stats(ctx context.Context) (Stats, error) {
	var out Stats
	var oldest, newest *int64
	err := s.db.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(who NOT IN (?, ?, '')), 0), coalesce(sum(starred), 0), count(DISTINCT external_user_id),
		count(DISTINCT account_id), min(started_at), max(started_at) FROM exchange`, string(diagnose.None), string(diagnose.Unknown)).
		Scan(&out.Exchanges, &out.Failed, &out.Starred, &out.Users, &out.Accounts, &oldest, &newest)
	if err == nil {
		out.Bytes, err = s.used(ctx)
	}
	if err != nil {
		return out, fmt.Errorf("count the history: %w", err)
	}
	if oldest != nil && newest != nil {
		out.Oldest, out.Newest = time.UnixMicro(*oldest).UTC(), time.UnixMicro(*newest).UTC()
	}
	return out, nil
}
