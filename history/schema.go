package history

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations bring a file forward; the number of those done is its user_version.
// One that was released is never changed.
var migrations = []string{
	`CREATE TABLE exchange (
		id TEXT PRIMARY KEY,          -- sorts by time
		started_at INTEGER NOT NULL,  -- microseconds since 1970, UTC
		stored_at INTEGER NOT NULL,   -- retention counts from here
		profile TEXT NOT NULL,
		project_id TEXT NOT NULL,
		base_url TEXT NOT NULL,
		environment TEXT NOT NULL,
		external_user_id TEXT NOT NULL,
		account_id TEXT NOT NULL,
		account_name TEXT NOT NULL,
		app TEXT NOT NULL,
		method TEXT NOT NULL,
		url TEXT NOT NULL,
		status INTEGER,               -- NULL where no answer came
		size INTEGER NOT NULL DEFAULT 0,
		who TEXT NOT NULL,
		code TEXT NOT NULL,
		summary TEXT NOT NULL,
		total_us INTEGER NOT NULL DEFAULT 0,
		note TEXT NOT NULL DEFAULT '',
		ticket TEXT NOT NULL DEFAULT '',
		starred INTEGER NOT NULL DEFAULT 0
	) WITHOUT ROWID;
	CREATE TABLE detail (             -- what a list does not show
		id TEXT PRIMARY KEY REFERENCES exchange(id) ON DELETE CASCADE,
		request_headers TEXT NOT NULL,
		request_body BLOB,            -- zstd
		request_truncated INTEGER NOT NULL DEFAULT 0,
		response_headers TEXT,
		response_body BLOB,           -- zstd
		response_truncated INTEGER NOT NULL DEFAULT 0,
		timing TEXT NOT NULL DEFAULT '{}',
		finding TEXT NOT NULL DEFAULT '{}',
		redacted TEXT NOT NULL DEFAULT '[]'
	);
	CREATE INDEX exchange_account ON exchange(account_id, id);
	CREATE INDEX exchange_user ON exchange(external_user_id, id);
	CREATE INDEX exchange_sent ON exchange(project_id, started_at);`,
	`CREATE INDEX exchange_ticket ON exchange(ticket, id) WHERE ticket <> '';`,
	`CREATE TABLE sighting (          -- what Connect said of an account, when that was new
		project_id TEXT NOT NULL,
		account_id TEXT NOT NULL,
		at INTEGER NOT NULL,          -- microseconds since 1970, UTC
		environment TEXT NOT NULL,
		health TEXT NOT NULL,
		error TEXT NOT NULL,
		scopes TEXT NOT NULL,         -- sorted, parted by blanks
		name TEXT NOT NULL,
		PRIMARY KEY (project_id, account_id, at)
	) WITHOUT ROWID;`,
}

// migrate brings the schema forward. A file of a newer connectty is left alone.
func migrate(ctx context.Context, db *sql.DB) error {
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return fmt.Errorf("it was written by a newer connectty (schema %d, this one knows %d); update connectty", version, len(migrations))
	}
	for version < len(migrations) {
		if err := step(ctx, db, version); err != nil {
			return fmt.Errorf("schema %d: %w", version+1, err)
		}
		version++
	}
	return nil
}

// step does one migration, unless another process did it meanwhile.
func step(ctx context.Context, db *sql.DB, from int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // of no effect after a commit
	var version int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if version != from {
		return nil
	}
	if _, err := tx.ExecContext(ctx, migrations[from]); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", from+1)); err != nil {
		return err
	}
	return tx.Commit()
}
