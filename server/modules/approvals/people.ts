// Who stands behind an approval: the staff who had a hand in it, the customer who receives, and the person who asks.
import type { Sql } from '#platform/db.ts'
import type { ApprovalRecord } from './approval.ts'
import { checkPerson, type Person } from './approval.rules.ts'
import type { ApprovalNeeds } from './needs.ts'

export interface Asker {
  agentId: string
  mayDecide: boolean
}

export interface Behind {
  beneficiaryName: string
  checks: ReturnType<typeof checkPerson>
}

/** What the rules need to know of the people of these approvals, read with two statements for all of them. */
export async function readBehind(
  sql: Sql,
  needs: ApprovalNeeds,
  approvals: readonly Pick<ApprovalRecord, 'id' | 'involved' | 'beneficiaryCustomerId'>[],
  asker: Asker,
): Promise<Map<string, Behind>> {
  const agents = await needs.staff.agentsByIds(sql, [
    ...new Set([asker.agentId, ...approvals.flatMap((approval) => approval.involved)]),
  ])
  const wallets = [...agents.values()].flatMap((agent) => agent.customerId ?? [])
  const customers = await needs.customers(sql, [
    ...new Set([...wallets, ...approvals.map((approval) => approval.beneficiaryCustomerId)]),
  ])
  const emailsOf = (customerId: string | undefined) => {
    const email = customerId && customers.get(customerId)?.email
    return email ? [email] : []
  }
  const staff = (agentId: string): Person => {
    const agent = agents.get(agentId)
    if (!agent) return { agentId, emails: [] }
    return { agentId, customerId: agent.customerId, emails: [agent.email, ...emailsOf(agent.customerId)] }
  }
  const person = staff(asker.agentId)
  return new Map(
    approvals.map((approval) => {
      const receiver = approval.beneficiaryCustomerId
      return [
        approval.id,
        {
          beneficiaryName: customers.get(receiver)?.displayName ?? '',
          checks: checkPerson({ person, mayDecide: asker.mayDecide }, approval.involved.map(staff), {
            customerId: receiver,
            emails: emailsOf(receiver),
          }),
        },
      ]
    }),
  )
}
