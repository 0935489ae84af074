// Looks at what is a customer's own: recorded before they happen, and told to the customer at once.
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import type { CaseRecord } from './case.ts'
import { insertLook } from './look.sql.ts'
import type { DeskNeeds } from './needs.ts'

export interface Looked {
  record: CaseRecord
  agent: StaffSession
  field: 'phone' | 'email' | 'money'
  reason: string
  reference?: string
  visibleUntil?: Date
}

export function recordLook(platform: Platform, needs: Pick<DeskNeeds, 'audit'>) {
  const { db, clock } = platform

  async function run(tx: Transaction, { record, agent, field, reason, reference, visibleUntil }: Looked) {
    const at = clock.now()
    const isNew = await insertLook(tx, {
      id: uuidv7(at.getTime()),
      customerId: record.customerId,
      caseId: record.id,
      agentId: agent.agentId,
      agentName: agent.displayName,
      field,
      reason,
      at,
      ...(reference ? { reference } : {}),
      ...(visibleUntil ? { visibleUntil } : {}),
    })
    if (!isNew) return
    await needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: agent.agentId },
        action: field === 'money' ? 'money.looked_at' : 'customer.revealed',
        resource: { kind: 'customer', id: record.customerId },
        at,
        detail: { field, reason, case: record.id, ...(reference ? { reference } : {}) },
      },
    ])
    await publish(
      tx,
      [
        {
          type: 'look.recorded',
          key: record.customerId,
          payload: { caseId: record.id, field },
          customerId: record.customerId,
          liveCustomer: [{ type: 'look.recorded' }],
          liveDesk: [{ type: 'case.changed', caseId: record.id }],
        },
      ],
      at,
    )
    platform.events.wake()
  }
  return (looked: Looked) => db.transaction((tx) => run(tx, looked))
}
