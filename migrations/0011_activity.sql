-- What was said in the order of time, so that figures of days walk one index. New messages come at its end.
CREATE INDEX messages_by_time ON messages (workspace_id, created_at, conversation_id, seq, author, outcome);
