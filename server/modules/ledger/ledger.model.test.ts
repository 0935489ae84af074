// The ledger against a naive model of itself: random sequences of transfers, holds, reversals and time on a real database.
// After each step every figure must agree with the model and with what the entries say. A failure prints its seed.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ledgerProperty, rulesProperty } from './model-commands-for-tests.ts'
import { createModelBench, type ModelBench } from './model-for-tests.ts'

// Another seed explores other sequences: TUNTAS_TEST_SEED=1 npm test.
const seed = Number(process.env['TUNTAS_TEST_SEED'] ?? 20_261_120)

describe('the ledger on a database', () => {
  let bench: ModelBench
  beforeAll(async () => void (bench = await createModelBench()))
  afterAll(() => bench.close())

  it('300 sequences agree with the model after every step', async () => {
    await fc.assert(ledgerProperty(bench), { numRuns: 300, seed, endOnFailure: false })
    const sums = await bench.check()
    expect(sums).toEqual({ sumsPerCurrency: { IDR: 0n, USD: 0n }, brokenAccounts: [] })
    // The sequences reach what they are meant to prove.
    expect(bench.reached()).toEqual([
      'account_frozen',
      'balance_limit',
      'conflict',
      'currency_not_supported',
      'done',
      'insufficient_funds',
      'monthly_incoming_limit',
      'refund_not_allowed',
      'validation_failed',
    ])
  }, 120_000)
})

describe('the rules alone', () => {
  it('10,000 sequences keep every bound, every sum and every statement', () => {
    fc.assert(rulesProperty(), { numRuns: 10_000, seed })
  })
})
