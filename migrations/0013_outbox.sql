-- An answer changes its place in the outbox three times: indexes that only matter before or after do not move with it.
-- What is left to do for a bot. (A bot that is deleted takes its rows along by a scan; that happens rarely.)
DROP INDEX outbox_by_bot;
CREATE INDEX outbox_by_bot ON outbox (workspace_id, bot_id) WHERE state <> 'sent';
-- What may be cleaned up.
DROP INDEX outbox_by_age;
CREATE INDEX outbox_by_age ON outbox (updated_at) WHERE state IN ('sent', 'uncertain', 'failed');
