-- Who made each version of an assistant (their name as it was then; empty where that is not known), and which
-- earlier one it returned to.

ALTER TABLE assistants ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE assistants ADD COLUMN returned_to INTEGER;
ALTER TABLE assistant_versions ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE assistant_versions ADD COLUMN returned_to INTEGER;
