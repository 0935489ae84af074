-- Four eyes: what somebody proposed, exactly, and what a second person made of it.
CREATE SCHEMA approvals;

CREATE TABLE approvals.approvals (
  id                      uuid PRIMARY KEY,
  -- AP-… for people.
  number                  bigint GENERATED ALWAYS AS IDENTITY (START WITH 1001) UNIQUE,
  kind                    text NOT NULL,
  reference               text NOT NULL,
  amount_minor            bigint NOT NULL CHECK (amount_minor > 0),
  currency                text NOT NULL,
  beneficiary_customer_id uuid NOT NULL,
  case_id                 uuid,
  -- Nobody of the staff when somebody else asked, e.g. the shop.
  requested_by            uuid,
  requested_by_name       text NOT NULL,
  -- Everybody of the staff who had a hand in it: none of them is a second person.
  involved                uuid[] NOT NULL,
  requested_at            timestamptz NOT NULL,
  reason                  text NOT NULL,
  expires_at              timestamptz NOT NULL CHECK (expires_at > requested_at),
  -- json, not jsonb: the rows keep the order in which people are shown them.
  payload                 json NOT NULL,
  payload_hash            bytea NOT NULL CHECK (octet_length(payload_hash) = 32),
  state                   text NOT NULL DEFAULT 'waiting'
    CHECK (state IN ('waiting', 'approved', 'declined', 'expired', 'voided')),
  decided_by              uuid,
  decided_by_name         text,
  closed_at               timestamptz,
  decision_note           text,
  -- What would have happened instead, when it was voided because of a change.
  found_payload           json,
  CHECK ((state = 'waiting') = (closed_at IS NULL)),
  CHECK ((state IN ('approved', 'declined')) = (decided_by IS NOT NULL)),
  CHECK ((decided_by IS NULL) = (decided_by_name IS NULL)),
  CHECK (decided_by IS NULL OR NOT decided_by = ANY (involved)),
  CHECK (requested_by IS NULL OR requested_by = ANY (involved))
);
CREATE UNIQUE INDEX approvals_one_waiting ON approvals.approvals (kind, reference) WHERE state = 'waiting';
CREATE INDEX approvals_due ON approvals.approvals (expires_at) WHERE state = 'waiting';
CREATE INDEX approvals_closed ON approvals.approvals (closed_at DESC) WHERE state <> 'waiting';
CREATE INDEX approvals_involved ON approvals.approvals USING gin (involved);

-- What was proposed never changes, and what was decided is not decided again.
CREATE FUNCTION approvals.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an approval is never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'approval % is closed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (OLD.kind, OLD.reference, OLD.amount_minor, OLD.currency, OLD.beneficiary_customer_id, OLD.case_id, OLD.requested_by,
      OLD.involved, OLD.requested_at, OLD.reason, OLD.expires_at, OLD.payload::text, OLD.payload_hash)
     IS DISTINCT FROM
     (NEW.kind, NEW.reference, NEW.amount_minor, NEW.currency, NEW.beneficiary_customer_id, NEW.case_id, NEW.requested_by,
      NEW.involved, NEW.requested_at, NEW.reason, NEW.expires_at, NEW.payload::text, NEW.payload_hash) THEN
    RAISE EXCEPTION 'what approval % proposes never changes', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approvals_not_rewritten BEFORE UPDATE OR DELETE ON approvals.approvals
  FOR EACH ROW EXECUTE FUNCTION approvals.refuse_rewriting();
