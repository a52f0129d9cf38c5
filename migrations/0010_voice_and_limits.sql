-- What was heard in a voice message. The words stand in the message too, which is answered like a written one.

-- What became of listening to it: not_yet, words, nothing, too_long, unreadable.
ALTER TABLE attachments ADD COLUMN hearing TEXT NOT NULL DEFAULT 'not_yet';
ALTER TABLE attachments ADD COLUMN transcript TEXT NOT NULL DEFAULT '';
-- The language of the words as the model guessed it: ISO 639-1; empty where there are none.
ALTER TABLE attachments ADD COLUMN spoken TEXT NOT NULL DEFAULT '';

-- What the remote engines were asked, each day, by their place in the settings: two of them may have one name.
CREATE TABLE engine_days (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    place TEXT NOT NULL,
    -- Days since 1970-01-01, UTC.
    day INTEGER NOT NULL,
    answers INTEGER NOT NULL,
    -- Read and written together.
    tokens INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, place, day)
) STRICT, WITHOUT ROWID;
