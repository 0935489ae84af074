-- Transfers that the partner sends through the bank to accounts anywhere: each reference once, whatever is asked how often.
CREATE TABLE sandbox.bank_pay_outs (
  partner_reference text PRIMARY KEY,
  reference_no      text NOT NULL UNIQUE,
  amount_minor      bigint NOT NULL CHECK (amount_minor > 0),
  bank_code         text NOT NULL,
  account_number    text NOT NULL,
  account_name      text NOT NULL,
  remark            text NOT NULL,
  state             text NOT NULL CHECK (state IN ('paid', 'refused')),
  -- How often the transfer was asked for, and how often what became of it.
  asked             integer NOT NULL DEFAULT 1,
  inquiries         integer NOT NULL DEFAULT 0,
  received_at       timestamptz NOT NULL
);
CREATE INDEX bank_pay_outs_newest ON sandbox.bank_pay_outs (received_at DESC);
