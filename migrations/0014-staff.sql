-- The people of the service: their sign-in, roles, and what they may look at because of a case.
CREATE SCHEMA staff;

CREATE TABLE staff.agents (
  id            uuid PRIMARY KEY,
  email         text NOT NULL UNIQUE CHECK (email = lower(email)),
  display_name  text NOT NULL CHECK (display_name <> ''),
  role          text NOT NULL CHECK (role IN ('agent', 'lead', 'auditor')),
  password_hash text NOT NULL,
  disabled      boolean NOT NULL DEFAULT false,
  available     boolean NOT NULL DEFAULT false,
  -- The agent's own wallet, if there is one: never to be served by themselves.
  customer_id   uuid,
  created_at    timestamptz NOT NULL
);

CREATE TABLE staff.sessions (
  id           uuid PRIMARY KEY,
  token_hash   bytea NOT NULL UNIQUE,
  agent_id     uuid NOT NULL REFERENCES staff.agents,
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz
) WITH (fillfactor = 80);
CREATE INDEX sessions_agent ON staff.sessions (agent_id);

-- A look at a customer needs a reason that stands here: a case, for a time.
CREATE TABLE staff.grants (
  agent_id    uuid NOT NULL REFERENCES staff.agents,
  customer_id uuid NOT NULL,
  case_id     uuid NOT NULL,
  granted_at  timestamptz NOT NULL,
  until_at    timestamptz NOT NULL,
  PRIMARY KEY (agent_id, customer_id, case_id)
);
CREATE INDEX grants_case ON staff.grants (case_id);

-- Every change of a role or of access, numbered in the order of commits: each process reads on from what it has seen.
CREATE TABLE staff.access_changes (
  sequence   bigint PRIMARY KEY,
  agent_id   uuid NOT NULL REFERENCES staff.agents,
  changed_at timestamptz NOT NULL
);
