-- What was said in the order of time, so that figures of days walk one index. New messages come at its end.
CREATE INDEX messages_by_time ON messages (workspace_id, created_at, conversation_id, seq, author, outcome);

-- The audit log. Entries are only added; each is chained to the one before it by a keyed hash whose key lies sealed in
-- secrets ('audit:' and its number).
CREATE TABLE audit (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    -- From 1, without gaps.
    number INTEGER NOT NULL,
    key_number INTEGER NOT NULL,
    -- JSON of domain::audit::Entry.
    entry TEXT NOT NULL,
    at INTEGER NOT NULL,
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (workspace_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER audit_stays_as_it_is BEFORE UPDATE ON audit BEGIN
    SELECT RAISE (ABORT, 'entries of the audit log are never changed');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN
    SELECT RAISE (ABORT, 'entries of the audit log are never removed');
END;

-- What each log ends with, sealed by the same key.
CREATE TABLE audit_heads (
    workspace_id BLOB NOT NULL PRIMARY KEY REFERENCES workspaces (id),
    number INTEGER NOT NULL,
    key_number INTEGER NOT NULL,
    mac BLOB NOT NULL CHECK (length(mac) = 32),
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

-- Backups that were put in place, by when they were made, until the next start has written it down.
CREATE TABLE audit_restored (
    made_at INTEGER NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
