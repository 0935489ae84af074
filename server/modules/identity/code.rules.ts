// What a code is worth at a moment: pure. Five wrong tries end a flow; a code lives five minutes, a flow thirty.

export const codeTries = 5
export const codeLifeMs = 5 * 60_000
export const resendAfterMs = 30_000
export const flowLifeMs = 30 * 60_000
const minuteMs = 60_000
const hourMs = 3_600_000

/** Per contact, over all its flows and resends: 15 wrong codes a day leave a guesser 15 in a million. */
export const wrongCodesPerContact = { limit: 15, windowMs: 24 * hourMs }
export const sendsPerContact = { limit: 5, windowMs: hourMs }
/** Many customers share one address of a mobile network, so this only stops floods. */
export const sendsPerNetwork = { limit: 60, windowMs: hourMs }
export const codeLifeMinutes = String(codeLifeMs / minuteMs)

export type CodeVerdict =
  | { verdict: 'right' }
  | { verdict: 'wrong'; triesLeft: number }
  | { verdict: 'expired' }
  /** With a time: the contact, not only this flow, has to wait. */
  | { verdict: 'tries_used'; untilAt?: Date }
  /** Unknown, another purpose's or customer's, used, or too old: start again. */
  | { verdict: 'invalid' }

export interface FlowState {
  purpose: string
  customerId: string | undefined
  wrongTries: number
  codeExpiresAt: Date
  createdAt: Date
  used: boolean
}

/** Whether a code may be judged at all; undefined when it may. */
export function whyNotJudged(
  flow: FlowState | undefined,
  expected: { purpose: string; customerId: string | undefined },
  now: Date,
): CodeVerdict | undefined {
  if (!flow || flow.used || flow.purpose !== expected.purpose || flow.customerId !== expected.customerId)
    return { verdict: 'invalid' }
  if (flow.createdAt.getTime() + flowLifeMs <= now.getTime()) return { verdict: 'invalid' }
  if (flow.wrongTries >= codeTries) return { verdict: 'tries_used' }
  if (flow.codeExpiresAt <= now) return { verdict: 'expired' }
  return undefined
}

export function afterWrongCode(wrongTriesBefore: number): CodeVerdict {
  const triesLeft = codeTries - wrongTriesBefore - 1
  return triesLeft > 0 ? { verdict: 'wrong', triesLeft } : { verdict: 'tries_used' }
}
