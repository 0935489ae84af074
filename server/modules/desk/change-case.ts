// Taking, giving back and solving a case: locked, decided by rights, recorded, told. The same steps for each.
import type { CaseOutcome } from '#contract/desk.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { append, factOf, tell, tellChanged } from './append.ts'
import { caseNumberOf, grantOf, waitForAgent, waitNoMore, type CaseRecord, type Fact } from './case.ts'
import { lockByConversation, readCases, saveCases } from './desk.sql.ts'
import { endReveals } from './look.sql.ts'
import { hasWrittenSince, insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { isForLeads } from './send-messages.ts'
import { readReplyDueAt } from './service-status.ts'

export type CaseAction = 'take' | 'release' | 'solve'

interface Change {
  fact?: Fact
  values?: Record<string, unknown>
}

/** What an action makes of a case; `undefined` when it is so already. */
async function apply(
  tx: Transaction,
  record: CaseRecord,
  action: CaseAction,
  session: StaffSession,
  outcome: CaseOutcome,
  seen: number | undefined,
  now: Date,
): Promise<Change | undefined> {
  switch (action) {
    case 'take':
      if (record.agentId === session.agentId) return undefined
      // "Not solved" is answered by a supervisor.
      if (isForLeads(record, session)) throw new Refusal('forbidden')
      record.agentId = session.agentId
      record.joinedAgentId = undefined
      if (record.state === 'waiting_money') {
        waitForAgent(record, now)
        record.openedAt = now
        record.firstReplyDueAt = (await readReplyDueAt(tx))(record.channel, now)
      }
      return {}
    case 'release':
      if (record.agentId === undefined) return undefined
      if (record.state === 'solved') throw new Refusal('case_closed')
      record.agentId = undefined
      if (record.joinedAgentId === undefined) return {}
      record.joinedAgentId = undefined
      return { fact: 'agent_left', values: { name: session.displayName } }
    case 'solve':
      if (record.state === 'solved') return undefined
      // Under the conversation's lock: nothing is closed over words that nobody has read.
      if (seen !== undefined && (await hasWrittenSince(tx, record.conversationId, seen)))
        throw new Refusal('conflict', { reason: 'customer_wrote' })
      closeCase(record, 'agent', outcome)
      return { fact: 'case_solved', values: { name: session.displayName, outcome } }
  }
}

/** The case ends with this outcome; the caller tells the thread. */
export function closeCase(record: CaseRecord, by: 'agent' | 'helper', outcome: CaseOutcome): void {
  waitNoMore(record, 'solved')
  record.outcome = outcome
  record.solvedBy = by
  record.closings += 1
  record.escalatedAt = undefined
}

export function changeCase(platform: Platform, needs: DeskNeeds) {
  async function run(
    tx: Transaction,
    caseId: string,
    action: CaseAction,
    session: StaffSession,
    outcome: CaseOutcome,
    seen: number | undefined,
  ): Promise<void> {
    const [found] = await readCases(tx, [caseId])
    if (!found || found.state === 'new') throw new Refusal('not_found')
    const record = (await lockByConversation(tx, [found.conversationId]))[0]!
    needs.staff.require(session, `case.${action}`, {
      customerId: record.customerId,
      assignedTo: record.agentId,
    })
    const before = record.agentId
    const now = platform.clock.now()
    const change = await apply(tx, record, action, session, outcome, seen, now)
    if (!change) return
    record.updatedAt = now
    const messages = change.fact ? [append(record, factOf(change.fact, change.values), now)] : []
    await insertMessages(tx, messages)
    await saveCases(tx, [record], now)
    if (action === 'take') {
      if (before) await needs.staff.endGrants(tx, caseId, before)
      await needs.staff.grant(tx, [grantOf(record, session.agentId, now)])
    } else {
      await needs.staff.endGrants(tx, caseId)
      await endReveals(tx, caseId, now)
    }
    if (action === 'solve')
      await needs.actions.tellSolved(tx, {
        customerId: record.customerId,
        conversationId: record.conversationId,
        caseNumber: caseNumberOf(record.number),
        outcome,
      })
    await needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: session.agentId },
        action: `case.${action}`,
        resource: { kind: 'case', id: caseId },
        at: now,
        ...(action === 'solve' ? { detail: { outcome } } : {}),
      },
    ])
    await publish(
      tx,
      [...tell(messages, new Map([[record.conversationId, record]])), tellChanged(record, { action })],
      now,
    )
  }
  return (
    caseId: string,
    action: CaseAction,
    session: StaffSession,
    outcome: CaseOutcome = 'solved',
    seen?: number,
  ) => platform.db.transaction((tx) => run(tx, caseId, action, session, outcome, seen))
}
