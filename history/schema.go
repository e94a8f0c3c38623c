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
	// Rows get a number that sorts by time, which is what the index of words holds of
	// them; bodies are shared; words are indexed.
	`ALTER TABLE exchange RENAME TO exchange_3;
	ALTER TABLE detail RENAME TO detail_3;
	DROP INDEX exchange_account;
	DROP INDEX exchange_user;
	DROP INDEX exchange_sent;
	DROP INDEX exchange_ticket;
	CREATE TABLE exchange (
		n INTEGER PRIMARY KEY,        -- sorts by time: see order
		id TEXT NOT NULL UNIQUE,
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
		starred INTEGER NOT NULL DEFAULT 0,
		indexed INTEGER NOT NULL DEFAULT 0  -- its words are in find
	);
	CREATE TABLE body (               -- each once, whoever sent or got it
		b INTEGER PRIMARY KEY,
		hash BLOB NOT NULL UNIQUE,    -- of the bytes before they were packed
		data BLOB NOT NULL,           -- zstd
		uses INTEGER NOT NULL
	);
	CREATE TABLE detail (             -- what a list does not show
		n INTEGER PRIMARY KEY REFERENCES exchange(n) ON DELETE CASCADE,
		request_headers TEXT NOT NULL,
		request_body INTEGER,         -- of table body
		request_truncated INTEGER NOT NULL DEFAULT 0,
		response_headers TEXT,
		response_body INTEGER,
		response_truncated INTEGER NOT NULL DEFAULT 0,
		timing TEXT NOT NULL DEFAULT '{}',
		finding TEXT NOT NULL DEFAULT '{}',
		redacted TEXT NOT NULL DEFAULT '[]'
	);
	INSERT INTO exchange SELECT (started_at/1000)*4096 + row_number() OVER (PARTITION BY started_at/1000 ORDER BY id) - 1,
		id, started_at, stored_at, profile, project_id, base_url, environment, external_user_id, account_id, account_name, app,
		method, url, status, size, who, code, summary, total_us, note, ticket, starred, 0 FROM exchange_3;
	INSERT INTO body SELECT 2*x.n, randomblob(16), d.request_body, 1 FROM detail_3 d JOIN exchange x USING (id) WHERE length(d.request_body) > 0;
	INSERT INTO body SELECT 2*x.n+1, randomblob(16), d.response_body, 1 FROM detail_3 d JOIN exchange x USING (id) WHERE length(d.response_body) > 0;
	INSERT INTO detail SELECT x.n, request_headers, iif(length(request_body) > 0, 2*x.n, NULL), request_truncated, response_headers,
		iif(length(response_body) > 0, 2*x.n+1, NULL), response_truncated, timing, finding, redacted FROM detail_3 JOIN exchange x USING (id);
	DROP TABLE detail_3;
	DROP TABLE exchange_3;
	CREATE INDEX exchange_project ON exchange(project_id);
	CREATE INDEX exchange_account ON exchange(account_id);
	CREATE INDEX exchange_user ON exchange(external_user_id);
	CREATE INDEX exchange_sent ON exchange(project_id, started_at);
	CREATE INDEX exchange_ticket ON exchange(ticket) WHERE ticket <> '';
	CREATE INDEX exchange_unindexed ON exchange(indexed) WHERE indexed = 0;
	CREATE VIRTUAL TABLE find USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');
	CREATE VIRTUAL TABLE recent USING fts5(words, content='', contentless_delete=1, detail=none, tokenize='ascii');  -- of the newest only
	CREATE VIRTUAL TABLE term USING fts5vocab(recent, row);  -- its words
	CREATE TRIGGER exchange_gone AFTER DELETE ON exchange BEGIN
		DELETE FROM find WHERE rowid = old.n;
		DELETE FROM recent WHERE rowid = old.n;
	END;
	CREATE TRIGGER detail_gone AFTER DELETE ON detail BEGIN
		UPDATE body SET uses = uses - 1 WHERE b = old.request_body;
		UPDATE body SET uses = uses - 1 WHERE b = old.response_body;
		DELETE FROM body WHERE b IN (old.request_body, old.response_body) AND uses <= 0;
	END;
	CREATE TRIGGER detail_changed AFTER UPDATE OF request_body, response_body ON detail BEGIN
		UPDATE body SET uses = uses - 1 WHERE b = old.request_body;
		UPDATE body SET uses = uses - 1 WHERE b = old.response_body;
		DELETE FROM body WHERE b IN (old.request_body, old.response_body) AND uses <= 0;
	END;`,
	`ALTER TABLE sighting ADD COLUMN external_user_id TEXT NOT NULL DEFAULT '';  -- empty: of before this column
	ALTER TABLE exchange ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;        -- it was not sent from here
	CREATE TABLE fact (                -- what is known of the file itself
		name TEXT PRIMARY KEY,
		value INTEGER NOT NULL
	) WITHOUT ROWID;
	INSERT INTO fact VALUES ('recent_from', 0);  -- the small index holds all from this number on
	INSERT INTO fact SELECT 'recent_misses', EXISTS (SELECT 1 FROM exchange);  -- how often something went past the small index since it was filled`,
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
