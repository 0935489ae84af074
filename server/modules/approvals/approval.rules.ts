// Who is a second person, and what a yes or no means now. Pure: values in, verdict out.
// One person is one person, however many accounts: the requester and the one who receives never decide.
import type { ErrorCode } from '#contract/errors.ts'

/** What is known of somebody that tells whether they are somebody else. */
export interface Person {
  agentId?: string | undefined
  /** Their own wallet. */
  customerId?: string | undefined
  /** Of their staff account and of their wallet. */
  emails: readonly string[]
}

/** The mailbox behind an address: case and what stands after a plus sign reach the same person. */
export function mailboxOf(email: string): string {
  const [name = '', domain = ''] = email.trim().toLowerCase().split('@')
  return `${name.split('+')[0]}@${domain}`
}

/** R5: the same account, the same wallet, or the same mailbox. */
export function isSamePerson(one: Person, other: Person): boolean {
  if (one.agentId !== undefined && one.agentId === other.agentId) return true
  if (one.customerId !== undefined && one.customerId === other.customerId) return true
  const mailboxes = new Set(one.emails.map(mailboxOf))
  return other.emails.some((email) => mailboxes.has(mailboxOf(email)))
}

/** The rules about the person who looks, each with its own words: approval.check.KEY. All must hold to decide. */
export function checkPerson(
  asker: { person: Person; mayDecide: boolean },
  involved: readonly Person[],
  beneficiary: Person,
): { key: 'may_approve' | 'not_requester' | 'not_receiver'; ok: boolean }[] {
  return [
    { key: 'may_approve', ok: asker.mayDecide },
    { key: 'not_requester', ok: !involved.some((person) => isSamePerson(person, asker.person)) },
    { key: 'not_receiver', ok: !isSamePerson(beneficiary, asker.person) },
  ]
}

export interface Judged {
  state: 'waiting' | 'approved' | 'declined' | 'expired' | 'voided'
  decidedBy: string | undefined
  expiresAt: Date
}

export type Verdict =
  | { verdict: 'decide' }
  /** The same person said the same before. */
  | { verdict: 'again' }
  | { verdict: 'expire' }
  | { verdict: 'void' }
  | { verdict: 'refused'; code: ErrorCode }

/**
 * What a press on Approve or Decline does. `isShown`: the fingerprint that the person saw is the proposal's; `isTrue`: what
 * would be done now still has it.
 */
export function judge(
  approval: Judged,
  press: {
    decision: 'approved' | 'declined'
    agentId: string
    isSecondPerson: boolean
    /** Typed their password again a moment ago; a no needs no such proof. */
    isPresent: boolean
    isShown: boolean
    isTrue: boolean
  },
  now: Date,
): Verdict {
  if (approval.state === press.decision && approval.decidedBy === press.agentId) return { verdict: 'again' }
  if (approval.state === 'expired') return { verdict: 'refused', code: 'approval_expired' }
  if (approval.state === 'voided') return { verdict: 'refused', code: 'approval_voided' }
  if (approval.state !== 'waiting') return { verdict: 'refused', code: 'conflict' }
  if (!press.isSecondPerson) return { verdict: 'refused', code: 'second_person_needed' }
  if (approval.expiresAt <= now) return { verdict: 'expire' }
  if (press.decision === 'approved' && !press.isPresent)
    return { verdict: 'refused', code: 'presence_required' }
  if (!press.isShown) return { verdict: 'refused', code: 'approval_voided' }
  if (!press.isTrue) return { verdict: 'void' }
  return { verdict: 'decide' }
}
