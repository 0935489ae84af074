// A top-up's trace: the bank has it, then the balance has it, or it waits on suspense for a person. Pure.
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { Hop, TransactionDetail, TransactionSummary } from '#contract/trace.ts'
import { maskAccount } from '#modules/rails/index.ts'
import type { TopUp } from './top-up.ts'

export function hopsOf(topUp: TopUp, way: HeldFacts = {}): Hop[] {
  const at = topUp.effectiveAt.toISOString()
  // A bank's clock may be ahead of ours; it cannot have received the money after we did.
  const bankAt =
    topUp.bankPaidAt && topUp.bankPaidAt < topUp.effectiveAt ? topUp.bankPaidAt.toISOString() : at
  return [
    {
      key: 'bank_received',
      state: 'done',
      at: bankAt,
      evidence: [
        { kind: 'bank_reference', value: topUp.bankReference ?? topUp.paymentRequestId, at: bankAt },
        { kind: 'account', value: maskAccount(topUp.virtualAccountNumber) },
      ],
    },
    ...endOf(topUp, way),
  ]
}

/** What is told besides the row itself: who must act until when, and the way back. */
export interface HeldFacts {
  /** While it waits for a decision of staff, or for a second person. */
  duty?: { owner: 'staff' | 'second_person'; untilAt: Date; isEscalated: boolean } | undefined
  /** The last transfer back to the sender. */
  wayBack?:
    | { calls: number; nextCallAt: Date | undefined; bankReference: string | undefined; account: string }
    | undefined
}

function endOf(topUp: TopUp, { duty, wayBack }: HeldFacts): Hop[] {
  const reference = referenceOf('TP', topUp.number)
  const at = topUp.effectiveAt.toISOString()
  const onSuspense = [{ kind: 'ledger_transfer' as const, value: reference, at }]
  switch (topUp.state) {
    case 'completed': {
      const creditedAt = (topUp.closedAt ?? topUp.effectiveAt).toISOString()
      return [
        {
          key: 'credited',
          state: 'done',
          at: creditedAt,
          evidence: [{ kind: 'ledger_transfer', value: reference, at: creditedAt }],
        },
      ]
    }
    case 'suspended':
      return [
        {
          key: 'credited',
          state: 'stuck',
          owner: duty?.owner ?? 'staff',
          ...(duty ? { untilAt: duty.untilAt.toISOString() } : {}),
          then: duty && duty.owner === 'staff' && !duty.isEscalated ? 'lead_decides' : 'staff_decides',
          evidence: onSuspense,
        },
      ]
    case 'returning':
      return [
        { key: 'credited', state: 'failed', evidence: onSuspense },
        {
          key: 'sent_back',
          state: 'now',
          owner: 'bank',
          ...(wayBack
            ? {
                tries: wayBack.calls,
                ...(wayBack.nextCallAt ? { nextTryAt: wayBack.nextCallAt.toISOString() } : {}),
                evidence: [{ kind: 'account' as const, value: maskAccount(wayBack.account) }],
              }
            : {}),
        },
      ]
    case 'returned': {
      const returnedAt = topUp.closedAt!.toISOString()
      return [
        { key: 'credited', state: 'failed', evidence: onSuspense },
        {
          key: 'sent_back',
          state: 'done',
          at: returnedAt,
          evidence: [
            { kind: 'ledger_transfer', value: reference, at: returnedAt },
            ...(wayBack ? [{ kind: 'account' as const, value: maskAccount(wayBack.account) }] : []),
            ...(wayBack?.bankReference
              ? [{ kind: 'bank_reference' as const, value: wayBack.bankReference, at: returnedAt }]
              : []),
          ],
        },
      ]
    }
  }
}

/** The key of the sentence that explains it: `money.sentence.KEY`. */
export function sentenceOf({ state }: TopUp): string {
  return sentences[state]
}

const sentences = {
  completed: 'top_up_completed',
  suspended: 'top_up_held',
  returning: 'top_up_returning',
  returned: 'top_up_refunded',
} as const
const states = { completed: 'completed', suspended: 'held', returning: 'held', returned: 'refunded' } as const

export function summaryOf(topUp: TopUp): TransactionSummary {
  return {
    reference: referenceOf('TP', topUp.number),
    kind: 'top_up',
    state: states[topUp.state],
    party: { name: topUp.bankName, category: 'bank' },
    amount: { amountMinor: topUp.amountMinor.toString(), currency: topUp.currency },
    effectiveAt: topUp.effectiveAt.toISOString(),
    ...(topUp.failureCode && (topUp.state === 'suspended' || topUp.state === 'returning')
      ? { failure: { code: topUp.failureCode } }
      : {}),
  }
}

export function detailOf(topUp: TopUp, now: Date, held: HeldFacts = {}): TransactionDetail {
  return {
    ...summaryOf(topUp),
    sentence: sentenceOf(topUp),
    hops: hopsOf(topUp, held),
    ...(topUp.balanceAfterMinor === undefined
      ? {}
      : { balanceAfter: money(topUp.balanceAfterMinor, topUp.currency) }),
    fee: money(0n, topUp.currency),
    canCancel: false,
    asOf: now.toISOString(),
  }
}
