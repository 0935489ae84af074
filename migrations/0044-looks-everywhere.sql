-- Looks of staff for other reasons than a case (a decision, a second person's approval), and at conversations. Each stands once
-- in the hour for a person, a thing and a reason, however often the screen reads it again.

ALTER TABLE desk.looks ALTER COLUMN case_id DROP NOT NULL;
DROP INDEX desk.looks_money;
CREATE UNIQUE INDEX looks_money ON desk.looks (
  agent_id, reference, reason, coalesce(case_id, '00000000-0000-0000-0000-000000000000'),
  date_trunc('hour', at AT TIME ZONE 'UTC'))
  WHERE reference IS NOT NULL;
CREATE UNIQUE INDEX looks_talk ON desk.looks (case_id, agent_id, date_trunc('hour', at AT TIME ZONE 'UTC'))
  WHERE field = 'talk';
CREATE INDEX looks_agent ON desk.looks (agent_id, at DESC, id DESC);

-- Cases whose customer only waits for money, in the order in which the queue shows them.
CREATE INDEX cases_waiting_money ON desk.cases (updated_at DESC, id DESC) WHERE state = 'waiting_money';
