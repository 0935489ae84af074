// For tests only: what somebody with every right in the database can do to what is sealed beside the transfers, as SQL, and
// what the verifier must say to it.
import type { FindingKind } from './seal-findings.ts'

type Attack = [what: string, sql: string, findings: FindingKind[]]

const one = (table: string, column: string, where = 'true') =>
  `${column} = (SELECT ${column} FROM ledger.${table} WHERE ${where} ORDER BY ${column} LIMIT 1)`
const key = one('idempotency', 'key', "outcome = 'posted'")
const openHold = "state = 'open'"
const swap = (table: string, column: string, low: string, high: string) =>
  `UPDATE ledger.${table} SET ${column} = (${low}) + (${high}) - ${column} WHERE ${column} IN ((${low}), (${high}))`
const lowestBatch = 'SELECT min(batch) FROM ledger.idempotency'
const highestBatch = 'SELECT max(batch) FROM ledger.idempotency'
const held = 'balance - held >= 40 AND held > 0'

export const attacksOnKeys: Attack[] = [
  [
    'turns a posted answer into a refusal',
    `UPDATE ledger.idempotency SET outcome = 'insufficient_funds' WHERE ${key}`,
    ['keys_differ'],
  ],
  [
    'lets a key stand for another command',
    `UPDATE ledger.idempotency SET body_hash = sha256('other') WHERE ${key}`,
    ['keys_differ'],
  ],
  [
    'gives a key to another owner',
    `UPDATE ledger.idempotency SET owner_id = gen_random_uuid() WHERE ${key}`,
    ['keys_differ'],
  ],
  [
    'deletes a key, so that its command is done again',
    `DELETE FROM ledger.idempotency WHERE ${key}`,
    ['keys_differ'],
  ],
  [
    'deletes the last keys',
    `DELETE FROM ledger.idempotency WHERE batch = (${highestBatch})`,
    ['keys_differ'],
  ],
  [
    'inserts a key among those that are sealed',
    `INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch) SELECT gen_random_uuid(), gen_random_uuid(), '', 'posted', min(batch) FROM ledger.idempotency`,
    ['keys_differ'],
  ],
  [
    'inserts a key below all numbers',
    `INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch) VALUES (gen_random_uuid(), gen_random_uuid(), '', 'posted', -5)`,
    ['keys_differ'],
  ],
  [
    'inserts a key above all numbers',
    `INSERT INTO ledger.idempotency (owner_id, key, body_hash, outcome, batch) VALUES (gen_random_uuid(), gen_random_uuid(), '', 'posted', 1000000)`,
    ['keys_differ'],
  ],
  ['reorders keys', swap('idempotency', 'batch', lowestBatch, highestBatch), ['keys_differ']],
]

export const attacksOnAccounts: Attack[] = [
  [
    'raises an overdraft limit',
    `UPDATE ledger.accounts SET minimum = -500 WHERE minimum = 0`,
    ['account_rules_differ'],
  ],
  [
    'takes a limit away',
    `UPDATE ledger.accounts SET minimum = NULL WHERE minimum = 0`,
    ['account_rules_differ'],
  ],
  [
    'raises a largest balance',
    `UPDATE ledger.accounts SET maximum = 999999 WHERE maximum = 5000`,
    ['account_rules_differ'],
  ],
  [
    'raises a monthly cap',
    `UPDATE ledger.accounts SET monthly_cap = 2000 WHERE monthly_cap = 1000`,
    ['account_rules_differ'],
  ],
  [
    'sets what came in this month back',
    `UPDATE ledger.accounts SET incoming = 0 WHERE monthly_cap = 1000`,
    ['incoming_differs'],
  ],
  [
    'ends a freeze',
    `UPDATE ledger.accounts SET frozen = NULL WHERE frozen = 'debits'`,
    ['account_rules_differ'],
  ],
  [
    'opens a closed account again',
    `UPDATE ledger.accounts SET closed_at = NULL WHERE closed_at IS NOT NULL`,
    ['account_rules_differ'],
  ],
  [
    'changes what an account without entries is for',
    `UPDATE ledger.accounts SET kind = 'customer_wallet' WHERE kind = 'fees'`,
    ['account_rules_differ'],
  ],
  [
    'changes the currency of an account',
    `UPDATE ledger.accounts SET currency = 'JPY' WHERE kind = 'fees'`,
    ['account_rules_differ'],
  ],
  [
    'dates an account back',
    `UPDATE ledger.accounts SET opened_at = opened_at - interval '1 day' WHERE kind = 'fees'`,
    ['account_rules_differ'],
  ],
  [
    'deletes an account without entries',
    `DELETE FROM ledger.accounts WHERE kind = 'fees'`,
    ['account_rules_differ'],
  ],
  [
    'inserts an account',
    `INSERT INTO ledger.accounts (id, kind, owner_id, currency, opened_at) VALUES (gen_random_uuid(), 'fees', gen_random_uuid(), 'IDR', now())`,
    ['account_rules_differ'],
  ],
  [
    'sets what an account holds to nothing',
    `UPDATE ledger.accounts SET held = 0 WHERE ${held}`,
    ['held_differs'],
  ],
  [
    'raises a limit and changes what was told of it',
    `UPDATE ledger.accounts SET minimum = -500 WHERE minimum = 0;
     UPDATE ledger.events SET body = replace(body, '|0||||', '|-500||||') WHERE kind = 'account_opened'`,
    ['events_differ'],
  ],
  [
    'deletes what was told',
    `DELETE FROM ledger.events WHERE sequence = 2`,
    ['account_rules_differ', 'events_differ'],
  ],
  [
    'ends a freeze and deletes what was told of it',
    `UPDATE ledger.accounts SET frozen = NULL WHERE frozen = 'debits';
     DELETE FROM ledger.events WHERE kind = 'account_changed' AND body LIKE '%|debits|%'`,
    ['events_differ'],
  ],
  [
    'tells an event above all numbers that allows it',
    `UPDATE ledger.accounts SET frozen = NULL WHERE frozen = 'debits';
     INSERT INTO ledger.events (sequence, kind, subject_id, body) OVERRIDING SYSTEM VALUE
     SELECT 1000000, kind, subject_id, replace(body, '|debits|', '||') FROM ledger.events WHERE body LIKE '%|debits|%'`,
    ['events_differ'],
  ],
  [
    'tells an event below all numbers',
    `INSERT INTO ledger.events (sequence, kind, subject_id, body) OVERRIDING SYSTEM VALUE SELECT -1, kind, subject_id, body FROM ledger.events WHERE sequence = 1`,
    ['events_differ'],
  ],
  [
    'reorders what was told',
    `UPDATE ledger.events AS event SET kind = other.kind, subject_id = other.subject_id, body = other.body
     FROM ledger.events AS other WHERE event.sequence IN (1, 2) AND other.sequence = 3 - event.sequence`,
    ['events_differ'],
  ],
]

export const attacksOnHolds: Attack[] = [
  [
    'makes a hold smaller',
    `UPDATE ledger.holds SET amount = amount - 10, remaining = remaining - 10 WHERE ${openHold}`,
    ['held_differs', 'hold_differs'],
  ],
  [
    'gives a hold free quietly',
    `UPDATE ledger.holds SET state = 'voided', remaining = 0, closed_at = now() WHERE ${openHold}`,
    ['held_differs', 'hold_differs'],
  ],
  [
    'gives a hold free and sets the account to match',
    `UPDATE ledger.holds SET state = 'voided', remaining = 0, closed_at = now() WHERE ${openHold}; UPDATE ledger.accounts SET held = 0`,
    ['hold_differs'],
  ],
  [
    'opens an ended hold again, with the account to match',
    `UPDATE ledger.holds SET state = 'open', remaining = amount, closed_at = NULL WHERE state = 'voided'; UPDATE ledger.accounts SET held = held + 30 WHERE held > 0`,
    ['hold_differs'],
  ],
  [
    'says that more was posted of a hold',
    `UPDATE ledger.holds SET posted = posted + 1, remaining = remaining - 1 WHERE ${openHold}`,
    ['held_differs', 'hold_differs'],
  ],
  [
    'says that an expired hold was posted',
    `UPDATE ledger.holds SET state = 'posted' WHERE state = 'expired'`,
    ['hold_differs'],
  ],
  [
    'lets a hold expire sooner',
    `UPDATE ledger.holds SET expires_at = now() WHERE ${openHold}`,
    ['hold_differs'],
  ],
  [
    'moves the end of a hold',
    `UPDATE ledger.holds SET closed_at = closed_at + interval '1 day' WHERE state = 'voided'`,
    ['hold_differs'],
  ],
  [
    'lets a hold pay somebody else',
    `UPDATE ledger.holds SET credit_account_id = gen_random_uuid() WHERE ${openHold}`,
    ['hold_differs'],
  ],
  ['deletes an ended hold', `DELETE FROM ledger.holds WHERE state = 'voided'`, ['hold_differs']],
  [
    'inserts a hold',
    `INSERT INTO ledger.holds SELECT (jsonb_populate_record(hold, jsonb_build_object('id', gen_random_uuid()))).* FROM ledger.holds AS hold WHERE state = 'voided'`,
    ['hold_differs'],
  ],
  [
    'deletes a hold with all that was told of it',
    `DELETE FROM ledger.events WHERE subject_id IN (SELECT id FROM ledger.holds WHERE state = 'voided'); DELETE FROM ledger.holds WHERE state = 'voided'`,
    ['events_differ'],
  ],
]

const origin = 'UPDATE ledger.reversals SET'
export const attacksOnLinks: Attack[] = [
  [
    'changes which legs belong together',
    `UPDATE ledger.links SET link_id = transfer_id WHERE place = 3`,
    ['links_differ'],
  ],
  ['unlinks a leg', `DELETE FROM ledger.links WHERE place = 3`, ['links_differ']],
  [
    'unlinks all legs of one',
    `DELETE FROM ledger.links WHERE link_id = (SELECT link_id FROM ledger.links WHERE place = 3)`,
    ['links_differ'],
  ],
  [
    'links transfers that were posted alone',
    `INSERT INTO ledger.links SELECT id, (SELECT id FROM ledger.transfers WHERE sequence = 9), sequence - 8 FROM ledger.transfers WHERE sequence IN (9, 10)`,
    ['links_differ'],
  ],
  [
    'links a transfer that is not there',
    `INSERT INTO ledger.links SELECT gen_random_uuid(), link_id, 4 FROM ledger.links WHERE place = 3`,
    ['links_differ'],
  ],
  [
    'reorders legs',
    `ALTER TABLE ledger.links DROP CONSTRAINT links_link_id_place_key; UPDATE ledger.links SET place = 5 - place WHERE place IN (2, 3) AND link_id = (SELECT link_id FROM ledger.links WHERE place = 3)`,
    ['links_differ'],
  ],
  [
    'changes the rate of an exchange to another that gives the same',
    `UPDATE ledger.exchanges SET rate_denominator = rate_denominator - 1`,
    ['links_differ'],
  ],
  [
    'changes where a rate came from',
    `UPDATE ledger.exchanges SET rate_source = 'elsewhere'`,
    ['links_differ'],
  ],
  [
    'changes the amounts of an exchange',
    `UPDATE ledger.exchanges SET sold_amount = sold_amount * 2, bought_amount = bought_amount * 2`,
    ['exchange_differs', 'links_differ'],
  ],
  ['deletes an exchange', `DELETE FROM ledger.exchanges`, ['links_differ']],
  [
    'inserts an exchange',
    `INSERT INTO ledger.exchanges SELECT (jsonb_populate_record(done, jsonb_build_object('link_id', gen_random_uuid()))).* FROM ledger.exchanges AS done`,
    ['exchange_differs'],
  ],
  ['makes room for a second refund', `${origin} reversed_amount = 1`, ['reversal_differs']],
  ['says that the origin was larger', `${origin} amount = amount + 100`, ['reversal_differs']],
  ['deletes the count of reversals', `DELETE FROM ledger.reversals`, ['reversal_differs']],
  [
    'gives back more than the origin moved, counted and all',
    `ALTER TABLE ledger.reversals DROP CONSTRAINT reversal_within_origin; ${origin} reversed_amount = 9;
     UPDATE ledger.transfers SET amount = 9 WHERE reversal_of IS NOT NULL`,
    ['balance_does_not_follow', 'reversal_differs', 'transfers_differ'],
  ],
  [
    'counts a reversal that was none',
    `INSERT INTO ledger.reversals SELECT id, amount, 1 FROM ledger.transfers WHERE sequence = 9`,
    ['reversal_differs'],
  ],
]
