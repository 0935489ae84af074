-- Tries and rates, counted under a row's lock: what slows down guessing and the sending of messages.

-- Wrong tries by key, with a lock that grows with each further one.
CREATE TABLE platform.attempts (
  key          text PRIMARY KEY,
  wrong_tries  integer NOT NULL DEFAULT 0,
  last_at      timestamptz,
  locked_until timestamptz
) WITH (fillfactor = 80);

-- The moments inside a sliding window, oldest first; at most as many as the limit of the window.
CREATE TABLE platform.rate_windows (
  key      text PRIMARY KEY,
  taken_at timestamptz[] NOT NULL DEFAULT '{}',
  last_at  timestamptz
) WITH (fillfactor = 80);
