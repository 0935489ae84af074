// A case that waits for an agent who is not signed in any more goes back to the queue, where whoever is here sees it.
// Never taken from somebody who is here, and never while nobody is: then its own agent may be the first to come back.
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { append, factOf, tell, tellChanged } from './append.ts'
import { findAgentsWaitedFor, findWaitingFor, lockByConversation, saveCases } from './desk.sql.ts'
import { endReveals } from './look.sql.ts'
import { insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'

const atOnce = 50

export function returnToQueue(platform: Platform, needs: DeskNeeds) {
  const { db, clock } = platform

  /** False when it waits no more, or its agent is here. */
  async function putBack(tx: Transaction, conversationId: string): Promise<boolean> {
    const [record] = await lockByConversation(tx, [conversationId])
    const agentId = record?.agentId
    if (!agentId || record.state !== 'waiting_agent') return false
    if ((await needs.staff.signedInAmong(tx, [agentId])).size > 0) return false
    const now = clock.now()
    const name = (await needs.staff.agentsByIds(tx, [agentId])).get(agentId)?.displayName ?? ''
    record.agentId = undefined
    record.joinedAgentId = undefined
    const hadReadAll = record.customerRead === record.lastSequence
    const messages = [append(record, factOf('agent_absent', { name }), now)]
    // Nothing for the customer to come back for. How long they wait, and what they were promised, stay as they are.
    if (hadReadAll) record.customerRead = record.lastSequence
    await insertMessages(tx, messages)
    await saveCases(tx, [record], now)
    await needs.staff.endGrants(tx, record.id)
    await endReveals(tx, record.id, now)
    await needs.audit.record(tx, [
      {
        who: { kind: 'system' },
        action: 'case.returned_to_queue',
        resource: { kind: 'case', id: record.id },
        at: now,
        detail: { agentId },
      },
    ])
    await publish(
      tx,
      [
        ...tell(messages, new Map([[record.conversationId, record]])),
        tellChanged(record, { action: 'return_to_queue' }),
      ],
      now,
    )
    return true
  }

  return async (): Promise<number> => {
    const agentIds = await findAgentsWaitedFor(db.read)
    const signedIn = await needs.staff.signedInAmong(db.read, agentIds)
    const absent = agentIds.filter((id) => !signedIn.has(id))
    if (absent.length === 0 || (await needs.staff.availableAgents()).length === 0) return 0
    let returned = 0
    for (const conversationId of await findWaitingFor(db.read, absent, atOnce))
      if (await db.transaction((tx) => putBack(tx, conversationId))) returned++
    if (returned > 0) platform.events.wake()
    return returned
  }
}
