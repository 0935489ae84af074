// A silent shop's payment on its way back that the wallet cannot take yet: who has it now, until when. Pure.
import { dutyOf, type Duty } from '#platform/duty.ts'

/** Why the wallet's account cannot take money back: no room, or what comes in is stopped (or the account is closed). */
export type ReturnWaitsFor = 'wallet_room' | 'wallet_stopped'

export interface WaitingReturn {
  waitsFor: ReturnWaitsFor
  since: Date
  /** Until then it is left to its owner; after that staff look at it. */
  untilAt: Date
  nextTryAt: Date
  decideSeconds: number
}

export interface ReturnDuty extends Duty {
  owner: 'customer' | 'staff'
  then: 'staff_looks' | 'lead_decides'
  /** Staff must look at it now: it stands on their list. */
  isForStaff: boolean
}

/** Only the customer can make room, only staff can end a stop. When it lasts, staff look at both, then a lead, each time with a new deadline. */
export function dutyOfReturn({ waitsFor, untilAt, decideSeconds }: WaitingReturn, now: Date): ReturnDuty {
  if (untilAt > now)
    return {
      owner: waitsFor === 'wallet_room' ? 'customer' : 'staff',
      untilAt,
      isEscalated: false,
      then: 'staff_looks',
      isForStaff: false,
    }
  const duty = dutyOf(new Date(untilAt.getTime() + decideSeconds * 1000), decideSeconds, now)
  return {
    ...duty,
    owner: 'staff',
    then: duty.isEscalated ? 'staff_looks' : 'lead_decides',
    isForStaff: true,
  }
}
