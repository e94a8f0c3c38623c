-- A file as an older connectty wrote it.
CREATE TABLE exchange (
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
CREATE INDEX exchange_sent ON exchange(project_id, started_at);
CREATE INDEX exchange_ticket ON exchange(ticket, id) WHERE ticket <> '';

INSERT INTO exchange VALUES ('0123456789abcdefghjk',1761998400000000,1761998400000000,'acme','proj_1','https://api.pipedream.com','development','abc-123','apn_1','Acme','slack','GET','https://slack.com/api/conversations.list',200,45,'account','missing_scope','it lacks channels:read',412000,'','',0);
INSERT INTO exchange VALUES ('0123456789abcdefghjm',1761998460000000,1761998460000000,'acme','proj_1','https://api.pipedream.com','development','abc-123','apn_1','Acme','slack','POST','https://slack.com/api/chat.postMessage',NULL,0,'','','',0,'a note','',1);
INSERT INTO detail VALUES ('0123456789abcdefghjk','[]',NULL,0,'[["Content-Type","application/json"]]',X'28B52FFD04002101007B226F6B223A66616C73652C226572726F72223A226D697373696E675F73636F7065227D218EF9CD',0,'{}','{"who":"account","code":"missing_scope","summary":"it lacks channels:read","evidence":[],"next":[]}','[]');
INSERT INTO detail VALUES ('0123456789abcdefghjm','[["Content-Type","application/json"]]',X'28B52FFD04008100007B2274657874223A2268656C6C6F227D643D3A60',0,NULL,NULL,0,'{}','{}','[]');
PRAGMA user_version = 2;
