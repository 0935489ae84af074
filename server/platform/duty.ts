// Who must decide, and until when. There is always an owner and a deadline ahead, however long nobody has decided.
import { Refusal } from './refusal.ts'

export interface Duty {
  untilAt: Date
  /** The first deadline has passed: a lead decides. */
  isEscalated: boolean
}

/** An agent has until `decideBy`, then a lead, each time for as long again. */
export function dutyOf(decideBy: Date, decideSeconds: number, now: Date): Duty {
  if (decideBy > now) return { untilAt: decideBy, isEscalated: false }
  const step = decideSeconds * 1000
  const steps = Math.floor((now.getTime() - decideBy.getTime()) / step) + 1
  return { untilAt: new Date(decideBy.getTime() + steps * step), isEscalated: true }
}

/** Throws forbidden for whoever is no lead once the first deadline has passed. */
export function refuseTooLate(duty: Pick<Duty, 'isEscalated'> | undefined, decider: { role: string }): void {
  if (duty?.isEscalated && decider.role !== 'lead')
    throw new Refusal('forbidden', undefined, 'the deadline has passed: a lead decides')
}
