// What this agent may do with this case, for showing and hiding: the server decides again each time.

import type { StaffMe } from '../../../contract/console.ts'
import type { CaseDetail } from '../../../contract/desk.ts'
import { useMe } from '../data/workplace.tsx'

export type CaseRights = {
  reply: boolean
  note: boolean
  /** Take what nobody has, or, as a lead, what another has. */
  take: boolean
  release: boolean
  solve: boolean
  reveal: boolean
  attach: boolean
  /** A supervisor has to answer it, and this is none: it is only read and noted. */
  forLeads: boolean
}

export function caseRightsOf(
  { agentId, role, rights }: Pick<StaffMe, 'agentId' | 'role' | 'rights'>,
  { agentId: holderId, state, escalated }: Pick<CaseDetail, 'agentId' | 'state' | 'escalated'>,
): CaseRights {
  const may = (right: string): boolean => rights.includes(right)
  const mine = holderId === agentId
  const others = holderId !== undefined && !mine
  const reaches = !others || may('case.assign')
  const open = state !== 'solved'
  const forLeads = open && escalated && role === 'agent' && !mine
  return {
    reply: open && reaches && !forLeads && may('case.reply'),
    note: open && may('case.note'),
    take: open && !mine && reaches && !forLeads && may('case.take'),
    release: open && mine && may('case.release'),
    solve: open && mine && may('case.solve'),
    // Having the case is the reason to look; it ends with the case.
    reveal: open && mine && may('customer.reveal'),
    attach: open && mine && may('money.read'),
    forLeads,
  }
}

export const useCaseRights = (detail: CaseDetail): CaseRights => caseRightsOf(useMe(), detail)
