-- Earlier versions of documents, labels, and conversations that are limited to a part of the knowledge. Only
-- new tables: a release that does not know them reads and writes all others as before.

-- What a document was before its newest version. An earlier version keeps the id it had as a document, so that
-- an old answer's citation still leads to the text that it quoted. It has no passages: nothing is answered
-- from it.
CREATE TABLE document_versions (
    workspace_id BLOB NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    -- The newest version, a row of documents.
    document_id BLOB NOT NULL,
    title TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    content_hash TEXT NOT NULL CHECK (length(content_hash) = 64),
    -- NULL when the next version came before this one was read.
    report TEXT,
    language TEXT NOT NULL,
    blocks TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    -- When the next version took its place.
    replaced_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX document_versions_by_document ON document_versions (workspace_id, document_id, created_at, id);
CREATE INDEX document_versions_by_content ON document_versions (content_hash);

CREATE TABLE document_labels (
    workspace_id BLOB NOT NULL,
    document_id BLOB NOT NULL,
    -- The form in which labels are compared.
    key TEXT NOT NULL,
    -- The label as people wrote it first.
    label TEXT NOT NULL,
    PRIMARY KEY (workspace_id, document_id, key),
    FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX document_labels_by_key ON document_labels (workspace_id, key);

-- Conversations that are answered from a part of the knowledge only, whatever their assistant may use.
CREATE TABLE conversation_scopes (
    workspace_id BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    scope TEXT NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES conversations (workspace_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
