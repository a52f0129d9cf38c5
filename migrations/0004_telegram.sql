-- Bots and what passes through them: updates before anything is made of them, the addresses of conversations,
-- deliveries, buttons, files that customers sent, and who has a conversation, the assistant or a person.

CREATE TABLE bots (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    assistant_id BLOB NOT NULL,
    -- The bot's account at its messenger, as it says.
    account TEXT NOT NULL,
    -- Its id there: one account is one bot.
    remote_id INTEGER NOT NULL,
    is_on INTEGER NOT NULL,
    state TEXT NOT NULL,
    settings TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- Number of the next update to ask for.
    next_update INTEGER NOT NULL DEFAULT 0,
    -- What the messenger was told last about commands and updates, so that it is told once only.
    told TEXT NOT NULL DEFAULT '',
    last_update_at INTEGER,
    last_heard_at INTEGER,
    epoch INTEGER NOT NULL DEFAULT 0,
    holder TEXT NOT NULL DEFAULT '',
    lease_until INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, assistant_id) REFERENCES assistants (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX bots_by_account ON bots (remote_id);
CREATE INDEX bots_by_assistant ON bots (workspace_id, assistant_id);

-- Updates as they came. Known for 14 days, so that none is taken twice: numbers may jump down.
CREATE TABLE bot_updates (
    -- Order of arrival, over all bots.
    seq INTEGER NOT NULL PRIMARY KEY,
    bot_id BLOB NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    update_id INTEGER NOT NULL,
    -- Emptied once something was made of it.
    body TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'ignored', 'unreadable')),
    reason TEXT NOT NULL DEFAULT '',
    received_at INTEGER NOT NULL,
    UNIQUE (bot_id, update_id)
) STRICT;
CREATE INDEX bot_updates_waiting ON bot_updates (bot_id, seq) WHERE state = 'waiting';
CREATE INDEX bot_updates_unreadable ON bot_updates (bot_id) WHERE state = 'unreadable';
CREATE INDEX bot_updates_by_age ON bot_updates (received_at);

-- Where a conversation is held, in the messenger's terms.
CREATE TABLE addresses (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    bot_id BLOB NOT NULL,
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    business TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- When the customer last wrote: business chats may be written to for a day after it.
    last_incoming_at INTEGER NOT NULL DEFAULT 0,
    -- When it became known that nothing arrives any more; NULL while it does.
    unreachable_since INTEGER,
    -- Until when the owner's own words keep the assistant silent.
    paused_until INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_by_chat ON addresses (bot_id, chat, thread, business);

-- Connections to owners' own accounts.
CREATE TABLE business_connections (
    bot_id BLOB NOT NULL REFERENCES bots (id) ON DELETE CASCADE,
    connection TEXT NOT NULL,
    -- The owner's id at the messenger, and their chat with the bot.
    owner INTEGER NOT NULL,
    owner_chat INTEGER NOT NULL,
    can_reply INTEGER NOT NULL,
    is_enabled INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (bot_id, connection)
) STRICT, WITHOUT ROWID;

-- What is known of a contact besides the channel's own number.
CREATE TABLE contact_profiles (
    workspace_id BLOB NOT NULL,
    contact_id BLOB NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    username TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    is_banned INTEGER NOT NULL DEFAULT 0,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- What a messenger tells about a customer's message besides its words.
CREATE TABLE letters (
    workspace_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    sender TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    -- The messenger's number of the message it replies to, and that message's words.
    reply_to INTEGER,
    quoted TEXT NOT NULL,
    album TEXT NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Which message of ours stands where at the messenger: replies, edits and relays find their way by it. An owner's
-- own account numbers its messages apart from the bot, so the connection belongs to the key.
CREATE TABLE remote_messages (
    bot_id BLOB NOT NULL,
    chat INTEGER NOT NULL,
    business TEXT NOT NULL,
    remote_id INTEGER NOT NULL,
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    -- NULL for notices.
    message_id BLOB,
    place TEXT NOT NULL CHECK (place IN ('customer', 'console')),
    PRIMARY KEY (bot_id, chat, business, remote_id),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX remote_messages_by_message ON remote_messages (workspace_id, message_id);
CREATE INDEX remote_messages_by_conversation ON remote_messages (workspace_id, conversation_id);

CREATE TABLE attachments (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    message_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    remote_file TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'kept', 'too_large', 'failed', 'no_file')),
    content_hash TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX attachments_by_message ON attachments (workspace_id, message_id);
CREATE INDEX attachments_by_content ON attachments (content_hash) WHERE content_hash <> '';

-- What buttons do. Kept as long as their conversation, so that old keyboards go on working.
CREATE TABLE presses (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    press TEXT NOT NULL,
    pressed_at INTEGER,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX presses_by_conversation ON presses (workspace_id, conversation_id);

CREATE TABLE ratings (
    workspace_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    rating TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, message_id),
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Who has a conversation. No row: the assistant.
CREATE TABLE handoffs (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    -- JSON of domain::handoff::Handoff.
    handoff TEXT NOT NULL,
    -- What lists need of it: 'requested', 'taken', 'closed' or 'ai'.
    state TEXT NOT NULL,
    -- When it goes back to the assistant by itself; NULL for never.
    idle_at INTEGER,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX handoffs_by_state ON handoffs (workspace_id, state, updated_at);
CREATE INDEX handoffs_idle ON handoffs (idle_at) WHERE idle_at IS NOT NULL;

-- Every transition, for ever as long as the conversation.
CREATE TABLE handoff_log (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    transition TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, number),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A conversation's topic in the staff group.
CREATE TABLE console_topics (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    bot_id BLOB NOT NULL,
    chat INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    is_closed INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
-- Thread 0 is the group itself, which several conversations may share.
CREATE UNIQUE INDEX console_topics_by_thread ON console_topics (bot_id, chat, thread) WHERE thread <> 0;
CREATE INDEX console_topics_by_bot ON console_topics (bot_id, chat);

-- The outbox anew: what goes out is no longer always a message of the conversation, and it may have parts. No
-- release before this one has put anything into it.
DROP TABLE outbox;
CREATE TABLE outbox (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    bot_id BLOB NOT NULL,
    message_id BLOB,
    place TEXT NOT NULL CHECK (place IN ('customer', 'console')),
    content TEXT NOT NULL,
    -- Order of sending within a conversation and place.
    seq INTEGER NOT NULL,
    -- JSON of the parts that the messenger took.
    sent TEXT NOT NULL DEFAULT '[]',
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'uncertain', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- 1 when a sending was cut off: the next part may be there already.
    may_repeat INTEGER NOT NULL DEFAULT 0,
    epoch INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    run_at INTEGER NOT NULL,
    queued_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX outbox_in_order ON outbox (workspace_id, conversation_id, place, seq);
CREATE INDEX outbox_by_message ON outbox (workspace_id, message_id);
CREATE INDEX outbox_waiting ON outbox (channel, run_at, id) WHERE state = 'queued';
CREATE INDEX outbox_open ON outbox (workspace_id, conversation_id, place, seq) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_by_bot ON outbox (workspace_id, bot_id, state);
CREATE INDEX outbox_by_age ON outbox (updated_at);

-- A person of the staff group is no member: their words are kept as a member's, with their id and name.
ALTER TABLE messages ADD COLUMN operator_id INTEGER;
ALTER TABLE messages ADD COLUMN operator_name TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN edited_at INTEGER;

-- Words among operators: never relayed.
CREATE TABLE notes (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    conversation_id BLOB NOT NULL,
    operator TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX notes_by_conversation ON notes (workspace_id, conversation_id, created_at, id);
