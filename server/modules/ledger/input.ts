// What a caller gives is looked at before anything is locked, written or remembered under a key. What is not what its type says
// is refused as validation_failed: never a TypeError of ours, never an error of the database, never a rounded figure.
import { maximumAmountMinor } from '#contract/money.ts'
import { Refusal } from '#platform/refusal.ts'
import { accountKinds, type NewAccount, type NewHold, type PostableTransfer } from './ledger.ts'
import type { Reversal } from './locked-reversals.ts'

/** References and kinds stand in an index, whose rows have a largest size. */
const longestText = 200
/** What the database is given as whole microseconds since 2000 must be exact. */
const epoch2000Ms = Date.UTC(2000, 0, 1)
const farthestMs = Math.floor(Number.MAX_SAFE_INTEGER / 1000)
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function refuse(field: string, must: string): never {
  throw new Refusal('validation_failed', { field }, `ledger: ${field} must be ${must}`)
}

/** Above zero, whole, within int8. */
export function checkAmount(amountMinor: unknown, field = 'amountMinor'): asserts amountMinor is bigint {
  if (typeof amountMinor !== 'bigint' || amountMinor <= 0n || amountMinor > maximumAmountMinor)
    refuse(field, 'a bigint above zero and within int8')
}

export function checkId(id: unknown, field = 'id'): void {
  if (typeof id !== 'string' || !uuidPattern.test(id)) refuse(field, 'a UUID')
}

/**
 * For the hot path: an id of the right length that is none is found when it is encoded, breaks its batch and is then looked
 * at by `checkId`.
 */
export function checkIdLength(id: unknown, field = 'id'): void {
  if (typeof id !== 'string' || id.length !== 36) refuse(field, 'a UUID')
}

export function checkText(text: unknown, field: string): void {
  if (typeof text !== 'string' || text.length === 0 || text.length > longestText || text.includes('\0'))
    refuse(field, `a text of 1 to ${longestText} characters`)
}

export function checkMoment(at: unknown, field: string): void {
  // The time of a Date that is none is NaN, of which nothing is true.
  if (!(at instanceof Date) || !(Math.abs(at.getTime() - epoch2000Ms) <= farthestMs))
    refuse(field, 'a moment')
}

/** How many rows a page has at most. */
export function checkLimit(limit: unknown): void {
  if (!Number.isSafeInteger(limit) || (limit as number) < 1) refuse('limit', 'a whole number above zero')
}

/** Where a page goes on: a number of the ledger's. */
export function checkPlace(place: unknown, field: string): void {
  if (place !== undefined && (typeof place !== 'bigint' || place < 0n || place > maximumAmountMinor))
    refuse(field, 'a bigint within int8')
}

export function checkTransfer(transfer: PostableTransfer, checkIdBy = checkId): void {
  checkIdBy(transfer.id)
  checkIdBy(transfer.debitAccountId, 'debitAccountId')
  checkIdBy(transfer.creditAccountId, 'creditAccountId')
  checkAmount(transfer.amountMinor)
  checkText(transfer.kind, 'kind')
  checkText(transfer.reference, 'reference')
  if (transfer.effectiveAt !== undefined) checkMoment(transfer.effectiveAt, 'effectiveAt')
  if (transfer.reversalOf !== undefined) checkId(transfer.reversalOf, 'reversalOf')
  if (transfer.holdId !== undefined) checkId(transfer.holdId, 'holdId')
}

export function checkHold(hold: NewHold): void {
  checkId(hold.id)
  checkId(hold.debitAccountId, 'debitAccountId')
  checkId(hold.creditAccountId, 'creditAccountId')
  checkAmount(hold.amountMinor)
  checkText(hold.reference, 'reference')
  if (hold.expiresAt !== undefined) checkMoment(hold.expiresAt, 'expiresAt')
}

/** A part of a hold that shall be posted. */
export function checkPart(part: {
  holdId: unknown
  transferId: unknown
  amountMinor?: unknown
  kind: unknown
  effectiveAt?: unknown
}): void {
  checkId(part.holdId, 'holdId')
  checkId(part.transferId, 'transferId')
  if (part.amountMinor !== undefined) checkAmount(part.amountMinor)
  checkText(part.kind, 'kind')
  if (part.effectiveAt !== undefined) checkMoment(part.effectiveAt, 'effectiveAt')
}

export function checkReversal(reversal: Reversal): void {
  checkId(reversal.id)
  checkId(reversal.transferId, 'transferId')
  checkAmount(reversal.amountMinor)
  checkText(reversal.kind, 'kind')
  checkText(reversal.reference, 'reference')
  if (reversal.effectiveAt !== undefined) checkMoment(reversal.effectiveAt, 'effectiveAt')
  if (reversal.from !== undefined) checkId(reversal.from, 'from')
}

/** An empty account must keep its own bounds: the least is not above zero, the most and the cap not below it. */
export function checkAccount(account: NewAccount): void {
  checkId(account.id)
  if (account.ownerId !== undefined) checkId(account.ownerId, 'ownerId')
  if (!accountKinds.includes(account.kind)) refuse('kind', `one of ${accountKinds.join(', ')}`)
  const { minimumMinor, maximumMinor, monthlyCapMinor } = account
  if (minimumMinor !== undefined && !(isInt8(minimumMinor) && minimumMinor <= 0n))
    refuse('minimumMinor', 'a bigint, zero or below, within int8')
  if (maximumMinor !== undefined && !(isInt8(maximumMinor) && maximumMinor >= 0n))
    refuse('maximumMinor', 'a bigint, zero or above, within int8')
  if (monthlyCapMinor !== undefined && !(isInt8(monthlyCapMinor) && monthlyCapMinor >= 0n))
    refuse('monthlyCapMinor', 'a bigint, zero or above, within int8')
}

const isInt8 = (value: unknown): boolean =>
  typeof value === 'bigint' && value <= maximumAmountMinor && value >= -maximumAmountMinor
