// One customer's way through the story, forwards in time: what is bought and from what balance. Keeps what the product
// would keep (no balance below zero or above the limit, limits a day and a transaction); the ledger decides it all again.
import type { ProblemValues } from '#contract/errors.ts'
import { money } from '#contract/money.ts'
import {
  hour,
  minute,
  rupiah,
  second,
  type DemoOrder,
  type Movement,
  type PaymentEnd,
  type SpendingLimits,
  type StoryFrame,
} from './movements.ts'
import type { DemoCustomer } from './people.ts'
import type { Random } from './random.ts'
import type { DemoShop } from './shops.ts'

const topUpSteps = [50, 100, 150, 200, 250, 300, 500, 750, 1000, 1500, 2000, 3000, 5000].map((thousand) =>
  rupiah(thousand * 1000),
)

export interface Walk {
  readonly movements: Movement[]
  balanceMinor(): bigint
  topUp(at: Date, amountMinor: bigint): void
  /** Tops up when it must, then pays; nothing happens where a limit would be passed. */
  buy(order: DemoOrder, at: Date, end?: PaymentEnd): void
  /** Tries an order that is above a limit: refused, the money stays. Nothing happens when it is not. */
  fail(order: DemoOrder, at: Date, code: 'transaction_limit' | 'daily_limit'): void
}

export function startWalk(customer: DemoCustomer, random: Random, frame: StoryFrame): Walk {
  const limits: SpendingLimits = frame.limits[customer.verified ? 'verified' : 'basic']
  const movements: Movement[] = []
  let balanceMinor = 0n
  let lastAt = new Date(0)
  let today = { midnight: 0, spentMinor: 0n }

  const dayOf = (at: Date) => {
    let daysAgo = Math.max(0, Math.floor((frame.midnight(0).getTime() - at.getTime()) / (24 * hour)))
    while (frame.midnight(daysAgo) > at) daysAgo++
    return frame.midnight(daysAgo).getTime()
  }
  const spentOn = (at: Date) => (today.midnight === dayOf(at) ? today.spentMinor : 0n)

  function topUp(at: Date, amountMinor: bigint): void {
    if (balanceMinor + amountMinor > limits.maximumBalanceMinor) return
    movements.push({ kind: 'top_up', id: random.uuid(at), customer, amountMinor, at })
    balanceMinor += amountMinor
    lastAt = at
  }

  function pay(order: DemoOrder, at: Date, end: PaymentEnd): void {
    movements.push({ kind: 'payment', id: random.uuid(at), customer, order, at, end })
    lastAt = at
    if (end.state === 'failed') return
    today = { midnight: dayOf(at), spentMinor: spentOn(at) + order.totalMinor }
    if (end.state !== 'returned') balanceMinor -= order.totalMinor
    else lastAt = new Date(at.getTime() + frame.answerWithinMs)
  }

  /** A round amount that is enough, and often a little more. */
  function amountFor(missingMinor: bigint): bigint | undefined {
    const fitting = topUpSteps.filter(
      (step) => step >= missingMinor && balanceMinor + step <= limits.maximumBalanceMinor,
    )
    if (fitting.length > 0) return fitting[Math.min(fitting.length - 1, random.whole(0, 2))]
    const exact = ((missingMinor + rupiah(5000) - 1n) / rupiah(5000)) * rupiah(5000)
    return balanceMinor + exact <= limits.maximumBalanceMinor ? exact : undefined
  }

  return {
    movements,
    balanceMinor: () => balanceMinor,
    topUp,
    buy(order, at, end) {
      const { totalMinor } = order
      if (totalMinor > limits.perTransactionMinor) return
      if (spentOn(at) + totalMinor > limits.perDayMinor) return
      let payAt = at
      if (balanceMinor < totalMinor) {
        const amountMinor = amountFor(totalMinor - balanceMinor)
        if (amountMinor === undefined) return
        // Some notice it only when they pay; the same order is paid a few minutes later.
        if (!end && random.chance(0.05)) {
          pay(order, at, {
            state: 'failed',
            code: 'insufficient_funds',
            values: {
              have: money(balanceMinor, 'IDR'),
              need: money(totalMinor, 'IDR'),
              missing: money(totalMinor - balanceMinor, 'IDR'),
            },
          })
          if (random.chance(0.35)) return
          topUp(new Date(at.getTime() + 3 * minute), amountMinor)
          payAt = new Date(at.getTime() + 5 * minute)
        } else topUp(new Date(Math.max(lastAt.getTime() + minute, at.getTime() - 9 * minute)), amountMinor)
      }
      pay(order, payAt, end ?? usualEnd(random))
    },
    fail(order, at, code) {
      const over =
        code === 'transaction_limit'
          ? order.totalMinor > limits.perTransactionMinor
          : spentOn(at) + order.totalMinor > limits.perDayMinor
      if (!over) return
      const resetsAt = new Date(dayOf(at) + 24 * hour).toISOString()
      const values: ProblemValues =
        code === 'transaction_limit'
          ? { limit: money(limits.perTransactionMinor, 'IDR') }
          : {
              limit: money(limits.perDayMinor, 'IDR'),
              used: money(spentOn(at), 'IDR'),
              resetsAt,
            }
      pay(order, at, { state: 'failed', code, values })
    },
  }
}

/** Nearly every shop answers at once; a few are slow or need a second try. */
export function usualEnd(random: Random): PaymentEnd {
  return {
    state: 'credited',
    failedTries: random.chance(0.03) ? random.whole(1, 3) : 0,
    answerMs: random.whole(40, random.chance(0.05) ? 4000 : 400),
    failedAnswer: random.chance(0.5) ? { httpStatus: 503 } : { noAnswer: 'timeout' },
  }
}

/** What somebody puts into the basket of this shop. */
export function fillBasket(random: Random, shop: DemoShop, at: Date, only?: readonly string[]): DemoOrder {
  const wanted = only
    ? shop.goods.filter((good) => only.includes(good.name))
    : [random.pick(shop.goods), ...(random.chance(0.35) ? [random.pick(shop.goods)] : [])]
  const lines = [...new Set(wanted)].map((good) => ({
    ...good,
    quantity: !only && good.rupiah < 60_000 && random.chance(0.25) ? 2 : 1,
  }))
  if (shop.shippingRupiah) lines.push({ name: 'Ongkos kirim', rupiah: shop.shippingRupiah, quantity: 1 })
  const createdAt = new Date(at.getTime() - random.whole(25, 160) * second)
  return {
    id: random.uuid(createdAt),
    shop,
    lines,
    totalMinor: lines.reduce((sum, line) => sum + rupiah(line.rupiah * line.quantity), 0n),
    createdAt,
  }
}
