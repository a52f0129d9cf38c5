-- What was heard in a voice message. The words stand in the message too, which is answered like a written one.

-- What became of listening to it: not_yet, words, nothing, too_long, unreadable.
ALTER TABLE attachments ADD COLUMN hearing TEXT NOT NULL DEFAULT 'not_yet';
ALTER TABLE attachments ADD COLUMN transcript TEXT NOT NULL DEFAULT '';
-- The language of the words as the model guessed it: ISO 639-1; empty where there are none.
ALTER TABLE attachments ADD COLUMN spoken TEXT NOT NULL DEFAULT '';
