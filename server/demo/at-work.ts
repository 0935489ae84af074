// Who takes cases was at work in the told past, though nobody of them is signed in when it is told.
import type { Sql } from '#platform/db.ts'
import type { Staff } from '#modules/staff/index.ts'

/** What a desk of the past asks of the staff: the switch alone says who takes cases, and everybody is there. */
export function atWork(
  staff: Pick<Staff, 'agentsByIds'>,
  read: Sql,
  agentIds: ReadonlyMap<string, string>,
): Pick<Staff, 'availableAgents' | 'signedInAmong'> {
  return {
    async availableAgents(sql = read) {
      const agents = await staff.agentsByIds(sql, [...agentIds.values()])
      return [...agents.values()].filter((agent) => agent.available && agent.role !== 'auditor')
    },
    signedInAmong: async (_sql, ids) => new Set(ids),
  }
}
