-- The first schema. Ids are 16 bytes (UUIDv7, made by the app); times are microseconds since 1970 (UTC);
-- JSON is text that only the app reads. Every table of a workspace carries workspace_id in its keys, so that a
-- row of another workspace cannot even be referred to.

CREATE TABLE workspaces (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    name TEXT NOT NULL,
    -- Counter of the index feed; grows with each change that the index has to follow.
    feed_seq INTEGER NOT NULL DEFAULT 0,
    -- Counter of events.
    event_seq INTEGER NOT NULL DEFAULT 0,
    -- Whose vectors are kept; empty for none.
    embedder TEXT NOT NULL DEFAULT '',
    -- Place in the feed where all vectors before it became void; 0 for never.
    vectors_dropped_at INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    workspace_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    user_agent TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_by_member ON sessions (workspace_id, member_id);

CREATE TABLE entry_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
    -- Nobody for the first owner's token.
    workspace_id BLOB,
    member_id BLOB,
    expires_at INTEGER NOT NULL,
    FOREIGN KEY (workspace_id, member_id) REFERENCES members (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX entry_tokens_by_member ON entry_tokens (workspace_id, member_id);

CREATE TABLE sources (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

CREATE TABLE documents (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    source_id BLOB NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    -- Name and title in the form that lists are searched in.
    find_text TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    state TEXT NOT NULL CHECK (state IN ('pending', 'reading', 'ready', 'failed')),
    done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    report TEXT,
    language TEXT NOT NULL DEFAULT '',
    passages INTEGER NOT NULL DEFAULT 0,
    vectors INTEGER NOT NULL DEFAULT 0,
    -- Place in the feed since it is ready; NULL while it is not.
    feed_seq INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, source_id) REFERENCES sources (workspace_id, id)
) STRICT;
CREATE INDEX documents_by_age ON documents (workspace_id, created_at, id);
CREATE INDEX documents_by_source ON documents (workspace_id, source_id, name);
CREATE INDEX documents_by_content ON documents (content_hash, workspace_id, source_id);
CREATE INDEX documents_by_state ON documents (workspace_id, state);
CREATE INDEX documents_by_feed ON documents (workspace_id, feed_seq) WHERE feed_seq IS NOT NULL;

CREATE TABLE document_texts (
    workspace_id BLOB NOT NULL,
    document_id BLOB NOT NULL,
    blocks TEXT NOT NULL,
    PRIMARY KEY (workspace_id, document_id),
    FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE passages (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    document_id BLOB NOT NULL,
    ordinal INTEGER NOT NULL,
    text TEXT NOT NULL,
    headings TEXT NOT NULL,
    page INTEGER,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    language TEXT NOT NULL,
    of_table INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, document_id, ordinal),
    FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE vectors (
    workspace_id BLOB NOT NULL,
    passage_id BLOB NOT NULL,
    -- IEEE 754 binary16, little-endian.
    vector BLOB NOT NULL,
    feed_seq INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, passage_id),
    FOREIGN KEY (workspace_id, passage_id) REFERENCES passages (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX vectors_by_feed ON vectors (workspace_id, feed_seq);

-- Tombstones: the index has to forget these.
CREATE TABLE removed_documents (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    document_id BLOB NOT NULL,
    feed_seq INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, feed_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE qa (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    questions TEXT NOT NULL,
    answer TEXT NOT NULL,
    find_text TEXT NOT NULL,
    language TEXT NOT NULL,
    demo INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX qa_by_age ON qa (workspace_id, created_at, id);

CREATE TABLE qa_vectors (
    workspace_id BLOB NOT NULL,
    qa_id BLOB NOT NULL,
    ordinal INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (workspace_id, qa_id, ordinal),
    FOREIGN KEY (workspace_id, qa_id) REFERENCES qa (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE assistants (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;

CREATE TABLE assistant_versions (
    workspace_id BLOB NOT NULL,
    assistant_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, assistant_id, version),
    FOREIGN KEY (workspace_id, assistant_id) REFERENCES assistants (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE contacts (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    channel TEXT NOT NULL,
    -- Who it is in the channel's own terms.
    peer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, channel, peer)
) STRICT;

CREATE TABLE conversations (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    assistant_id BLOB NOT NULL,
    contact_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Number of the newest message.
    last_seq INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, assistant_id) REFERENCES assistants (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
) STRICT;
CREATE INDEX conversations_by_last ON conversations (workspace_id, last_at, id);
CREATE INDEX conversations_by_contact ON conversations (workspace_id, contact_id, assistant_id);
CREATE INDEX conversations_by_assistant ON conversations (workspace_id, assistant_id);

CREATE TABLE messages (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    author TEXT NOT NULL CHECK (author IN ('contact', 'assistant', 'member')),
    member_id BLOB,
    text TEXT NOT NULL,
    outcome TEXT,
    citations TEXT NOT NULL,
    engine TEXT NOT NULL,
    answered_by BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, conversation_id, seq),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX messages_unanswered ON messages (workspace_id, conversation_id, seq)
    WHERE author = 'contact' AND answered_by IS NULL;

-- What was taken in, so that nothing is taken in twice.
CREATE TABLE receipts (
    workspace_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    assistant_id BLOB NOT NULL,
    peer TEXT NOT NULL,
    external_id TEXT NOT NULL,
    conversation_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    PRIMARY KEY (workspace_id, channel, assistant_id, peer, external_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX receipts_by_message ON receipts (workspace_id, message_id);

CREATE TABLE traces (
    workspace_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    trace TEXT NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE usage (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    -- Days since 1970-01-01, UTC.
    day INTEGER NOT NULL,
    engine TEXT NOT NULL,
    answers INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    answer_tokens INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, day, engine)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    message_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    -- Number of the message in its conversation: the order of sending.
    seq INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'uncertain', 'failed')),
    epoch INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    run_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX outbox_waiting ON outbox (channel, run_at, id) WHERE state = 'queued';
CREATE INDEX outbox_by_conversation ON outbox (workspace_id, conversation_id, seq);

CREATE TABLE jobs (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    lane TEXT NOT NULL,
    -- Jobs of one key run one at a time, in the order of seq.
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    task TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'dead')),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    epoch INTEGER NOT NULL DEFAULT 0,
    worker TEXT NOT NULL DEFAULT '',
    run_at INTEGER NOT NULL,
    lease_until INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX jobs_in_order ON jobs (workspace_id, seq);
CREATE INDEX jobs_of_key ON jobs (workspace_id, key, seq);
CREATE INDEX jobs_of_lane ON jobs (lane, workspace_id, seq) WHERE state <> 'dead';
CREATE INDEX jobs_by_age ON jobs (workspace_id, created_at, id);

-- When a workspace last had its turn in a lane.
CREATE TABLE job_turns (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    lane TEXT NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, lane)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    seq INTEGER NOT NULL,
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT;

-- Keys that seal secrets, themselves sealed by the master key, which is never in here.
CREATE TABLE data_keys (
    version INTEGER NOT NULL PRIMARY KEY,
    nonce BLOB NOT NULL CHECK (length(nonce) = 24),
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    key_version INTEGER NOT NULL REFERENCES data_keys (version),
    nonce BLOB NOT NULL CHECK (length(nonce) = 24),
    sealed BLOB NOT NULL,
    hint TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, name)
) STRICT;
CREATE INDEX secrets_by_key ON secrets (key_version);
