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

-- 6 unanswered questions without a job
SELECT count(*) FROM messages m WHERE author = 'contact' AND answered_by IS NULL
AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.key = 'answer:' || lower(hex(m.conversation_id)));

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
