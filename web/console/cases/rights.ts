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
}

export function caseRightsOf(
  { agentId, rights }: Pick<StaffMe, 'agentId' | 'rights'>,
  { agentId: holderId, state }: Pick<CaseDetail, 'agentId' | 'state'>,
): CaseRights {
  const may = (right: string): boolean => rights.includes(right)
  const mine = holderId === agentId
  const others = holderId !== undefined && !mine
  const reaches = !others || may('case.assign')
  const open = state !== 'solved'
  return {
    reply: open && reaches && may('case.reply'),
    note: open && may('case.note'),
    take: open && !mine && reaches && may('case.take'),
    release: open && mine && may('case.release'),
    solve: open && mine && may('case.solve'),
    // Having the case is the reason to look; it ends with the case.
    reveal: open && mine && may('customer.reveal'),
    attach: open && mine && may('money.read'),
  }
}

export const useCaseRights = (detail: CaseDetail): CaseRights => caseRightsOf(useMe(), detail)
