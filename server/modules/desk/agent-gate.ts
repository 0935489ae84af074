// Who of the staff makes a request, and whether they may do this with this case now. Asked anew for each request.
// A look at money or contacts without a case that gives a reason is refused, and the try is recorded (R13).
import type { FastifyRequest } from 'fastify'
import { Refusal } from '#platform/refusal.ts'
import type { Platform } from '#platform/platform.ts'
import type { Action, StaffSession } from '#modules/staff/index.ts'
import type { CaseRecord } from './case.ts'
import { readCases } from './desk.sql.ts'
import type { DeskNeeds } from './needs.ts'

export interface AgentGate {
  /** Throws session_expired, forbidden. */
  session(request: FastifyRequest, action: Action): Promise<StaffSession>
  /** The case with the grant that it gives. Throws session_expired, not_found, forbidden, reason_required, conflict. */
  caseFor(
    request: FastifyRequest,
    id: string,
    action: Action,
  ): Promise<{ record: CaseRecord; agent: StaffSession }>
}

export function createAgentGate({ db, clock }: Platform, needs: DeskNeeds): AgentGate {
  /** In a commit of its own: the request itself ends in a refusal. */
  const recordRefusal = (agent: StaffSession, record: CaseRecord, action: Action) =>
    db.transaction((tx) =>
      needs.audit.record(tx, [
        {
          who: { kind: 'agent', id: agent.agentId },
          action: 'look.refused',
          resource: { kind: 'customer', id: record.customerId },
          at: clock.now(),
          detail: { wanted: action, case: record.id },
        },
      ]),
    )

  return {
    async session(request, action) {
      const found = await needs.staff.authenticate(request)
      needs.staff.require(found, action)
      return found
    },
    async caseFor(request, id, action) {
      const agent = await needs.staff.authenticate(request)
      const [record] = await readCases(db.read, [id])
      if (!record || record.state === 'new') throw new Refusal('not_found')
      const granted = await needs.staff.mayLookAt(agent.agentId, record.customerId)
      try {
        needs.staff.require(agent, action, {
          customerId: record.customerId,
          assignedTo: record.agentId,
          granted,
        })
      } catch (error) {
        if (error instanceof Refusal && error.code === 'reason_required')
          await recordRefusal(agent, record, action)
        throw error
      }
      return { record, agent }
    },
  }
}
