// What an approval is: a proposal that never changes, its fingerprint, and how it ended.
import { createHash } from 'node:crypto'
import type { Currency } from '#contract/money.ts'
import { canonicalJson } from '#platform/canonical.ts'

export type ApprovalState = 'waiting' | 'approved' | 'declined' | 'expired' | 'voided'

/** Exactly what will be done, as flat rows that people read; `key` is translated as approval.row.KEY. */
export type Payload = Readonly<Record<string, string>>

export interface ApprovalRecord {
  id: string
  number: bigint
  kind: string
  reference: string
  amountMinor: bigint
  currency: Currency
  beneficiaryCustomerId: string
  caseId: string | undefined
  requestedBy: string | undefined
  requestedByName: string
  /** Everybody of the staff who had a hand in it; holds `requestedBy`. */
  involved: readonly string[]
  requestedAt: Date
  reason: string
  expiresAt: Date
  payload: Payload
  payloadHash: Buffer
  state: ApprovalState
  decidedBy: string | undefined
  decidedByName: string | undefined
  closedAt: Date | undefined
  decisionNote: string | undefined
  foundPayload: Payload | undefined
}

export type Proposed = Pick<
  ApprovalRecord,
  'kind' | 'reference' | 'amountMinor' | 'currency' | 'beneficiaryCustomerId'
>

/** SHA-256 over the canonical form of everything that is approved: the kind, the thing, the amount, who receives, the rows. */
export function fingerprintOf(proposed: Proposed, payload: Payload): Buffer {
  const { kind, reference, amountMinor, currency, beneficiaryCustomerId } = proposed
  const whole = {
    kind,
    reference,
    amountMinor: amountMinor.toString(),
    currency,
    beneficiaryCustomerId,
    payload,
  }
  return createHash('sha256').update(canonicalJson(whole), 'utf8').digest()
}

export const numberOfApproval = (approval: Pick<ApprovalRecord, 'number'>): string => `AP-${approval.number}`
