-- The queue after the first reply: who waits for us stands first, the longest on top; below them what waits for its customer.
CREATE INDEX cases_waiting_again ON desk.cases (waiting_since, id)
  WHERE state = 'waiting_agent' AND first_replied_at IS NOT NULL;
CREATE INDEX cases_with_customer ON desk.cases (updated_at DESC, id DESC)
  WHERE state = 'waiting_customer' AND first_replied_at IS NOT NULL;
DROP INDEX desk.cases_replied;
