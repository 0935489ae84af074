// The ledger against a naive model of itself: random sequences of transfers, holds, reversals, keys, closings and time on a real
// database, one after the other and at once. After each step every figure must agree with the model; a failure prints its seed.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerProperty, rulesProperty } from './model-commands-for-tests.ts'
import { createModelBench, type ModelBench } from './model-for-tests.ts'

// Another seed explores other sequences: TUNTAS_TEST_SEED=1 npm test.
const seed = Number(process.env['TUNTAS_TEST_SEED'] ?? 20_261_120)
// Fewer where the same tests run hundreds of times.
const sequences = Number(process.env['TUNTAS_TEST_SEQUENCES'] ?? 300)

describe('the ledger on a database', () => {
  let bench: ModelBench
  beforeAll(async () => void (bench = await createModelBench()))
  afterAll(() => bench.close())

  it(`${sequences} sequences agree with the model after every step`, async () => {
    await fc.assert(ledgerProperty(bench), { numRuns: sequences, seed, endOnFailure: false })
    expect(await bench.check()).toEqual({
      sumsPerCurrency: { IDR: 0n, USD: 0n },
      brokenAccounts: [],
      findings: [],
      unsealed: 0n,
    })
    // The sequences reach what they are meant to prove.
    const reached = bench.reached()
    for (const answer of [
      'account_frozen',
      'account_inactive',
      'balance_limit',
      'balance_limit under a key',
      'conflict',
      'currency_mismatch under a key',
      'currency_not_supported',
      'done',
      'expired',
      'held under a key',
      'hold_closed under a key',
      'hold_exceeded under a key',
      'idempotency_conflict under a key',
      'insufficient_funds',
      'insufficient_funds under a key',
      'monthly_incoming_limit',
      'posted under a key',
      'refund_not_allowed',
      'refund_not_allowed under a key',
      'same_account under a key',
      'validation_failed',
      'voided under a key',
    ])
      expect(reached.includes(answer) || sequences < 300, answer).toBe(true)
  }, 300_000)
})

describe('the rules alone', () => {
  it('10,000 sequences keep every bound, every sum and every statement', () => {
    fc.assert(rulesProperty(), { numRuns: 10_000, seed })
  })
})
