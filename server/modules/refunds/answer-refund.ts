// The shop's answer and the customer's change of mind. The same again is no fault; another answer is a conflict.
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Mover } from './move-refund.ts'
import type { RefundNeeds } from './needs.ts'

export function answerRefund(platform: Platform, needs: Pick<RefundNeeds, 'redact'>, mover: Mover) {
  /** Throws not_found for another shop's refund, conflict for another answer than the one given. */
  return async function answer(
    merchantId: string,
    number: bigint,
    given: { answer: 'agree' | 'refuse'; note: string | undefined },
  ): Promise<void> {
    await platform.db.transaction(async (tx) => {
      const found = await mover.holdRefund(tx, number)
      if (!found || found.refund.merchantId !== merchantId) throw new Refusal('not_found')
      const note = given.note?.trim() ? needs.redact(given.note.trim()) : undefined
      const kind = given.answer === 'agree' ? ('shop_agreed' as const) : ('shop_refused' as const)
      await mover.move(tx, found.held, found.refund, { kind, note }, { kind: 'merchant', id: merchantId })
    })
    platform.events.wake()
  }
}

export function withdrawRefund(platform: Platform, mover: Mover) {
  /** Throws not_found for somebody else's refund, conflict when it has ended another way. */
  return async function withdraw(customerId: string, number: bigint): Promise<void> {
    await platform.db.transaction(async (tx) => {
      const found = await mover.holdRefund(tx, number)
      if (!found || found.refund.customerId !== customerId) throw new Refusal('not_found')
      await mover.move(
        tx,
        found.held,
        found.refund,
        { kind: 'withdrawn' },
        { kind: 'customer', id: customerId },
      )
    })
    platform.events.wake()
  }
}
