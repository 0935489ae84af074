// Taking, giving back and solving a case: locked, decided by rights, recorded, told. The same steps for each.
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { grantOf, type CaseRecord, type Fact, type StoredMessage } from './case.ts'
import { lockByConversation, readCases, saveCases } from './desk.sql.ts'
import { insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { factOf, tell } from './send-messages.ts'

export type CaseAction = 'take' | 'release' | 'solve'

type Change = { fact?: Fact }

/** What an action makes of a case; `undefined` when it is so already. */
function apply(record: CaseRecord, action: CaseAction, agentId: string): Change | undefined {
  switch (action) {
    case 'take':
      if (record.agentId === agentId) return undefined
      record.agentId = agentId
      record.joinedAgentId = undefined
      return {}
    case 'release':
      if (record.agentId === undefined) return undefined
      if (record.state === 'solved') throw new Refusal('case_closed')
      record.agentId = undefined
      if (record.joinedAgentId === undefined) return {}
      record.joinedAgentId = undefined
      return { fact: 'agent_left' }
    case 'solve':
      if (record.state === 'solved') return undefined
      record.state = 'solved'
      return { fact: 'case_solved' }
  }
}

export function changeCase(platform: Platform, needs: DeskNeeds) {
  async function run(
    tx: Transaction,
    caseId: string,
    action: CaseAction,
    session: StaffSession,
  ): Promise<void> {
    const [seen] = await readCases(tx, [caseId])
    if (!seen || seen.state === 'new') throw new Refusal('not_found')
    const record = (await lockByConversation(tx, [seen.conversationId]))[0]!
    needs.staff.require(session, `case.${action}`, {
      customerId: record.customerId,
      assignedTo: record.agentId,
    })
    const before = record.agentId
    const change = apply(record, action, session.agentId)
    if (!change) return
    const now = platform.clock.now()
    record.updatedAt = now
    const messages: StoredMessage[] = []
    if (change.fact) {
      record.lastSequence += 1
      messages.push({
        ...factOf(change.fact, session.displayName),
        conversationId: record.conversationId,
        sequence: record.lastSequence,
        id: uuidv7(now.getTime()),
        storedAt: now,
      })
      await insertMessages(tx, messages)
    }
    await saveCases(tx, [record], now)
    if (action === 'take') {
      if (before) await needs.staff.endGrants(tx, caseId, before)
      await needs.staff.grant(tx, [grantOf(record, session.agentId, now)])
    } else {
      await needs.staff.endGrants(tx, caseId)
    }
    await needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: session.agentId },
        action: `case.${action}`,
        resource: { kind: 'case', id: caseId },
        at: now,
      },
    ])
    await publish(
      tx,
      [
        ...tell(messages, new Map([[record.conversationId, record]])),
        {
          type: 'case.changed',
          key: record.conversationId,
          payload: { caseId, action },
          customerId: record.customerId,
          liveCustomer: [{ type: 'conversation.changed', conversationId: record.conversationId }],
          liveDesk: [
            { type: 'case.changed', caseId, ...(record.agentId ? { agentId: record.agentId } : {}) },
          ],
        },
      ],
      now,
    )
  }
  return (caseId: string, action: CaseAction, session: StaffSession) =>
    platform.db.transaction((tx) => run(tx, caseId, action, session))
}
