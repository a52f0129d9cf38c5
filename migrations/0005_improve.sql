-- What the knowledge could not answer, grouped by meaning, and which low-rated answers somebody has looked at.

CREATE TABLE unanswered (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'dismissed')),
    -- How often it was asked: the number of its rows in unanswered_asked.
    asked INTEGER NOT NULL,
    -- JSON lists of the languages it was asked in and the channels it was asked through.
    languages TEXT NOT NULL,
    channels TEXT NOT NULL,
    -- Vector of the question as it was asked first, as in vectors, and whose it is; empty for none.
    embedder TEXT NOT NULL DEFAULT '',
    vector BLOB NOT NULL DEFAULT x'',
    -- What a person replied first after one of them.
    reply_id BLOB,
    -- The Q&A that answers it.
    qa_id BLOB,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX unanswered_by_asked ON unanswered (workspace_id, state, asked, id);
CREATE INDEX unanswered_by_last ON unanswered (workspace_id, last_at) WHERE state <> 'answered';
CREATE INDEX unanswered_replied ON unanswered (workspace_id, state, asked, id) WHERE reply_id IS NOT NULL;

-- Each time one was asked.
CREATE TABLE unanswered_asked (
    workspace_id BLOB NOT NULL,
    -- The customer's message.
    message_id BLOB NOT NULL,
    unanswered_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    -- The question made whole, as it was searched for.
    question TEXT NOT NULL,
    replied INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, unanswered_id) REFERENCES unanswered (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX unanswered_asked_of ON unanswered_asked (workspace_id, unanswered_id, at);
CREATE INDEX unanswered_asked_in ON unanswered_asked (workspace_id, conversation_id, at) WHERE replied = 0;

-- Messages go with their conversation in several ways; nothing of what was asked in them stays.
CREATE TRIGGER unanswered_forgotten AFTER DELETE ON unanswered_asked BEGIN
    UPDATE unanswered SET asked = asked - 1 WHERE workspace_id = old.workspace_id AND id = old.unanswered_id;
    DELETE FROM unanswered WHERE workspace_id = old.workspace_id AND id = old.unanswered_id AND asked <= 0;
END;

-- When somebody looked at a low-rated answer and was done with it.
ALTER TABLE ratings ADD COLUMN reviewed_at INTEGER;
CREATE INDEX ratings_low ON ratings (workspace_id, at, message_id) WHERE rating = 'bad' AND reviewed_at IS NULL;
