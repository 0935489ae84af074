-- The digits with which the customer's last message ended: the next one may complete a card number that was sent in pieces.
ALTER TABLE desk.conversations ADD COLUMN digits_tail text NOT NULL DEFAULT '';
