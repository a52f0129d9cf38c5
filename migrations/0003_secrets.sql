-- A recovery code opens the secrets of a backup on a computer that has not their master key.

CREATE TABLE recovery (
    -- One row at most.
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    -- The recovery key, sealed by the master key, so that new data keys can be sealed by it too. It is made from
    -- the code, which is kept nowhere.
    nonce BLOB NOT NULL CHECK (length(nonce) = 24),
    sealed BLOB NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- Data keys once more, sealed by the recovery key.
CREATE TABLE recovery_keys (
    version INTEGER NOT NULL PRIMARY KEY REFERENCES data_keys (version) ON DELETE CASCADE,
    nonce BLOB NOT NULL CHECK (length(nonce) = 24),
    sealed BLOB NOT NULL
) STRICT;

-- While another embedder takes the place of the one in use, its vectors gather here; those in use are searched
-- until all are there. Empty for nobody.
ALTER TABLE workspaces ADD COLUMN next_embedder TEXT NOT NULL DEFAULT '';

CREATE TABLE next_vectors (
    workspace_id BLOB NOT NULL,
    passage_id BLOB NOT NULL,
    -- As in vectors.
    vector BLOB NOT NULL,
    PRIMARY KEY (workspace_id, passage_id),
    FOREIGN KEY (workspace_id, passage_id) REFERENCES passages (workspace_id, id) ON DELETE CASCADE
) STRICT;
