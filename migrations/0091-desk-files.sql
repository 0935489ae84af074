-- Files in conversations, and looks at files: the message says which files it carries, the look which file was opened.
ALTER TABLE desk.messages ADD COLUMN files jsonb;

-- Opening a file is one look in the hour for a person and a reason, however often it is opened again, and another look than
-- the one at the money that it proves.
ALTER TABLE desk.looks ADD COLUMN file_id uuid;
DROP INDEX desk.looks_money;
CREATE UNIQUE INDEX looks_money ON desk.looks (
  agent_id, reference, reason, coalesce(case_id, '00000000-0000-0000-0000-000000000000'),
  date_trunc('hour', at AT TIME ZONE 'UTC'))
  WHERE reference IS NOT NULL AND file_id IS NULL;
CREATE UNIQUE INDEX looks_file ON desk.looks (
  agent_id, file_id, reason, coalesce(case_id, '00000000-0000-0000-0000-000000000000'),
  date_trunc('hour', at AT TIME ZONE 'UTC'))
  WHERE file_id IS NOT NULL;
