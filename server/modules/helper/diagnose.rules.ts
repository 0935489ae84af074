// From the trace of a movement of money to what a customer should hear: what is true, what comes by itself, what can be done.
// Pure. Everything said is read off the hops: nothing is guessed, and no time that is over is promised.
import type { Choice, Diagnosis } from '#contract/diagnosis.ts'
import type { Hop, TransactionDetail } from '#contract/trace.ts'
import { refundFacts, refundByItself } from './diagnose-refund.rules.ts'
import { ahead, amountOf, fact, hopOf, isDone, isOpenRefund, openHop, type Fact } from './facts.rules.ts'
import { failureFacts } from './failure.rules.ts'

export const maximumChoices = 4

/** `refunds` are those of a payment, newest first. */
export function diagnose(detail: TransactionDetail, refunds: readonly TransactionDetail[] = []): Diagnosis {
  const byItself = byItselfOf(detail)
  return {
    reference: detail.reference,
    facts: factsOf(detail, refunds),
    ...(byItself ? { byItself } : {}),
    choices: choicesOf(detail, refunds),
    asOf: detail.asOf,
  }
}

function factsOf(detail: TransactionDetail, refunds: readonly TransactionDetail[]): Fact[] {
  if (detail.refund) return refundFacts(detail, detail.refund)
  if (detail.kind === 'top_up') return topUpFacts(detail)
  return outgoingFacts(detail, refunds)
}

/** Payments, and whatever else takes money out of the balance. */
function outgoingFacts(detail: TransactionDetail, refunds: readonly TransactionDetail[]): Fact[] {
  const amount = amountOf(detail)
  const posted = hopOf(detail, 'posted')
  if (!isDone(posted)) return [fact('nothing_taken', { amount }), ...failureFacts(detail)]
  const facts = [fact('taken_once', { amount, at: posted?.at ?? detail.effectiveAt })]
  facts.push(...shopFacts(detail))
  const returned = hopOf(detail, 'returned')
  // A refund of all of it says so itself, with its reference.
  const isTold = refunds.some(
    ({ refund }) => refund?.state === 'paid' && refund.amount.amountMinor === amount.amountMinor,
  )
  if (isDone(returned) && !isTold) facts.push(fact('given_back', { amount, at: returned?.at ?? detail.asOf }))
  for (const refund of refunds) facts.push(...refundOfPaymentFacts(refund))
  return facts
}

function shopFacts(detail: TransactionDetail): Fact[] {
  const shop = detail.party.name
  const told = hopOf(detail, 'shop_told')
  const credited = hopOf(detail, 'shop_credited')
  const settled = hopOf(detail, 'settled')
  if (!told) return []
  if (!isDone(told)) {
    const facts = [...triesFacts(detail, told)]
    if (told.state === 'failed' && told.untilAt)
      facts.push(fact('shop_silent_in_time', { shop, at: told.untilAt }))
    const kept = keptFor(detail)
    if (kept)
      facts.push(
        fact(kept === 'room' ? 'return_waits_for_room' : 'return_waits_for_wallet', {
          amount: amountOf(detail),
        }),
      )
    const open = told.state === 'stuck' || told.state === 'now'
    if (open && !isDone(credited))
      facts.push(fact('money_waits_for_shop', { shop, amount: amountOf(detail) }))
    const next = ahead(told.nextTryAt, detail.asOf)
    if (open && next) facts.push(fact('next_try', { shop, at: next }))
    return facts
  }
  const facts = [told.at ? fact('shop_told', { shop, at: told.at }) : fact('shop_told_sometime', { shop })]
  if (isDone(credited))
    facts.push(fact('shop_credited', { shop, amount: amountOf(detail), at: credited?.at ?? detail.asOf }))
  if (isDone(settled)) facts.push(fact('shop_paid_out', { shop, at: settled?.at ?? detail.asOf }))
  return facts
}

/** What a silent shop's payment waits for that goes back: room in the wallet, or that it takes money in again. */
function keptFor(detail: TransactionDetail): 'room' | 'wallet' | undefined {
  if (detail.refund || openHop(detail)?.key !== 'wallet_takes') return undefined
  return detail.sentence === 'payment_return_no_room' ? 'room' : 'wallet'
}

/** How often the shop was asked, and what its system said last. */
function triesFacts(detail: TransactionDetail, told: Hop): Fact[] {
  const shop = detail.party.name
  const tries = told.tries ?? 0
  if (tries === 0) return told.state === 'failed' ? [] : [fact('shop_being_told', { shop })]
  const status = told.evidence?.findLast((each) => each.kind === 'http_status')?.value
  return [
    status ? fact('shop_not_told_status', { shop, tries, status }) : fact('shop_not_told', { shop, tries }),
  ]
}

function refundOfPaymentFacts(refund: TransactionDetail): Fact[] {
  const facts = refund.refund
  if (!facts) return []
  const values = { refund: refund.reference, amount: facts.amount }
  if (facts.state === 'paid')
    return [
      fact('refund_was_paid', {
        refund: refund.reference,
        amount: facts.amount,
        at: hopOf(refund, 'paid_back')?.at ?? refund.asOf,
      }),
    ]
  if (facts.state === 'declined') return [fact('refund_was_declined', values)]
  return isOpenRefund(refund) ? [fact('refund_is_open', { ...values, at: facts.askedAt })] : []
}

function topUpFacts(detail: TransactionDetail): Fact[] {
  const amount = amountOf(detail)
  const bank = detail.party.name
  const received = hopOf(detail, 'bank_received')
  const credited = hopOf(detail, 'credited')
  const sentBack = hopOf(detail, 'sent_back')
  if (!isDone(received)) return [fact('top_up_pending', { bank, amount })]
  const facts = [fact('bank_sent', { bank, amount, at: received?.at ?? detail.effectiveAt })]
  if (isDone(sentBack))
    facts.push(fact('top_up_sent_back', { bank, amount, at: sentBack?.at ?? detail.asOf }))
  else if (isDone(credited)) facts.push(fact('top_up_arrived', { amount, at: credited?.at ?? detail.asOf }))
  else facts.push(fact('top_up_held', { amount }), ...failureFacts(detail))
  return facts
}

function byItselfOf(detail: TransactionDetail): Diagnosis['byItself'] {
  if (detail.refund) return refundByItself(detail, detail.refund)
  const hop = openHop(detail)
  if (!hop) return undefined
  const amount = amountOf(detail)
  const kept = keptFor(detail)
  if (kept)
    return {
      key: kept === 'room' ? 'return_comes_with_room' : 'return_comes_with_wallet',
      values: { amount },
    }
  const at = ahead(hop.untilAt, detail.asOf)
  if (hop.then === 'refunded')
    return at
      ? { key: 'money_returns', at, values: { amount } }
      : { key: 'money_returns_now', values: { amount } }
  if (hop.then === 'staff_decides') return at ? { key: 'staff_decides', at } : { key: 'staff_decides_now' }
  if (hop.then === 'lead_decides') return at ? { key: 'lead_decides', at } : { key: 'staff_decides_now' }
  if (hop.then === 'expired') return at ? { key: 'expires', at } : undefined
  const next = ahead(hop.nextTryAt, detail.asOf)
  return next ? { key: 'asked_again', at: next } : undefined
}

/** At most four, and a person is always the last of them. */
function choicesOf(detail: TransactionDetail, refunds: readonly TransactionDetail[]): Choice[] {
  const choices: Choice[] = []
  const moves = openHop(detail) !== undefined || refunds.some(isOpenRefund)
  if (moves && detail.state !== 'failed') choices.push('wait_with_notice')
  if (detail.canAskShopAgain) choices.push('ask_shop_again')
  if (detail.canAskMoneyBack) choices.push('ask_money_back')
  if (detail.refund?.canWithdraw) choices.push('withdraw_refund')
  return [...choices.slice(0, maximumChoices - 1), 'person']
}
