-- Customers and how they prove who they are. No secret stands here in a form that can be read.
CREATE SCHEMA identity;

CREATE TABLE identity.customers (
  id            uuid PRIMARY KEY,
  display_name  text NOT NULL CHECK (display_name <> ''),
  -- E.164, and lower case: proven by a code before the row exists.
  phone         text UNIQUE,
  email         text UNIQUE,
  locale        text NOT NULL CHECK (locale IN ('en', 'id-ID', 'zh-CN')),
  time_zone     text NOT NULL,
  verified      boolean NOT NULL DEFAULT false,
  password_hash text NOT NULL,
  created_at    timestamptz NOT NULL,
  CHECK (phone IS NOT NULL OR email IS NOT NULL)
);

-- A row of its own, so that proving a PIN locks nothing else of the customer.
CREATE TABLE identity.pins (
  customer_id  uuid PRIMARY KEY REFERENCES identity.customers,
  salt         bytea NOT NULL,
  hash         bytea NOT NULL,
  wrong_tries  integer NOT NULL DEFAULT 0,
  locks        integer NOT NULL DEFAULT 0,
  locked_until timestamptz
) WITH (fillfactor = 80);

CREATE TABLE identity.devices (
  id            uuid NOT NULL,
  customer_id   uuid NOT NULL REFERENCES identity.customers,
  first_seen_at timestamptz NOT NULL,
  last_seen_at  timestamptz NOT NULL,
  PRIMARY KEY (id, customer_id)
);

CREATE TABLE identity.sessions (
  id           uuid PRIMARY KEY,
  -- SHA-256 of the token; the token itself is in the customer's cookie only.
  token_hash   bytea NOT NULL UNIQUE,
  customer_id  uuid NOT NULL REFERENCES identity.customers,
  device_id    uuid,
  created_at   timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz
) WITH (fillfactor = 80);
CREATE INDEX sessions_customer ON identity.sessions (customer_id);

-- A walk with a code in it: sign-up, or one more proof of somebody who is signed in.
CREATE TABLE identity.flows (
  id              uuid PRIMARY KEY,
  purpose         text NOT NULL,
  customer_id     uuid REFERENCES identity.customers,
  channel         text NOT NULL CHECK (channel IN ('sms', 'email')),
  contact         text NOT NULL,
  locale          text NOT NULL,
  -- NULL when the contact already has an account: then no code is right.
  code_hash       bytea,
  code_expires_at timestamptz NOT NULL,
  resend_at       timestamptz NOT NULL,
  wrong_tries     integer NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL,
  verified_at     timestamptz,
  used_at         timestamptz
) WITH (fillfactor = 80);
CREATE INDEX flows_created ON identity.flows (created_at);
