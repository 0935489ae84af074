-- A refund also waits for a wallet whose account takes nothing in: credits stopped, not by its customer, or closed. Staff own the wait.

ALTER TABLE refunds.refunds
  DROP CONSTRAINT refunds_waiting_for_check,
  DROP CONSTRAINT refunds_review_cause_check,
  ADD CONSTRAINT refunds_waiting_for_check CHECK (waiting_for IN ('shop_funds', 'wallet_room', 'wallet_stopped')),
  ADD CONSTRAINT refunds_review_cause_check CHECK (review_cause IN ('shop_refused', 'shop_silent', 'approval_closed',
                                                                    'funds_missing', 'no_room', 'wallet_stopped'));
