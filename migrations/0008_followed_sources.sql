-- Web sites and watched folders: what is followed, and what became of each page or file.

CREATE TABLE followed (
    workspace_id BLOB NOT NULL,
    source_id BLOB NOT NULL,
    -- JSON of domain::following::Place.
    place TEXT NOT NULL,
    -- Its address or path: nothing is followed twice.
    place_key TEXT NOT NULL,
    rhythm TEXT NOT NULL,
    vanished TEXT NOT NULL,
    is_paused INTEGER NOT NULL DEFAULT 0,
    -- Number of the look; it is open until all that was due in it was looked at, whatever happens in between.
    pass INTEGER NOT NULL DEFAULT 0,
    is_open INTEGER NOT NULL DEFAULT 0,
    is_cut INTEGER NOT NULL DEFAULT 0,
    started_at INTEGER,
    finished_at INTEGER,
    next_at INTEGER,
    trouble TEXT,
    PRIMARY KEY (workspace_id, source_id),
    UNIQUE (workspace_id, place_key),
    FOREIGN KEY (workspace_id, source_id) REFERENCES sources (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE followed_items (
    workspace_id BLOB NOT NULL,
    source_id BLOB NOT NULL,
    -- Address of a page, path of a file in its folder.
    key TEXT NOT NULL,
    -- The name of its document.
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    trouble TEXT,
    depth INTEGER NOT NULL,
    -- 1 while the open look has still to look at it.
    due INTEGER NOT NULL,
    tag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    content_hash TEXT NOT NULL DEFAULT '',
    looked_at INTEGER,
    changed_at INTEGER,
    PRIMARY KEY (workspace_id, source_id, key),
    FOREIGN KEY (workspace_id, source_id) REFERENCES followed (workspace_id, source_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX followed_items_due ON followed_items (workspace_id, source_id, depth, key) WHERE due = 1;
CREATE INDEX followed_items_by_name ON followed_items (workspace_id, source_id, name);
CREATE INDEX followed_items_by_content ON followed_items (workspace_id, source_id, content_hash);
