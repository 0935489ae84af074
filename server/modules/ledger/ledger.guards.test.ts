// Every guard of the ledger's tables, each met alone: rows that are right but for one thing, written past all triggers.
// A guard that is not in this list fails too, so that none is added without being tried.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'

let platform: TestPlatform
beforeAll(async () => void (platform = await createTestPlatform()))
afterAll(() => platform.close())

type Row = Record<string, string | number | null>
const at = '2026-11-22T03:00:00Z'
const [id, other, third] = [uuidv7(), uuidv7(), uuidv7()]
const bytes = (letter: string) => `\\x${letter.repeat(64)}`

/** A row of each table that nothing refuses. */
const good: Record<string, Row> = {
  accounts: {
    id,
    kind: 'customer_wallet',
    owner_id: other,
    currency: 'IDR',
    balance: 10,
    held: 0,
    entry_count: 1,
    minimum: 0,
    maximum: 100,
    monthly_cap: 50,
    incoming_month: '2026-11-01',
    incoming: 10,
    frozen: null,
    opened_at: at,
  },
  transfers: {
    sequence: 1_000_000,
    id,
    debit_account_id: other,
    credit_account_id: third,
    amount: 5,
    currency: 'IDR',
    kind: 'test',
    reference: 'TN-TEST-0001',
    debit_balance_after: -5,
    debit_entry: 1,
    credit_balance_after: 5,
    credit_entry: 1,
    effective_at: at,
    recorded_at: at,
  },
  links: { transfer_id: id, link_id: other, place: 0 },
  exchanges: {
    link_id: id,
    sold_amount: 10,
    sold_currency: 'USD',
    bought_amount: 33,
    bought_currency: 'IDR',
    rate_numerator: 10,
    rate_denominator: 3,
    rate_source: 'test',
    recorded_at: at,
  },
  idempotency: { owner_id: id, key: other, body_hash: bytes('a'), outcome: 'posted', batch: 1_000_000 },
  events: { sequence: 1_000_000, kind: 'test', subject_id: id, body: '' },
  reversals: { transfer_id: id, amount: 10, reversed_amount: 10 },
  holds: {
    id,
    debit_account_id: other,
    credit_account_id: third,
    amount: 10,
    posted: 4,
    remaining: 6,
    currency: 'IDR',
    reference: 'TN-TEST-0001',
    state: 'open',
    placed_at: at,
  },
  seals: {
    number: 1_000_000,
    last_sequence: 5,
    transfers: 5,
    total: 5,
    root: bytes('a'),
    hash: bytes('b'),
    sealed_at: at,
  },
}
const fresh = () => ({ id: uuidv7() })

/** Guard, table, what is wrong with the row; for what must be unique the row comes a second time. */
const checks: [guard: string, table: string, wrong: Row][] = [
  ['account_closed_empty', 'accounts', { closed_at: at }],
  ['account_closed_empty', 'accounts', { closed_at: at, balance: 0, held: 1, minimum: null }],
  ['account_held', 'accounts', { held: -1 }],
  ['account_currency', 'accounts', { currency: 'idr' }],
  ['account_currency', 'accounts', { currency: 'IDRX' }],
  ['account_kind', 'accounts', { kind: 'somebody' }],
  ['account_maximum', 'accounts', { balance: 101 }],
  ['account_minimum', 'accounts', { balance: -1 }],
  ['account_minimum', 'accounts', { held: 11 }],
  ['account_monthly', 'accounts', { incoming: 51 }],
  ['accounts_frozen_check', 'accounts', { frozen: 'somewhat' }],
  ['exchange_at_rate', 'exchanges', { bought_amount: 34 }],
  ['exchange_between_two', 'exchanges', { bought_currency: 'USD' }],
  [
    'exchanges_bought_amount_check',
    'exchanges',
    { bought_amount: 0, rate_numerator: 1, rate_denominator: 100 },
  ],
  ['hold_amount', 'holds', { amount: 0, posted: 0, remaining: 0 }],
  ['hold_closed', 'holds', { state: 'voided' }],
  ['hold_sum', 'holds', { remaining: 7 }],
  ['holds_posted_check', 'holds', { posted: -1 }],
  ['holds_remaining_check', 'holds', { remaining: -1 }],
  ['holds_state_check', 'holds', { state: 'lost', remaining: 0 }],
  ['reversal_within_origin', 'reversals', { reversed_amount: 11 }],
  ['reversals_reversed_amount_check', 'reversals', { reversed_amount: 0 }],
  ['seal_hash', 'seals', { hash: '\\xaa' }],
  ['seal_root', 'seals', { root: '\\xaa' }],
  ['seal_transfers', 'seals', { transfers: -1 }],
  ['transfer_amount', 'transfers', { amount: 0 }],
  ['transfer_between_two', 'transfers', { credit_account_id: other }],
]
/** Of a rate and two amounts each sign follows from the others: whichever is dropped, the rest refuses the same rows. */
const implied: [guard: string, wrong: Row][] = [
  ['exchanges_rate_denominator_check', { rate_denominator: -3, rate_numerator: -10 }],
  ['exchanges_rate_numerator_check', { rate_denominator: -3, rate_numerator: -10 }],
  ['exchanges_sold_amount_check', { sold_amount: -10, bought_amount: -33 }],
]
const unique: [guard: string, table: string, second: Row][] = [
  ['accounts_pkey', 'accounts', { owner_id: third }],
  ['accounts_owner', 'accounts', fresh()],
  ['events_pkey', 'events', {}],
  ['exchanges_pkey', 'exchanges', {}],
  ['holds_pkey', 'holds', {}],
  ['ledger_idempotency', 'idempotency', {}],
  ['links_link_id_place_key', 'links', { transfer_id: third }],
  ['links_pkey', 'links', { place: 1 }],
  ['reversals_pkey', 'reversals', {}],
  ['seals_pkey', 'seals', {}],
  ['transfers_pkey', 'transfers', { debit_entry: 2, credit_entry: 2 }],
  ['transfers_debit', 'transfers', { ...fresh(), credit_entry: 2 }],
  ['transfers_credit', 'transfers', { ...fresh(), debit_entry: 2 }],
]
const foreign: [guard: string, table: string][] = [
  ['links_transfer_id_fkey', 'links'],
  ['reversals_transfer_id_fkey', 'reversals'],
]

const insert = (tx: Transaction, table: string, row: Row) =>
  tx.run(
    `INSERT INTO ledger.${table} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::ledger.${table}, $1)).*`,
    [JSON.stringify(row)],
  )

class Undone extends Error {}

/** The guards that refuse the last of these rows; undefined when nothing does. */
async function refusedBy(table: string, rows: Row[], role = 'replica'): Promise<string | undefined> {
  try {
    await platform.db.transaction(async (tx) => {
      await tx.run(`SET LOCAL session_replication_role = '${role}'`)
      for (const row of rows) await insert(tx, table, row)
      throw new Undone()
    })
  } catch (error) {
    if (!(error instanceof Undone)) return (error as { constraint?: string }).constraint ?? String(error)
  }
  return undefined
}

it('a row of each table that is right is taken', async () => {
  for (const [table, row] of Object.entries(good))
    expect(await refusedBy(table, [row]), table).toBeUndefined()
})

it.each(checks)('%s refuses what is wrong in %s: %o', async (guard, table, wrong) => {
  expect(await refusedBy(table, [{ ...good[table], ...wrong }])).toBe(guard)
})

it.each(implied)('%s is implied by its sisters: %o', async (_guard, wrong) => {
  expect(await refusedBy('exchanges', [{ ...good['exchanges'], ...wrong }])).toMatch(/^exchanges_.*_check$/)
})

it.each(unique)('%s keeps %s from being there twice', async (guard, table, second) => {
  expect(await refusedBy(table, [good[table]!, { ...good[table], ...second }])).toBe(guard)
})

it('accounts_system keeps one account of the house for each kind and currency', async () => {
  const house = { ...good['accounts'], owner_id: null }
  expect(await refusedBy('accounts', [house, { ...house, ...fresh() }])).toBe('accounts_system')
})

it.each(foreign)('%s keeps %s to what exists', async (guard, table) => {
  const { db } = platform
  const asked = await db.transaction(async (tx) => {
    const { name, text } = await tx.one<{ name: string; text: string }>(
      'SELECT conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = $1',
      [guard],
    )
    return `${name} ${text}`
  })
  expect(asked).toMatch(/REFERENCES ledger\.transfers\(id\)/)
  expect(await refusedBy(table, [good[table]!], 'origin')).toMatch(/fkey$/)
})

describe('a hold', () => {
  const account = (mine: string) => ({
    ...good['accounts'],
    id: mine,
    owner_id: mine,
    balance: 0,
    incoming: 0,
    entry_count: 0,
    minimum: null,
  })
  /** What refuses this hold where only these accounts are; undefined when nothing does. */
  async function holdRefusedBy(accounts: Row[], hold: Row): Promise<string | undefined> {
    try {
      await platform.db.transaction(async (tx) => {
        for (const row of accounts) await insert(tx, 'accounts', row)
        await insert(tx, 'holds', { ...good['holds'], ...hold })
        throw new Undone()
      })
    } catch (error) {
      if (!(error instanceof Undone)) return (error as { constraint?: string }).constraint ?? String(error)
    }
    return undefined
  }
  const both = [account(other), account(third)]

  it('is taken where both accounts are', async () => {
    expect(await holdRefusedBy(both, {})).toBeUndefined()
  })
  it('needs an account of its currency', async () => {
    expect(await holdRefusedBy(both, { currency: 'USD' })).toBe('hold_currency')
  })
  it('needs an open account', async () => {
    expect(await holdRefusedBy([{ ...both[0]!, closed_at: at }, both[1]!], {})).toBe('hold_currency')
  })
  it('needs an account to take from', async () => {
    expect(await holdRefusedBy([both[1]!], {})).toBe('hold_currency')
  })
  it('needs an account to go to', async () => {
    expect(await holdRefusedBy([both[0]!], {})).toBe('hold_credited')
  })
})

it('every guard of the catalogue is in this list', async () => {
  const rows = await platform.db.read.rows<{ name: string }>(
    `SELECT conname AS name FROM pg_constraint
     WHERE connamespace = 'ledger'::regnamespace AND contype IN ('c', 'p', 'u', 'f', 'x')
     UNION SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = 'ledger'::regnamespace AND indisunique ORDER BY 1`,
  )
  const listed = new Set(
    [...checks, ...implied, ...unique, ...foreign].map(([guard]) => guard).concat('accounts_system'),
  )
  expect(rows.map((row) => row.name).toSorted()).toEqual([...listed].toSorted())
})

it.each([
  'transfers',
  'accounts',
  'holds',
  'links',
  'exchanges',
  'idempotency',
  'reversals',
  'seals',
  'events',
])('what is recorded in %s stays', async (table) => {
  const { read } = platform.db
  await expect(read.run(`DELETE FROM ledger.${table}`)).rejects.toThrow(/what is recorded stays/)
  await expect(read.run(`TRUNCATE ledger.${table} CASCADE`)).rejects.toThrow(/what is recorded stays/)
})
