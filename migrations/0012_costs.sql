-- What engines used up is counted for each assistant, so that it can be told what each costs.
CREATE TABLE usage_by_assistant (
    workspace_id BLOB NOT NULL REFERENCES workspaces (id),
    -- Days since 1970-01-01, UTC.
    day INTEGER NOT NULL,
    engine TEXT NOT NULL,
    -- Empty for what was counted before there was this column. The assistant may be gone.
    assistant_id BLOB NOT NULL CHECK (length(assistant_id) IN (0, 16)),
    answers INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    answer_tokens INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, day, engine, assistant_id)
) STRICT, WITHOUT ROWID;
INSERT INTO usage_by_assistant (workspace_id, day, engine, assistant_id, answers, prompt_tokens, answer_tokens)
SELECT workspace_id, day, engine, x'', answers, prompt_tokens, answer_tokens FROM usage;
DROP TABLE usage;
ALTER TABLE usage_by_assistant RENAME TO usage;
