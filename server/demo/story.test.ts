import { describe, expect, it } from 'vitest'
import { dayIn, instantOf } from '#platform/days.ts'
import { day, hour, rupiah, type StoryFrame } from './movements.ts'
import { inventCustomers } from './people.ts'
import { seededRandom } from './random.ts'
import { tellStory } from './story.ts'
import { factsOf } from './tell-shops.ts'

const zone = 'Asia/Jakarta'

function frameAt(now: Date): StoryFrame {
  const midnight = instantOf(zone, dayIn(zone, now)).getTime()
  const limits = (transaction: number, perDay: number, balance: number) => ({
    perTransactionMinor: rupiah(transaction),
    perDayMinor: rupiah(perDay),
    maximumBalanceMinor: rupiah(balance),
  })
  return {
    now,
    midnight: (daysAgo) => new Date(midnight - daysAgo * day),
    answerWithinMs: 2 * hour,
    limits: {
      basic: limits(2_000_000, 5_000_000, 2_000_000),
      verified: limits(10_000_000, 20_000_000, 20_000_000),
    },
  }
}

function tellAt(now: Date, seed = 'any') {
  const random = seededRandom(seed)
  const customers = inventCustomers(random.fork('people'), now, 300)
  return tellStory(random, customers, frameAt(now))
}

describe('the story', () => {
  // Every hour of a day, with the ends of months, years and weeks among them.
  const moments = Array.from(
    { length: 24 },
    (_, place) => new Date(Date.UTC(2026, place, 28 + (place % 4), place, 1)),
  )

  it.each(moments)('holds when it is told at %s', (now) => {
    const movements = tellAt(now, now.toISOString())
    const wrong: unknown[] = []
    const changes = movements.flatMap((movement) => {
      const { customer, at } = movement
      if (movement.kind === 'top_up') return [{ customer, at, amountMinor: movement.amountMinor }]
      if (movement.end.state === 'failed') return []
      const { totalMinor } = movement.order
      const facts = factsOf(movement, 2 * hour)
      if ((facts.creditedAt ?? at) > now) wrong.push(movement)
      return [
        { customer, at, amountMinor: -totalMinor },
        ...(facts.returnedAt ? [{ customer, at: facts.returnedAt, amountMinor: totalMinor }] : []),
      ]
    })
    const balances = new Map<string, bigint>()
    for (const { customer, at, amountMinor } of changes.sort(
      (one, other) => one.at.getTime() - other.at.getTime(),
    )) {
      const balance = (balances.get(customer.id) ?? 0n) + amountMinor
      balances.set(customer.id, balance)
      const maximumMinor = rupiah(customer.verified ? 20_000_000 : 2_000_000)
      const isPossible = at <= now && at > customer.createdAt && balance >= 0n && balance <= maximumMinor
      if (!isPossible) wrong.push({ customer, at, balance })
    }
    expect(wrong).toEqual([])
    const ends = movements.flatMap((each) => (each.kind === 'payment' ? [each.end] : []))
    expect(ends.filter((end) => end.state === 'waiting')).toHaveLength(5)
    expect(ends.filter((end) => end.state === 'returned')).toHaveLength(8)
    expect(ends.filter((end) => end.state === 'failed' && end.code === 'daily_limit')).toHaveLength(6)
    expect(ends.filter((end) => end.state === 'failed' && end.code === 'transaction_limit')).toHaveLength(8)
  })

  it('is the same from the same seed and another from another', () => {
    const now = moments[0]!
    expect(tellAt(now)).toEqual(tellAt(now))
    expect(tellAt(now)).not.toEqual(tellAt(now, 'other'))
  })
})
