// A step of a held top-up, for the audit record, for other rooms, and for the screens of its customer and of staff.
import { referenceOf } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { TopUp } from './top-up.ts'

export type TopUpStep =
  | 'top_up.completed'
  | 'top_up.returned'
  | 'top_up.return_started'
  | 'top_up.return_refused'
  | 'top_up.credit_proposed'
  | 'top_up.return_proposed'

/** What other rooms hear: arrived, gone back, or that something about it is new. */
const events = { 'top_up.completed': 'top_up.completed', 'top_up.returned': 'top_up.returned' } as const

export async function recordStep(
  tx: Transaction,
  audit: Pick<Audit, 'record'>,
  topUp: TopUp,
  step: TopUpStep,
  who: { kind: 'agent' | 'system'; id?: string | undefined },
  at: Date,
  detail: Record<string, string> = {},
): Promise<void> {
  const reference = referenceOf('TP', topUp.number)
  const facts = { amountMinor: topUp.amountMinor.toString(), currency: topUp.currency }
  await audit.record(tx, [
    { who, action: step, resource: { kind: 'top_up', id: reference }, at, detail: { ...facts, ...detail } },
  ])
  await publish(
    tx,
    [
      {
        type: (events as Partial<Record<TopUpStep, string>>)[step] ?? 'top_up.changed',
        key: topUp.customerId,
        payload: { reference, number: topUp.number.toString(), bankName: topUp.bankName, ...facts },
        customerId: topUp.customerId,
        liveCustomer: [{ type: 'wallet.changed' }, { type: 'transaction.changed', reference }],
        liveDesk: [{ type: 'transaction.changed', reference }],
      },
    ],
    at,
  )
}
