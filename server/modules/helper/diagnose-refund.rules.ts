// The diagnosis of a refund: who was asked, what they said, who has it now, and what was promised. Pure.
import type { Diagnosis } from '#contract/diagnosis.ts'
import type { RefundFacts } from '#contract/refund.ts'
import type { TransactionDetail } from '#contract/trace.ts'
import { ahead, fact, isOpenRefund, openHop, type Fact } from './facts.rules.ts'

const asked = {
  customer: 'refund_asked',
  agent: 'refund_asked_by_us',
  shop: 'refund_asked_by_shop',
} as const

const answered = {
  agreed: 'refund_shop_agreed',
  refused: 'refund_shop_refused',
  silent: 'refund_shop_silent',
} as const

/** What brings it by itself while it waits. */
const pays = {
  shop_funds: 'refund_pays_itself',
  wallet_room: 'refund_comes_with_room',
  wallet_stopped: 'refund_comes_with_wallet',
} as const

export function refundFacts(detail: TransactionDetail, refund: RefundFacts): Fact[] {
  const shop = detail.party.name
  const facts = [
    fact(asked[refund.askedBy], {
      shop,
      amount: refund.amount,
      at: refund.askedAt,
      payment: refund.payment,
    }),
  ]
  if (refund.shopAnswer) facts.push(fact(answered[refund.shopAnswer], { shop }))
  facts.push(stateFact(detail, refund, shop))
  if (isOpenRefund(detail) && refund.promisedBy) {
    const promised = ahead(refund.promisedBy, detail.asOf)
    facts.push(
      promised ? fact('refund_promised', { at: promised }) : fact('refund_late', { at: refund.promisedBy }),
    )
  }
  return facts
}

function stateFact(detail: TransactionDetail, refund: RefundFacts, shop: string): Fact {
  switch (refund.state) {
    case 'asking_shop':
      return fact('refund_asking_shop', { shop })
    case 'in_review':
      return fact('refund_in_review')
    case 'awaiting_approval':
      return fact('refund_awaiting_approval')
    case 'waiting_for_funds':
      if (refund.waitingFor === 'wallet_room')
        return fact('refund_waiting_for_room', { amount: refund.amount })
      if (refund.waitingFor === 'wallet_stopped')
        return fact('refund_waiting_for_wallet', { amount: refund.amount })
      return fact('refund_waiting_for_funds', { shop })
    case 'paid': {
      const paidBack = detail.hops.find((hop) => hop.key === 'paid_back')
      return fact('refund_paid', { amount: refund.amount, at: paidBack?.at ?? detail.asOf })
    }
    case 'declined':
      return fact('refund_declined')
    case 'withdrawn':
      return fact('refund_withdrawn')
    case 'overtaken':
      return fact('refund_overtaken', {
        amount: refund.cameBack?.amount ?? refund.amount,
        at: refund.cameBack?.at ?? detail.asOf,
      })
  }
}

/** What comes when nobody does anything; only while the refund is open. */
export function refundByItself(detail: TransactionDetail, refund: RefundFacts): Diagnosis['byItself'] {
  if (!isOpenRefund(detail)) return undefined
  if (refund.state === 'waiting_for_funds')
    return {
      key: pays[refund.waitingFor ?? 'shop_funds'],
      values: { amount: refund.amount },
    }
  const hop = openHop(detail)
  const at = ahead(hop?.untilAt ?? refund.untilAt, detail.asOf)
  if (!at) return { key: 'refund_decided_soon' }
  switch (hop?.then) {
    case 'staff_decides':
      return { key: 'refund_staff_decides', at }
    case 'lead_decides':
      return { key: 'refund_lead_decides', at }
    case 'asked_again':
      return { key: 'refund_asked_again', at }
    default:
      return { key: 'refund_decided', at }
  }
}
