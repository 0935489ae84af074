// What is due when much of it cannot be moved: everything is looked at each round, however much of it fails.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createDueRefunds } from './due-refunds.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform()
  // Orders and payments do not matter here: the rows alone are due.
  await platform.db.transaction(async (tx) => {
    await tx.run('SET LOCAL session_replication_role = replica')
    await tx.run(
      `INSERT INTO refunds.refunds (number, payment_number, order_id, customer_id, merchant_id, amount, currency, reason, asked_by,
         asked_at, state, owner, until_at, promised_by, effective_at)
       SELECT n, n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 100, 'IDR', 'not_received', 'customer',
         $1, 'in_review', 'staff', $1, $1, $1 FROM generate_series(1, 120) AS n`,
      [new Date(platform.clock.now().getTime() - 60_000)],
    )
  })
})
afterAll(() => platform.close())

it.each(['passDeadlines', 'tellLate'] as const)(
  '%s: a hundred that fail hold up none of those behind them',
  async (round) => {
    const asked: bigint[] = []
    const due = createDueRefunds(
      platform,
      {} as never,
      {
        async holdRefund(_tx: unknown, number: bigint) {
          asked.push(number)
          if (number <= 100n) throw new Error('broken')
          return undefined
        },
      } as never,
    )
    expect(await due[round]()).toBe(0)
    expect(asked).toEqual(Array.from({ length: 120 }, (_, index) => BigInt(index + 1)))
  },
)
