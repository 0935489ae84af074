// Looks at what is a customer's own: recorded before they happen, and told to the customer at once. Whatever the reason is, a
// case, a decision or an approval, they all stand in one list; the same look again in the same hour is no new line of it.
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import type { CaseRecord } from './case.ts'
import { insertLook } from './look.sql.ts'
import type { DeskNeeds } from './needs.ts'

export interface KeptLook {
  customerId: string
  /** The case that it was for, if any. */
  caseId?: string | undefined
  agent: Pick<StaffSession, 'agentId' | 'displayName'>
  /** What was seen; words: looks.field.FIELD. `talk` is the conversation, read by somebody else than who serves the case. */
  field: 'phone' | 'email' | 'money' | 'talk' | 'file'
  /** Why; words: looks.reason.REASON. */
  reason: string
  reference?: string | undefined
  /** Of a look at a file. */
  fileId?: string | undefined
  visibleUntil?: Date | undefined
}

/**
 * Writes a look into the list that the customer and auditors read, in the caller's transaction; false when it stands there for
 * this hour already. The entry of the audit record is the caller's.
 */
export function keepLook(platform: Platform) {
  return async function keep(tx: Transaction, look: KeptLook): Promise<boolean> {
    const at = platform.clock.now()
    const { customerId, caseId, agent, field, reason, reference, fileId, visibleUntil } = look
    const isNew = await insertLook(tx, {
      id: uuidv7(at.getTime()),
      customerId,
      caseId,
      agentId: agent.agentId,
      agentName: agent.displayName,
      field,
      reason,
      at,
      reference,
      fileId,
      visibleUntil,
    })
    if (!isNew) return false
    await publish(
      tx,
      [
        {
          type: 'look.recorded',
          key: customerId,
          payload: { field, ...(caseId ? { caseId } : {}) },
          customerId,
          liveCustomer: [{ type: 'look.recorded' }],
          ...(caseId ? { liveDesk: [{ type: 'case.changed' as const, caseId }] } : {}),
        },
      ],
      at,
    )
    return true
  }
}

export interface Looked extends Omit<KeptLook, 'customerId' | 'caseId' | 'agent'> {
  record: CaseRecord
  agent: StaffSession
}

const actions = {
  phone: 'customer.revealed',
  email: 'customer.revealed',
  money: 'money.looked_at',
  talk: 'talk.looked_at',
  file: 'file.looked_at',
} as const

/** A look for a case, in a commit of its own: a look that is not recorded does not happen. */
export function recordLook(platform: Platform, needs: Pick<DeskNeeds, 'audit'>) {
  const keep = keepLook(platform)
  return async ({ record, agent, ...look }: Looked): Promise<void> => {
    const isNew = await platform.db.transaction(async (tx) => {
      const { field, reason, reference, fileId } = look
      const kept = await keep(tx, { ...look, agent, customerId: record.customerId, caseId: record.id })
      if (kept)
        await needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: agent.agentId },
            action: actions[field],
            resource: { kind: 'customer', id: record.customerId },
            at: platform.clock.now(),
            detail: {
              field,
              reason,
              case: record.id,
              ...(reference ? { reference } : {}),
              ...(fileId ? { file: fileId } : {}),
            },
          },
        ])
      return kept
    })
    if (isNew) platform.events.wake()
  }
}
