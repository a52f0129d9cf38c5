-- The Inbox: labels and saved replies, who looks after a conversation, lists that walk one index, and words by which
-- conversations are found. Triggers keep what lists need, so that a release that does not know it keeps it too.

-- What lists need of a handoff ('requested', 'taken', 'closed' or 'ai'), and the member who looks after it.
ALTER TABLE conversations ADD COLUMN state TEXT NOT NULL DEFAULT 'ai';
ALTER TABLE conversations ADD COLUMN assignee BLOB;
UPDATE conversations SET state = h.state FROM handoffs h
    WHERE h.workspace_id = conversations.workspace_id AND h.conversation_id = conversations.id;
UPDATE conversations SET assignee = m.id FROM handoffs h
    JOIN members m ON m.workspace_id = h.workspace_id
        AND lower(hex(m.id)) = json_extract(h.handoff, '$.by.id.id')
    WHERE h.workspace_id = conversations.workspace_id AND h.conversation_id = conversations.id
        AND h.state = 'taken' AND json_extract(h.handoff, '$.by.id.of') = 'member';
CREATE INDEX conversations_by_state ON conversations (workspace_id, state, last_at, id, channel);
CREATE INDEX conversations_by_assignee ON conversations (workspace_id, assignee, state, last_at, id, channel)
    WHERE assignee IS NOT NULL;

CREATE TRIGGER handoffs_begun AFTER INSERT ON handoffs BEGIN
    UPDATE conversations SET state = new.state WHERE workspace_id = new.workspace_id AND id = new.conversation_id;
END;
CREATE TRIGGER handoffs_changed AFTER UPDATE OF state ON handoffs BEGIN
    UPDATE conversations SET state = new.state WHERE workspace_id = new.workspace_id AND id = new.conversation_id;
END;
-- Nobody looks after anything who is no member any more.
CREATE TRIGGER members_unassigned AFTER DELETE ON members BEGIN
    UPDATE conversations SET assignee = NULL WHERE workspace_id = old.workspace_id AND assignee = old.id;
END;

-- Who gave a conversation to whom, for as long as the conversation.
CREATE TABLE assignments (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    -- JSON of domain::inbox::Assignment.
    assignment TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, number),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox_labels (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    -- The form in which names are compared.
    key TEXT NOT NULL,
    colour TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key)
) STRICT;

CREATE TABLE conversation_labels (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    label_id BLOB NOT NULL,
    -- Those of the conversation, so that a list of a label walks one index.
    state TEXT NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, label_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, label_id) REFERENCES inbox_labels (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_labels_by_last
    ON conversation_labels (workspace_id, label_id, state, last_at, conversation_id);
CREATE TRIGGER conversations_moved AFTER UPDATE OF state, last_at ON conversations BEGIN
    UPDATE conversation_labels SET state = new.state, last_at = new.last_at
        WHERE workspace_id = new.workspace_id AND conversation_id = new.id;
END;

CREATE TABLE saved_replies (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    id BLOB NOT NULL CHECK (length(id) = 16),
    name TEXT NOT NULL,
    -- The form in which names are compared; one name may stand for a reply in each language.
    key TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key, language)
) STRICT;

-- Words of messages and of what is known about contacts. The indexes hold no text of their own: what goes is taken
-- out of them with its words, at once ('secure-delete'). `place` is the workspace's id as a word.
CREATE TABLE said (
    number INTEGER NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    message_id BLOB NOT NULL,
    UNIQUE (workspace_id, message_id)
) STRICT;
CREATE VIRTUAL TABLE said_words USING fts5(place, words, content = '',
    prefix = '2 3', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
INSERT INTO said_words (said_words, rank) VALUES ('secure-delete', 1);

CREATE TABLE known_contacts (
    number INTEGER NOT NULL PRIMARY KEY,
    workspace_id BLOB NOT NULL,
    contact_id BLOB NOT NULL,
    UNIQUE (workspace_id, contact_id)
) STRICT;
CREATE VIRTUAL TABLE contact_words USING fts5(place, words, content = '',
    prefix = '2 3', tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'");
INSERT INTO contact_words (contact_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER messages_said AFTER INSERT ON messages BEGIN
    INSERT INTO said (workspace_id, message_id) VALUES (new.workspace_id, new.id);
    INSERT INTO said_words (rowid, place, words)
        SELECT number, hex(workspace_id), replace(replace(new.text, 'ё', 'е'), 'Ё', 'Е')
        FROM said WHERE workspace_id = new.workspace_id AND message_id = new.id;
END;
CREATE TRIGGER messages_corrected AFTER UPDATE OF text ON messages BEGIN
    INSERT INTO said_words (said_words, rowid, place, words)
        SELECT 'delete', number, hex(workspace_id), replace(replace(old.text, 'ё', 'е'), 'Ё', 'Е')
        FROM said WHERE workspace_id = old.workspace_id AND message_id = old.id;
    INSERT INTO said_words (rowid, place, words)
        SELECT number, hex(workspace_id), replace(replace(new.text, 'ё', 'е'), 'Ё', 'Е')
        FROM said WHERE workspace_id = new.workspace_id AND message_id = new.id;
END;
CREATE TRIGGER messages_unsaid AFTER DELETE ON messages BEGIN
    INSERT INTO said_words (said_words, rowid, place, words)
        SELECT 'delete', number, hex(workspace_id), replace(replace(old.text, 'ё', 'е'), 'Ё', 'Е')
        FROM said WHERE workspace_id = old.workspace_id AND message_id = old.id;
    DELETE FROM said WHERE workspace_id = old.workspace_id AND message_id = old.id;
END;

CREATE TRIGGER contacts_met AFTER INSERT ON contact_profiles BEGIN
    INSERT INTO known_contacts (workspace_id, contact_id) VALUES (new.workspace_id, new.contact_id);
    INSERT INTO contact_words (rowid, place, words)
        SELECT number, hex(workspace_id), replace(replace(
            new.name || ' ' || new.username || ' ' || new.email || ' ' || new.phone, 'ё', 'е'), 'Ё', 'Е')
        FROM known_contacts WHERE workspace_id = new.workspace_id AND contact_id = new.contact_id;
END;
CREATE TRIGGER contacts_renamed AFTER UPDATE OF name, username, email, phone ON contact_profiles BEGIN
    INSERT INTO contact_words (contact_words, rowid, place, words)
        SELECT 'delete', number, hex(workspace_id), replace(replace(
            old.name || ' ' || old.username || ' ' || old.email || ' ' || old.phone, 'ё', 'е'), 'Ё', 'Е')
        FROM known_contacts WHERE workspace_id = old.workspace_id AND contact_id = old.contact_id;
    INSERT INTO contact_words (rowid, place, words)
        SELECT number, hex(workspace_id), replace(replace(
            new.name || ' ' || new.username || ' ' || new.email || ' ' || new.phone, 'ё', 'е'), 'Ё', 'Е')
        FROM known_contacts WHERE workspace_id = new.workspace_id AND contact_id = new.contact_id;
END;
CREATE TRIGGER contacts_forgotten AFTER DELETE ON contact_profiles BEGIN
    INSERT INTO contact_words (contact_words, rowid, place, words)
        SELECT 'delete', number, hex(workspace_id), replace(replace(
            old.name || ' ' || old.username || ' ' || old.email || ' ' || old.phone, 'ё', 'е'), 'Ё', 'Е')
        FROM known_contacts WHERE workspace_id = old.workspace_id AND contact_id = old.contact_id;
    DELETE FROM known_contacts WHERE workspace_id = old.workspace_id AND contact_id = old.contact_id;
END;

-- What was there before.
INSERT INTO said (workspace_id, message_id) SELECT workspace_id, id FROM messages ORDER BY created_at, id;
INSERT INTO said_words (rowid, place, words)
    SELECT s.number, hex(s.workspace_id), replace(replace(m.text, 'ё', 'е'), 'Ё', 'Е')
    FROM said s JOIN messages m ON m.workspace_id = s.workspace_id AND m.id = s.message_id;
INSERT INTO known_contacts (workspace_id, contact_id) SELECT workspace_id, contact_id FROM contact_profiles;
INSERT INTO contact_words (rowid, place, words)
    SELECT k.number, hex(k.workspace_id), replace(replace(
        p.name || ' ' || p.username || ' ' || p.email || ' ' || p.phone, 'ё', 'е'), 'Ё', 'Е')
    FROM known_contacts k JOIN contact_profiles p
        ON p.workspace_id = k.workspace_id AND p.contact_id = k.contact_id;
