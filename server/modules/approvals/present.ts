// An approval as people are shown it: its rows and fingerprint, the checks of now for the person who asks.
import { money } from '#contract/money.ts'
import type { Approval } from '#contract/refund.ts'
import type { Sql } from '#platform/db.ts'
import { numberOfApproval, type ApprovalRecord, type Payload } from './approval.ts'
import { isStillTrue, type Closing } from './close-approval.ts'
import { readBehind, type Asker, type Behind } from './people.ts'

const rowsOf = (payload: Payload) => Object.entries(payload).map(([key, value]) => ({ key, value }))

function present(
  approval: ApprovalRecord,
  behind: Behind,
  checks: readonly { key: string; ok: boolean }[],
): Approval {
  const iso = (date: Date) => date.toISOString()
  return {
    id: approval.id,
    number: numberOfApproval(approval),
    kind: approval.kind,
    state: approval.state,
    amount: money(approval.amountMinor, approval.currency),
    reference: approval.reference,
    ...(approval.caseId ? { caseId: approval.caseId } : {}),
    customerName: behind.beneficiaryName,
    requestedBy: {
      ...(approval.requestedBy ? { agentId: approval.requestedBy } : {}),
      name: approval.requestedByName,
    },
    requestedAt: iso(approval.requestedAt),
    reason: approval.reason,
    expiresAt: iso(approval.expiresAt),
    payload: rowsOf(approval.payload),
    payloadHash: approval.payloadHash.toString('hex'),
    checks: [...checks],
    mayDecide: approval.state === 'waiting' && checks.every(({ ok }) => ok),
    ...(approval.decidedBy
      ? { decidedBy: { agentId: approval.decidedBy, name: approval.decidedByName ?? '' } }
      : {}),
    ...(approval.closedAt ? { decidedAt: iso(approval.closedAt) } : {}),
    ...(approval.decisionNote ? { decisionNote: approval.decisionNote } : {}),
    ...(approval.foundPayload ? { foundPayload: rowsOf(approval.foundPayload) } : {}),
  }
}

/** For lists: what can be told without reading the thing itself. */
export async function presentAll(
  sql: Sql,
  { needs, platform }: Closing,
  approvals: readonly ApprovalRecord[],
  asker: Asker,
): Promise<Approval[]> {
  const behind = await readBehind(sql, needs, approvals, asker)
  const now = platform.clock.now()
  return approvals.map((approval) => {
    const about = behind.get(approval.id)!
    return present(approval, about, [...about.checks, { key: 'in_time', ok: approval.expiresAt > now }])
  })
}

/** For the person who decides: also whether what would be done now is what is shown. Reads it as approving would. */
export async function presentOne(
  closing: Closing,
  approval: ApprovalRecord,
  asker: Asker,
): Promise<Approval> {
  const { platform, needs, handlersOf } = closing
  const behind = (await readBehind(platform.db.read, needs, [approval], asker)).get(approval.id)!
  if (approval.state !== 'waiting') return present(approval, behind, [])
  const current = await platform.db.transaction(
    (tx) => handlersOf(approval.kind).currentPayload(tx, approval.reference),
    { relaxed: true },
  )
  const customerReads = await needs.customerReads(platform.db.read, {
    kind: approval.kind,
    reference: approval.reference,
    amount: money(approval.amountMinor, approval.currency),
    beneficiaryCustomerId: approval.beneficiaryCustomerId,
  })
  const shown = present(approval, behind, [
    ...behind.checks,
    { key: 'in_time', ok: approval.expiresAt > platform.clock.now() },
    { key: 'unchanged', ok: isStillTrue(approval, current) },
  ])
  return { ...shown, ...(customerReads ? { customerReads } : {}) }
}
