// Roles and access: changed by somebody else than the person, recorded, and felt at once everywhere.
// Each process reads the numbered changes on from what it has seen, and tells who holds open connections.
import type { Database } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { StaffNeeds } from './needs.ts'
import { decide, type Actor, type Role } from './staff.rules.ts'
import { accessChangesAfter, lastAccessChange, lockAgent, revokeAll, saveAccess } from './staff.sql.ts'

export interface AccessChange {
  agentId: string
  role?: Role
  disabled?: boolean
}

/** Ends the person's sessions, whatever changed. Throws forbidden, not_found. */
export async function changeAccess(
  { platform, needs }: { platform: Platform; needs: StaffNeeds },
  actor: Actor,
  change: AccessChange,
): Promise<void> {
  const decision = decide(actor, 'staff.change', { staffId: change.agentId })
  if (decision.verdict === 'refused') throw new Refusal(decision.code, undefined, decision.why)
  const now = platform.clock.now()
  await platform.db.transaction(async (tx) => {
    const agent = await lockAgent(tx, change.agentId)
    if (!agent) throw new Refusal('not_found')
    const role = change.role ?? agent.role
    const disabled = change.disabled ?? agent.disabled
    if (role === agent.role && disabled === agent.disabled) return
    await revokeAll(tx, agent.id, now)
    await saveAccess(tx, { id: agent.id, role, disabled }, now)
    await needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: actor.agentId },
        action: 'staff.changed',
        resource: { kind: 'agent', id: agent.id },
        at: now,
        detail: { from: { role: agent.role, disabled: agent.disabled }, to: { role, disabled } },
      },
    ])
    await publish(
      tx,
      [{ type: 'staff.changed', key: `agent:${agent.id}`, payload: { agentId: agent.id, role, disabled } }],
      now,
    )
  })
  platform.events.wake()
}

/** Tells handlers of every change after the start of this process, once each. `look` is called by a job and after a change. */
export function createAccessWatch(db: Database) {
  const handlers: ((agentId: string) => void)[] = []
  let seen: bigint | undefined
  let looking: Promise<number> = Promise.resolve(0)

  async function lookNow(): Promise<number> {
    if (seen === undefined) {
      seen = await lastAccessChange(db.read)
      return 0
    }
    const changes = await accessChangesAfter(db.read, seen)
    for (const change of changes) {
      seen = change.sequence
      for (const handle of handlers) handle(change.agent_id)
    }
    return changes.length
  }

  return {
    onChanged: (handler: (agentId: string) => void) => void handlers.push(handler),
    look: () => (looking = looking.then(lookNow, lookNow)),
  }
}
