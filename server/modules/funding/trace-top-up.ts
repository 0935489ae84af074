// A top-up's trace: the bank has it, then the balance has it, or it waits on suspense for a person. Pure.
import { referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { Hop, TransactionDetail, TransactionSummary } from '#contract/trace.ts'
import type { TopUp } from './top-up.ts'

/** Keeps what recognises the account: the last four digits. */
export function maskAccount(number: string): string {
  return `•••• ${number.slice(-4)}`
}

export function hopsOf(topUp: TopUp): Hop[] {
  const at = topUp.effectiveAt.toISOString()
  // A bank's clock may be ahead of ours; it cannot have received the money after we did.
  const bankAt =
    topUp.bankPaidAt && topUp.bankPaidAt < topUp.effectiveAt ? topUp.bankPaidAt.toISOString() : at
  const reference = referenceOf('TP', topUp.number)
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
    topUp.state === 'completed'
      ? {
          key: 'credited',
          state: 'done',
          at,
          evidence: [{ kind: 'ledger_transfer', value: reference, at }],
        }
      : {
          key: 'credited',
          state: 'stuck',
          owner: 'tuntas',
          then: 'staff_decides',
          evidence: [{ kind: 'ledger_transfer', value: reference, at }],
        },
  ]
}

/** The key of the sentence that explains it: `money.sentence.KEY`. */
export function sentenceOf(topUp: TopUp): string {
  return topUp.state === 'completed' ? 'top_up_completed' : 'top_up_held'
}

export function summaryOf(topUp: TopUp): TransactionSummary {
  return {
    reference: referenceOf('TP', topUp.number),
    kind: 'top_up',
    state: topUp.state === 'completed' ? 'completed' : 'held',
    party: { name: topUp.bankName, category: 'bank' },
    amount: { amountMinor: topUp.amountMinor.toString(), currency: topUp.currency },
    effectiveAt: topUp.effectiveAt.toISOString(),
    ...(topUp.failureCode ? { failure: { code: topUp.failureCode } } : {}),
  }
}

export function detailOf(topUp: TopUp, now: Date): TransactionDetail {
  return {
    ...summaryOf(topUp),
    sentence: sentenceOf(topUp),
    hops: hopsOf(topUp),
    ...(topUp.balanceAfterMinor === undefined
      ? {}
      : { balanceAfter: money(topUp.balanceAfterMinor, topUp.currency) }),
    fee: money(0n, topUp.currency),
    canCancel: false,
    asOf: now.toISOString(),
  }
}
