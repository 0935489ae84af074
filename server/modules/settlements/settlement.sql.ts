// All SQL on settlements and their lines.
import { bigints, dates, integers, texts, times, uuids } from '#platform/arrays.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Line, Settlement, SettlementState } from './settlement.ts'

interface SettlementRow {
  number: bigint
  merchant_id: string
  currency: Currency
  day: string
  period_from: Date
  period_to: Date
  entry_from: bigint
  entry_to: bigint
  payments: number
  carried: bigint
  gross: bigint
  fees: bigint
  reserved: bigint
  released: bigint
  refunded: bigint
  net: bigint
  bank_code: string
  account_number: string
  account_name: string
  state: SettlementState
  partner_reference: string
  hold_id: string | null
  transfer_id: string
  calls: number
  next_call_at: Date | null
  bank_reference: string | null
  refusal: string | null
  closed_at: Date | null
}

const columns = `number, merchant_id, currency, day::text AS day, period_from, period_to, entry_from, entry_to, payments, carried, gross,
  fees, reserved, released, refunded, net, bank_code, account_number, account_name, state, partner_reference, hold_id, transfer_id,
  calls, next_call_at, bank_reference, refusal, closed_at`

function toSettlement(row: SettlementRow): Settlement {
  return {
    number: row.number,
    merchantId: row.merchant_id,
    currency: row.currency,
    day: row.day,
    periodFrom: row.period_from,
    periodTo: row.period_to,
    entryFrom: row.entry_from,
    entryTo: row.entry_to,
    payments: row.payments,
    carriedMinor: row.carried,
    grossMinor: row.gross,
    feesMinor: row.fees,
    reservedMinor: row.reserved,
    releasedMinor: row.released,
    refundedMinor: row.refunded,
    netMinor: row.net,
    bank: {
      bankCode: row.bank_code,
      accountNumber: row.account_number,
      accountName: row.account_name,
    },
    state: row.state,
    partnerReference: row.partner_reference,
    holdId: row.hold_id ?? undefined,
    transferId: row.transfer_id,
    calls: row.calls,
    nextCallAt: row.next_call_at ?? undefined,
    bankReference: row.bank_reference ?? undefined,
    refusal: row.refusal ?? undefined,
    closedAt: row.closed_at ?? undefined,
  }
}

/** Running numbers, rising; one that is not used is missing for ever. */
export async function takeNumbers(sql: Sql, count: number): Promise<bigint[]> {
  const rows = await sql.rows<{ number: bigint }>(
    "SELECT nextval('settlements.numbers') AS number FROM generate_series(1, $1)",
    [count],
  )
  return rows.map((row) => row.number)
}

export async function insertSettlements(tx: Transaction, settlements: readonly Settlement[]): Promise<void> {
  const of = <Value>(read: (settlement: Settlement) => Value) => settlements.map(read)
  await tx.run(
    `INSERT INTO settlements.settlements (number, merchant_id, currency, day, period_from, period_to, entry_from, entry_to, payments,
       carried, gross, fees, reserved, released, refunded, net, bank_code, account_number, account_name, state, partner_reference,
       hold_id, transfer_id, calls, next_call_at, bank_reference, refusal, closed_at)
     SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::date[], $5::timestamptz[], $6::timestamptz[], $7::bigint[],
       $8::bigint[], $9::int[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
       $16::bigint[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[], $22::uuid[], $23::uuid[], $24::int[],
       $25::timestamptz[], $26::text[], $27::text[], $28::timestamptz[])`,
    [
      bigints(of((each) => each.number)),
      uuids(of((each) => each.merchantId)),
      texts(of((each) => each.currency)),
      dates(of((each) => each.day)),
      times(of((each) => each.periodFrom)),
      times(of((each) => each.periodTo)),
      bigints(of((each) => each.entryFrom)),
      bigints(of((each) => each.entryTo)),
      integers(of((each) => each.payments)),
      bigints(of((each) => each.carriedMinor)),
      bigints(of((each) => each.grossMinor)),
      bigints(of((each) => each.feesMinor)),
      bigints(of((each) => each.reservedMinor)),
      bigints(of((each) => each.releasedMinor)),
      bigints(of((each) => each.refundedMinor)),
      bigints(of((each) => each.netMinor)),
      texts(of((each) => each.bank.bankCode)),
      texts(of((each) => each.bank.accountNumber)),
      texts(of((each) => each.bank.accountName)),
      texts(of((each) => each.state)),
      texts(of((each) => each.partnerReference)),
      uuids(of((each) => each.holdId)),
      uuids(of((each) => each.transferId)),
      integers(of((each) => each.calls)),
      times(of((each) => each.nextCallAt)),
      texts(of((each) => each.bankReference)),
      texts(of((each) => each.refusal)),
      times(of((each) => each.closedAt)),
    ],
  )
}

export async function insertLines(
  tx: Transaction,
  lines: readonly (Line & { settlement: bigint; place: number })[],
): Promise<void> {
  await tx.run(
    `INSERT INTO settlements.lines (settlement, place, kind, reference, gross, fee, reserve, net, effective_at)
     SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
       $9::timestamptz[])`,
    [
      bigints(lines.map((line) => line.settlement)),
      integers(lines.map((line) => line.place)),
      texts(lines.map((line) => line.kind)),
      texts(lines.map((line) => line.reference)),
      bigints(lines.map((line) => line.grossMinor)),
      bigints(lines.map((line) => line.feeMinor)),
      bigints(lines.map((line) => line.reserveMinor)),
      bigints(lines.map((line) => line.netMinor)),
      times(lines.map((line) => line.effectiveAt)),
    ],
  )
}

/** One that the bank refused leaves room for another. */
export async function hasSettlementOf(sql: Sql, merchantId: string, day: string): Promise<boolean> {
  return (
    (await sql.maybe(
      "SELECT FROM settlements.settlements WHERE merchant_id = $1 AND day = $2::date AND state <> 'refused'",
      [merchantId, day],
    )) !== undefined
  )
}

/**
 * Takes pay-outs about which the bank must be asked now. The call is counted in the same statement: after a crash nobody
 * believes that nothing was sent.
 */
export async function claimDueCalls(
  sql: Sql,
  now: Date,
  limit: number,
  claimSeconds: number,
): Promise<Settlement[]> {
  const rows = await sql.rows<SettlementRow>(
    `UPDATE settlements.settlements SET calls = calls + 1, claimed_until = now() + make_interval(secs => $3)
     WHERE number IN (
       SELECT number FROM settlements.settlements
       WHERE state = 'paying' AND next_call_at <= $1 AND (claimed_until IS NULL OR claimed_until < now())
       ORDER BY next_call_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)
     RETURNING ${columns}`,
    [now, limit, claimSeconds],
  )
  return rows.map(toSettlement)
}

/** A shop's pay-outs under way: nobody else posts or voids them until the transaction ends. */
export async function lockPaying(tx: Transaction, merchantId: string): Promise<void> {
  await tx.run(
    `SELECT FROM settlements.settlements WHERE merchant_id = $1 AND state = 'paying' ORDER BY number FOR NO KEY UPDATE`,
    [merchantId],
  )
}

export async function findByNumber(sql: Sql, number: bigint): Promise<Settlement | undefined> {
  const row = await sql.maybe<SettlementRow>(
    `SELECT ${columns} FROM settlements.settlements WHERE number = $1`,
    [number],
  )
  return row && toSettlement(row)
}

/** Whose it is never changes. */
export async function readMerchantOf(sql: Sql, number: bigint): Promise<string | undefined> {
  const row = await sql.maybe<{ merchant_id: string }>(
    'SELECT merchant_id FROM settlements.settlements WHERE number = $1',
    [number],
  )
  return row?.merchant_id
}

export async function lockSettlement(tx: Transaction, number: bigint): Promise<Settlement> {
  return toSettlement(
    await tx.one<SettlementRow>(
      `SELECT ${columns} FROM settlements.settlements WHERE number = $1 FOR NO KEY UPDATE`,
      [number],
    ),
  )
}

export async function saveNextCall(sql: Sql, number: bigint, nextCallAt: Date): Promise<void> {
  await sql.run(
    `UPDATE settlements.settlements SET next_call_at = $2, claimed_until = NULL WHERE number = $1 AND state = 'paying'`,
    [number, nextCallAt],
  )
}

export async function saveClosed(
  tx: Transaction,
  number: bigint,
  end: { state: 'paid'; bankReference: string } | { state: 'refused'; refusal: string },
  at: Date,
): Promise<void> {
  await tx.run(
    `UPDATE settlements.settlements SET state = $2, bank_reference = $3, refusal = $4, closed_at = $5, next_call_at = NULL,
       claimed_until = NULL WHERE number = $1`,
    [
      number,
      end.state,
      end.state === 'paid' ? end.bankReference : null,
      end.state === 'refused' ? end.refusal : null,
      at,
    ],
  )
}

export async function readSettlement(
  sql: Sql,
  merchantId: string,
  number: bigint,
): Promise<Settlement | undefined> {
  const row = await sql.maybe<SettlementRow>(
    `SELECT ${columns} FROM settlements.settlements WHERE number = $1 AND merchant_id = $2`,
    [number, merchantId],
  )
  return row && toSettlement(row)
}

/** A shop's settlements, newest first, below `before` when given. */
export async function listSettlements(
  sql: Sql,
  merchantId: string,
  before: bigint | undefined,
  limit: number,
): Promise<Settlement[]> {
  const rows = await sql.rows<SettlementRow>(
    `SELECT ${columns} FROM settlements.settlements WHERE merchant_id = $1 AND ($2::bigint IS NULL OR number < $2)
     ORDER BY number DESC LIMIT $3`,
    [merchantId, before ?? null, limit],
  )
  return rows.map(toSettlement)
}

export async function listLines(
  sql: Sql,
  settlement: bigint,
  after: number,
  limit: number,
): Promise<(Line & { place: number })[]> {
  const rows = await sql.rows<{
    place: number
    kind: Line['kind']
    reference: string
    gross: bigint
    fee: bigint
    reserve: bigint
    net: bigint
    effective_at: Date
  }>('SELECT * FROM settlements.lines WHERE settlement = $1 AND place > $2 ORDER BY place LIMIT $3', [
    settlement,
    after,
    limit,
  ])
  return rows.map((row) => ({
    place: row.place,
    kind: row.kind,
    reference: row.reference,
    grossMinor: row.gross,
    feeMinor: row.fee,
    reserveMinor: row.reserve,
    netMinor: row.net,
    effectiveAt: row.effective_at,
  }))
}

/**
 * The settlement with which a payment goes to its shop's bank: the one that lists it or, when the bank refused that one, the
 * first after it that was not refused, for that one carries its money.
 */
export async function findSettlementOf(
  sql: Sql,
  merchantId: string,
  reference: string,
): Promise<Settlement | undefined> {
  const row = await sql.maybe<SettlementRow>(
    `SELECT ${columns} FROM settlements.settlements
     WHERE merchant_id = $1 AND state <> 'refused' AND number >= (
       SELECT listing.number FROM settlements.lines AS line JOIN settlements.settlements AS listing ON listing.number = line.settlement
       WHERE line.reference = $2 AND line.kind = 'payment' AND listing.merchant_id = $1)
     ORDER BY number LIMIT 1`,
    [merchantId, reference],
  )
  return row && toSettlement(row)
}
