// The verdicts of the rules at their edges: one step inside, one step outside.
import { describe, expect, it } from 'vitest'
import { maximumAmountMinor } from '#contract/money.ts'
import {
  afterTransfer,
  availableMinor,
  firstBreak,
  judgeHold,
  judgeTransfer,
  roomMinor,
  stops,
} from './account.rules.ts'
import type { AccountState } from './ledger.ts'

const account = (id: string, more: Partial<AccountState> = {}): AccountState =>
  ({
    id,
    kind: 'customer_wallet',
    currency: 'IDR',
    balanceMinor: 100n,
    heldMinor: 0n,
    entryCount: 3n,
    minimumMinor: undefined,
    maximumMinor: undefined,
    ...more,
  }) as AccountState
const alice = (more: Partial<AccountState> = {}) => account('alice', more)
const bob = (more: Partial<AccountState> = {}) => account('bob', more)
const move = (amountMinor: bigint, reversalOf?: string) => ({
  amountMinor,
  currency: 'IDR' as const,
  ...(reversalOf ? { reversalOf } : {}),
})
const largest = maximumAmountMinor

describe('what is available and what fits', () => {
  it('is balance less held less minimum, or unbounded', () => {
    expect(availableMinor(alice({ heldMinor: 30n, minimumMinor: 5n }))).toBe(65n)
    expect(availableMinor(alice({ heldMinor: 30n, minimumMinor: -5n }))).toBe(75n)
    expect(availableMinor(alice())).toBeUndefined()
    expect(roomMinor(alice({ maximumMinor: 130n }))).toBe(30n)
    expect(roomMinor(alice())).toBeUndefined()
  })
})

describe('a verdict', () => {
  it.each([
    ['zero', move(0n), alice(), bob(), 'amount_invalid'],
    ['below zero', move(-1n), alice(), bob(), 'amount_invalid'],
    ['one', move(1n), alice(), bob(), 'posted'],
    ['above int8', move(largest + 1n), alice(), bob(), 'amount_invalid'],
    ['no debit account', move(1n), undefined, bob(), 'account_unknown'],
    ['no credit account', move(1n), alice(), undefined, 'account_unknown'],
    ['the same account', move(1n), alice(), alice(), 'same_account'],
    ['the debit in another currency', move(1n), alice({ currency: 'USD' }), bob(), 'currency_mismatch'],
    ['the credit in another currency', move(1n), alice(), bob({ currency: 'USD' }), 'currency_mismatch'],
    ['a closed debit', move(1n), alice({ closed: true }), bob(), 'account_closed'],
    ['a closed credit', move(1n), alice(), bob({ closed: true }), 'account_closed'],
    ['a debit stopped', move(1n), alice({ frozen: 'debits' }), bob(), 'account_frozen'],
    ['a debit stopped whole', move(1n), alice({ frozen: 'both' }), bob(), 'account_frozen'],
    ['a debit whose credits are stopped', move(1n), alice({ frozen: 'credits' }), bob(), 'posted'],
    ['a credit stopped', move(1n), alice(), bob({ frozen: 'credits' }), 'account_frozen'],
    ['a credit stopped whole', move(1n), alice(), bob({ frozen: 'both' }), 'account_frozen'],
    ['a credit whose debits are stopped', move(1n), alice(), bob({ frozen: 'debits' }), 'posted'],
    ['all there is', move(100n), alice({ minimumMinor: 0n }), bob(), 'posted'],
    ['one more', move(101n), alice({ minimumMinor: 0n }), bob(), 'insufficient_funds'],
    ['all the room', move(20n), alice(), bob({ maximumMinor: 120n }), 'posted'],
    ['one above the room', move(21n), alice(), bob({ maximumMinor: 120n }), 'balance_limit'],
    ['to the cap', move(7n), alice(), bob({ monthlyCapMinor: 10n, incomingMinor: 3n }), 'posted'],
    [
      'one above the cap',
      move(8n),
      alice(),
      bob({ monthlyCapMinor: 10n, incomingMinor: 3n }),
      'monthly_incoming_limit',
    ],
    ['above the cap at once', move(11n), alice(), bob({ monthlyCapMinor: 10n }), 'monthly_incoming_limit'],
    ['the whole cap at once', move(10n), alice(), bob({ monthlyCapMinor: 10n }), 'posted'],
    ['given back above the cap', move(11n, 'origin'), alice(), bob({ monthlyCapMinor: 10n }), 'posted'],
    ['down to the end of int8', move(100n), alice({ balanceMinor: 100n - largest }), bob(), 'posted'],
    [
      'below the end of int8',
      move(101n),
      alice({ balanceMinor: 100n - largest }),
      bob(),
      'insufficient_funds',
    ],
    ['up to the end of int8', move(100n), alice(), bob({ balanceMinor: largest - 100n }), 'posted'],
    ['above the end of int8', move(101n), alice(), bob({ balanceMinor: largest - 100n }), 'balance_limit'],
    ['the largest amount', move(largest), alice({ balanceMinor: 0n }), bob({ balanceMinor: 0n }), 'posted'],
  ] as const)('%s', (_what, transfer, debit, credit, verdict) => {
    expect(judgeTransfer(transfer, debit, credit)).toBe(verdict)
  })

  it.each([
    ['zero', move(0n), alice(), bob(), 'amount_invalid'],
    ['no debit account', move(1n), undefined, bob(), 'account_unknown'],
    ['no credit account', move(1n), alice(), undefined, 'account_unknown'],
    ['to itself', move(1n), alice(), alice(), 'same_account'],
    ['from another currency', move(1n), alice({ currency: 'USD' }), bob(), 'currency_mismatch'],
    ['into another currency', move(1n), alice(), bob({ currency: 'USD' }), 'currency_mismatch'],
    ['from a closed account', move(1n), alice({ closed: true }), bob(), 'account_closed'],
    ['for a closed account', move(1n), alice(), bob({ closed: true }), 'account_closed'],
    ['a debit stopped', move(1n), alice({ frozen: 'debits' }), bob(), 'account_frozen'],
    ['a debit whose credits are stopped', move(1n), alice({ frozen: 'credits' }), bob(), 'posted'],
    [
      'a credit stopped: it is asked when the hold is posted',
      move(1n),
      alice(),
      bob({ frozen: 'both' }),
      'posted',
    ],
    ['all there is', move(60n), alice({ minimumMinor: 0n, heldMinor: 40n }), bob(), 'posted'],
    ['one more', move(61n), alice({ minimumMinor: 0n, heldMinor: 40n }), bob(), 'insufficient_funds'],
  ] as const)('on a hold: %s', (_what, hold, debit, credit, verdict) => {
    expect(judgeHold(hold, debit, credit)).toBe(verdict)
  })

  it('counts what a hold gives free in the same moment', () => {
    const held = alice({ heldMinor: 60n, minimumMinor: 0n })
    expect(judgeTransfer(move(60n), held, bob())).toBe('insufficient_funds')
    expect(judgeTransfer(move(60n), held, bob(), 20n)).toBe('posted')
    expect(judgeTransfer(move(60n), held, bob(), 19n)).toBe('insufficient_funds')
  })
})

it('stops one side, the other, or both', () => {
  const sides = (frozen: AccountState['frozen']) =>
    (['debits', 'credits'] as const).map((side) => stops(alice({ frozen }), side))
  expect([sides(undefined), sides('debits'), sides('credits'), sides('both')]).toEqual([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])
})

describe('after a transfer', () => {
  it('both have moved by one entry', () => {
    const [debit, credit] = afterTransfer(move(7n), alice(), bob())
    expect(debit).toEqual(alice({ balanceMinor: 93n, entryCount: 4n }))
    expect(credit).toEqual(bob({ balanceMinor: 107n, entryCount: 4n }))
  })
  it('what came in counts where there is a cap, and what was given back does not', () => {
    const capped = bob({ monthlyCapMinor: 10n, incomingMinor: 2n })
    expect(afterTransfer(move(3n), alice(), capped)[1].incomingMinor).toBe(5n)
    expect(afterTransfer(move(3n), alice(), bob({ monthlyCapMinor: 10n }))[1].incomingMinor).toBe(3n)
    expect(afterTransfer(move(3n, 'origin'), alice(), capped)[1].incomingMinor).toBe(2n)
    expect(afterTransfer(move(3n), alice(), bob())[1].incomingMinor).toBeUndefined()
  })
})

it('a statement breaks at the first entry that does not follow, or at its end', () => {
  const statement = {
    currency: 'IDR' as const,
    openingMinor: 10n,
    entries: [
      { amountMinor: 5n, balanceAfterMinor: 15n },
      { amountMinor: -3n, balanceAfterMinor: 12n },
    ],
    closingMinor: 12n,
  }
  expect(firstBreak(statement)).toBeUndefined()
  expect(firstBreak({ ...statement, openingMinor: 9n })).toBe(0)
  expect(firstBreak({ ...statement, closingMinor: 13n })).toBe(2)
  expect(
    firstBreak({
      ...statement,
      entries: [statement.entries[0]!, { amountMinor: 3n, balanceAfterMinor: 12n }],
    }),
  ).toBe(1)
})
