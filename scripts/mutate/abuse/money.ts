// What holds the money: keys, sums, locks, the state of a payment (M4 to M7, M13), and who may move it (A11).
import { control, type Control, inFile, ledger, type Part, payments, refunds, wallets } from './control.ts'

const refundsAbuse = `${refunds}/refunds.abuse.test.ts`
const rules = `${refunds}/refund.rules.ts`

const paymentKeyOnce: Part = {
  sql: 'ALTER TABLE payments.idempotency DROP CONSTRAINT idempotency_pkey',
}

export const money: readonly Control[] = [
  control(
    'M4',
    'the answer that a key has already is looked up, and the table has each key once',
    `${payments}/payments.test.ts`,
    'M4 the same key fifty times at once pays once',
    inFile(`${payments}/pay-order.ts`, 'const row = known.get(key)', "const row = known.get('')"),
    paymentKeyOnce,
  ),
  control(
    'M4',
    'the same key twice in one batch is one payment, and the table has each key once',
    `${payments}/payments.test.ts`,
    'M4 the same key fifty times at once pays once',
    inFile(
      `${payments}/pay-order.ts`,
      'else if (!seen.has(key)) fresh.push(command)',
      'else fresh.push(command)',
    ),
    paymentKeyOnce,
  ),
  control(
    'M4',
    'the ledger looks up the answers of keys, and its table has each key once',
    `${ledger}/transfer-queue.test.ts`,
    'M4 the same key fifty times at once',
    inFile(
      `${ledger}/keys.sql.ts`,
      'JOIN ledger.idempotency USING (owner_id, key)`',
      'JOIN ledger.idempotency USING (owner_id, key) WHERE false`',
    ),
    { sql: 'ALTER TABLE ledger.idempotency DROP CONSTRAINT ledger_idempotency' },
  ),
  control(
    'M5',
    'what is left is judged when a refund is asked for',
    refundsAbuse,
    'M5 never more than was paid',
    inFile(rules, 'if (amountMinor > leftMinor)', 'if (false)'),
  ),
  control('M5', 'refunded_within_payment', refundsAbuse, 'M5 the database itself refuses', {
    sql: 'ALTER TABLE payments.payments DROP CONSTRAINT refunded_within_payment',
  }),
  control(
    'M5',
    'the ledger counts what was reversed, in its rules and in the database',
    `${ledger}/ledger.test.ts`,
    'M5 never gives back more than was moved',
    inFile(`${ledger}/locked-reversals.ts`, 'if (sum > left.get(originId)!) return false', ''),
    { sql: 'ALTER TABLE ledger.reversals DROP CONSTRAINT reversal_within_origin' },
  ),
  control(
    'M6',
    'one open refund of a payment: the rule, and the unique index',
    refundsAbuse,
    'M6 fifty requests at once under fifty keys',
    inFile(
      rules,
      "if (facts.openRefund !== undefined) return notAllowed('refund_open', { reference: facts.openRefund })",
      '',
    ),
    { sql: 'DROP INDEX refunds.refunds_open' },
  ),
  control(
    'M6',
    'the locks of wallet, order, payment and refunds',
    refundsAbuse,
    'M6 fifty partial refunds at once',
    inFile(`${wallets}/wallet.sql.ts`, ' FOR NO KEY UPDATE OF wallet', ''),
    inFile(
      `server/modules/merchants/order.sql.ts`,
      'WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE',
      'WHERE id = ANY($1::uuid[]) ORDER BY id',
    ),
    inFile(`${payments}/payment.sql.ts`, 'ORDER BY number FOR NO KEY UPDATE', 'ORDER BY number'),
    inFile(`${refunds}/refund.sql.ts`, 'ORDER BY number FOR UPDATE', 'ORDER BY number'),
  ),
  control(
    'M6',
    'the ledger reads what was reversed under the locks of accounts, and the database counts behind',
    `${ledger}/ledger.test.ts`,
    'M6 fifty parallel partial reversals',
    inFile(
      `${ledger}/index.ts`,
      'const reversed = await readReversedMinor(tx, [origin.id])',
      'const reversed = new Map<string, bigint>()',
    ),
    { sql: 'ALTER TABLE ledger.reversals DROP CONSTRAINT reversal_within_origin' },
  ),
  control(
    'M7',
    'a payment that went back is not refunded: not asked for, and not paid',
    refundsAbuse,
    'M7 after a reversal nothing is refunded',
    inFile(rules, "if (payment.state === 'refunded') return notAllowed('already_returned')", ''),
    inFile(
      `${refunds}/move-refund.ts`,
      "if (payment.state !== 'completed' || refund.amountMinor > leftMinor(payment))",
      'if (false)',
    ),
  ),
  control(
    'M7',
    'a return ends the refund that is open',
    refundsAbuse,
    'M7 the automatic return',
    inFile(`${refunds}/index.ts`, 'needs.onPaymentReturned(overtake)', ''),
  ),
  control(
    'M7',
    'a payment goes back once, and not after its shop acknowledged',
    refundsAbuse,
    'M7 a payment goes back once, and never after its shop acknowledged',
    inFile(
      `${payments}/return-payment.ts`,
      "if (payment.state !== 'completed' || payment.toldAt) return 'gone'",
      '',
    ),
  ),
  control(
    'M13',
    'nothing is spent from a frozen wallet',
    `${payments}/payments.test.ts`,
    'M13 a freeze and payments at once',
    inFile(
      `${wallets}/wallet.rules.ts`,
      "return { verdict: 'account_frozen', since: wallet.frozenAt! }",
      'break',
    ),
  ),
  control(
    'M13',
    'paying waits for the lock of the wallet',
    refundsAbuse,
    'M13 a payment that meets a freeze under way',
    inFile(`${wallets}/wallet.sql.ts`, ' FOR NO KEY UPDATE OF wallet', ''),
  ),
  control(
    'A11',
    'who pays is signed in when the money moves',
    `${payments}/pay-sessions.test.ts`,
    'A11 a session that ended meanwhile pays nothing',
    inFile(`${payments}/pay-order.ts`, 'commands.filter((command) => !signedOut.has(command)),', 'commands,'),
    inFile(
      `${payments}/pay-order.ts`,
      'for (const [command, refused] of signedOut) answers.set(command, refused)',
      '',
    ),
  ),
  control(
    'A11',
    'a session is judged as it stands in the transaction',
    'server/modules/identity/sessions.test.ts',
    'A11 in a transaction a session lives until it was ended',
    inFile(
      'server/modules/identity/index.ts',
      "endOf: (sessionId) => (there.has(sessionId) ? ended.get(sessionId) : { end: 'elsewhere' }),",
      'endOf: () => undefined,',
    ),
  ),
]
