// What each payment of the story became at its shop: the tries, the answer, the order's end. Pure: the tries follow the
// same table of delays as those of the running product.
import { triesUntil, type PastTelling } from '#modules/merchants/index.ts'
import type { OrderRecord } from '#modules/merchants/index.ts'
import { minute, second, type DemoPayment, type PaymentEnd, type ShopAnswer } from './movements.ts'

/** From the order's paying to the first try. */
const firstTryMs = 240

export interface PaymentFacts {
  toldAt?: Date
  creditedAt?: Date
  returnedAt?: Date
  answerDueAt?: Date
}

const later = (at: Date, milliseconds: number) => new Date(at.getTime() + milliseconds)

/** When the payment was told, credited or given back. */
export function factsOf(payment: DemoPayment, answerWithinMs: number): PaymentFacts {
  const { at, end } = payment
  if (end.state === 'failed') return {}
  const answerDueAt = later(at, answerWithinMs)
  if (end.state === 'waiting') return { answerDueAt }
  if (end.state === 'returned') return { answerDueAt, returnedAt: later(answerDueAt, second) }
  const tries = triesUntil(later(at, firstTryMs), answerDueAt).at
  const creditedAt = later(tries[end.failedTries]!, end.answerMs + 180)
  return { answerDueAt, toldAt: creditedAt, creditedAt }
}

function unanswered(at: Date, answer: ShopAnswer): PastTelling['tries'][number] {
  const waitedMs = 'noAnswer' in answer && answer.noAnswer === 'timeout' ? 5000 : 12
  return { at, durationMs: waitedMs, ...answer }
}

/** What the shop was told of the order, oldest first. `order` is as it stands at the end. */
export function tellingsOf(
  payment: DemoPayment,
  facts: PaymentFacts,
  order: OrderRecord,
  now: Date,
): PastTelling[] {
  const { at, end } = payment
  switch (end.state) {
    case 'failed':
      return [acknowledgedAtOnce('order.expired', order, order.expiresAt)]
    case 'credited':
      return [toldAfterTries(payment, end, order)]
    case 'waiting': {
      const until = end.untilDue ? facts.answerDueAt! : now
      const { at: triedAt, next } = triesUntil(later(at, firstTryMs), until)
      return [
        {
          type: 'order.paid',
          createdAt: at,
          paidAt: at,
          state: 'waiting',
          tries: triedAt.map((each) => unanswered(each, end.answer)),
          nextTryAt: next,
          order,
        },
      ]
    }
    case 'returned': {
      const returnedAt = facts.returnedAt!
      const paid: PastTelling = {
        type: 'order.paid',
        createdAt: at,
        paidAt: at,
        state: 'superseded',
        tries: triesUntil(later(at, firstTryMs), returnedAt).at.map((each) => unanswered(each, end.answer)),
        closedAt: returnedAt,
        order: { ...order, state: 'paid' },
      }
      return [paid, acknowledgedAtOnce('order.cancelled', order, later(returnedAt, 90 * minute))]
    }
  }
}

function toldAfterTries(
  { at }: DemoPayment,
  end: PaymentEnd & { state: 'credited' },
  order: OrderRecord,
): PastTelling {
  const tries = triesUntil(later(at, firstTryMs), later(at, 60 * minute)).at.slice(0, end.failedTries + 1)
  const acknowledgedAt = later(tries.at(-1)!, end.answerMs)
  return {
    type: 'order.paid',
    createdAt: at,
    paidAt: at,
    state: 'acknowledged',
    tries: [
      ...tries.slice(0, -1).map((each) => unanswered(each, end.failedAnswer)),
      { at: acknowledgedAt, httpStatus: 204, durationMs: end.answerMs },
    ],
    closedAt: acknowledgedAt,
    order,
  }
}

function acknowledgedAtOnce(type: PastTelling['type'], order: OrderRecord, at: Date): PastTelling {
  const answeredAt = later(at, 310)
  return {
    type,
    createdAt: at,
    state: 'acknowledged',
    tries: [{ at: answeredAt, httpStatus: 204, durationMs: 70 }],
    closedAt: answeredAt,
    order,
  }
}
