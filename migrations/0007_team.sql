-- People: when each was here last, a second step of signing in, invitations, and who changed what about whom.

ALTER TABLE members ADD COLUMN last_seen_at INTEGER;
-- The time step of the last code that was taken, so that none is taken twice; NULL where signing in has no second
-- step. The secret that the codes are made of lies sealed in secrets: 'totp:' and the member's id.
ALTER TABLE members ADD COLUMN totp_step INTEGER;

-- Where it was begun from; empty for sessions from before this was kept.
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- Codes for a day without the telephone. Each goes when it is used.
CREATE TABLE spare_codes (
    workspace_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    PRIMARY KEY (workspace_id, member_id, code_hash),
    FOREIGN KEY (workspace_id, member_id) REFERENCES members (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    -- The link itself is kept nowhere, except sealed in secrets ('invitation:' and the id) until its letter is sent.
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    role TEXT NOT NULL,
    -- Empty for whoever has the link.
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    -- What its link begins with.
    origin TEXT NOT NULL,
    -- The name of whoever invites.
    invited_by TEXT NOT NULL,
    letter TEXT NOT NULL CHECK (letter IN ('none', 'waiting', 'sent', 'failed')),
    -- Why its letter was not sent, as mail::MailError::code says it; empty when nothing failed.
    reason TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX invitations_by_end ON invitations (expires_at);

-- Who changed what about whom; never changed, never shortened.
CREATE TABLE people_log (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    number INTEGER NOT NULL,
    -- JSON of domain::team::Change.
    change TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT, WITHOUT ROWID;

-- Secrets go with what they belong to, whichever way it goes.
CREATE TRIGGER members_secrets_gone AFTER DELETE ON members BEGIN
    DELETE FROM secrets WHERE workspace_id = old.workspace_id
        AND name IN ('totp:' || lower(hex(old.id)), 'totp-new:' || lower(hex(old.id)));
END;
CREATE TRIGGER invitations_secrets_gone AFTER DELETE ON invitations BEGIN
    DELETE FROM secrets WHERE workspace_id = old.workspace_id AND name = 'invitation:' || lower(hex(old.id));
END;
