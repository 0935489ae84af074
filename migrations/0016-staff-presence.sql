-- When the person of this session last typed their password again: what moves much money asks that it was a moment ago.
ALTER TABLE staff.sessions ADD COLUMN present_at timestamptz;
