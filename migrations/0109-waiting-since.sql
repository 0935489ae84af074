-- Since when a customer waits for us: their first message that no agent has answered. What else changes a case (taking it, giving
-- it back, a reminder to the shop) does not make the customer wait any shorter, so that the last change says nothing of it.

ALTER TABLE desk.cases ADD COLUMN waiting_since timestamptz;

-- The customer's first message, or their wish for a person, after the last thing that an agent said to them or that closed the
-- case. An agent who took a case that only waited for money has none: then since it was opened to agents.
UPDATE desk.cases AS waiting SET waiting_since = coalesce((
  SELECT min(asked.stored_at) FROM desk.conversations AS talk
  JOIN desk.messages AS asked ON asked.conversation_id = talk.id
  WHERE talk.case_id = waiting.id AND asked.author = 'customer'
    AND (asked.kind = 'text' OR asked.fact = 'chose' AND asked.fact_values ->> 'choice' = 'person')
    AND asked.sequence > coalesce((
      SELECT max(answer.sequence) FROM desk.messages AS answer
      WHERE answer.conversation_id = talk.id
        AND (answer.author = 'agent' AND answer.kind = 'text' OR answer.fact IN ('case_solved', 'case_settled'))), 0)
), opened_at) WHERE state = 'waiting_agent';

ALTER TABLE desk.cases ADD CONSTRAINT waits_since CHECK ((state = 'waiting_agent') = (waiting_since IS NOT NULL));
