-- What must hold in every database after any fault (reliability.md I2, I3, I5, I6), one query a thing: each counts
-- what is wrong. A line that begins with two dashes and a number names the query below it.

-- 1 rows that refer to nothing
SELECT count(*) FROM pragma_foreign_key_check;

-- 2 messages of contacts without a receipt
SELECT count(*) FROM messages WHERE author = 'contact'
AND id NOT IN (SELECT message_id FROM receipts);

-- 3 messages with two receipts
SELECT count(*) FROM (SELECT message_id FROM receipts GROUP BY message_id HAVING count(*) > 1);

-- 4 answers without a trace
SELECT count(*) FROM messages WHERE author = 'assistant'
AND id NOT IN (SELECT message_id FROM traces);

-- 5 answers that answer nothing
SELECT count(*) FROM messages a WHERE author = 'assistant'
AND NOT EXISTS (SELECT 1 FROM messages q WHERE q.workspace_id = a.workspace_id AND q.answered_by = a.id);

-- 6 unanswered questions without a job, where no person has or had it, no owner spoke and nobody was banned
SELECT count(*) FROM messages m WHERE author = 'contact' AND answered_by IS NULL
AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'answer:' || lower(hex(m.conversation_id)))
AND NOT EXISTS (SELECT 1 FROM handoffs h
WHERE h.workspace_id = m.workspace_id AND h.conversation_id = m.conversation_id
AND (h.state = 'taken' OR json_extract(h.handoff, '$.meanwhile') = 'silent' OR h.updated_at >= m.created_at))
AND NOT EXISTS (SELECT 1 FROM addresses a
WHERE a.workspace_id = m.workspace_id AND a.conversation_id = m.conversation_id AND a.paused_until > m.created_at)
AND NOT EXISTS (SELECT 1 FROM conversations v
JOIN contact_profiles p ON p.workspace_id = v.workspace_id AND p.contact_id = v.contact_id
WHERE v.workspace_id = m.workspace_id AND v.id = m.conversation_id AND p.is_banned);

-- 7 ready documents with other passages than they say
SELECT count(*) FROM documents d WHERE passages <>
(SELECT count(*) FROM passages p WHERE p.workspace_id = d.workspace_id AND p.document_id = d.id);

-- 8 passages of documents that are not ready
SELECT count(*) FROM passages WHERE document_id IN (SELECT id FROM documents WHERE state <> 'ready');

-- 9 documents that wait without a job
SELECT count(*) FROM documents d WHERE state IN ('pending', 'reading')
AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'read:' || lower(hex(d.id)));

-- 10 vectors of no passage
SELECT count(*) FROM vectors v WHERE NOT EXISTS
(SELECT 1 FROM passages p WHERE p.workspace_id = v.workspace_id AND p.id = v.passage_id);

-- 11 updates of which something was made and whose words are still kept, or that wait without any
SELECT count(*) FROM bot_updates WHERE (state IN ('done', 'ignored')) <> (body = '');

-- 12 files of customers that wait without a job
SELECT count(*) FROM attachments a WHERE state = 'waiting'
AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'fetch:' || lower(hex(a.id)));

-- 13 conversations and places where two are sent at once, or a later one before an earlier one
SELECT count(*) FROM outbox l JOIN outbox e ON e.workspace_id = l.workspace_id
AND e.conversation_id = l.conversation_id AND e.place = l.place AND e.seq < l.seq
WHERE l.state = 'sending' AND e.state IN ('queued', 'sending');

-- 14 handoffs whose last transition leads elsewhere
SELECT count(*) FROM handoffs h WHERE handoff <> (SELECT json_extract(transition, '$.to') FROM handoff_log l
WHERE l.workspace_id = h.workspace_id AND l.conversation_id = h.conversation_id ORDER BY number DESC LIMIT 1);
